import { Octets } from './octets.ts';

declare const TextEncoder: new () => { encode(text: string): Uint8Array };

/**
 * Interns octet strings: equal octets get equal ids, so Call-IDs, tags and addresses compare as numbers and are
 * kept once. Id 0 is the empty string. The octets live in one arena, not as JavaScript strings.
 */
export class StringTable {
  private arena = new Uint8Array(1 << 16);
  private used = 0;
  private starts = new Uint32Array(1 << 10);
  private hashes = new Uint32Array(1 << 10);
  private slots = new Uint32Array(1 << 11);
  private count = 1;
  private readonly view = new Octets(this.arena, 0, 0);

  /** The id of `length` octets at `at`; the octets are copied when they are new. */
  intern(bytes: Uint8Array, at: number, length: number): number {
    if (length === 0) return 0;
    let hash = 0x811c9dc5;
    for (let i = at, end = at + length; i < end; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
    hash ^= hash >>> 15;
    const mask = this.slots.length - 1;
    let slot = Math.imul(hash, 0x9e3779b1) & mask;
    for (;;) {
      const id = this.slots[slot];
      if (id === 0) break;
      if (this.hashes[id] === hash >>> 0 && this.equals(id, bytes, at, length)) return id;
      slot = (slot + 1) & mask;
    }
    return this.insert(bytes, at, length, hash >>> 0, slot);
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

  private equals(id: number, bytes: Uint8Array, at: number, length: number): boolean {
    const start = this.starts[id];
    if (this.starts[id + 1] - start !== length) return false;
    const arena = this.arena;
    for (let i = 0; i < length; i++) if (arena[start + i] !== bytes[at + i]) return false;
    return true;
  }

  private insert(bytes: Uint8Array, at: number, length: number, hash: number, slot: number): number {
    const id = this.count++;
    if (this.used + length > this.arena.length) this.growArena(length);
    // A loop beats a subarray for the short strings that these are: it allocates nothing.
    const arena = this.arena;
    for (let i = 0, to = this.used; i < length; i++) arena[to + i] = bytes[at + i];
    if (id + 2 > this.starts.length) {
      this.starts = grown(this.starts);
      this.hashes = grown(this.hashes);
    }
    this.starts[id] = this.used;
    this.used += length;
    this.starts[id + 1] = this.used;
    this.hashes[id] = hash;
    this.slots[slot] = id;
    if (this.count * 2 > this.slots.length) this.rehash();
    return id;
  }

  private growArena(length: number): void {
    const arena = new Uint8Array(Math.max(this.arena.length * 1.5, this.used + length) | 0);
    arena.set(this.arena);
    this.arena = arena;
  }

  private rehash(): void {
    const slots = new Uint32Array(this.slots.length * 2);
    const mask = slots.length - 1;
    for (let id = 1; id < this.count; id++) {
      let slot = Math.imul(this.hashes[id], 0x9e3779b1) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id;
    }
    this.slots = slots;
  }
}

function grown(array: Uint32Array): Uint32Array<ArrayBuffer> {
  const next = new Uint32Array(array.length * 2);
  next.set(array);
  return next;
}
