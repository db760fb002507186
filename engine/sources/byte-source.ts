import type { ReaderIssue } from '../readers/frame-batch.ts';

/** A file of packets that is no capture; a source has the capture made of it. */
export interface SourceContainer {
  /** `chromium-rtpdump`, `firefox-rtplogger`, `text2pcap`, `rtpdump`. */
  readonly format: string;
  /** Octets of the file itself, -1 while unknown. */
  readonly lengthBytes: number;
}

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
  /** The system's number of the open file, where the octets are a file's own: another thread can read them by it. */
  readonly descriptor?: number;
  /** What was wrong with the source itself (a damaged gzip); grows while reading. Readers list it with their own at the end. */
  readonly issues?: readonly ReaderIssue[];
  /** Where the octets are not the file's own. */
  readonly container?: SourceContainer | undefined;
  /** Lets go of files and buffers; further reads reject. */
  close(): Promise<void>;
}
