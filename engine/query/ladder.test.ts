import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtIns } from '../../dissectors/index.ts';
import type { CallMessage } from '../../shared/api.ts';
import type { Ladder } from '../../shared/ladder.ts';
import { readCapture } from '../engine.ts';
import { openSource } from '../sources/open-source.ts';
import { findCall } from './call-rows.ts';
import { endpointsOf } from './ladder-endpoints.ts';
import { ladderOf } from './ladder.ts';

const CAPTURES = join(import.meta.dirname, '../../test/captures');

async function ladder(name: string): Promise<Ladder> {
  const source = await openSource(join(CAPTURES, name));
  const capture = await readCapture(source, { dissectors: builtIns, fence: false });
  const call = findCall(capture, 'c1');
  if (call === null) throw new Error(`${name} has no call`);
  const result = await ladderOf(capture, call);
  await source.close();
  return result;
}

function message(src: string | null, dst: string | null, method?: string): CallMessage {
  const common = { packet: 1, time: 0, src, dst, transport: 'udp', cseq: '1 INVITE', retransmission: false };
  return method === undefined ? { ...common, status: 200 } : { ...common, method };
}

describe('the ladder of a call', () => {
  // Packets, methods, statuses and directions as tshark 4.0.17 lists them with -Y sip; attributes with -Y sdp.
  it('has every message, with what its SDP says', async () => {
    const { endpoints, rows } = await ladder('hold-resume.pcap');
    expect(endpoints).toEqual(['10.77.0.1', '10.77.0.2']);
    const messages = rows.flatMap((row) => (row.kind === 'message' ? [row] : []));
    const drawn = messages.map(({ packet, from, to, method, status, sections }) => {
      const [section] = sections;
      return `${packet} ${from}>${to} ${method ?? status}${section ? ` ${section.direction} ${section.address}` : ''}`;
    });
    expect(drawn).toEqual([
      '3 0>1 INVITE sendrecv 10.77.0.1:6000',
      '4 1>0 180',
      '5 1>0 200 sendrecv 10.77.0.2:6000',
      '6 0>1 ACK',
      '127 0>1 INVITE sendonly 10.77.0.1:6000',
      '128 1>0 200 recvonly 10.77.0.2:6000',
      '129 0>1 ACK',
      '171 0>1 INVITE inactive 10.77.0.1:6000',
      '172 1>0 200 inactive 10.77.0.2:6000',
      '173 0>1 ACK',
      '174 0>1 INVITE sendrecv 10.77.0.1:6000',
      '175 1>0 200 sendrecv 10.77.0.2:6000',
      '176 0>1 ACK',
      '276 0>1 BYE',
      '277 1>0 200',
    ]);
    expect(messages[0].sections[0].codecs).toEqual(['PCMA', 'telephone-event']);
    expect(messages.at(-1)?.label).toBe('200 OK (BYE)');
    // frame.time_relative of packets 3 and 277: 0.000056 and 4.355918.
    expect(messages.at(-1)?.sinceStartSeconds).toBeCloseTo(4.355862, 6);
  });

  it('has the streams where they start, in order of time', async () => {
    const { rows } = await ladder('hold-resume.pcap');
    const media = rows.flatMap((row) => (row.kind === 'media' ? [row] : []));
    expect(media.map(({ from, to, packets, label }) => [from, to, packets, label])).toEqual([
      [0, 1, 150, 'PCMA'],
      [1, 0, 110, 'PCMA'],
    ]);
    const packets = rows.map(({ packet }) => packet);
    expect(packets).toEqual(packets.toSorted((a, b) => a - b));
  });

  it('marks what was sent again', async () => {
    const { rows } = await ladder('ack-lost.pcap');
    const again = rows.flatMap((row) =>
      row.kind === 'message' && row.retransmission ? [row.status ?? row.method] : [],
    );
    // The 200 was sent three times and each was answered with an ACK; the relay lost two (test/captures/README.md).
    expect(again.filter((what) => what === 200)).toHaveLength(4);
    expect(again.filter((what) => what === 'ACK')).toHaveLength(2);
  });

  it('has the digits', async () => {
    const { rows } = await ladder('sample.pcap');
    const digits = rows.flatMap((row) => (row.kind === 'digit' ? [row] : []));
    expect(digits.map(({ digit }) => digit).join('')).toBe('427#');
    expect(digits.every(({ from, to }) => from === 0 && to === 1)).toBe(true);
  });
});

