/** Earshot's own fields: of the call or the stream a packet belongs to. */
import type { FilterType } from '../../base/filter-field.ts';
import type { CallRow, Party, StreamRow } from '../../shared/api.ts';
import { type Field, makeField, type Value } from './field.ts';
import { addressValue, valueOf } from './values.ts';

type Raw = string | number | boolean | null | undefined;
type Line<R> = readonly [id: string, type: FilterType, label: string, read: (row: R) => readonly Raw[]];

function partyLines(side: 'from' | 'to', label: string): Line<CallRow>[] {
  const of = (read: (party: Party) => readonly Raw[]) => (row: CallRow) => read(row[side]);
  return [
    [`call.${side}`, 'text', `${label}: URI or name`, of(({ uri, display }) => [uri, display])],
    [`call.${side}.uri`, 'text', `${label}: URI`, of(({ uri }) => [uri])],
    [`call.${side}.display`, 'text', `${label}: name`, of(({ display }) => [display])],
  ];
}

const CALL_LINES: readonly Line<CallRow>[] = [
  ['call', 'protocol', 'Part of a SIP call or exchange', () => [1]],
  ['call.id', 'id', 'Number of the call', (row) => [Number(row.id.slice(1))]],
  ['call.callId', 'text', 'Call-ID', (row) => row.callIds],
  ...partyLines('from', 'Caller'),
  ...partyLines('to', 'Callee'),
  ['call.method', 'text', 'Method of the first request', (row) => [row.method]],
  ['call.state', 'text', 'How far it came', (row) => [row.state]],
  ['call.status', 'number', 'Final status code', (row) => [row.finalStatus]],
  ['call.reason', 'text', 'Reason phrase', (row) => [row.reason]],
  ['call.start', 'time', 'When it began', (row) => [row.startTime]],
  ['call.duration', 'duration', 'Seconds from answer to BYE', (row) => [row.durationSeconds]],
  ['call.setup', 'duration', 'Seconds from INVITE to answer', (row) => [row.setupSeconds]],
  ['call.ring', 'duration', 'Seconds from INVITE to ringing', (row) => [secondsTo(row, row.ringTime)]],
  ['call.endedBy', 'text', 'Side that hung up: caller or callee', (row) => [row.endedBy]],
  ['call.messages', 'number', 'SIP messages', (row) => [row.messageCount]],
  ['call.streams', 'number', 'RTP streams', (row) => [row.streams.length]],
  ['call.problems', 'text', 'Codes of its problems', (row) => row.problems],
];

/** What a call's streams say of it. */
const CALL_MEDIA_LINES: readonly Line<readonly StreamRow[]>[] = [
  ['call.codec', 'text', 'Codec', (rows) => rows.map((row) => row.codec)],
  ['call.loss', 'number', 'Percent lost of its worst stream', (rows) => [worst(rows, (row) => row.lostPercent)]],
  [
    'call.jitter',
    'number',
    'Highest jitter of its worst stream, ms',
    (rows) => [worst(rows, (row) => row.jitterMs.max)],
  ],
  ['call.encrypted', 'boolean', 'Media is encrypted', (rows) => rows.map((row) => row.encryption !== null)],
];

