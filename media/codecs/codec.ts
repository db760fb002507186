/** What signalling (or RFC 3551, or the user) says of an encoding. */
export interface CodecFormat {
  /** The encoding name of an rtpmap, any case. */
  readonly encoding: string;
  /** The RTP clock, Hz. */
  readonly clockRate: number;
  readonly channels: number;
  /** Format parameters as in an fmtp, '' or left out for none. */
  readonly parameters?: string;
  /** Of RED (RFC 2198): what the payload types mean that its blocks may have. */
  readonly blocks?: ReadonlyMap<number, CodecFormat>;
}

/** How one format is decoded: what can be said without decoding, and decoders of it. Keeps nothing of a stream. */
export interface Codec {
  /** Samples a second of what its decoders write. Not always the RTP clock rate: G.722 has 8000 and 16000. */
  readonly sampleRate: number;
  /** Channels, interleaved in what its decoders write. */
  readonly channels: number;

  /** The sample frames that a payload of `length` octets gives; the most it can give where only the payload tells. */
  readonly samplesIn: (length: number) => number;

  /**
   * The sample frames that the payload `bytes[at … at + length)` gives, read from it and not decoded; 0 where it is no
   * payload of this codec. Left out where the length alone tells.
   */
  readonly samplesOf?: (bytes: Uint8Array, at: number, length: number) => number;

  /** Whether its decoders have `decodeRun`, and nothing to say to `decode`. */
  readonly isInRuns?: boolean;

  /** A decoder for one stream. One that comes from a library is a promise. */
  readonly open: () => AudioDecoder | Promise<AudioDecoder>;
}

/**
 * A decoder of one stream (one SSRC, one payload type). It is given that stream's payloads in timestamp order, so a codec
 * that carries state from packet to packet keeps it here.
 */
export interface AudioDecoder {
  /** See `Codec`. */
  readonly sampleRate: number;
  readonly channels: number;

  /**
   * Decodes the payload `bytes[at … at + length)` into `into`, from index `intoAt` on, as signed 16-bit samples with
   * channels interleaved. Gives the sample frames written (a sample frame is one sample of each channel). Never
   * throws: octets that make no whole frame are left out, and nothing is written past the end of `into`.
   */
  decode(bytes: Uint8Array, at: number, length: number, into: Int16Array, intoAt: number): number;

  /** See `Codec`. */
  samplesIn(length: number): number;

  /**
   * Where each octet is a sample of one channel, and nothing is kept from one to the next: decodes the beginnings of many payloads of
   * `bytes` at once.
   */
  readonly decodePieces?: (bytes: Uint8Array, pieces: PayloadPieces, into: Int16Array) => void;

  /**
   * Where payloads repeat what earlier ones had: how many of the `missing` sample frames before the payload `bytes[at … at + length)`,
   * from its beginning backwards, it can give; 0 where none. Decodes nothing.
   */
  readonly repeats?: (bytes: Uint8Array, at: number, length: number, missing: number) => number;

  /**
   * Decodes what the payload repeats of the `missing` sample frames before it, each part to its place in `into`, where the
   * payload's own first sample belongs to `intoAt`. Called before `decode`; one channel.
   */
  readonly recover?: (
    bytes: Uint8Array,
    at: number,
    length: number,
    missing: number,
    into: Int16Array,
    intoAt: number,
  ) => void;

  /**
   * Where payloads are decoded many at a time, out of this thread: `decode` then gives nothing. Keeps nothing from one run to
   * the next. Does not reject: what could not be decoded is silent.
   */
  readonly decodeRun?: (run: PayloadRun) => Promise<DecodedRun>;

  /**
   * Where packets did not come: writes up to `count` sample frames made of what was decoded before into `into`, from index
   * `intoAt` on, and gives how many. Left out, or 0, where the codec has no way of its own; one channel.
   */
  readonly conceal?: (count: number, into: Int16Array, intoAt: number) => number;

  /** Forgets what earlier payloads left behind: for a jump in the stream. */
  reset(): void;
}

/** Parts of payloads, which lie in their octets and in their samples: piece `i` is `length[i]` octets at `at[i]`, to index `intoAt[i]` on. */
export interface PayloadPieces {
  count: number;
  readonly at: Uint32Array;
  readonly length: Uint32Array;
  readonly intoAt: Uint32Array;
}

/** Payloads of one stream in the order of play. */
export interface PayloadRun {
  readonly payloads: readonly Uint8Array[];
  /** Where each payload's first sample belongs, in sample frames from anywhere; never falling. */
  readonly at: Float64Array;
  /** Sample frames that may be filled from there on: until the next payload, or the most a renderer takes. */
  readonly room: Uint32Array;
}

/** What a run decodes to, one channel: payload `i` has `samples[starts[i] … starts[i + 1])`, none where it was no payload. */
export interface DecodedRun {
  readonly samples: Int16Array;
  readonly starts: Uint32Array;
}

/** The codec of a decoder that needs nothing but to be made, and whose payloads' length says how much is in them. */
export function plainCodec(make: () => AudioDecoder): Codec {
  const decoder = make();
  const { sampleRate, channels } = decoder;
  return { sampleRate, channels, samplesIn: (length) => decoder.samplesIn(length), open: make };
}
