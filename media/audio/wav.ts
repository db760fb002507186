/**
 * Writes WAV as it is made: 16-bit PCM, any number of channels, any length. Up to two channels are plain PCM, more are
 * WAVE_FORMAT_EXTENSIBLE without places for loudspeakers. Up to 4 GiB it is RIFF/WAVE; beyond, RF64
 * (EBU Tech 3306), whose 64-bit sizes go into a ds64 chunk. Where the length is not known beforehand, room for that
 * chunk is kept in a JUNK chunk and the header is patched at the end.
 */

/** Where the octets of the file go. */
export interface WavSink {
  /** Appends. The octets are reused: what is kept of them must be copied before resolving. */
  write(bytes: Uint8Array): Promise<void> | void;
  /** Overwrites at `at` from the beginning of the file. Left out where that cannot be done (a pipe). */
  patch?(at: number, bytes: Uint8Array): Promise<void> | void;
}

export interface WavFormat {
  readonly sampleRate: number;
  readonly channels: number;
  /** Sample frames to come, where known: the header is then final from the start. */
  readonly frames?: number;
}

/** Chunk sizes are 32 bits; this one says "see ds64" in RF64, and "until the end" in a stream of unknown length. */
const UNKNOWN_SIZE = 0xffffffff;
/** RIFF size, data size and sample count, 64 bits each, and a table of length 0 (EBU Tech 3306 section 4). */
const DS64_OCTETS = 28;
/** RIFF header, and the headers of the fmt and data chunks. */
const OUTER_OCTETS = 12 + 8 + 8;
const BITS = 16;
const PCM = 1;
const EXTENSIBLE = 0xfffe;
/** KSDATAFORMAT_SUBTYPE_PCM, after its first two octets. */
const PCM_GUID_REST = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];

// The samples are copied out as they lie in memory where that is the file's order.
const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

export class WavWriter {
  private readonly sink: WavSink;
  private readonly format: WavFormat;
  /** Octets of samples written so far. */
  private dataBytes = 0;
  private begun = false;
  private swapped = new Uint8Array(0);

  constructor(sink: WavSink, format: WavFormat) {
    this.sink = sink;
    this.format = format;
  }

  /** Writes whole sample frames, interleaved. A promise resolves when the sink has taken them; without one it has. */
  write(samples: Int16Array): Promise<void> | void {
    if (!this.begun) return this.writeFirst(samples);
    if (samples.length === 0) return;
    this.dataBytes += samples.length * 2;
    return this.sink.write(this.octetsOf(samples));
  }

  private async writeFirst(samples: Int16Array): Promise<void> {
    await this.begin();
    await this.write(samples);
  }

  /**
   * Ends the file. Gives the sample frames written, and whether the header tells their number truly: it does not when
   * the length was unknown or another was announced, and the sink cannot patch.
   */
  async finish(): Promise<{ frames: number; headerIsTrue: boolean }> {
    await this.begin();
    const frames = this.dataBytes / (2 * this.format.channels);
    if (this.format.frames === frames) return { frames, headerIsTrue: true };
    if (this.sink.patch === undefined) return { frames, headerIsTrue: false };
    const header = wavHeader(this.format, this.dataBytes, this.headerOctets());
    // A short header was announced for a short file, and it turned out long: there is no room for 64-bit sizes.
    if (header === null) return { frames, headerIsTrue: false };
    await this.sink.patch(0, header);
    return { frames, headerIsTrue: true };
  }

  private async begin(): Promise<void> {
    if (this.begun) return;
    this.begun = true;
    const { frames, channels } = this.format;
    const dataBytes = frames === undefined ? null : frames * channels * 2;
    const header = wavHeader(this.format, dataBytes, this.headerOctets());
    if (header !== null) await this.sink.write(header);
  }

  private headerOctets(): number {
    return headerOctetsOf(this.format);
  }

  private octetsOf(samples: Int16Array): Uint8Array {
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    if (IS_LITTLE_ENDIAN) return bytes;
    if (this.swapped.length < bytes.length) this.swapped = new Uint8Array(bytes.length);
    for (let i = 0; i < bytes.length; i += 2) {
      this.swapped[i] = bytes[i + 1];
      this.swapped[i + 1] = bytes[i];
    }
    return this.swapped.subarray(0, bytes.length);
  }
}

/** The octets before the samples of a file whose length is known. */
export function wavFileHeader(format: WavFormat & { readonly frames: number }): Uint8Array {
  const header = wavHeader(format, format.frames * format.channels * 2, headerOctetsOf(format));
  // There is always room: the length chose it.
  return header ?? new Uint8Array(0);
}

/** Plain PCM has 16 octets of format; with more than two channels readers want the extensible form's 40. */
function formatOctetsOf(channels: number): number {
  return channels > 2 ? 40 : 16;
}

function headerOctetsOf({ frames, channels }: WavFormat): number {
  const plain = OUTER_OCTETS + formatOctetsOf(channels);
  return frames !== undefined && fitsRiff(frames * channels * 2, plain) ? plain : plain + 8 + DS64_OCTETS;
}

function fitsRiff(dataBytes: number, headerOctets: number): boolean {
  return dataBytes + headerOctets - 8 < UNKNOWN_SIZE;
}

/**
 * The octets before the samples. `dataBytes` null: not known yet. Null when `headerOctets` leaves no room for the
 * sizes of a file this long.
 */
function wavHeader(format: WavFormat, dataBytes: number | null, headerOctets: number): Uint8Array | null {
  const isLong = dataBytes !== null && !fitsRiff(dataBytes, headerOctets);
  const formatOctets = formatOctetsOf(format.channels);
  const hasRoom = headerOctets > OUTER_OCTETS + formatOctets;
  if (isLong && !hasRoom) return null;
  const is32Bits = dataBytes !== null && !isLong;
  const bytes = new Uint8Array(headerOctets);
  const view = new DataView(bytes.buffer);
  let at = 0;
  const text = (word: string): void => {
    for (let i = 0; i < 4; i++) bytes[at++] = word.charCodeAt(i);
  };
  const u16 = (value: number): void => {
    view.setUint16(at, value, true);
    at += 2;
  };
  const u32 = (value: number): void => {
    view.setUint32(at, value, true);
    at += 4;
  };
  const u64 = (value: number): void => {
    u32(value % 0x1_0000_0000);
    u32(Math.floor(value / 0x1_0000_0000));
  };

  const { sampleRate, channels } = format;
  const frameBytes = (channels * BITS) / 8;
  text(isLong ? 'RF64' : 'RIFF');
  u32(is32Bits ? dataBytes + headerOctets - 8 : UNKNOWN_SIZE);
  text('WAVE');
  if (hasRoom) {
    text(isLong ? 'ds64' : 'JUNK');
    u32(DS64_OCTETS);
    u64(isLong ? dataBytes + headerOctets - 8 : 0);
    u64(isLong ? dataBytes : 0);
    u64(isLong ? dataBytes / frameBytes : 0);
    u32(0);
  }
  text('fmt ');
  u32(formatOctets);
  u16(formatOctets === 16 ? PCM : EXTENSIBLE);
  u16(channels);
  u32(sampleRate);
  u32(sampleRate * frameBytes);
  u16(frameBytes);
  u16(BITS);
  if (formatOctets > 16) {
    u16(22);
    u16(BITS);
    u32(0);
    u16(PCM);
    bytes.set(PCM_GUID_REST, at);
    at += PCM_GUID_REST.length;
  }
  text('data');
  u32(is32Bits ? dataBytes : UNKNOWN_SIZE);
  return bytes;
}
