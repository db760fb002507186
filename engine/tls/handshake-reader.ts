import { Octets } from '../../base/octets.ts';
import { HandshakeType, TLS_HANDSHAKE_HEADER } from '../../dissectors/tls/handshake.ts';

/** Hellos are a few kilobytes, with post-quantum keys and tickets too. */
const MAX_HELD_BYTES = 64 << 10;

const NOTHING = new Uint8Array(0);

/** Called for every message: of hellos with the body, of others with none. */
export type OnHandshake = (type: number, body: Octets | null) => void;

/** Puts the handshake messages of one direction together: they begin and end anywhere in records (RFC 8446 section 5.1). */
export class HandshakeReader {
  private held: Uint8Array = NOTHING;
  /** Octets of a message under way that are of no interest. */
  private skip = 0;
  private skippedType = 0;

  push(bytes: Uint8Array, onMessage: OnHandshake): void {
    // A copy, since what is read of a hello stays.
    const data = new Uint8Array(this.held.length + bytes.length);
    data.set(this.held);
    data.set(bytes, this.held.length);
    this.held = NOTHING;
    let at = 0;
    while (at < data.length) {
      if (this.skip > 0) {
        const step = Math.min(this.skip, data.length - at);
        at += step;
        this.skip -= step;
        if (this.skip === 0) onMessage(this.skippedType, null);
        continue;
      }
      const left = data.length - at;
      if (left < TLS_HANDSHAKE_HEADER) break;
      const type = data[at];
      const lengthBytes = (data[at + 1] << 16) | (data[at + 2] << 8) | data[at + 3];
      const isHello = type === HandshakeType.ClientHello || type === HandshakeType.ServerHello;
      if (!isHello || lengthBytes > MAX_HELD_BYTES) {
        at += TLS_HANDSHAKE_HEADER;
        this.skip = lengthBytes;
        this.skippedType = type;
        if (lengthBytes === 0) onMessage(type, null);
        continue;
      }
      if (left < TLS_HANDSHAKE_HEADER + lengthBytes) break;
      onMessage(type, new Octets(data, at + TLS_HANDSHAKE_HEADER, lengthBytes));
      at += TLS_HANDSHAKE_HEADER + lengthBytes;
    }
    if (at < data.length) this.held = data.subarray(at);
  }

  /** Octets were lost: what was under way will not come whole. */
  reset(): void {
    this.held = NOTHING;
    this.skip = 0;
  }
}