describe('what the drawing needs', () => {
  // SSRC, lost packets and the share of time in which they are missing: tshark -Y "rtp" -T fields -e rtp.seq -e frame.time_relative.
  it('knows sides, packet time and where packets are missing', async () => {
    const { rows } = await ladder('sample.pcap');
    const media = rows.flatMap((row) => (row.kind === 'media' ? [row] : []));
    expect(media.map(({ side, ptimeMs, encrypted }) => [side, ptimeMs, encrypted])).toEqual([
      ['B', 20, false],
      ['A', 20, false],
    ]);
    // test/captures/README.md: seven packets of the caller were dropped.
    expect(media[0].losses).toEqual([]);
    expect(media[1].losses.reduce((sum, { packets }) => sum + packets, 0)).toBe(7);
  });

  it('names the ends that signalling names', async () => {
    const { endpoints, hosts } = await ladder('sample.pcap');
    expect(endpoints).toEqual(['10.77.0.3', '10.77.0.2']);
    expect(hosts.map(({ ip, name }) => [ip, name])).toEqual([
      ['10.77.0.3', 'alice'],
      ['10.77.0.2', 'bob'],
    ]);
    expect(hosts[0].ports).toContain(5060);
  });

  it('says which packet a message repeats, and which messages are one transaction', async () => {
    const { rows } = await ladder('ack-lost.pcap');
    const messages = rows.flatMap((row) => (row.kind === 'message' ? [row] : []));
    const byPacket = new Map(messages.map((row) => [row.packet, row]));
    const again = messages.filter(({ retransmission }) => retransmission);
    for (const row of again) {
      const first = byPacket.get(row.repeats ?? 0);
      expect([first?.label, first?.src, first?.retransmission]).toEqual([row.label, row.src, false]);
      expect(first?.transaction).toBe(row.transaction);
    }
    const invite = messages.find(({ method }) => method === 'INVITE');
    const bye = messages.find(({ method }) => method === 'BYE');
    expect(invite?.transaction).toBe(1);
    expect(bye?.transaction).not.toBe(1);
    expect(messages.find(({ status, cseq }) => status === 200 && cseq.endsWith('BYE'))?.transaction).toBe(
      bye?.transaction,
    );
  });

  // tshark -Y rtcp -T fields -e frame.number -e rtcp.senderssrc -e rtcp.ssrc.identifier -e rtcp.ssrc.fraction -e rtcp.ssrc.cum_nr
  // -e rtcp.ssrc.jitter: 526 is from 0x565a3d57 on 0x12e44203 (2/256, 3, 222), 528 the other way (2/256, 2, 44); clock 8000 Hz.
  it('folds the reports about a stream into one row', async () => {
    const { rows } = await ladder('sample.pcap');
    const reports = rows.flatMap((row) => (row.kind === 'rtcp' ? [row] : []));
    const media = rows.flatMap((row) => (row.kind === 'media' ? [row] : []));
    const about = reports.map(({ stream }) => media.find((row) => row.stream === stream));
    expect(about.map((row) => row?.ssrc)).toEqual(['0x12e44203', '0x565a3d57']);
    expect(reports.map(({ packet, reports: count, lost }) => [packet, count, lost])).toEqual([
      [526, 1, 3],
      [528, 1, 2],
    ]);
    expect(reports.map(({ maxJitterMs }) => maxJitterMs)).toEqual([27.75, 5.5]);
    expect(reports[0].maxLostPercent).toBeCloseTo(0.78125, 9);
    expect(reports.map(({ from, to }) => [from, to])).toEqual(about.map((row) => [row?.to, row?.from]));
  });
});

describe('endpoints', () => {
  it('are addresses, in order of appearance, media relays last', () => {
    const names = endpointsOf(
      [message('10.0.0.1:5060', '10.0.0.9:5060', 'INVITE'), message('10.0.0.9:41000', '10.0.0.2:5060', 'INVITE')],
      [{ src: '10.0.0.1:4000', dst: '10.0.0.7:6000', direction: 'caller-to-callee' }],
    );
    expect(names.names).toEqual(['10.0.0.1', '10.0.0.9', '10.0.0.2', '10.0.0.7']);
    expect(names.ofMessage(message('10.0.0.9:1', '10.0.0.2:5060'))).toEqual({ from: 1, to: 2 });
  });

  it('are told apart by port where an address speaks with itself', () => {
    const [out, back] = ['127.0.0.1:4000', '127.0.0.1:6000'];
    const streams = [
      { src: out, dst: back, direction: 'caller-to-callee' } as const,
      { src: back, dst: out, direction: 'callee-to-caller' } as const,
    ];
    const names = endpointsOf([message('127.0.0.1:5060', '127.0.0.1:5070', 'INVITE')], streams);
    expect(names.names).toEqual(['127.0.0.1:5060', '127.0.0.1:5070']);
    expect(streams.map((each) => names.ofStream(each))).toEqual([
      { from: 0, to: 1 },
      { from: 1, to: 0 },
    ]);
  });

  it('are IPv6 addresses without brackets, and unknown where a message has none', () => {
    const names = endpointsOf([message('[2001:db8::1]:5060', '[2001:db8::2]:5060', 'INVITE'), message(null, null)], []);
    expect(names.names).toEqual(['2001:db8::1', '2001:db8::2', 'unknown']);
  });
});
