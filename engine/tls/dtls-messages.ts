import type { Octets } from '../../base/octets.ts';
import { type HandshakeHeader, readHandshakeHeader } from '../../dissectors/tls/handshake.ts';

/** Certificate chains are the longest messages; real ones have a few kilobytes. */
const MAX_MESSAGE_BYTES = 64 << 10;
const MAX_FRAGMENTS = 256;
/** A handshake has about a dozen. */
const MAX_MESSAGES = 64;

/** Bounds what is held of all handshakes together. */
export class Room {
  private leftBytes: number;

  constructor(lengthBytes: number) {
    this.leftBytes = lengthBytes;
  }

  /** Whether there is room for so many octets, which are then held. */
  take(lengthBytes: number): boolean {
    if (lengthBytes > this.leftBytes) return false;
    this.leftBytes -= lengthBytes;
    return true;
  }

  give(lengthBytes: number): void {
    this.leftBytes += lengthBytes;
  }
}

export interface WholeMessage {
  readonly type: number;
  readonly messageSequence: number;
  /** 0-based frame that held its first fragment to come. */
  readonly frame: number;
  readonly body: Uint8Array;
}

interface Parts {
  readonly header: HandshakeHeader;
  readonly frame: number;
  readonly fragments: { readonly at: number; readonly bytes: Uint8Array }[];
  lengthBytes: number;
}

/** Puts the handshake messages of one sender together: fragmented, out of order, repeated (RFC 6347 section 4.2.3). */
export class DtlsMessages {
  private readonly parts = new Map<number, Parts>();
  private readonly done = new Set<number>();
  private readonly room: Room;

  constructor(room: Room) {
    this.room = room;
  }

  /** Takes a fragment; gives the message that it completes, once, else null. `bytes` is copied. */
  add(header: HandshakeHeader, bytes: Uint8Array, frame: number): WholeMessage | null {
    const { messageSequence, length, fragmentOffset } = header;
    const isDamaged = bytes.length !== header.fragmentLength || fragmentOffset + bytes.length > length;
    if (isDamaged || length > MAX_MESSAGE_BYTES || this.done.has(messageSequence)) return null;
    let parts = this.parts.get(messageSequence);
    if (parts === undefined || parts.header.length !== length || parts.header.type !== header.type) {
      if (this.parts.size + this.done.size >= MAX_MESSAGES) return null;
      parts = { header, frame, fragments: [], lengthBytes: 0 };
      this.parts.set(messageSequence, parts);
    }
    if (parts.fragments.length >= MAX_FRAGMENTS || !this.room.take(bytes.length)) return null;
    parts.fragments.push({ at: fragmentOffset, bytes: new Uint8Array(bytes) });
    parts.lengthBytes += bytes.length;
    const body = parts.lengthBytes < length ? null : joined(parts);
    if (body === null) return null;
    this.room.give(parts.lengthBytes);
    this.parts.delete(messageSequence);
    this.done.add(messageSequence);
    return { type: header.type, messageSequence, frame: parts.frame, body };
  }
}

/** The messages, or fragments of messages, of a handshake record: header and octets, which are the record's own. */
export function* fragmentsOf(content: Octets): Generator<{ header: HandshakeHeader; bytes: Uint8Array }> {
  for (let at = 0; ; ) {
    const header = readHandshakeHeader(content, at, true);
    if (header === null) return;
    const { bytes, start, length } = content.sub(at + header.headerLength, header.fragmentLength);
    yield { header, bytes: bytes.subarray(start, start + length) };
    at += header.headerLength + header.fragmentLength;
  }
}

/** The whole message; null where fragments overlap and leave holes. */
function joined({ header, fragments }: Parts): Uint8Array | null {
  const body = new Uint8Array(header.length);
  let end = 0;
  for (const { at, bytes } of fragments.toSorted((a, b) => a.at - b.at)) {
    if (at > end) return null;
    body.set(bytes, at);
    end = Math.max(end, at + bytes.length);
  }
  return end === header.length ? body : null;
}
