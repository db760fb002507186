import { describe, expect, it } from 'vitest';
import { Confidence, Verdict } from '../dissector.ts';
import {
  describeToText,
  describeToTree,
  dissectOnce,
  fieldValues,
  nodesOutside,
  summarizeOnce,
  uncoveredOctets,
} from '../testing/fake-context.ts';
import { hep } from './hep.ts';
import { hep3, hepSamples, joined, SAMPLE_KEY, SAMPLE_SIP, u16, u8, usualChunks } from './samples.ts';

const samples = Object.entries(hepSamples);

describe('version 3', () => {
  it('has a row with all that is known of the packet', () => {
    const { verdict, confidence, rows, issues } = dissectOnce(hep, hepSamples.sip);
    expect([verdict, confidence, issues]).toEqual([Verdict.Ok, Confidence.Certain, []]);
    const payloadAt = hepSamples.sip.length - SAMPLE_SIP.length;
    expect(rows).toEqual([
      {
        version: 3,
        ipVersion: 4,
        transport: 17,
        // The header, two chunks of 7 octets, and a chunk's header; then a chunk of 10 more.
        sourceAt: 6 + 14 + 6,
        destinationAt: 6 + 14 + 6 + 10,
        sourcePort: 5060,
        destinationPort: 5070,
        seconds: 1_700_000_000,
        micros: 250_000,
        protocolType: 1,
        agent: 2001,
        agentNumber: 0,
        nodeName: '',
        correlation: 'c@10.0.0.1',
        payloadAt,
        payloadLength: SAMPLE_SIP.length,
        flags: 0b1100,
        vendorChunks: 0,
      },
    ]);
  });

  it('names every chunk of the registry, and keeps vendor chunks and unknown ones as octets', () => {
    const tree = describeToTree(hep, hepSamples.all);
    const value = (name: string) => fieldValues(tree, `hep.${name}`);
    expect(value('src_ip6')).toEqual(['2001:db8::1']);
    expect(value('keep_alive')).toEqual([30]);
    expect(value('vlan_id')).toEqual([7]);
    expect(value('src_mac')).toEqual(['02:00:00:00:77:01']);
    expect(value('ether_type')).toEqual([0x0800]);
    expect(value('tcp_flags')).toEqual([0x18]);
    expect(value('ip_tos')).toEqual([0xb8]);
    expect(value('mos')).toEqual([420]);
    expect(value('r_factor')).toEqual([93]);
    expect(value('geo_location')).toEqual(['somewhere']);
    expect(value('jitter')).toEqual([12]);
    expect(value('transaction_type')).toEqual(['call']);
    expect(value('payload_json_keys')).toEqual(['a,b']);
    expect(value('tags')).toEqual(['tag']);
    expect(value('tag_type')).toEqual([1]);
    expect(value('event_type')).toEqual([2]);
    expect(value('group_id')).toEqual(['group']);
    expect(value('compressed_payload')).toEqual(['8 octets']);
    expect(value('chunk.value')).toEqual(['010203', '6b616d61696c696f', '04']);
    const text = describeToText(hep, hepSamples.all);
    for (const label of ['Unknown chunk 0x7777', 'Kamailio chunk 0x0001', 'vendor 99 chunk 0x0005']) {
      expect(text).toContain(label);
    }
    expect(dissectOnce(hep, hepSamples.all).rows[0]).toMatchObject({ ipVersion: 6, transport: 6, vendorChunks: 2 });
    expect(dissectOnce(hep, hepSamples.all).rows[0]?.flags).toBe(1);
  });

  it('never shows the authentication key', () => {
    const text = describeToText(hep, hepSamples.sip) + summarizeOnce(hep, hepSamples.sip);
    expect(text).toContain('Authentication key: ••••••••');
    expect(text).not.toContain(SAMPLE_KEY);
    const hex = Array.from(SAMPLE_KEY, (c) => c.charCodeAt(0).toString(16)).join('');
    expect(text).not.toContain(hex);
  });

  it('shows logs and reports as what they say', () => {
    expect(summarizeOnce(hep, hepSamples.log)).toBe('HEP3 log of agent 2001 (edge): registered alice');
    expect(fieldValues(describeToTree(hep, hepSamples.log), 'hep.payload')).toEqual(['registered alice']);
    const report = describeToText(hep, hepSamples.rtcp);
    const at = new TextDecoder('latin1').decode(hepSamples.rtcp).indexOf(':3}]') + 1;
    expect(report).toContain(`fraction_lost: 3 [hep.report.value ${at}+1]`);
  });

  it('takes one message of a stream at a time', () => {
    const two = joined(hepSamples.log, hepSamples.sip);
    const first = dissectOnce(hep, two, { transport: 'tcp' });
    expect([first.verdict, first.consumed, first.rows.length]).toEqual([Verdict.Ok, hepSamples.log.length, 1]);
    for (let length = 1; length < hepSamples.sip.length; length++) {
      const part = dissectOnce(hep, hepSamples.sip.slice(0, length), { transport: 'tcp' });
      expect(part.verdict, `${length} octets`).toBe(Verdict.NeedMore);
    }
  });
});

