/**
 * WebSocket (RFC 6455): frames of a connection that HTTP opened. What the messages say is dissected by the engine, which
 * puts fragments together, takes the mask off and inflates.
 */
import type { Octets } from '../../base/octets.ts';
import { Confidence, type DissectContext, type Dissector, type Rows, Verdict } from '../dissector.ts';
import { WEBSOCKET_COLUMNS, type WebSocketColumns } from './columns.ts';
import { describeWebSocket, summarizeWebSocket } from './describe-websocket.ts';
import { webSocketFields } from './fields.ts';
import { FrameHeader, FrameResult, KEY_OCTETS, Opcode, unmasked } from './frame-header.ts';
import { looksLikeFrame } from './looks-like.ts';

/** A longer payload is not waited for but passed over. */
export const MAX_PAYLOAD_OCTETS = 512 << 10;
const MAX_U32 = 0xffff_ffff;

const header = new FrameHeader();

function probe({ bytes, start, length }: Octets): Confidence {
  return looksLikeFrame(bytes, start, start + length) ? Confidence.Strong : Confidence.None;
}

function dissect(data: Octets, out: Rows<WebSocketColumns>, ctx: DissectContext): Verdict {
  const { bytes, start } = data;
  const end = start + data.length;
  const result = header.read(bytes, start, end);
  if (result === FrameResult.Not) return Verdict.Reject;
  if (result === FrameResult.Short) return Verdict.NeedMore;
  const { headerLength, payloadLength } = header;
  const total = headerLength + payloadLength;
  const isHeld = payloadLength <= MAX_PAYLOAD_OCTETS;
  if (isHeld && total > data.length) return Verdict.NeedMore;
  const row = out.add();
  const c = out.columns;
  c.first.set(row, header.first);
  c.headerLength.set(row, headerLength);
  c.isMasked.set(row, header.isMasked ? 1 : 0);
  c.payloadLength.set(row, Math.min(payloadLength, MAX_U32));
  c.isHeld.set(row, isHeld ? 1 : 0);
  if (header.opcode === Opcode.Close && payloadLength >= 2) c.closeCode.set(row, closeCode(bytes, start));
  ctx.consumed = total;
  if (header.isMinimal) return Verdict.Ok;
  ctx.issue('websocket-length', 1);
  return Verdict.Malformed;
}

function closeCode(bytes: Uint8Array, start: number): number {
  const payloadAt = start + header.headerLength;
  const [high, low] = unmasked(bytes, header.isMasked ? payloadAt - KEY_OCTETS : -1, payloadAt, 2);
  return (high << 8) | low;
}

export const websocket: Dissector<WebSocketColumns> = {
  id: 'websocket',
  label: 'WebSocket',
  specs: ['RFC 6455', 'RFC 7692', 'RFC 7118'],
  // First frames of text and of octets, of a connection whose beginning was not captured.
  claims: [
    { kind: 'heuristic', over: 'tcp', firstOctet: [0x01, 0x02] },
    { kind: 'heuristic', over: 'tcp', firstOctet: [0x81, 0x82] },
  ],
  columns: WEBSOCKET_COLUMNS,
  fields: webSocketFields,
  probe,
  dissect,
  summarize: summarizeWebSocket,
  describe: describeWebSocket,
};
