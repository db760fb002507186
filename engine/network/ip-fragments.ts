import type { FramePiece } from './ip-issues.ts';
import { IpReassembly, ipv4FragmentKey, ipv6FragmentKey, type Reassembled } from './ip-reassembly.ts';

export type Piece = FramePiece;

/** The part of a reassembled datagram's pieces that holds `length` octets from `at`. */
export function slicePieces(pieces: readonly Piece[], at: number, length = Infinity): Piece[] {
  const part: Piece[] = [];
  let from = 0;
  for (const piece of pieces) {
    const start = Math.max(at, from);
    const end = Math.min(at + length, from + piece.length);
    if (end > start) part.push({ frame: piece.frame, at: piece.at + start - from, length: end - start });
    from += piece.length;
  }
  return part;
}

/** Where the decoder leaves fragments; see `IpFragments` for the arguments. */
export type FragmentSink = Pick<IpFragments, 'addIPv4' | 'addIPv6'>;

/** For reading one frame on its own: fragments stay fragments. */
export const NO_REASSEMBLY: FragmentSink = { addIPv4: () => null, addIPv6: () => null };

/** Reads fragment headers for the decoder and hands the fragments on. The cold path: it may allocate. */
export class IpFragments {
  readonly reassembly = new IpReassembly();

  /** `at` is the IPv4 header, `p` its payload; the captured payload ends at `end`, the sent one at `stop`. */
  addIPv4(
    bytes: Uint8Array,
    at: number,
    p: number,
    end: number,
    stop: number,
    frameAt: number,
    frame: number,
    seconds: number,
  ): Reassembled | null {
    const word = (bytes[at + 6] << 8) | bytes[at + 7];
    const protocol = bytes[at + 9];
    const key = ipv4FragmentKey(
      u32(bytes, at + 12),
      u32(bytes, at + 16),
      protocol,
      (bytes[at + 4] << 8) | bytes[at + 5],
    );
    return this.reassembly.add({
      key,
      frame,
      seconds,
      bytes,
      at: p,
      length: Math.max(0, end - p),
      wireLength: stop - p,
      fragmentOffset: (word & 0x1fff) * 8,
      moreFragments: (word & 0x2000) !== 0,
      frameAt: p - frameAt,
      protocol,
    });
  }

  /** `at` is the IPv6 header, `p` the octet after the fragment header (RFC 8200 section 4.5). */
  addIPv6(
    bytes: Uint8Array,
    at: number,
    p: number,
    end: number,
    stop: number,
    frameAt: number,
    frame: number,
    seconds: number,
  ): Reassembled | null {
    const word = (bytes[p - 6] << 8) | bytes[p - 5];
    return this.reassembly.add({
      key: ipv6FragmentKey(bytes, at + 8, u32(bytes, p - 4)),
      frame,
      seconds,
      bytes,
      at: p,
      length: Math.max(0, end - p),
      wireLength: Math.max(0, stop - p),
      fragmentOffset: word & 0xfff8,
      moreFragments: (word & 1) !== 0,
      frameAt: p - frameAt,
      protocol: bytes[p - 8],
    });
  }
}

function u32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}
