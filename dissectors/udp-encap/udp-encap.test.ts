import { describe, expect, it } from 'vitest';
import { Octets } from '../../base/octets.ts';
import { StringTable } from '../../base/string-table.ts';
import { Table } from '../../base/table.ts';
import { type DescribeContext, type DissectContext, type Encapsulation, Verdict } from '../dissector.ts';
import { FakeContext } from '../testing/fake-context.ts';
import { udpEncap, udpEncapColumns } from './udp-encap.ts';

interface Field {
  readonly name: string;
  readonly at: number;
  readonly length: number;
  readonly value: unknown;
  readonly meaning?: string | undefined;
}

function contextOf(encapsulation: Encapsulation | null) {
  const handed: { as: string; at: number; length: number }[] = [];
  const context: DissectContext = Object.assign(new FakeContext({ strings: new StringTable() }), {
    encapsulation,
    packet: (as: string, at: number, length: number) => void handed.push({ as, at, length }),
  });
  return { context, handed };
}

function fieldsOf(payload: Uint8Array, encapsulation: Encapsulation | null): Field[] {
  const fields: Field[] = [];
  const tree = {
    field: (name: string, _label: string, at: number, length: number, value: unknown, meaning?: string) =>
      void fields.push({ name, at, length, value, meaning }),
    group: () => {},
    fault: () => {},
  };
  udpEncap.describe(new Octets(payload), tree, { encapsulation } as DescribeContext);
  return fields;
}

const payload = Uint8Array.of(0xa5, 1, 0, 9, 0x45, 2, 3, 4, 5);

describe('what a rule says is wrapped', () => {
  it.each<[Encapsulation, { as: string; at: number; length: number }]>([
    [
      { skipBytes: 4, as: 'ip' },
      { as: 'ip', at: 4, length: 5 },
    ],
    [
      { skipBytes: 4, as: 'udp' },
      { as: 'udp', at: 4, length: 5 },
    ],
    [
      { skipBytes: 0, as: 'payload' },
      { as: 'payload', at: 0, length: 9 },
    ],
    // 0x02 is no version of IP.
    [
      { skipBytes: 5, as: 'ip' },
      { as: 'payload', at: 5, length: 4 },
    ],
  ])('%j is handed on', (rule, packet) => {
    const { context, handed } = contextOf(rule);
    const out = new Table(udpEncapColumns);
    expect(udpEncap.dissect(new Octets(payload), out, context)).toBe(Verdict.Ok);
    expect(handed).toEqual([packet]);
    expect([out.count, out.columns.skipped.get(0)]).toEqual([1, rule.skipBytes]);
    // Every octet is in some field.
    const covered = fieldsOf(payload, rule).flatMap(({ at, length }) => Array.from({ length }, (_, i) => at + i));
    expect(covered).toEqual([...payload.keys()]);
  });

  it('an IP packet among payloads is one, where its lengths and its checksum say so', () => {
    // RFC 1071's sum over the header is 0xffff: the packet is one of g711a-call.pcap's, cut to a payload of 4 octets.
    const packet = Buffer.from('4500002000010000401166300a4d00010a4d00029c449c84000c000080080001', 'hex');
    const headed = Uint8Array.of(1, 2, 3, ...packet);
    const handedOn = (octets: Uint8Array): unknown => {
      const { context, handed } = contextOf({ skipBytes: 3, as: 'payload' });
      udpEncap.dissect(new Octets(octets), new Table(udpEncapColumns), context);
      return handed[0];
    };
    expect(handedOn(headed)).toEqual({ as: 'ip', at: 3, length: 32 });
    for (const at of [3, 5, 6, 13, 20]) {
      expect(handedOn(headed.with(at, headed[at] ^ 1))).toEqual({ as: 'payload', at: 3, length: 32 });
    }
  });

  it.each([
    ['no rule', null],
    ['a payload that is all header', { skipBytes: 9, as: 'ip' } as const],
    ['one that is shorter', { skipBytes: 100, as: 'ip' } as const],
  ])('%s is none', (_, rule) => {
    const { context, handed } = contextOf(rule);
    const out = new Table(udpEncapColumns);
    expect(udpEncap.dissect(new Octets(payload), out, context)).toBe(Verdict.Reject);
    expect([handed, out.count]).toEqual([[], 0]);
  });

  it('is told in a line, the header in hexadecimal', () => {
    const rule: Encapsulation = { skipBytes: 4, as: 'ip' };
    expect(udpEncap.summarize(new Octets(payload), { encapsulation: rule } as DescribeContext)).toBe(
      'an IP packet behind 4 octets',
    );
    expect(fieldsOf(payload, rule).find(({ name }) => name === 'udp-encap.header')).toMatchObject({
      value: 'a5010009',
    });
    expect(fieldsOf(payload, null)).toMatchObject([{ name: 'udp-encap.skipped' }, { at: 0, length: 9 }]);
  });
});
