/**
 * What a decoder of one codec offers. One instance serves one stream (one SSRC, one payload type) and is given that
 * stream's payloads in timestamp order, so a codec that carries state from packet to packet keeps it here.
 */
export interface AudioDecoder {
  /** Samples a second of what `decode` writes. Not always the RTP clock rate: G.722 has 8000 and 16000. */
  readonly sampleRate: number;
  /** Channels, interleaved in what `decode` writes. */
  readonly channels: number;

  /**
   * Decodes the payload `bytes[at … at + length)` into `into`, from index `intoAt` on, as signed 16-bit samples with
   * channels interleaved. Gives the sample frames written (a sample frame is one sample of each channel). Never
   * throws: octets that make no whole frame are left out, and nothing is written past the end of `into`.
   */
  decode(bytes: Uint8Array, at: number, length: number, into: Int16Array, intoAt: number): number;

  /** The sample frames that a payload of `length` octets gives; the most it can give where only the payload tells. */
  samplesIn(length: number): number;

  /** Forgets what earlier payloads left behind: for a jump in the stream. */
  reset(): void;
}
