import { FIRST_ROOM } from './first-room.ts';
import { doubledSlots, hashOf } from './hash.ts';
import { Octets } from './octets.ts';
import { viewOf } from './scan.ts';

declare const TextEncoder: new () => { encode(text: string): Uint8Array };

/**
 * Interns octet strings: equal octets get equal ids, so Call-IDs, tags and addresses compare as numbers and are
 * kept once. Id 0 is the empty string. The octets live in one arena, not as JavaScript strings.
 */
export class StringTable {
  private arena = new Uint8Array(16 * FIRST_ROOM);
  private arenaView = new DataView(this.arena.buffer);
  private used = 0;
  private starts = new Uint32Array(FIRST_ROOM);
  /** Pairs of hash and id, side by side so that a look-up meets memory once; id 0 is a free slot. */
  private slots = new Uint32Array(4 * FIRST_ROOM);
  private count = 1;
  private readonly view = new Octets(this.arena, 0, 0);

  /** The id of `length` octets at `at`; the octets are copied when they are new. */
  intern(bytes: Uint8Array, at: number, length: number): number {
    if (length === 0) return 0;
    const source = viewOf(bytes);
    const hash = hashOf(source, at, length);
    const { slots } = this;
    const mask = slots.length - 2;
    let slot = (hash << 1) & mask;
    for (;;) {
      const id = slots[slot + 1];
      if (id === 0) return this.insert(source, at, length, hash, slot);
      if (slots[slot] === hash && this.equals(id, source, at, length)) return id;
      slot = (slot + 2) & mask;
    }
  }

  /** The id of a text's UTF-8 octets. Cold paths only. */
  internText(text: string): number {
    const bytes = new TextEncoder().encode(text);
    return this.intern(bytes, 0, bytes.length);
  }

  /** The interned octets as text (UTF-8, replacement characters for what is not). */
  text(id: number): string {
    return this.octets(id).text();
  }

  /** A view on the interned octets, valid until the next call. */
  octets(id: number): Octets {
    if (id <= 0 || id >= this.count) return this.view.point(this.arena, 0, 0);
    return this.view.point(this.arena, this.starts[id], this.starts[id + 1] - this.starts[id]);
  }

  /** How many different strings there are, the empty one included. */
  get size(): number {
    return this.count;
  }

  private equals(id: number, source: DataView, at: number, length: number): boolean {
    const start = this.starts[id];
    if (this.starts[id + 1] - start !== length) return false;
    const { arenaView } = this;
    const last = length - 4;
    // Four octets a step, and then the last four, whether or not some of them were compared.
    for (let i = 0; i < last; i += 4) {
      if (arenaView.getInt32(start + i, true) !== source.getInt32(at + i, true)) return false;
    }
    if (last >= 0) return arenaView.getInt32(start + last, true) === source.getInt32(at + last, true);
    for (let i = 0; i < length; i++) if (arenaView.getUint8(start + i) !== source.getUint8(at + i)) return false;
    return true;
  }

  private insert(source: DataView, at: number, length: number, hash: number, slot: number): number {
    const id = this.count++;
    if (this.used + length > this.arena.length) this.growArena(length);
    this.copy(source, at, length);
    if (id + 2 > this.starts.length) this.starts = grown(this.starts);
    this.starts[id] = this.used;
    this.used += length;
    this.starts[id + 1] = this.used;
    this.slots[slot] = hash;
    this.slots[slot + 1] = id;
    if (this.count * 3 > this.slots.length) this.slots = doubledSlots(this.slots);
    return id;
  }

  /** A loop beats a subarray for the short strings that these are: it allocates nothing. */
  private copy(source: DataView, at: number, length: number): void {
    const { arenaView, used } = this;
    const last = length - 4;
    for (let i = 0; i < last; i += 4) arenaView.setInt32(used + i, source.getInt32(at + i, true), true);
    if (last >= 0) arenaView.setInt32(used + last, source.getInt32(at + last, true), true);
    else for (let i = 0; i < length; i++) arenaView.setUint8(used + i, source.getUint8(at + i));
  }

  private growArena(length: number): void {
    const arena = new Uint8Array(Math.max(this.arena.length * 1.5, this.used + length) | 0);
    arena.set(this.arena);
    this.arena = arena;
    this.arenaView = new DataView(arena.buffer);
  }
}

function grown(array: Uint32Array): Uint32Array<ArrayBuffer> {
  const next = new Uint32Array(array.length * 2);
  next.set(array);
  return next;
}
