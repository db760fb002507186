/**
 * Growable typed-array columns: a packet costs octets here, not objects. A column grows by whole chunks, so it
 * never copies what it holds and never doubles its memory; a chunk that holds only zeros is not allocated. Chunks are
 * no shared memory: V8 does not count that, so the columns of captures that were closed would stay for as long as it has no reason to
 * collect garbage.
 *
 * Rows are nearly always written and scanned in order, so each column keeps the chunk it used last at hand. The four
 * classes are alike to the letter but for their array: they are written out because one generic class would make every
 * access of the hot pass megamorphic.
 */
const CHUNK_BITS = 15;
const CHUNK = 1 << CHUNK_BITS;
const MASK = CHUNK - 1;

/** What every column offers, whatever its width. Rows that were never set read as 0. */
export interface Column {
  get(row: number): number;
  set(row: number, value: number): void;
  /** Sets `count` rows from `row` on to `values[from]`, `values[from + 1]`, … */
  copyFrom(row: number, values: ColumnArray, from: number, count: number): void;
  /** Sets `into[0]`, `into[1]`, … to the values of `count` rows from `row` on. */
  read(row: number, count: number, into: ColumnArray): void;
  /** Sets `into[i]` to the value of row `rows[i]`, for `from ≤ i < to`. `into` is best of the column's own width. */
  gather(rows: Uint32Array, into: ColumnArray, from: number, to: number): void;
  /** Octets of memory the column holds. */
  readonly lengthBytes: number;
}

export type ColumnArray = Uint8Array | Uint16Array | Uint32Array | Float64Array;

function chunkBytes(chunks: readonly ({ readonly byteLength: number } | undefined)[]): number {
  return chunks.reduce((sum, chunk) => sum + (chunk?.byteLength ?? 0), 0);
}

const ZEROS_8 = new Uint8Array(CHUNK);

export class U8Column implements Column {
  private readonly chunks: (Uint8Array | undefined)[] = [];
  private written: Uint8Array = ZEROS_8;
  private writtenIndex = -1;
  private scanned: Uint8Array = ZEROS_8;
  private scannedIndex = -1;

  get(row: number): number {
    if (row >>> CHUNK_BITS !== this.scannedIndex) this.scan(row >>> CHUNK_BITS);
    return this.scanned[row & MASK];
  }

  set(row: number, value: number): void {
    if (row >>> CHUNK_BITS === this.writtenIndex) this.written[row & MASK] = value;
    else if (value !== 0 || this.chunks[row >>> CHUNK_BITS] !== undefined) this.setElsewhere(row, value);
  }

  copyFrom(row: number, values: ColumnArray, from: number, count: number): void {
    for (let done = 0; done < count; ) {
      const at = row + done;
      const run = Math.min(count - done, CHUNK - (at & MASK));
      // Makes sure that the chunk is there and at hand.
      if (at >>> CHUNK_BITS !== this.writtenIndex) this.setElsewhere(at, values[from + done]);
      this.written.set(values.subarray(from + done, from + done + run), at & MASK);
      done += run;
    }
  }

  read(row: number, count: number, into: ColumnArray): void {
    for (let done = 0; done < count; ) {
      const at = (row + done) & MASK;
      const run = Math.min(count - done, CHUNK - at);
      const chunk = this.chunks[(row + done) >>> CHUNK_BITS] ?? ZEROS_8;
      into.set(chunk.subarray(at, at + run), done);
      done += run;
    }
  }

  gather(rows: Uint32Array, into: ColumnArray, from: number, to: number): void {
    for (let i = from; i < to; ) {
      const index = rows[i] >>> CHUNK_BITS;
      const chunk = this.chunks[index] ?? ZEROS_8;
      for (; i < to && rows[i] >>> CHUNK_BITS === index; i++) into[i] = chunk[rows[i] & MASK];
    }
  }

  get lengthBytes(): number {
    return chunkBytes(this.chunks);
  }

  private scan(index: number): void {
    this.scanned = this.chunks[index] ?? ZEROS_8;
    this.scannedIndex = index;
  }

