/** Encapsulation in the whole pass: by a dissector's word, by rule, by itself. */
import { describe, expect, it } from 'vitest';
import { type Dissector, Verdict } from '../../dissectors/dissector.ts';
import { builtIns } from '../../dissectors/index.ts';
import type { Capture } from '../capture.ts';
import { parseCodecRule } from '../classify/codec-rule.ts';
import { parseDecodeAs } from '../classify/decode-as.ts';
import type { ReadOptions } from '../engine.ts';
import { captureOf, rtpPacket, type TestDatagram, udpFrame } from '../pass/test-capture.ts';
import { packetDetail } from '../query/packet-detail.ts';
import { suggestionRows } from '../query/encapsulation-rows.ts';
import { streamRows } from '../query/stream-rows.ts';
import { PayloadSamples } from './payload-samples.ts';

const A = '10.0.0.1:4000';
const B = '10.0.0.2:4002';
const MAGIC = 0xc3;

const joined = (...parts: (Uint8Array | number[])[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));
const audio = (i: number, ssrc = 0x1234abcd, payloadType = 8): Uint8Array =>
  rtpPacket({ ssrc, sequence: i, timestamp: 160 * i, payloadType });

function flow(count: number, make: (i: number) => Uint8Array, from = A, to = B): TestDatagram[] {
  return Array.from({ length: count }, (_, i) => ({ at: i * 0.02, from, to, payload: make(i) }));
}

function rulesOf(...texts: string[]): Pick<ReadOptions, 'decodeAs'> {
  const ids = builtIns.map(({ id }) => id);
  const decodeAs = texts.map((text) => {
    const rule = parseDecodeAs(text, ids);
    if (typeof rule === 'string') throw new Error(rule);
    return rule;
  });
  return { decodeAs };
}

const ways = (capture: Capture): string[] => streamRows(capture).map((row) => `${row.src} ${row.carriedIn}`);

/** A dissector of one's own: an octet, then how often a packet is wrapped once more, then what. */
function wrapper(as: 'ip' | 'udp' | 'payload'): Dissector {
  return {
    id: 'own-vpn',
    label: 'Own VPN',
    specs: [],
    claims: [{ kind: 'heuristic', over: 'udp', firstOctet: [MAGIC, MAGIC] }],
    columns: {},
    probe: () => 4,
    dissect: (data, out, ctx) => {
      if (data.u8(0) !== MAGIC) return Verdict.Reject;
      out.add();
      ctx.packet(as, 1, data.length - 1);
      return Verdict.Ok;
    },
    summarize: () => 'own',
    describe: (data, tree) => tree.field('own-vpn.magic', 'Magic', 0, 1, data.u8(0)),
  };
}

describe('a packet that a dissector hands on', () => {
  it.each([
    [
      'ip',
      (i: number) => udpFrame('192.0.2.1:6000', '192.0.2.2:6002', audio(i)).slice(14),
      '192.0.2.1:6000',
      ['ip', 'udp'],
    ],
    ['udp', (i: number) => udpFrame('192.0.2.1:6000', '192.0.2.2:6002', audio(i)).slice(34), '10.0.0.1:6000', ['udp']],
    ['payload', (i: number) => audio(i), A, []],
  ] as const)('as %s has a flow of its own', async (as, make, source, headers) => {
    const dissectors = [...builtIns, wrapper(as)];
    const capture = await captureOf(
      flow(20, (i) => joined([MAGIC], make(i))),
      dissectors,
    );
    expect(ways(capture)).toEqual([`${source} own-vpn`]);
    const detail = await packetDetail(capture, 5);
    const names = detail?.nodes.map(({ name }) => name);
    expect(names).toEqual(['frame', 'eth', 'ip', 'udp', 'own-vpn', ...headers, 'rtp']);
    // RTP ends where the frame does.
    const rtp = detail?.nodes.at(-1);
    expect((rtp?.at ?? 0) + (rtp?.length ?? 0)).toBe(detail?.sources[0].lengthBytes);
  });

  it('inside itself is followed so far and no farther', async () => {
    const nested = (depth: number, i: number): Uint8Array =>
      joined(
        Array.from({ length: depth }, () => MAGIC),
        audio(i),
      );
    const dissectors = [...builtIns, wrapper('payload')];
    expect(
      ways(
        await captureOf(
          flow(20, (i) => nested(4, i)),
          dissectors,
        ),
      ),
    ).toEqual([`${A} own-vpn`]);
    const deep = await captureOf(
      flow(20, (i) => nested(200, i)),
      dissectors,
    );
    expect(ways(deep)).toEqual([]);
  });
});