const STREAM_LINES: readonly Line<StreamRow>[] = [
  ['stream', 'protocol', 'Part of an RTP stream', () => [1]],
  ['stream.id', 'id', 'Number of the stream', (row) => [Number(row.id.slice(1))]],
  ['stream.ssrc', 'number', 'SSRC', (row) => [row.ssrc]],
  ['stream.src', 'address', 'Source address', (row) => [hostOf(row.src)]],
  ['stream.dst', 'address', 'Destination address', (row) => [hostOf(row.dst)]],
  ['stream.addr', 'address', 'Source or destination address', (row) => [hostOf(row.src), hostOf(row.dst)]],
  ['stream.srcport', 'number', 'Source port', (row) => [portOf(row.src)]],
  ['stream.dstport', 'number', 'Destination port', (row) => [portOf(row.dst)]],
  ['stream.port', 'number', 'Source or destination port', (row) => [portOf(row.src), portOf(row.dst)]],
  ['stream.codec', 'text', 'Codec', (row) => [row.codec]],
  ['stream.payloadType', 'number', 'Payload types', (row) => row.payloadTypes],
  ['stream.clockRate', 'number', 'Clock rate, Hz', (row) => [row.clockRate]],
  ['stream.packets', 'number', 'Packets', (row) => [row.packets]],
  ['stream.bytes', 'number', 'Octets of payload', (row) => [row.bytes]],
  ['stream.expected', 'number', 'Packets expected', (row) => [row.expected]],
  ['stream.lost', 'number', 'Packets lost', (row) => [row.lost]],
  ['stream.loss', 'number', 'Percent lost', (row) => [row.lostPercent]],
  ['stream.duplicates', 'number', 'Packets that came twice', (row) => [row.duplicates]],
  ['stream.outOfOrder', 'number', 'Packets out of order', (row) => [row.outOfOrder]],
  ['stream.jitter', 'number', 'Highest jitter, ms', (row) => [row.jitterMs.max]],
  ['stream.jitter.mean', 'number', 'Mean jitter, ms', (row) => [row.jitterMs.mean]],
  ['stream.delta', 'number', 'Longest gap between packets, ms', (row) => [row.maxDeltaMs]],
  ['stream.skew', 'number', 'Skew, ms', (row) => [row.skewMs]],
  ['stream.start', 'time', 'When it began', (row) => [row.startTime]],
  ['stream.duration', 'duration', 'Seconds from first to last packet', (row) => [row.durationSeconds]],
  ['stream.direction', 'text', 'caller-to-callee or callee-to-caller', (row) => [row.direction]],
  ['stream.recognisedBy', 'text', 'signalling, decode-as or consistency', (row) => [row.recognisedBy]],
  ['stream.encrypted', 'boolean', 'Encrypted', (row) => [row.encryption !== null]],
  ['stream.suite', 'text', 'Cipher suite', (row) => [row.encryption?.suite]],
  ['stream.digits', 'text', 'Digits', (row) => [row.digits]],
];

/** Fields of calls and streams; on packets they are those of the call and stream that a packet belongs to. */
export const entryFields: readonly Field[] = [
  ...CALL_LINES.map(([id, type, label, read]) =>
    makeField({ id, type, label }, '', {
      kind: 'entry',
      of: 'call',
      read: ({ call }) => (call === null ? [] : values(type, read(call))),
    }),
  ),
  ...CALL_MEDIA_LINES.map(([id, type, label, read]) =>
    makeField({ id, type, label }, '', {
      kind: 'entry',
      of: 'call',
      read: ({ call, streams }) => (call === null ? [] : values(type, read(streams))),
    }),
  ),
  ...STREAM_LINES.map(([id, type, label, read]) =>
    makeField({ id, type, label }, '', {
      kind: 'entry',
      of: 'stream',
      read: ({ streams }) => streams.flatMap((row) => values(type, read(row))),
    }),
  ),
  makeField({ id: 'ice.id', type: 'id', label: 'Number of the ICE session' }, '', { kind: 'ice', of: 'session' }),
  makeField({ id: 'turn.id', type: 'id', label: 'Number of the TURN allocation' }, '', {
    kind: 'ice',
    of: 'allocation',
  }),
];

function values(type: FilterType, raw: readonly Raw[]): (Value | null)[] {
  return raw.map((value) => {
    if (value === null || value === undefined) return null;
    if (type === 'address') return addressValue(String(value));
    // Times are numbers of seconds here.
    return type === 'time' ? Number(value) : valueOf(type, value);
  });
}

function secondsTo(row: CallRow, time: number | null): number | null {
  return time === null ? null : time - row.startTime;
}

function worst(rows: readonly StreamRow[], of: (row: StreamRow) => number | null): number | null {
  return rows.reduce<number | null>((most, row) => {
    const value = of(row);
    return value === null || (most !== null && most >= value) ? most : value;
  }, null);
}

/** `10.0.0.1` of `10.0.0.1:5060`, `2001:db8::1` of `[2001:db8::1]:5060`. */
function hostOf(endpoint: string): string {
  return endpoint.slice(0, endpoint.lastIndexOf(':')).replaceAll(/^\[|\]$/g, '');
}

function portOf(endpoint: string): number {
  return Number(endpoint.slice(endpoint.lastIndexOf(':') + 1));
}