  private setElsewhere(row: number, value: number): void {
    const index = row >>> CHUNK_BITS;
    while (this.chunks.length <= index) this.chunks.push(undefined);
    this.written = this.chunks[index] ??= new Uint8Array(CHUNK);
    this.writtenIndex = index;
    this.written[row & MASK] = value;
    // The chunk may have been read as zeros before it was there.
    if (this.scannedIndex === index) this.scanned = this.written;
  }
}

const ZEROS_16 = new Uint16Array(CHUNK);

export class U16Column implements Column {
  private readonly chunks: (Uint16Array | undefined)[] = [];
  private written: Uint16Array = ZEROS_16;
  private writtenIndex = -1;
  private scanned: Uint16Array = ZEROS_16;
  private scannedIndex = -1;

  get(row: number): number {
    if (row >>> CHUNK_BITS !== this.scannedIndex) this.scan(row >>> CHUNK_BITS);
    return this.scanned[row & MASK];
  }

  set(row: number, value: number): void {
    if (row >>> CHUNK_BITS === this.writtenIndex) this.written[row & MASK] = value;
    else if (value !== 0 || this.chunks[row >>> CHUNK_BITS] !== undefined) this.setElsewhere(row, value);
  }

  copyFrom(row: number, values: ColumnArray, from: number, count: number): void {
    for (let done = 0; done < count; ) {
      const at = row + done;
      const run = Math.min(count - done, CHUNK - (at & MASK));
      // Makes sure that the chunk is there and at hand.
      if (at >>> CHUNK_BITS !== this.writtenIndex) this.setElsewhere(at, values[from + done]);
      this.written.set(values.subarray(from + done, from + done + run), at & MASK);
      done += run;
    }
  }

  read(row: number, count: number, into: ColumnArray): void {
    for (let done = 0; done < count; ) {
      const at = (row + done) & MASK;
      const run = Math.min(count - done, CHUNK - at);
      const chunk = this.chunks[(row + done) >>> CHUNK_BITS] ?? ZEROS_16;
      into.set(chunk.subarray(at, at + run), done);
      done += run;
    }
  }

  gather(rows: Uint32Array, into: ColumnArray, from: number, to: number): void {
    for (let i = from; i < to; ) {
      const index = rows[i] >>> CHUNK_BITS;
      const chunk = this.chunks[index] ?? ZEROS_16;
      for (; i < to && rows[i] >>> CHUNK_BITS === index; i++) into[i] = chunk[rows[i] & MASK];
    }
  }

  get lengthBytes(): number {
    return chunkBytes(this.chunks);
  }

  private scan(index: number): void {
    this.scanned = this.chunks[index] ?? ZEROS_16;
    this.scannedIndex = index;
  }

  private setElsewhere(row: number, value: number): void {
    const index = row >>> CHUNK_BITS;
    while (this.chunks.length <= index) this.chunks.push(undefined);
    this.written = this.chunks[index] ??= new Uint16Array(CHUNK);
    this.writtenIndex = index;
    this.written[row & MASK] = value;
    // The chunk may have been read as zeros before it was there.
    if (this.scannedIndex === index) this.scanned = this.written;
  }
}

const ZEROS_32 = new Uint32Array(CHUNK);

export class U32Column implements Column {
  private readonly chunks: (Uint32Array | undefined)[] = [];
  private written: Uint32Array = ZEROS_32;
  private writtenIndex = -1;
  private scanned: Uint32Array = ZEROS_32;
  private scannedIndex = -1;

  get(row: number): number {
    if (row >>> CHUNK_BITS !== this.scannedIndex) this.scan(row >>> CHUNK_BITS);
    return this.scanned[row & MASK];
  }

  set(row: number, value: number): void {
    if (row >>> CHUNK_BITS === this.writtenIndex) this.written[row & MASK] = value;
    else if (value !== 0 || this.chunks[row >>> CHUNK_BITS] !== undefined) this.setElsewhere(row, value);
  }

  copyFrom(row: number, values: ColumnArray, from: number, count: number): void {
    for (let done = 0; done < count; ) {
      const at = row + done;
      const run = Math.min(count - done, CHUNK - (at & MASK));
      // Makes sure that the chunk is there and at hand.
      if (at >>> CHUNK_BITS !== this.writtenIndex) this.setElsewhere(at, values[from + done]);
      this.written.set(values.subarray(from + done, from + done + run), at & MASK);
      done += run;
    }
  }

