import { fstatSync, openSync } from 'node:fs';
import { ReadingThread } from './reading-thread.ts';

/** A file that a thread reads before it is known whether it is wanted: its start takes as long as the program's. */
export interface BegunReading {
  readonly thread: ReadingThread;
  /** Of the open file. It stays open, as nobody knows when the thread has read from it last. */
  readonly descriptor: number;
}

/** Begins to read the file at `path`. Throws the system's error where it cannot be opened. */
export function beginReading(path: string): BegunReading {
  const descriptor = openSync(path, 'r');
  return { thread: new ReadingThread(descriptor, fstatSync(descriptor).size), descriptor };
}

/** Whether what is read is the file that is open as `descriptor`, and that did not grow since. */
export function isOf(begun: BegunReading, descriptor: number | undefined): boolean {
  if (descriptor === undefined) return false;
  const [one, other] = [fstatSync(begun.descriptor), fstatSync(descriptor)];
  return one.dev === other.dev && one.ino === other.ino && one.size === other.size;
}
