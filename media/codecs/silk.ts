/**
 * SILK, as it was before it became part of Opus (draft-vos-silk-02; RTP: draft-spittka-silk-payload-format-00): a payload is one packet
 * of 20 to 100 ms. Decoded by the reference decoder, from the package silk-wasm, which makes use of what a packet repeats of a lost one.
 */
import type { AudioDecoder, Codec, PayloadRun } from './codec.ts';
import { frameCodec, joinFrames } from './frame-codec.ts';

/** A file's first octets: the mark of one kind of file, then the name. */
const HEADER = Uint8Array.from('\u0002#!SILK_V3', (character) => character.charCodeAt(0));
const RATES = [8000, 12_000, 16_000, 24_000];
/** The longest packet that the reference decoder takes. */
const MOST_OCTETS = 1024;
/** A packet of no octets is one that was lost. */
const LOST = Uint8Array.of(0, 0);
/** The decoder gives nothing of its first packets, so many; and does not begin with one that was lost. */
const NOT_GIVEN = 2;
const MOST_BLOCKS = 5;

/** SILK at the rate of its RTP clock; null at others than the four it has. */
export function silkCodec(clockRate: number): Codec | null {
  if (!RATES.includes(clockRate)) return null;
  const block = clockRate / 50;
  const byBlocks = Array.from({ length: MOST_BLOCKS }, (_, i) => codecOf(clockRate, (i + 1) * block));
  const [codec] = byBlocks;
  const samplesIn = (length: number): number => (length > 0 ? MOST_BLOCKS * block : 0);
  return {
    ...codec,
    samplesIn,
    async open(): Promise<AudioDecoder> {
      const decoders = await Promise.all(byBlocks.map(async ({ open }) => open()));
      // Only the decoder knows how long a packet is, and it decodes packets of one length; so the timestamps tell.
      const decodeRun: NonNullable<AudioDecoder['decodeRun']> = (run) =>
        decoders[blocksOf(run, block) - 1].decodeRun?.(run) ?? Promise.reject(new Error('not decoded in runs'));
      const { sampleRate, channels } = codec;
      return { sampleRate, channels, samplesIn, decode: () => 0, decodeRun, reset() {} };
    },
  };
}

function codecOf(clockRate: number, frameSamples: number): Codec {
  return frameCodec({
    sampleRate: clockRate,
    frameSamples,
    mostFrames: (length) => (length > 0 ? 1 : 0),
    frames: (bytes, at, length) =>
      length > 0 && length <= MOST_OCTETS ? [withLength(bytes.subarray(at, at + length))] : [],
    file(frames) {
      const before = Array.from({ length: NOT_GIVEN }, () => frames[0] ?? LOST);
      return { format: 'silk', bytes: joinFrames(HEADER, [...before, ...frames]), sampleRate: clockRate };
    },
    lostFrame: LOST,
  });
}

/** The blocks of 20 ms between most payloads and the next: 1 … 5. */
function blocksOf({ at }: PayloadRun, block: number): number {
  const seen = new Uint32Array(MOST_BLOCKS + 1);
  for (let i = 1; i < at.length; i++) {
    const blocks = Math.round((at[i] - at[i - 1]) / block);
    if (blocks >= 1 && blocks <= MOST_BLOCKS) seen[blocks]++;
  }
  const most = seen.indexOf(Math.max(...seen));
  return Math.max(1, most);
}

function withLength(packet: Uint8Array): Uint8Array {
  return Uint8Array.of(packet.length & 0xff, packet.length >> 8, ...packet);
}
