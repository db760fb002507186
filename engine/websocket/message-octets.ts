/** What a WebSocket message says, from its frames: unmasked, joined, inflated (RFC 6455 section 5, RFC 7692 section 7.2). */
import { constants, inflateRawSync } from 'node:zlib';
import { FrameHeader, FrameResult, KEY_OCTETS, unmasked } from '../../dissectors/websocket/frame-header.ts';

/** A message that says more, packed or not, is not looked into. */
export const MAX_MESSAGE_BYTES = 1 << 20;
/** How far back compressed octets can refer (RFC 1951 section 2). */
const WINDOW_BYTES = 32 << 10;
/** Left out by the sender at the end of each message (RFC 7692 section 7.2.1). */
const TAIL = Uint8Array.of(0, 0, 0xff, 0xff);

export const NOTHING: Uint8Array = new Uint8Array(0);

/** The joined payloads of whole frames that lie one after the other. */
export function joinedPayload(frames: Uint8Array): Uint8Array {
  const header = new FrameHeader();
  const payloads: Uint8Array[] = [];
  for (let at = 0; at < frames.length; ) {
    if (header.read(frames, at, frames.length) !== FrameResult.Found) break;
    const payloadAt = at + header.headerLength;
    const length = Math.min(header.payloadLength, frames.length - payloadAt);
    payloads.push(unmasked(frames, header.isMasked ? payloadAt - KEY_OCTETS : -1, payloadAt, length));
    at = payloadAt + length;
  }
  return payloads.length === 1 ? payloads[0] : joined(payloads);
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A compressed message's octets; null where they refer to more than `window`, are damaged, or are too many. */
export function inflateMessage(compressed: Uint8Array, window: Uint8Array): Uint8Array | null {
  try {
    return inflateRawSync(joined([compressed, TAIL]), {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: MAX_MESSAGE_BYTES,
      ...(window.length === 0 ? {} : { dictionary: window }),
    });
  } catch {
    return null;
  }
}

/** What the next message can refer to: the end of what was said so far. */
export function slidWindow(window: Uint8Array, message: Uint8Array): Uint8Array {
  if (message.length >= WINDOW_BYTES) return message.slice(message.length - WINDOW_BYTES);
  const kept = Math.min(window.length, WINDOW_BYTES - message.length);
  return joined([window.subarray(window.length - kept), message]);
}