describe('rules', () => {
  const hidden = (i: number): Uint8Array => joined([1, 2, 3], audio(i));

  it('of a selector each find the stream, and the last one wins', async () => {
    for (const selector of [
      'udp.port==4002',
      'ip.addr==10.0.0.1',
      'ip.addr==10.0.0.2 && udp.port==4002',
      'udp.flow==10.0.0.2:4002-10.0.0.1:4000',
    ]) {
      // Too few to be found without a rule.
      const datagrams = flow(3, hidden);
      expect(ways(await captureOf(datagrams, builtIns))).toEqual([]);
      expect(ways(await captureOf(datagrams, builtIns, rulesOf(`${selector},skip 3,rtp`)))).toEqual([`${A} udp-encap`]);
      const other = rulesOf(`${selector},skip 3,rtp`, `${selector},none`);
      expect(ways(await captureOf(datagrams, builtIns, other))).toEqual([]);
      expect(ways(await captureOf(datagrams, builtIns, { decodeAs: other.decodeAs?.toReversed() ?? [] }))).toEqual([
        `${A} udp-encap`,
      ]);
    }
  });

  it('of an SSRC believe its streams, on ports where nobody guesses and however few packets', async () => {
    const datagrams = [
      ...flow(3, (i) => audio(i), A, '10.0.0.9:53'),
      ...flow(3, (i) => audio(i, 99), A, '10.0.0.8:53'),
    ];
    expect(ways(await captureOf(datagrams, builtIns))).toEqual([]);
    const [row, ...more] = streamRows(await captureOf(datagrams, builtIns, rulesOf('rtp.ssrc==0x1234abcd,rtp')));
    expect(more).toEqual([]);
    expect(row).toMatchObject({ ssrc: '0x1234abcd', recognisedBy: 'decode-as' });
  });

  it('none leaves alone what would be found', async () => {
    const datagrams = flow(40, hidden);
    expect(ways(await captureOf(datagrams, builtIns))).toEqual([`${A} udp-encap`]);
    const capture = await captureOf(datagrams, builtIns, rulesOf('udp.port==4000,none'));
    expect([ways(capture), capture.encapsulations]).toEqual([[], []]);
  });

  it('of codecs hold for the streams they name, later ones before earlier', async () => {
    const datagrams = [...flow(20, (i) => audio(i, 0x11111, 96)), ...flow(20, (i) => audio(i, 0x22222, 96))];
    const codecs = ['96=PCMU/8000', 'rtp.ssrc==0x11111,96=PCMA/8000', 'ip.addr==10.0.0.1,96=G722/8000'].map((text) => {
      const rule = parseCodecRule(text);
      if (typeof rule === 'string') throw new Error(rule);
      return rule;
    });
    const codecsOf = async (list: typeof codecs): Promise<(string | null)[]> =>
      streamRows(await captureOf(datagrams, builtIns, { codecs: list })).map(({ codec }) => codec);
    expect(await codecsOf(codecs.slice(0, 1))).toEqual(['PCMU', 'PCMU']);
    expect(await codecsOf(codecs.slice(0, 2))).toEqual(['PCMA', 'PCMU']);
    expect(await codecsOf(codecs)).toEqual(['G722', 'G722']);
    expect(await codecsOf(codecs.toReversed())).toEqual(['PCMA', 'G722']);
  });
});

describe('by itself', () => {
  it('is found late too, behind other packets of the flow', async () => {
    const chatter = flow(60, (i) => Uint8Array.from({ length: 30 }, (_, at) => (at * i) & 0x3f));
    const late = flow(200, (i) => joined([9, i & 255], audio(i))).map((one) => ({ ...one, at: one.at + 2 }));
    const capture = await captureOf([...chatter, ...late], builtIns);
    expect(capture.encapsulations[0]).toMatchObject({ source: A, destination: B, skipBytes: 2, as: 'rtp' });
    expect(streamRows(capture).map(({ packets }) => packets)).toEqual([200]);
  });

  it('each direction may have a header of its own length', async () => {
    const there = flow(20, (i) => joined([1, 2, 3, i], audio(i)));
    const back = flow(20, (i) => joined([7, i], audio(i, 0x99999)), B, A);
    const capture = await captureOf(
      [...there, ...back].toSorted((a, b) => a.at - b.at),
      builtIns,
    );
    expect(capture.encapsulations.map(({ source, skipBytes }) => [source, skipBytes])).toEqual([
      [A, 4],
      [B, 2],
    ]);
    expect(ways(capture)).toEqual([`${A} udp-encap`, `${B} udp-encap`]);
  });

  it('half of the packets make a suggestion, and no stream', async () => {
    const half = flow(16, (i) => (i % 2 === 0 ? joined([1, 2, 3], audio(i / 2)) : Uint8Array.of(1, i, i, i)));
    const capture = await captureOf(half, builtIns);
    expect(ways(capture)).toEqual([]);
    const [row] = suggestionRows(capture);
    expect(row).toMatchObject({ kind: 'encapsulation', packets: 16, rule: `udp.flow==${A}-${B},skip 3,rtp` });
    expect(ways(await captureOf(half, builtIns, rulesOf(row.rule)))).toEqual([`${A} udp-encap`]);
  });

  it('RTP on a port of something else is suggested', async () => {
    const capture = await captureOf(
      flow(50, (i) => audio(i), A, '10.0.0.2:1194'),
      builtIns,
    );
    expect(ways(capture)).toEqual([]);
    const [row, ...more] = suggestionRows(capture);
    expect(more).toEqual([]);
    expect(row).toMatchObject({ kind: 'rtp', packets: 50, rule: `udp.flow==${A}-10.0.0.2:1194,rtp` });
    expect(row.sentence).toMatch(/^50 packets from 10\.0\.0\.1:4000 to 10\.0\.0\.2:1194 look like RTP/);
    expect(
      ways(
        await captureOf(
          flow(50, (i) => audio(i), A, '10.0.0.2:1194'),
          builtIns,
          rulesOf(row.rule),
        ),
      ),
    ).toEqual([`${A} udp`]);
  });
});

it('keeps samples of so many flows at once and no more', () => {
  const looked: number[] = [];
  const samples = new PayloadSamples((flowId) => {
    looked.push(flowId);
    return false;
  });
  const payload = new Uint8Array(300);
  for (let id = 1; id <= 5000; id++) samples.take(id, payload, 0, 300, 300);
  const held = Array.from({ length: 5000 }, (_, i) => samples.of(i + 1).length).filter((count) => count > 0);
  expect(held).toHaveLength(4096);
  expect(samples.of(1)[0]).toMatchObject({ captured: 192, sent: 300 });
  for (let i = 0; i < 7; i++) samples.take(1, payload, 0, 300, 300);
  expect([looked, samples.of(1).length, samples.wasLookedAt(1), samples.wasLookedAt(2)]).toEqual([[1], 0, true, false]);
});
