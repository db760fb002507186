import { U16Column, U32Column, U8Column } from '../../base/columns.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { MediaKey } from '../keys/media-key.ts';
import { KeyChain } from './key-chain.ts';

/** Values of `keyOfRow` that are no key. */
export const NOT_OPENED = 0;
/** A key opens others of its stream, and none at hand authenticates this one. */
export const REFUSED = 255;
/** Keys a stream can have: `keyOfRow` counts in one octet. */
export const MOST_KEYS_OF_STREAM = 250;

/**
 * What was opened of encrypted media: by which key, and at which rollover counter, so that any packet can be decrypted
 * again by itself. Plain payloads are not kept. Rows are RTP rows; columns of what is plain cost nothing.
 */
export class OpenedMedia {
  /** Place (+ 1) among the keys of the row's stream, `NOT_OPENED` or `REFUSED`. */
  readonly keyOfRow = new U8Column();
  readonly rollover = new U32Column();
  /** Octets behind the plain payload as it was sent: padding, MKI and tag. */
  readonly removed = new U16Column();
  readonly chain = new KeyChain();
  /** SRTCP frames (0-based), and the key that opens each. */
  readonly rtcp = new Map<number, MediaKey>();

  /** The keys at hand; null before they were looked for. */
  ring: KeyRing | null = null;
  /** Packets, of RTP and RTCP, that each key authenticated. */
  readonly authenticated = new Map<MediaKey, number>();
  /** Some RTP was opened. */
  hasRtp = false;

  /** The packet index of a row that was opened (RFC 3711 section 3.3.1). */
  indexOf(row: number, sequence: number): number {
    return this.rollover.get(row) * 0x10000 + sequence;
  }

  addAuthenticated(key: MediaKey, packets: number): void {
    this.authenticated.set(key, (this.authenticated.get(key) ?? 0) + packets);
  }

  isOpened(row: number): boolean {
    const key = this.keyOfRow.get(row);
    return key !== NOT_OPENED && key !== REFUSED;
  }

  /** Must not be heard: its stream was opened, and it was not. */
  isRefused(row: number): boolean {
    return this.keyOfRow.get(row) === REFUSED;
  }
}
