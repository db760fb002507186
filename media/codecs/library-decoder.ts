import type { AudioDecoder } from './codec.ts';

/** A decoder of a library, in a memory of its own. Unlike an `AudioDecoder` it may throw, and is of no use after that. */
export interface LibraryInstance {
  /** See `AudioDecoder`. */
  decode(bytes: Uint8Array, at: number, length: number, into: Int16Array, intoAt: number): number;
  reset(): void;
}

interface LibraryDecoderOptions {
  readonly sampleRate: number;
  readonly channels: number;
  readonly samplesIn: (length: number) => number;
  /** Makes an instance with no past. */
  readonly make: () => Promise<LibraryInstance>;
}

/** Instances that a stream may break before nothing more of it is decoded. */
const MOST_FAILURES = 16;

/**
 * Stands between a stream and a library's decoder: where the library fails on a payload, that payload is silent, and so is what
 * follows until a new instance has taken the place of the broken one.
 */
export class LibraryDecoder implements AudioDecoder {
  readonly sampleRate: number;
  readonly channels: number;
  private readonly options: LibraryDecoderOptions;
  private instance: LibraryInstance | null;
  private failed = 0;

  private constructor(options: LibraryDecoderOptions, instance: LibraryInstance) {
    this.options = options;
    this.sampleRate = options.sampleRate;
    this.channels = options.channels;
    this.instance = instance;
  }

  /** Rejects where the library cannot be loaded. */
  static async open(options: LibraryDecoderOptions): Promise<LibraryDecoder> {
    return new LibraryDecoder(options, await options.make());
  }

  /** Payloads on which the library failed. */
  get failures(): number {
    return this.failed;
  }

  decode(bytes: Uint8Array, at: number, length: number, into: Int16Array, intoAt: number): number {
    try {
      return this.instance?.decode(bytes, at, length, into, intoAt) ?? 0;
    } catch {
      this.fail();
      return 0;
    }
  }

  samplesIn(length: number): number {
    return this.options.samplesIn(length);
  }

  reset(): void {
    try {
      this.instance?.reset();
    } catch {
      this.fail();
    }
  }

  private fail(): void {
    this.instance = null;
    if (++this.failed >= MOST_FAILURES) return;
    this.options.make().then(
      (instance) => (this.instance = instance),
      // Without the library the stream stays silent.
      () => {},
    );
  }
}
