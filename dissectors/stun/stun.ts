/**
 * STUN and TURN: RFC 8489 (5389), RFC 8656 (5766) with ChannelData, RFC 6062 over TCP, and the attributes of RFC 5780, 7635,
 * 7982, 8016, 8445, of browsers and of Microsoft's TURN; RFC 3489 where the port or the flow says so. On a port shared with
 * DTLS, RTP and RTCP the first octet tells: 0 to 3 STUN, 64 to 79 ChannelData (RFC 7983).
 */
import type { Octets } from '../../base/octets.ts';
import { Confidence, type DissectContext, type Dissector, type Rows, Verdict } from '../dissector.ts';
import { type StunColumns, stunColumns, StunFlag, StunKind } from './columns.ts';
import { describeStun } from './describe-stun.ts';
import { stunFields } from './fields.ts';
import {
  CHANNEL_HEADER,
  endsWithFingerprint,
  FRAME_HEADER,
  hasMsCookie,
  HeaderResult,
  MAGIC_COOKIE,
  MessageHeader,
  readHeader,
} from './message-header.ts';
import { readAttributes } from './read-attributes.ts';
import { summarizeStun } from './summarize-stun.ts';

export { StunClass, type StunColumns, stunColumns, StunFlag, StunKind } from './columns.ts';
export { StunMethod } from './methods.ts';

const FIRST_OCTETS = [0, 3] as const;
const CHANNEL_OCTETS = [64, 79] as const;
const DTLS_MAJOR = 0xfe;

const header = new MessageHeader();

function probe(data: Octets, ctx: DissectContext): Confidence {
  if (readHeader(data, ctx.transport, ctx.truncated, header) !== HeaderResult.Found) return Confidence.None;
  switch (header.kind) {
    case StunKind.Message:
      return probeMessage(data, ctx);
    case StunKind.ChannelData:
      return probeChannel(data, ctx.truncated) ? Confidence.Weak : Confidence.None;
    case StunKind.Classic:
      return hasMsCookie(data) ? Confidence.Strong : Confidence.None;
    default:
      return Confidence.None;
  }
}

function probeMessage(data: Octets, ctx: DissectContext): Confidence {
  const { at, end, total } = header;
  const mayGoOn = ctx.truncated || ctx.transport === 'tcp';
  const fits = ((end - at) & 3) === 0 && end === total && (mayGoOn || end === data.length);
  if (!fits) return Confidence.Likely;
  return endsWithFingerprint(data, at, end) ? Confidence.Certain : Confidence.Strong;
}

/** Whether ChannelData is followed by what TURN carries in practice: STUN, DTLS, RTP or RTCP. */
function probeChannel(data: Octets, truncated: boolean): boolean {
  const length = header.end - CHANNEL_HEADER;
  if (length < 12 || (header.total > data.length && !truncated)) return false;
  const first = data.u8(CHANNEL_HEADER);
  if (first <= FIRST_OCTETS[1]) return data.u32(CHANNEL_HEADER + 4) === MAGIC_COOKIE;
  if (first >= 20 && first <= 63) return data.u8(CHANNEL_HEADER + 1) === DTLS_MAJOR;
  return first >> 6 === 2;
}

function dissect(data: Octets, out: Rows<StunColumns>, ctx: DissectContext): Verdict {
  const result = readHeader(data, ctx.transport, ctx.truncated, header);
  if (result === HeaderResult.Not) return Verdict.Reject;
  if (result === HeaderResult.Short) return Verdict.NeedMore;
  if (ctx.transport === 'tcp') {
    if (header.total > data.length && !ctx.truncated) return Verdict.NeedMore;
    ctx.consumed = Math.min(header.total, data.length);
  }
  const row = out.add();
  const c = out.columns;
  let flags = header.at === 0 ? 0 : StunFlag.Framed;
  if (ctx.truncated) flags |= StunFlag.Truncated;
  if (header.kind !== 0) c.kind.set(row, header.kind);
  if (header.kind === StunKind.ChannelData || header.kind === StunKind.Frame) {
    c.flags.set(row, flags | StunFlag.HasData);
    wrapped(data, row, out);
    return Verdict.Ok;
  }
  if (flags !== 0) c.flags.set(row, flags);
  return message(data, row, out, ctx);
}

/** ChannelData and frames: a header, and what they carry. */
function wrapped(data: Octets, row: number, out: Rows<StunColumns>): void {
  const c = out.columns;
  const isChannel = header.kind === StunKind.ChannelData;
  const at = isChannel ? CHANNEL_HEADER : FRAME_HEADER;
  if (isChannel) c.channel.set(row, data.u16(0));
  c.dataAt.set(row, at);
  c.dataLength.set(row, Math.min(header.end, data.length) - at);
}

function message(data: Octets, row: number, out: Rows<StunColumns>, ctx: DissectContext): Verdict {
  const { at, end } = header;
  const c = out.columns;
  c.class.set(row, header.class);
  c.method.set(row, header.method);
  c.transaction0.set(row, data.u32(at + 8));
  c.transaction1.set(row, data.u32(at + 12));
  c.transaction2.set(row, data.u32(at + 16));
  let sound = true;
  const isWord = header.kind === StunKind.Classic || ((end - at) & 3) === 0;
  // In a stream the message takes what its length says; in a frame and a datagram it has to fill it.
  const room = ctx.transport === 'tcp' ? header.total : ctx.truncated ? Math.max(end, data.length) : data.length;
  if (!isWord || end > room) {
    ctx.issue('stun-length', at + 2);
    sound = false;
  } else if (end < Math.min(room, data.length)) {
    ctx.issue('stun-trailing-octets', end);
    sound = false;
  }
  if (!readAttributes(data, header, row, out, ctx)) sound = false;
  return sound ? Verdict.Ok : Verdict.Malformed;
}

export const stun: Dissector<StunColumns> = {
  id: 'stun',
  label: 'STUN',
  specs: [
    'RFC 8489',
    'RFC 8656',
    'RFC 3489',
    'RFC 4571',
    'RFC 5389',
    'RFC 5766',
    'RFC 5780',
    'RFC 6062',
    'RFC 6544',
    'RFC 7635',
    'RFC 7675',
    'RFC 7982',
    'RFC 7983',
    'RFC 8016',
    'RFC 8445',
  ],
  claims: [
    { kind: 'port', transport: 'udp', port: 3478 },
    { kind: 'port', transport: 'udp', port: 3479 },
    { kind: 'port', transport: 'tcp', port: 3478 },
    { kind: 'heuristic', over: 'udp', firstOctet: FIRST_OCTETS },
    { kind: 'heuristic', over: 'udp', firstOctet: CHANNEL_OCTETS },
    { kind: 'heuristic', over: 'tcp', firstOctet: FIRST_OCTETS },
    { kind: 'heuristic', over: 'tcp', firstOctet: CHANNEL_OCTETS },
  ],
  columns: stunColumns,
  fields: stunFields,
  probe,
  dissect,
  summarize: summarizeStun,
  describe: describeStun,
};
