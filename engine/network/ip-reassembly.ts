/**
 * Puts fragmented IP datagrams together: RFC 791 section 3.2 and RFC 815 (IPv4), RFC 8200 section 4.5 (IPv6).
 *
 * Fragments are the cold path, so they are copied and may allocate. Where fragments overlap the octets that came
 * first win. A host would discard the datagram (RFC 5722, and Linux for IPv4 too), but whoever reads a capture
 * wants to see it, and to be told.
 */
import { type FramePiece, NetworkIssues } from './ip-issues.ts';

/** One fragment, as the IP header describes it. `bytes` may be reused afterwards. */
export interface IpFragment {
  /** What belongs together: `ipv4FragmentKey` or `ipv6FragmentKey`; prefix it to keep tunnels or VLANs apart. */
  readonly key: string;
  /** 0-based frame. */
  readonly frame: number;
  /** Capture time. */
  readonly seconds: number;
  /** Holds the fragment's payload (after the IP and extension headers) at `at`. */
  readonly bytes: Uint8Array;
  readonly at: number;
  /** Captured octets of the payload, padding excluded. */
  readonly length: number;
  /** Octets the payload had on the wire; absent where it was captured whole. */
  readonly wireLength?: number;
  /** Where the payload goes in the datagram, in octets (the header's field times 8). */
  readonly fragmentOffset: number;
  readonly moreFragments: boolean;
  /** Offset of the payload in the frame. */
  readonly frameAt: number;
  /** IPv4 protocol, or the next header of the IPv6 fragment header. */
  readonly protocol: number;
}

/** A whole datagram. */
export interface Reassembled {
  /** The payload of the datagram: `length` octets from 0. Read only. */
  readonly bytes: Uint8Array;
  readonly length: number;
  /** As the first fragment says (RFC 8200 section 4.5: the others may differ). */
  readonly protocol: number;
  /** Which octets of which frames made it, in order, without a gap. */
  readonly pieces: readonly FramePiece[];
}

export interface IpReassemblyOptions {
  /** Bound on what incomplete datagrams hold, in octets. Default 64 MiB. */
  readonly maxBytes?: number;
  /** Bound on incomplete datagrams. Default 4096. */
  readonly maxDatagrams?: number;
  /** Capture time from a datagram's first fragment until it is given up (RFC 8200: 60). */
  readonly timeoutSeconds?: number;
}

/** Octets that fill a range nothing filled before. */
interface Part {
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly frame: number;
  readonly frameAt: number;
}

interface Datagram {
  readonly key: string;
  readonly frame: number;
  readonly seconds: number;
  /** In order of `offset`, never overlapping. */
  readonly parts: Part[];
  /** Known once the last fragment came, else -1. */
  total: number;
  protocol: number;
  heldBytes: number;
  filledBytes: number;
  /** A datagram that overlaps a hundred times is one finding. */
  overlapTold: boolean;
}

/** A datagram given out. Kept for a while so that fragments captured twice are known for what they are. */
interface Finished {
  readonly seconds: number;
  readonly datagram: Reassembled;
  /** The second copy so far, null before its first fragment. */
  copy: Datagram | null;
}

const MAX_DATAGRAM_BYTES = 65535;
/** What a part costs beside its octets, so that a flood of tiny fragments meets the same bound. */
const PART_OVERHEAD_BYTES = 128;
const MAX_FINISHED = 1024;
const MAX_FINISHED_BYTES = 8 << 20;

/** The key of an IPv4 datagram (RFC 791: source, destination, protocol, identification). Addresses as unsigned 32 bits. */
export function ipv4FragmentKey(source: number, destination: number, protocol: number, identification: number): string {
  return `4 ${source >>> 0} ${destination >>> 0} ${protocol} ${identification}`;
}

/**
 * The key of an IPv6 datagram (RFC 8200 section 4.5: source, destination, identification). `addressesAt` is where
 * the 16 octets of the source address begin in `bytes`; the destination's follow them.
 */
export function ipv6FragmentKey(bytes: Uint8Array, addressesAt: number, identification: number): string {
  let key = '6 ';
  for (let i = 0; i < 32; i += 2)
    key += String.fromCharCode((bytes[addressesAt + i] << 8) | bytes[addressesAt + i + 1]);
  return `${key} ${identification}`;
}

/**
 * Takes fragments in capture order, gives datagrams when their last hole is filled.
 *
 * Issues: `ip-fragment-bad` (a fragment no datagram can have: left out), `ip-fragment-overlap` (octets that differ
 * from those seen first), `ip-fragments-incomplete` (given up), `ip-reassembly-limit` (given up for memory).
 */
