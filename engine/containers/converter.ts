/** Makes a capture of a file that is none: takes its octets front to back, and puts packets into a sink. */
export interface Converter {
  /** As `earshot info` names it: `chromium-rtpdump`. */
  readonly format: string;
  /** The next octets of the file, good for this call only. Never throws. */
  feed(chunk: Uint8Array): void;
  /** Nothing follows. */
  end(): void;
}

/** Converts a file that is lines of text. */
export interface LineConverter {
  readonly format: string;
  /** A line without its end; `number` counts from 1; `isWhole` is false for the last where its line feed is missing. */
  line(text: string, number: number, isWhole: boolean): void;
  end(): void;
}
