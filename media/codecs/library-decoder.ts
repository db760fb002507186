import type { AudioDecoder } from './codec.ts';

/** A decoder of a library, in a memory of its own. Unlike an `AudioDecoder` it may throw, and is of no use after that. */
export interface LibraryInstance {
  /** See `AudioDecoder`. */
  decode(bytes: Uint8Array, at: number, length: number, into: Int16Array, intoAt: number): number;
  /** See `AudioDecoder`; both or neither. */
  repeats?(bytes: Uint8Array, at: number, length: number, missing: number): number;
  recover?(bytes: Uint8Array, at: number, length: number, missing: number, into: Int16Array, intoAt: number): void;
  /** See `AudioDecoder`. */
  conceal?(count: number, into: Int16Array, intoAt: number): number;
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
  readonly repeats?: NonNullable<AudioDecoder['repeats']>;
  readonly recover?: NonNullable<AudioDecoder['recover']>;
  private readonly options: LibraryDecoderOptions;
  private instance: LibraryInstance | null;
  private failed = 0;

  private constructor(options: LibraryDecoderOptions, instance: LibraryInstance) {
    this.options = options;
    this.sampleRate = options.sampleRate;
    this.channels = options.channels;
    this.instance = instance;
    if (instance.recover === undefined) return;
    this.repeats = (bytes, at, length, missing) => this.instance?.repeats?.(bytes, at, length, missing) ?? 0;
    this.recover = (bytes, at, length, missing, into, intoAt) => {
      this.attempt((it) => it.recover?.(bytes, at, length, missing, into, intoAt));
    };
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
    return this.attempt((it) => it.decode(bytes, at, length, into, intoAt)) ?? 0;
  }

  conceal(count: number, into: Int16Array, intoAt: number): number {
    return this.attempt((it) => it.conceal?.(count, into, intoAt)) ?? 0;
  }

  samplesIn(length: number): number {
    return this.options.samplesIn(length);
  }

  reset(): void {
    this.attempt((it) => it.reset());
  }

  /** What the instance gives; undefined where there is none, or it broke. */
  private attempt<T>(task: (instance: LibraryInstance) => T): T | undefined {
    if (this.instance === null) return undefined;
    try {
      return task(this.instance);
    } catch {
      this.fail();
      return undefined;
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