export class IpReassembly {
  readonly issues = new NetworkIssues();
  private readonly maxBytes: number;
  private readonly maxDatagrams: number;
  private readonly timeoutSeconds: number;
  /** In order of the first fragment, as a Map keeps insertion order. */
  private readonly open = new Map<string, Datagram>();
  private readonly finished = new Map<string, Finished>();
  private openBytes = 0;
  private finishedBytes = 0;

  constructor(options: IpReassemblyOptions = {}) {
    this.maxBytes = options.maxBytes ?? 64 << 20;
    this.maxDatagrams = options.maxDatagrams ?? 4096;
    this.timeoutSeconds = options.timeoutSeconds ?? 60;
  }

  /** Octets held now, overheads included: never much above the bound. */
  get heldBytes(): number {
    return this.openBytes + this.finishedBytes;
  }

  /** Takes a fragment. Gives the datagram's payload when this fragment completes it, else null. */
  add(fragment: IpFragment): Reassembled | null {
    this.expire(fragment.seconds);
    const wireLength = Math.max(fragment.wireLength ?? fragment.length, fragment.length);
    if (!this.isSound(fragment, wireLength)) return null;

    const done = this.finished.get(fragment.key);
    if (done !== undefined) {
      if (holdsSame(done.datagram, fragment, wireLength)) return this.addCopy(done, fragment);
      // The identification went round: this is the next datagram.
      this.dropFinished(fragment.key, done);
    }

    let datagram = this.open.get(fragment.key);
    if (datagram === undefined) {
      datagram = newDatagram(fragment);
      this.open.set(fragment.key, datagram);
    }
    if (!this.agreesOnLength(datagram, fragment, wireLength)) return null;
    if (!fragment.moreFragments) datagram.total = fragment.fragmentOffset + wireLength;
    if (fragment.fragmentOffset === 0) datagram.protocol = fragment.protocol;

    const before = datagram.heldBytes;
    if (fill(datagram, fragment) && !datagram.overlapTold) {
      datagram.overlapTold = true;
      this.issues.add(
        'ip-fragment-overlap',
        fragment.frame,
        'Fragments overlap with different octets; the first seen are shown',
      );
    }
    this.openBytes += datagram.heldBytes - before;

    if (datagram.filledBytes === datagram.total) return this.complete(datagram, fragment.seconds);
    this.keepBounds(fragment.frame);
    return null;
  }

  /** The capture ended: what is still open is incomplete. */
  finish(): void {
    for (const datagram of this.open.values()) {
      this.tellIncomplete(datagram);
      this.dropOpen(datagram);
    }
    for (const [key, done] of this.finished) this.dropFinished(key, done);
  }

  private isSound(fragment: IpFragment, wireLength: number): boolean {
    const { fragmentOffset, frame } = fragment;
    if (wireLength <= 0) {
      this.issues.add('ip-fragment-bad', frame, 'Fragment without octets');
    } else if (fragmentOffset + wireLength > MAX_DATAGRAM_BYTES) {
      const end = fragmentOffset + wireLength;
      this.issues.add('ip-fragment-bad', frame, `Fragment ends at ${end}, past the largest datagram (65535 octets)`);
    } else if (fragment.moreFragments && wireLength % 8 !== 0) {
      this.issues.add(
        'ip-fragment-bad',
        frame,
        `Fragment of ${wireLength} octets has more after it but is no multiple of 8`,
      );
    } else {
      return true;
    }
    return false;
  }

  private agreesOnLength(datagram: Datagram, fragment: IpFragment, wireLength: number): boolean {
    const end = fragment.fragmentOffset + wireLength;
    const last = datagram.parts.at(-1);
    const filledTo = last === undefined ? 0 : last.offset + last.bytes.length;
    const known = datagram.total;
    if (
      known >= 0 ? end <= known && (fragment.moreFragments || end === known) : fragment.moreFragments || end >= filledTo
    ) {
      return true;
    }
    const other = known >= 0 ? `the last fragment set ${known}` : `octets up to ${filledTo} were seen`;
    this.issues.add('ip-fragment-bad', fragment.frame, `Fragment ends the datagram at ${end} where ${other}`);
    return false;
  }

  /** Takes a fragment that the finished datagram holds already; a whole second copy is a datagram again. */
  private addCopy(done: Finished, fragment: IpFragment): Reassembled | null {
    const { datagram } = done;
    const copy = done.copy ?? newDatagram(fragment);
    done.copy = copy;
    const before = copy.heldBytes;
    fill(copy, fragment);
    this.finishedBytes += copy.heldBytes - before;
    if (copy.filledBytes < datagram.length) return null;
    this.finishedBytes -= copy.heldBytes;
    done.copy = null;
    return { ...datagram, pieces: toPieces(copy.parts) };
  }

