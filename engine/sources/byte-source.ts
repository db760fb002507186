import type { ReaderIssue } from '../readers/frame-batch.ts';

/** Random-access octets of a capture, however it arrived: a file, an inflated file, standard input, a Blob. */
export interface ByteSource {
  /** Name to show, without the folder. */
  readonly name: string;
  /** Octets so far, or the final size where known; -1 while unknown (standard input, a gzip in progress). */
  readonly lengthBytes: number;
  /**
   * Reads up to `length` octets at `offset` into `into` from `into[at]`; gives how many were read, 0 at the end.
   * Short reads happen only at the end. Sequential reads are fast on every source; any earlier offset can be read again.
   */
  read(offset: number, into: Uint8Array, at: number, length: number): Promise<number>;
  /** What was wrong with the source itself (a damaged gzip); grows while reading. Readers list it with their own at the end. */
  readonly issues?: readonly ReaderIssue[];
  /** Lets go of files and buffers; further reads reject. */
  close(): Promise<void>;
}
