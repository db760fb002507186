/** Ladders made by hand, for tests. */
import type { Ladder, LadderDigit, LadderMedia, LadderMessage, LadderRow } from '../ladder.ts';

export const START = 1_700_000_000;

/** Endpoints of `ladder`; a message's ends are places here. */
export const ENDPOINTS = ['10.0.0.1', '10.0.0.5', '10.0.0.9', '10.0.0.2'];

/** `label` is a method, or a status and its reason. */
export function message(
  packet: number,
  seconds: number,
  from: number,
  to: number,
  label: string,
  more: Partial<LadderMessage> = {},
): LadderMessage {
  const status = /^\d{3}/.test(label) ? Number(label.slice(0, 3)) : null;
  return {
    kind: 'message',
    packet,
    time: START + seconds,
    sinceStartSeconds: seconds,
    from,
    to,
    src: `${ENDPOINTS[from]}:5060`,
    dst: `${ENDPOINTS[to]}:5060`,
    label,
    callId: 'id@host',
    transport: 'udp',
    retransmission: false,
    capturedTwice: false,
    repeats: null,
    transaction: 1,
    method: status === null ? label : null,
    status,
    cseq: '1 INVITE',
    sections: [],
    ...more,
  };
}

/** The same message once more. */
export function again(row: LadderMessage, packet: number, seconds: number): LadderMessage {
  const { packet: repeats } = row;
  return { ...row, packet, time: START + seconds, sinceStartSeconds: seconds, retransmission: true, repeats };
}

export function media(packet: number, seconds: number, from: number, to: number, stream: string): LadderMedia {
  return {
    kind: 'media',
    packet,
    time: START + seconds,
    sinceStartSeconds: seconds,
    from,
    to,
    src: `${ENDPOINTS[from]}:4000`,
    dst: `${ENDPOINTS[to]}:4002`,
    label: 'PCMA',
    stream,
    ssrc: '0x00000001',
    side: from < to ? 'A' : 'B',
    codec: 'PCMA',
    ptimeMs: 20,
    packets: 1548,
    lostPercent: 3.1,
    jitterMs: 8.4,
    durationSeconds: 30,
    encrypted: false,
    losses: [{ at: 0.5, packets: 2 }],
  };
}

export function digit(packet: number, seconds: number, stream: string, pressed: string): LadderDigit {
  const { kind: _kind, ...place } = media(packet, seconds, 0, 3, stream);
  const { time, sinceStartSeconds, from, to, src, dst, side } = place;
  const at = { packet, time, sinceStartSeconds, from, to, src, dst, side };
  return { ...at, kind: 'digit', label: `DTMF ${pressed}`, stream, payloadType: 101, digit: pressed, durationMs: 100 };
}

/** A ladder between the first `count` of `ENDPOINTS`; the first is alice, the last bob. */
export function ladder(rows: readonly LadderRow[], count = ENDPOINTS.length): Ladder {
  const hosts = ENDPOINTS.slice(0, count).map((ip, i) => ({
    ip,
    ports: [4000, 5060],
    name: i === 0 ? 'alice' : i === count - 1 ? 'bob' : null,
    agent: null,
  }));
  const inTime = [...rows].toSorted((a, b) => a.time - b.time);
  return { call: 'c1', callId: 'id@host', startTime: START, endpoints: ENDPOINTS.slice(0, count), hosts, rows: inTime };
}