  private complete(datagram: Datagram, seconds: number): Reassembled {
    const bytes = new Uint8Array(datagram.total);
    for (const part of datagram.parts) bytes.set(part.bytes, part.offset);
    const result: Reassembled = {
      bytes,
      length: datagram.total,
      protocol: datagram.protocol,
      pieces: toPieces(datagram.parts),
    };
    this.dropOpen(datagram);
    this.finished.set(datagram.key, { seconds, datagram: result, copy: null });
    this.finishedBytes += bytes.length;
    for (const [key, done] of this.finished) {
      if (this.finished.size <= MAX_FINISHED && this.finishedBytes <= MAX_FINISHED_BYTES) break;
      this.dropFinished(key, done);
    }
    return result;
  }

  private expire(seconds: number): void {
    for (const datagram of this.open.values()) {
      if (seconds - datagram.seconds <= this.timeoutSeconds) break;
      this.tellIncomplete(datagram);
      this.dropOpen(datagram);
    }
    for (const [key, done] of this.finished) {
      if (seconds - done.seconds <= this.timeoutSeconds) break;
      this.dropFinished(key, done);
    }
  }

  private keepBounds(frame: number): void {
    for (const datagram of this.open.values()) {
      if (this.open.size <= this.maxDatagrams && this.openBytes <= this.maxBytes) return;
      const text = `Datagram begun in frame ${datagram.frame + 1} given up: too many fragments wait`;
      this.issues.add('ip-reassembly-limit', frame, text);
      this.dropOpen(datagram);
    }
  }

  private tellIncomplete(datagram: Datagram): void {
    const { filledBytes, total, frame } = datagram;
    const of = total < 0 ? 'the last fragment is missing' : `of ${total}`;
    this.issues.add('ip-fragments-incomplete', frame, `Datagram never completed: ${filledBytes} octets seen, ${of}`);
  }

  private dropOpen(datagram: Datagram): void {
    this.open.delete(datagram.key);
    this.openBytes -= datagram.heldBytes;
  }

  private dropFinished(key: string, done: Finished): void {
    this.finished.delete(key);
    this.finishedBytes -= done.datagram.length + (done.copy?.heldBytes ?? 0);
  }
}

function newDatagram(fragment: IpFragment): Datagram {
  const { key, frame, seconds, protocol } = fragment;
  const none = { parts: [], heldBytes: 0, filledBytes: 0 };
  return { key, frame, seconds, protocol, total: -1, overlapTold: false, ...none };
}

/** Copies into the datagram what no earlier fragment filled. True where octets differ from those already there. */
function fill(datagram: Datagram, fragment: IpFragment): boolean {
  const { parts } = datagram;
  const start = fragment.fragmentOffset;
  const end = start + fragment.length;
  let differs = false;
  let from = start;
  let i = firstEndingAfter(parts, start);
  while (from < end) {
    const next = parts[i];
    const to = next === undefined ? end : Math.min(end, next.offset);
    if (from < to) {
      const at = fragment.at + from - start;
      const bytes = fragment.bytes.slice(at, at + to - from);
      parts.splice(i, 0, { offset: from, bytes, frame: fragment.frame, frameAt: fragment.frameAt + from - start });
      datagram.filledBytes += to - from;
      datagram.heldBytes += to - from + PART_OVERHEAD_BYTES;
      from = to;
      i++;
    } else {
      const nextEnd = next.offset + next.bytes.length;
      const same = Math.min(end, nextEnd) - from;
      differs ||= !isEqual(next.bytes, from - next.offset, fragment.bytes, fragment.at + from - start, same);
      from = nextEnd;
      i++;
    }
  }
  return differs;
}

/** Index of the first part that ends after `offset`. */
function firstEndingAfter(parts: readonly Part[], offset: number): number {
  let low = 0;
  let high = parts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (parts[middle].offset + parts[middle].bytes.length <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether the fragment says nothing that the datagram does not hold. */
function holdsSame(datagram: Reassembled, fragment: IpFragment, wireLength: number): boolean {
  const end = fragment.fragmentOffset + wireLength;
  if (end > datagram.length || fragment.moreFragments === (end === datagram.length)) return false;
  return isEqual(datagram.bytes, fragment.fragmentOffset, fragment.bytes, fragment.at, fragment.length);
}

function isEqual(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (a[aAt + i] !== b[bAt + i]) return false;
  return true;
}

function toPieces(parts: readonly Part[]): FramePiece[] {
  return parts.map((part) => ({ frame: part.frame, at: part.frameAt, length: part.bytes.length }));
}
