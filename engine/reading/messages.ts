import type { MessagePort } from 'node:worker_threads';
import type { CaptureExtras, CaptureInterface, ReaderIssue } from '../readers/frame-batch.ts';

/** From this size on a thread is worth its start. */
export const AHEAD_FROM_BYTES = 32 * 1024 * 1024;
/** Blocks and batches that are under way between the threads: those at hand, and those read ahead. */
export const BLOCKS = 6;
export const BATCHES = 6;
/** The thread is woken when so many are free: waking it for each costs more than reading it. */
export const WAKE_AT_FREE = 3;

/** What the thread is begun with. */
export interface ReadingOrder {
  readonly port: MessagePort;
  readonly descriptor: number;
  readonly lengthBytes: number;
  /** Buffers of `BUFFER_BYTES` for blocks, and the columns of batches, both used in turn. */
  readonly blocks: readonly SharedArrayBuffer[];
  readonly columns: readonly SharedArrayBuffer[];
  /** One word: how many batches the reader is done with. The thread waits on it. */
  readonly done: SharedArrayBuffer;
}

/** From the thread: batches in their order, and the end. */
export type ReadingNews =
  | BatchNews
  | { readonly kind: 'end'; readonly found: ReaderFindings }
  | { readonly kind: 'failed'; readonly message: string; readonly code?: string };

export interface BatchNews {
  readonly kind: 'batch';
  readonly count: number;
  readonly fileOffset: number;
  /** Which of the blocks the frames lie in, where in it, and how many octets; or the octets, where they are too many for one. */
  readonly block: number | Uint8Array;
  readonly start: number;
  readonly lengthBytes: number;
  /** What `FrameBatch.note` says. */
  readonly earliest: number;
  readonly latest: number;
  readonly isUsual: boolean;
  /** What the reader has come upon since the news before. */
  readonly found: ReaderFindings;
}

export interface ReaderFindings {
  readonly interfaces: readonly CaptureInterface[];
  readonly issues: readonly ReaderIssue[];
  readonly extras: CaptureExtras;
}
