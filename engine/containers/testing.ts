/** For tests: what comes of a file, frame by frame. */
import { openReader } from '../readers/detect.ts';
import { MemorySource, type TakenFrame, takeFrames } from '../readers/test-source.ts';
import type { ByteSource } from '../sources/byte-source.ts';
import { converted } from './converted-source.ts';

export interface ConvertedFile {
  readonly format: string;
  readonly frames: readonly TakenFrame[];
  /** Messages of what was found. */
  readonly issues: readonly string[];
}

/** Opens octets, or Latin-1 text, as the engine does. */
export async function convert(file: Uint8Array | string): Promise<ConvertedFile> {
  const bytes = typeof file === 'string' ? Uint8Array.from(Buffer.from(file, 'latin1')) : file;
  const source: ByteSource = await converted(new MemorySource(bytes));
  const reader = await openReader(source);
  const frames = await takeFrames(reader);
  await source.close();
  return { format: reader.format, frames, issues: reader.issues.map(({ message }) => message) };
}

/** A frame's time as ISO 8601 with microseconds. */
export function shownTime({ seconds, nanoseconds }: TakenFrame): string {
  const fraction = String(Math.floor(nanoseconds / 1000)).padStart(6, '0');
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${fraction}`;
}

/** Source, target and payload of a frame that is IPv4 and UDP without options. */
export function shownDatagram({ bytes }: TakenFrame): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = (at: number, portAt: number): string => `${bytes.slice(at, at + 4).join('.')}:${view.getUint16(portAt)}`;
  return `${end(12, 20)} > ${end(16, 22)} ${Buffer.from(bytes.subarray(28)).toString('hex')}`;
}
