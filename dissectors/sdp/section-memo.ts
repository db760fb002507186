/**
 * Remembers what media sections said that end a description: phones of one kind say the same after the port in every
 * call, and comparing it with what was said before costs a fraction of reading it.
 */
import { viewOf } from '../../base/scan.ts';
import { SdpFlag } from './columns.ts';

/** What a level (the session, or one section) has said; ids of the string table, 0 for nothing. */
export class Level {
  address = 0;
  direction = 0;
  fingerprint = 0;
  setup = 0;
  ufrag = 0;
  pwd = 0;
  flags = 0;
  // Of sections only.
  protocol = 0;
  mid = 0;
  rtcpPort = 0;
  formats = 0;
  crypto = 0;
  ssrcs = 0;
  encrypted = 0;

  clear(): void {
    this.take(NOTHING);
  }

  take(from: Level): void {
    this.address = from.address;
    this.direction = from.direction;
    this.fingerprint = from.fingerprint;
    this.setup = from.setup;
    this.ufrag = from.ufrag;
    this.pwd = from.pwd;
    this.flags = from.flags;
    this.protocol = from.protocol;
    this.mid = from.mid;
    this.rtcpPort = from.rtcpPort;
    this.formats = from.formats;
    this.crypto = from.crypto;
    this.ssrcs = from.ssrcs;
    this.encrypted = from.encrypted;
  }
}

const NOTHING = new Level();

const SLOTS = 64;
/** Longer ones (ICE, keys, certificates) are seldom said twice. */
const MAX_OCTETS = 512;

/** Of one string table, whose ids it holds. What is new takes the place of what was kept in the same slot. */
export class SectionMemo {
  private readonly bytes = new Uint8Array(SLOTS * MAX_OCTETS);
  private readonly view = new DataView(this.bytes.buffer);
  private readonly lengths = new Uint16Array(SLOTS);
  private readonly levels = Array.from({ length: SLOTS }, () => new Level());

  /** What the octets from `at` to `end` said, null where that is not known. */
  find(bytes: Uint8Array, at: number, end: number): Level | null {
    const length = end - at;
    const slot = slotOf(bytes, at, length);
    if (length < 4 || this.lengths[slot] !== length) return null;
    const view = viewOf(bytes);
    const kept = this.view;
    const start = slot * MAX_OCTETS;
    const last = length - 4;
    for (let i = 0; i < last; i += 4) {
      if (view.getInt32(at + i, true) !== kept.getInt32(start + i, true)) return null;
    }
    return view.getInt32(at + last, true) === kept.getInt32(start + last, true) ? this.levels[slot] : null;
  }

  /** Keeps what the octets from `at` to `end` said. */
  keep(bytes: Uint8Array, at: number, end: number, level: Level): void {
    const length = end - at;
    if (length > MAX_OCTETS) return;
    const slot = slotOf(bytes, at, length);
    const start = slot * MAX_OCTETS;
    for (let i = 0; i < length; i++) this.bytes[start + i] = bytes[at + i];
    this.lengths[slot] = length;
    this.levels[slot].take(level);
    // The port decides it, which stands before them.
    this.levels[slot].flags &= ~SdpFlag.rejected;
  }
}

/** By the length and the first format, which stands behind ` RTP/AVP `. */
function slotOf(bytes: Uint8Array, at: number, length: number): number {
  return (length + (length > 10 ? bytes[at + 9] * 5 + bytes[at + 10] * 11 : 0)) % SLOTS;
}