describe('versions 1 and 2', () => {
  const common = { ipVersion: 4, transport: 17, sourceAt: 8, destinationAt: 12, sourcePort: 5060, protocolType: 1 };

  it('have binary headers', () => {
    const v1 = dissectOnce(hep, hepSamples.v1);
    expect([v1.verdict, v1.confidence]).toEqual([Verdict.Ok, Confidence.Likely]);
    expect(v1.rows[0]).toMatchObject({ ...common, version: 1, payloadAt: 16, seconds: 0, agent: 0, flags: 0 });
    const v2 = dissectOnce(hep, hepSamples.v2);
    const time = { seconds: 0x6553f100, micros: 250_000, agent: 7 };
    expect(v2.rows[0]).toMatchObject({
      ...common,
      version: 2,
      payloadAt: 28,
      payloadLength: SAMPLE_SIP.length,
      ...time,
    });
  });

  it('may have the time in network byte order', () => {
    const { rows } = dissectOnce(hep, hepSamples.v2big);
    expect(rows[0]).toMatchObject({ ipVersion: 6, sourceAt: 8, destinationAt: 24, payloadAt: 52 });
    expect(rows[0]).toMatchObject({ seconds: 1_700_000_000, micros: 250_000, agent: 7 });
  });

  it('may have the upper octet of the whole length in place of the header length, as sngrep sends it', () => {
    const long = joined(u8(2), u8(3), hepSamples.v2.slice(2), '\r\n'.repeat(350));
    expect(long.length >> 8).toBe(3);
    const { confidence, rows } = dissectOnce(hep, long);
    expect(confidence).toBe(Confidence.Likely);
    expect(rows[0]).toMatchObject({ ...common, version: 2, agent: 7, payloadAt: 28 });
  });

  it('are told from what only begins alike', () => {
    const query = joined(
      u16(0x0110),
      u16(0x0211),
      u16(1),
      u16(0),
      u16(0),
      u16(0),
      '\u0003www\u0007example\u0000',
      u16(1),
      u16(1),
    );
    const short = hepSamples.v1.slice(0, 18);
    const noSip = joined(hepSamples.v1.slice(0, 16), Uint8Array.of(0x12, 0x34, 0x56, 0x78));
    const otherLength = joined(u8(1), u8(17), hepSamples.v1.slice(2));
    for (const octets of [query, short, noSip, otherLength]) {
      expect(dissectOnce(hep, octets).confidence).toBe(Confidence.None);
    }
    expect(dissectOnce(hep, otherLength).verdict).toBe(Verdict.Reject);
    expect(dissectOnce(hep, hepSamples.v1, { transport: 'tcp' }).verdict).toBe(Verdict.Reject);
  });
});

