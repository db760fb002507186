/**
 * Memory for octets and samples in which WebAssembly's vectors work: what takes JavaScript a sample at a time is done eight and sixteen at
 * a time. Where WebAssembly or its vectors are missing there is none, and whoever would have used it does without.
 */
import { LAWS, LINES_BYTES, linesOf } from '../codecs/g711-laws.ts';
import { moduleOf } from './assembler.ts';
import { EXPAND, INTERLEAVE } from './sample-code.ts';

/** The part of WebAssembly that is used: neither Node's types nor a browser's are known here. */
interface WebAssemblyApi {
  readonly Module: new (octets: Uint8Array) => object;
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

/** An instance of the module, and the memory that is its own. */
interface Vectors {
  readonly memory: ArrayBuffer;
  readonly expand: (lines: number, pieces: number, end: number) => void;
  readonly interleave: (left: number, right: number, to: number, end: number) => void;
}

const PAGE_BYTES = 65536;
/** Vectors begin anywhere, but work best where one could lie; and they read and write a little past what is theirs. */
const VECTOR_BYTES = 16;
const MARGIN_BYTES = 2 * VECTOR_BYTES;
/** Instances kept to be used again, and how large they may be: a new one takes longer than a second of audio does. */
const MOST_KEPT = 4;
const MOST_KEPT_BYTES = 4 << 20;

/** Pieces that are expanded in one go at most. */
export const MOST_PIECES = 512;
const NUMBERS_A_PIECE = 3;
const PIECES_BYTES = 4 * NUMBERS_A_PIECE * MOST_PIECES;

/** Fewer octets cannot be expanded. */
export const FEWEST_EXPANDED = 16;

const kept: Vectors[] = [];
const inUse = new WeakMap<object, SampleMemory>();
/** Undefined until first asked for. */
let compiled: object | null | undefined;

export class SampleMemory {
  /** All of it. Addresses count from its beginning. */
  readonly bytes: Uint8Array;
  private readonly vectors: Vectors;
  private readonly pieces: Int32Array;
  private count = 0;
  private used = LAWS.length * LINES_BYTES;

  constructor(vectors: Vectors) {
    this.vectors = vectors;
    this.bytes = new Uint8Array(vectors.memory);
    LAWS.forEach((law, i) => this.bytes.set(linesOf(law), i * LINES_BYTES));
    this.pieces = new Int32Array(this.bytes.buffer, this.room(PIECES_BYTES), NUMBERS_A_PIECE * MOST_PIECES);
    inUse.set(this.bytes.buffer, this);
  }

  /** Room for `length` octets, which may hold anything: its address. */
  room(length: number): number {
    const at = this.used;
    this.used += roomFor(length);
    return at;
  }

  /** Room for `count` samples, all 0. */
  samples(count: number): Int16Array {
    return new Int16Array(this.bytes.buffer, this.room(2 * count), count).fill(0);
  }

  /** Has `count` octets (not fewer than `FEWEST_EXPANDED`) at `from` decoded to samples at `to` by the next `expand`; `MOST_PIECES` at most. */
  addPiece(from: number, to: number, count: number): void {
    const at = NUMBERS_A_PIECE * this.count++;
    this.pieces[at] = from;
    this.pieces[at + 1] = to;
    this.pieces[at + 2] = count;
  }

  /** Decodes the pieces, by law number `law` of `LAWS`. */
  expand(law: number): void {
    const { pieces, count } = this;
    this.count = 0;
    if (count === 0) return;
    this.vectors.expand(law * LINES_BYTES, pieces.byteOffset, pieces.byteOffset + 4 * NUMBERS_A_PIECE * count);
  }

  /** Writes `count` sample frames of the channels at `left` and `right` to `to`, where room for them was given. */
  interleave(left: number, right: number, to: number, count: number): void {
    this.vectors.interleave(left, right, to, to + 4 * count);
  }

  /** Lets others use it: nothing of it may be used after that. */
  release(): void {
    if (this.bytes.length > MOST_KEPT_BYTES) return;
    if (kept.length === MOST_KEPT) kept.shift();
    kept.push(this.vectors);
  }
}

/** What `SampleMemory.room` takes for `length` octets. */
function roomFor(length: number): number {
  return Math.ceil((length + MARGIN_BYTES) / VECTOR_BYTES) * VECTOR_BYTES;
}

/** A memory with room for pieces of so many octets each; null where there cannot be one. To be released when it is done with. */
export function takeSampleMemory(pieces: readonly number[]): SampleMemory | null {
  const own = LAWS.length * LINES_BYTES + roomFor(PIECES_BYTES);
  const needed = own + pieces.reduce((sum, length) => sum + roomFor(length), 0);
  try {
    // Made as large as it is wanted: a memory that grows would have V8 expect of every array that its octets may go.
    const fits = kept.findIndex(({ memory }) => memory.byteLength >= needed);
    const vectors = fits < 0 ? newVectors(Math.ceil(needed / PAGE_BYTES)) : kept.splice(fits, 1)[0];
    return vectors === null ? null : new SampleMemory(vectors);
  } catch {
    // No memory to be had, or not that much: it is done without.
    return null;
  }
}

/** The memory that `samples` are in; null where they are in none. */
export function sampleMemoryOf(samples: Int16Array): SampleMemory | null {
  return inUse.get(samples.buffer) ?? null;
}

function newVectors(pages: number): Vectors | null {
  const { WebAssembly: api } = globalThis as { readonly WebAssembly?: WebAssemblyApi };
  if (api === undefined) return null;
  compiled ??= compile(api);
  if (compiled === null) return null;
  const memory = new api.Memory({ initial: pages });
  const { exports } = new api.Instance(compiled, { here: { memory } });
  return { ...(exports as Pick<Vectors, 'expand' | 'interleave'>), memory: memory.buffer };
}

/** Null where vectors are not understood, or where octets are in the other order in samples than they are in WebAssembly. */
function compile(api: WebAssemblyApi): object | null {
  if (new Uint8Array(Uint16Array.of(1).buffer)[0] !== 1) return null;
  try {
    return new api.Module(moduleOf([EXPAND, INTERLEAVE]));
  } catch {
    return null;
  }
}
