import type { FramePiece } from './ip-issues.ts';
import { type IpFragment, IpReassembly, ipv4FragmentKey, ipv6FragmentKey, type Reassembled } from './ip-reassembly.ts';

export type Piece = FramePiece;

/** The part of a reassembled datagram's pieces that holds `length` octets from `at`. */
export function slicePieces(pieces: readonly Piece[], at: number, length = Infinity): Piece[] {
  const part: Piece[] = [];
  let from = 0;
  for (const piece of pieces) {
    const start = Math.max(at, from);
    const end = Math.min(at + length, from + piece.length);
    if (end > start) part.push({ ...piece, at: piece.at + start - from, length: end - start });
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
  /** Pieces of datagrams that hold a fragment themselves, by the frame that completed them. */
  private readonly outer = new Map<number, readonly Piece[]>();

  /**
   * `at` is the IPv4 header, `p` its payload; the captured payload ends at `end`, the sent one at `stop`. `tunnel` keeps
   * apart what different tunnels carry; `outer` are the pieces of the octets, where they are a reassembled datagram's
   * themselves.
   */
  addIPv4(
    bytes: Uint8Array,
    at: number,
    p: number,
    end: number,
    stop: number,
    frameAt: number,
    frame: number,
    seconds: number,
    tunnel: number,
    outer: readonly Piece[] | null,
  ): Reassembled | null {
    const word = (bytes[at + 6] << 8) | bytes[at + 7];
    const protocol = bytes[at + 9];
    const key = ipv4FragmentKey(
      u32(bytes, at + 12),
      u32(bytes, at + 16),
      protocol,
      (bytes[at + 4] << 8) | bytes[at + 5],
    );
    return this.add(outer, {
      key: scoped(key, tunnel),
      frame,
      seconds,
      bytes,
      at: p,
      length: Math.max(0, end - p),
      wireLength: stop - p,
      fragmentOffset: (word & 0x1fff) * 8,
      moreFragments: (word & 0x2000) !== 0,
      frameAt: outer === null ? p - frameAt : p,
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
    tunnel: number,
    outer: readonly Piece[] | null,
  ): Reassembled | null {
    const word = (bytes[p - 6] << 8) | bytes[p - 5];
    return this.add(outer, {
      key: scoped(ipv6FragmentKey(bytes, at + 8, u32(bytes, p - 4)), tunnel),
      frame,
      seconds,
      bytes,
      at: p,
      length: Math.max(0, end - p),
      wireLength: Math.max(0, stop - p),
      fragmentOffset: word & 0xfff8,
      moreFragments: (word & 1) !== 0,
      frameAt: outer === null ? p - frameAt : p,
      protocol: bytes[p - 8],
    });
  }

  private add(outer: readonly Piece[] | null, fragment: IpFragment): Reassembled | null {
    if (outer !== null) {
      this.outer.set(fragment.frame, outer);
      for (const frame of this.outer.keys()) {
        if (this.outer.size <= MAX_OUTER) break;
        this.outer.delete(frame);
      }
    }
    const whole = this.reassembly.add(fragment);
    if (whole === null || this.outer.size === 0) return whole;
    const pieces = whole.pieces.flatMap((piece) => {
      const around = this.outer.get(piece.frame);
      return around === undefined ? piece : slicePieces(around, piece.at, piece.length);
    });
    return { ...whole, pieces };
  }
}

/** Fragments inside datagrams that came in fragments: as many as wait at once are more than enough. */
const MAX_OUTER = 8192;

function scoped(key: string, tunnel: number): string {
  return tunnel === 0 ? key : `${tunnel} ${key}`;
}

function u32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}
