/**
 * Growable typed-array columns: a packet costs octets here, not objects. A column grows by whole chunks, so it
 * never copies what it holds and never doubles its memory; a chunk that holds only zeros is not allocated.
 *
 * The four classes are alike to the letter but for their array. They are written out because one generic class would
 * make every read in the hot pass a megamorphic one.
 */
const CHUNK_BITS = 15;
const CHUNK = 1 << CHUNK_BITS;
const MASK = CHUNK - 1;

/** What every column offers, whatever its width. Rows that were never set read as 0. */
export interface Column {
  get(row: number): number;
  set(row: number, value: number): void;
  /** Octets of memory the column holds. */
  readonly lengthBytes: number;
}

/** Octets of the chunks that are not the shared chunk of zeros. */
function chunkBytes(chunks: readonly { byteLength: number }[], zeros: object): number {
  return chunks.reduce((sum, chunk) => sum + (chunk === zeros ? 0 : chunk.byteLength), 0);
}

const ZEROS_8 = new Uint8Array(CHUNK);

export class U8Column implements Column {
  private readonly chunks: Uint8Array[] = [];

  get(row: number): number {
    const index = row >>> CHUNK_BITS;
    return index < this.chunks.length ? this.chunks[index][row & MASK] : 0;
  }

  set(row: number, value: number): void {
    const index = row >>> CHUNK_BITS;
    if (index >= this.chunks.length) this.grow(index);
    let chunk = this.chunks[index];
    if (chunk === ZEROS_8) {
      if (value === 0) return;
      chunk = this.chunks[index] = new Uint8Array(CHUNK);
    }
    chunk[row & MASK] = value;
  }

  get lengthBytes(): number {
    return chunkBytes(this.chunks, ZEROS_8);
  }

  private grow(index: number): void {
    while (this.chunks.length <= index) this.chunks.push(ZEROS_8);
  }
}

const ZEROS_16 = new Uint16Array(CHUNK);

export class U16Column implements Column {
  private readonly chunks: Uint16Array[] = [];

  get(row: number): number {
    const index = row >>> CHUNK_BITS;
    return index < this.chunks.length ? this.chunks[index][row & MASK] : 0;
  }

  set(row: number, value: number): void {
    const index = row >>> CHUNK_BITS;
    if (index >= this.chunks.length) this.grow(index);
    let chunk = this.chunks[index];
    if (chunk === ZEROS_16) {
      if (value === 0) return;
      chunk = this.chunks[index] = new Uint16Array(CHUNK);
    }
    chunk[row & MASK] = value;
  }

  get lengthBytes(): number {
    return chunkBytes(this.chunks, ZEROS_16);
  }

  private grow(index: number): void {
    while (this.chunks.length <= index) this.chunks.push(ZEROS_16);
  }
}

const ZEROS_32 = new Uint32Array(CHUNK);

export class U32Column implements Column {
  private readonly chunks: Uint32Array[] = [];

  get(row: number): number {
    const index = row >>> CHUNK_BITS;
    return index < this.chunks.length ? this.chunks[index][row & MASK] : 0;
  }

  set(row: number, value: number): void {
    const index = row >>> CHUNK_BITS;
    if (index >= this.chunks.length) this.grow(index);
    let chunk = this.chunks[index];
    if (chunk === ZEROS_32) {
      if (value === 0) return;
      chunk = this.chunks[index] = new Uint32Array(CHUNK);
    }
    chunk[row & MASK] = value;
  }

  get lengthBytes(): number {
    return chunkBytes(this.chunks, ZEROS_32);
  }

  private grow(index: number): void {
    while (this.chunks.length <= index) this.chunks.push(ZEROS_32);
  }
}

const ZEROS_F64 = new Float64Array(CHUNK);

export class F64Column implements Column {
  private readonly chunks: Float64Array[] = [];

  get(row: number): number {
    const index = row >>> CHUNK_BITS;
    return index < this.chunks.length ? this.chunks[index][row & MASK] : 0;
  }

  set(row: number, value: number): void {
    const index = row >>> CHUNK_BITS;
    if (index >= this.chunks.length) this.grow(index);
    let chunk = this.chunks[index];
    if (chunk === ZEROS_F64) {
      if (value === 0) return;
      chunk = this.chunks[index] = new Float64Array(CHUNK);
    }
    chunk[row & MASK] = value;
  }

  get lengthBytes(): number {
    return chunkBytes(this.chunks, ZEROS_F64);
  }

  private grow(index: number): void {
    while (this.chunks.length <= index) this.chunks.push(ZEROS_F64);
  }
}