  read(row: number, count: number, into: ColumnArray): void {
    for (let done = 0; done < count; ) {
      const at = (row + done) & MASK;
      const run = Math.min(count - done, CHUNK - at);
      const chunk = this.chunks[(row + done) >>> CHUNK_BITS] ?? ZEROS_32;
      into.set(chunk.subarray(at, at + run), done);
      done += run;
    }
  }

  gather(rows: Uint32Array, into: ColumnArray, from: number, to: number): void {
    for (let i = from; i < to; ) {
      const index = rows[i] >>> CHUNK_BITS;
      const chunk = this.chunks[index] ?? ZEROS_32;
      for (; i < to && rows[i] >>> CHUNK_BITS === index; i++) into[i] = chunk[rows[i] & MASK];
    }
  }

  get lengthBytes(): number {
    return chunkBytes(this.chunks);
  }

  private scan(index: number): void {
    this.scanned = this.chunks[index] ?? ZEROS_32;
    this.scannedIndex = index;
  }

  private setElsewhere(row: number, value: number): void {
    const index = row >>> CHUNK_BITS;
    while (this.chunks.length <= index) this.chunks.push(undefined);
    this.written = this.chunks[index] ??= new Uint32Array(CHUNK);
    this.writtenIndex = index;
    this.written[row & MASK] = value;
    // The chunk may have been read as zeros before it was there.
    if (this.scannedIndex === index) this.scanned = this.written;
  }
}

const ZEROS_F64 = new Float64Array(CHUNK);

export class F64Column implements Column {
  private readonly chunks: (Float64Array | undefined)[] = [];
  private written: Float64Array = ZEROS_F64;
  private writtenIndex = -1;
  private scanned: Float64Array = ZEROS_F64;
  private scannedIndex = -1;

  get(row: number): number {
    if (row >>> CHUNK_BITS !== this.scannedIndex) this.scan(row >>> CHUNK_BITS);
    return this.scanned[row & MASK];
  }

  set(row: number, value: number): void {
    if (row >>> CHUNK_BITS === this.writtenIndex) this.written[row & MASK] = value;
    else if (value !== 0 || this.chunks[row >>> CHUNK_BITS] !== undefined) this.setElsewhere(row, value);
  }

  copyFrom(row: number, values: ColumnArray, from: number, count: number): void {
    for (let done = 0; done < count; ) {
      const at = row + done;
      const run = Math.min(count - done, CHUNK - (at & MASK));
      // Makes sure that the chunk is there and at hand.
      if (at >>> CHUNK_BITS !== this.writtenIndex) this.setElsewhere(at, values[from + done]);
      this.written.set(values.subarray(from + done, from + done + run), at & MASK);
      done += run;
    }
  }

  read(row: number, count: number, into: ColumnArray): void {
    for (let done = 0; done < count; ) {
      const at = (row + done) & MASK;
      const run = Math.min(count - done, CHUNK - at);
      const chunk = this.chunks[(row + done) >>> CHUNK_BITS] ?? ZEROS_F64;
      into.set(chunk.subarray(at, at + run), done);
      done += run;
    }
  }

  gather(rows: Uint32Array, into: ColumnArray, from: number, to: number): void {
    for (let i = from; i < to; ) {
      const index = rows[i] >>> CHUNK_BITS;
      const chunk = this.chunks[index] ?? ZEROS_F64;
      for (; i < to && rows[i] >>> CHUNK_BITS === index; i++) into[i] = chunk[rows[i] & MASK];
    }
  }

  get lengthBytes(): number {
    return chunkBytes(this.chunks);
  }

  private scan(index: number): void {
    this.scanned = this.chunks[index] ?? ZEROS_F64;
    this.scannedIndex = index;
  }

  private setElsewhere(row: number, value: number): void {
    const index = row >>> CHUNK_BITS;
    while (this.chunks.length <= index) this.chunks.push(undefined);
    this.written = this.chunks[index] ??= new Float64Array(CHUNK);
    this.writtenIndex = index;
    this.written[row & MASK] = value;
    // The chunk may have been read as zeros before it was there.
    if (this.scannedIndex === index) this.scanned = this.written;
  }
}
