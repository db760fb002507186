/**
 * Evidence that a stream taken for G.711 (or another codec of fixed size) is really encrypted, so that it is never
 * played as noise. Two marks:
 *
 * - Octets that are uniformly random. Ciphertext is; speech, music, tones, silence, even white noise are far from it
 *   once companded. Pearson's chi-square over 2,000 octets has mean 255 and deviation 23 for random octets; the lowest
 *   seen of audible G.711 is above 700.
 * - Payloads longer than the audio their timestamps leave room for, by one and the same few octets: the authentication
 *   tag of SRTP (4 or 10 octets, RFC 3711; 16, RFC 7714) and perhaps an MKI.
 *
 * Only for codecs of a fixed number of octets a sample: codecs that compress well (Opus) look random by nature.
 *
 * The octets decide once there are enough of them: a tag behind audible octets is SRTP with the null cipher.
 */

export interface EncryptionVerdict {
  readonly encrypted: boolean;
  /** Why it is taken for encrypted, as a sentence; null when it is not. */
  readonly reason: string | null;
  /** Octets that nearly every payload has beyond its audio, 0 when none. */
  readonly tagBytes: number;
}

/** Octets judged together. */
const WINDOW_OCTETS = 2000;
/** More than six deviations above what random octets give, and little over half of what audio has been seen to give. */
const RANDOM_BELOW = 400;
/** Tag lengths looked for: from the shortest tag to the longest with a generous MKI. */
const SHORTEST_TAG = 4;
const LONGEST_TAG = 32;
/** Payloads whose length can be judged, before the lengths say anything. */
const ENOUGH_LENGTHS = 8;
const NEARLY_ALL = 0.9;

/** Collects evidence over the payloads of one stream. A few seconds of it are plenty; memory is constant. */
export class EncryptionEvidence {
  private readonly octetsPerUnit: number;
  private readonly histogram = new Uint32Array(256);
  private inWindow = 0;
  private windows = 0;
  private randomWindows = 0;
  private readonly lengths = new Uint32Array(LONGEST_TAG + 1);
  private lengthsJudged = 0;

  /** `octetsPerUnit`: octets of audio a timestamp unit, 1 for G.711 and G.722, 2 a channel for L16. */
  constructor(octetsPerUnit = 1) {
    this.octetsPerUnit = octetsPerUnit;
  }

  /**
   * Adds the payload `bytes[at … at + length)`. `timestampStep`: timestamp units from the packet just before it in
   * sequence to this one; 0 where that one was lost.
   */
  add(bytes: Uint8Array, at: number, length: number, timestampStep: number): void {
    const end = Math.min(at + length, bytes.length);
    for (let i = at; i < end; i++) {
      this.histogram[bytes[i]]++;
      if (++this.inWindow === WINDOW_OCTETS) this.closeWindow();
    }
    if (timestampStep <= 0) return;
    const beyond = length - timestampStep * this.octetsPerUnit;
    this.lengthsJudged++;
    if (beyond >= SHORTEST_TAG && beyond <= LONGEST_TAG) this.lengths[beyond]++;
  }

  /** There were octets and lengths enough to say that it is not encrypted. */
  get isTelling(): boolean {
    return this.windows > 0 && this.lengthsJudged >= ENOUGH_LENGTHS;
  }

  get verdict(): EncryptionVerdict {
    const tagBytes = this.commonTag();
    const isRandom = this.randomWindows * 2 > this.windows;
    const encrypted = this.windows > 0 ? isRandom : tagBytes > 0;
    return { encrypted, reason: encrypted ? this.reason(tagBytes) : null, tagBytes };
  }

  private reason(tagBytes: number): string {
    const tag = `every payload is ${tagBytes} octets longer than its audio, as with an SRTP authentication tag`;
    if (this.windows === 0) return `Encrypted, it seems: ${tag}`;
    const random = 'the payload octets are as evenly spread as random ones, which audio never is';
    return tagBytes > 0 ? `Encrypted, it seems: ${random}, and ${tag}` : `Encrypted, it seems: ${random}`;
  }

  private commonTag(): number {
    if (this.lengthsJudged < ENOUGH_LENGTHS) return 0;
    for (let tag = SHORTEST_TAG; tag <= LONGEST_TAG; tag++) {
      if (this.lengths[tag] >= NEARLY_ALL * this.lengthsJudged) return tag;
    }
    return 0;
  }

  private closeWindow(): void {
    const expected = WINDOW_OCTETS / 256;
    let chiSquare = 0;
    for (let octet = 0; octet < 256; octet++) {
      const away = this.histogram[octet] - expected;
      chiSquare += (away * away) / expected;
    }
    this.windows++;
    if (chiSquare < RANDOM_BELOW) this.randomWindows++;
    this.histogram.fill(0);
    this.inWindow = 0;
  }
}

/** The verdict over some payloads of one stream at once, each with its timestamp step (see `EncryptionEvidence.add`). */
export function looksEncrypted(
  payloads: readonly { bytes: Uint8Array; timestampStep: number }[],
  octetsPerUnit = 1,
): EncryptionVerdict {
  const evidence = new EncryptionEvidence(octetsPerUnit);
  for (const { bytes, timestampStep } of payloads) evidence.add(bytes, 0, bytes.length, timestampStep);
  return evidence.verdict;
}