describe('damage', () => {
  it.each(samples)('%s cut after any octet says so and shows the rest', (_, whole) => {
    for (let length = 0; length < whole.length; length++) {
      const part = whole.slice(0, length);
      const tree = describeToTree(hep, part, { truncated: true });
      expect(nodesOutside(tree, length)).toEqual([]);
      expect(uncoveredOctets(tree, length)).toEqual([]);
      expect(dissectOnce(hep, part, { truncated: true }).verdict).not.toBe(Verdict.Malformed);
    }
  });

  it.each(samples)('every octet of %s is in some field', (_, whole) => {
    const tree = describeToTree(hep, whole);
    expect(uncoveredOctets(tree, whole.length)).toEqual([]);
    expect(nodesOutside(tree, whole.length)).toEqual([]);
  });

  const issuesOf = (octets: Uint8Array) => dissectOnce(hep, octets).issues;
  const patched = (octets: Uint8Array, at: number, value: Uint8Array) =>
    joined(octets.slice(0, at), value, octets.slice(at + value.length));

  it('is told with its place', () => {
    const { sip } = hepSamples;
    expect(issuesOf(patched(sip, 4, u16(0xffff)))).toEqual([{ code: 'hep-length', at: 4 }]);
    expect(issuesOf(patched(sip, 4, u16(3)))).toEqual([{ code: 'hep-length', at: 4 }]);
    expect(issuesOf(joined(sip, 'x'))).toEqual([{ code: 'hep-trailing-octets', at: sip.length }]);
    expect(issuesOf(patched(sip, 10, u16(5)))).toEqual([{ code: 'hep-chunk-length', at: 10 }]);
    expect(issuesOf(patched(sip, 10, u16(0xffff)))).toEqual([{ code: 'hep-chunk-length', at: 10 }]);
    expect(issuesOf(hep3([0, 1, u16(2)]))).toEqual([{ code: 'hep-chunk-size', at: 10 }]);
    expect(issuesOf(hep3([0, 3, Uint8Array.of(10, 0, 0, 1)]))).toEqual([{ code: 'hep-addresses', at: 6 }]);
    expect(issuesOf(joined('HEP3', u16(9), Uint8Array.of(0, 0, 1)))).toEqual([{ code: 'hep-chunk-short', at: 6 }]);
  });

  it('leaves what came before it', () => {
    const lying = patched(hepSamples.sip, hepSamples.sip.length - SAMPLE_SIP.length - 2, u16(0xfff0));
    const { rows, verdict } = dissectOnce(hep, lying);
    expect(verdict).toBe(Verdict.Malformed);
    expect(rows[0]).toMatchObject({ agent: 2001, payloadLength: SAMPLE_SIP.length });
  });

  it('of a message without payload is none', () => {
    const { rows, issues } = dissectOnce(hep, hep3(...usualChunks(1)));
    expect([issues, rows[0]?.payloadAt, rows[0]?.payloadLength]).toEqual([[], 0, 0]);
  });
});

describe('a body of HTTP', () => {
  const options = { transport: 'tcp', mediaType: 'application/hep; charset=binary' } as const;

  it('shows every message where it lies', () => {
    const body = joined(hepSamples.sip, hepSamples.log);
    const tree = describeToTree(hep, body, options);
    expect(tree.map(({ name, at, length }) => [name, at, length])).toEqual([
      ['hep.message', 0, hepSamples.sip.length],
      ['hep.message', hepSamples.sip.length, hepSamples.log.length],
    ]);
    expect(fieldValues(tree, 'hep.payload').at(-1)).toBe('registered alice');
    expect(uncoveredOctets(tree, body.length)).toEqual([]);
  });

  it('shows what follows the last message', () => {
    const body = joined(hepSamples.log, 'junk');
    const text = describeToText(hep, body, options);
    expect(text).toContain(`No whole header [hep-short ${hepSamples.log.length}+4]`);
  });
});
