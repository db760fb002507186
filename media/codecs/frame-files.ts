/**
 * Files of frames, and who decodes them. Some codecs are decoded by programs that take a whole file: the frames of many payloads go
 * in, samples come back. Where that happens is no matter of a codec: the engine says who does it (`setFileDecoder`).
 */

/** Frames in the form a program reads. */
export interface FrameFile {
  /** As the program names it. */
  readonly format: 'g729' | 'g723_1' | 'ilbc' | 'ogg' | 'silk';
  readonly bytes: Uint8Array;
  /** Samples a second that are wanted; what is decoded has them already, where the format does not leave it open (SILK). */
  readonly sampleRate: number;
}

/** The samples of a file, one channel. */
export interface DecodedFile {
  readonly samples: Int16Array;
  /** Pairs: where in time a part of the samples belongs, and its length, in samples. Frames that were refused leave gaps. */
  readonly parts: Uint32Array;
}

/** Rejects where the file broke the decoder, or took too long. */
export type DecodeFile = (file: FrameFile) => Promise<DecodedFile>;

export interface FileDecoder {
  /** Resolves when files can be decoded; rejects with a sentence for a person where they cannot. */
  readonly start: () => Promise<void>;
  readonly decode: DecodeFile;
}

let current: FileDecoder | null = null;

/** Says who decodes files, from now on, in this thread. */
export function setFileDecoder(decoder: FileDecoder): void {
  current = decoder;
}

/** Who decodes files; rejects where nobody does, or it cannot be started. */
export async function startFileDecoder(): Promise<DecodeFile> {
  if (current === null) throw new Error('nothing here decodes files of frames');
  await current.start();
  return current.decode;
}

/** `total` samples from 0 on, with every part at its place and silence between them. */
export function placeParts({ samples, parts }: DecodedFile, total: number): Int16Array {
  const placed = new Int16Array(total);
  let from = 0;
  for (let i = 0; i + 1 < parts.length; i += 2) {
    const count = Math.min(parts[i + 1], samples.length - from);
    const fits = Math.min(count, total - parts[i]);
    if (fits > 0) placed.set(samples.subarray(from, from + fits), parts[i]);
    from += count;
  }
  return placed;
}
