/** The encoded speech of fixtures/ (see make-fixtures.sh), as payloads, and what other decoders made of it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AudioDecoder, Codec, CodecFormat } from '../../media/codecs/codec.ts';
import { codecFor } from '../../media/codecs/index.ts';

// Run bundled (scripts/run.mjs), this file is not where its source is.
const root = process.env['EARSHOT_ROOT'];
const folder =
  root === undefined ? fileURLToPath(new URL('fixtures', import.meta.url)) : join(root, 'test/codecs/fixtures');

export function fixture(name: string): Uint8Array {
  return Uint8Array.from(readFileSync(join(folder, name)));
}

const hashes: Record<string, string> = JSON.parse(readFileSync(join(folder, 'fixtures.json'), 'utf8'));

/** SHA-256 of the samples that another decoder gives. */
export function hashOf(name: string): string {
  return hashes[name] ?? '';
}

/** SHA-256 of samples, the low octet first. */
export function hash(samples: Int16Array): string {
  const octets = Buffer.alloc(2 * samples.length);
  samples.forEach((sample, i) => octets.writeInt16LE(sample, 2 * i));
  return createHash('sha256').update(octets).digest('hex');
}

/** Octets in payloads of `length`. */
export function cut(octets: Uint8Array, length: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(octets.length / length) }, (_, i) =>
    octets.subarray(i * length, (i + 1) * length),
  );
}

/** Octets of a frame after the one with its type, in files of AMR and AMR-WB. */
const NARROW = [12, 13, 15, 17, 19, 20, 26, 31, 5, 0, 0, 0, 0, 0, 0, 0];
const WIDE = [17, 23, 32, 36, 40, 46, 50, 58, 60, 5, 0, 0, 0, 0, 0, 0];
/** Bits of them, without what fills the last octet. */
const NARROW_BITS = [95, 103, 118, 134, 148, 159, 204, 244, 39, 0, 0, 0, 0, 0, 0, 0];
const WIDE_BITS = [132, 177, 253, 285, 317, 365, 397, 461, 477, 40, 0, 0, 0, 0, 0, 0];

export interface AmrFrame {
  readonly type: number;
  /** As text, a character a bit. */
  readonly bits: string;
}

export function amrFrames(octets: Uint8Array, isWide: boolean): AmrFrame[] {
  const frames: AmrFrame[] = [];
  for (let at = 0; at < octets.length; ) {
    const type = (octets[at] >> 3) & 15;
    const length = (isWide ? WIDE : NARROW)[type];
    const filled = bitsOf(octets.subarray(at + 1, at + 1 + length));
    frames.push({ type, bits: filled.slice(0, (isWide ? WIDE_BITS : NARROW_BITS)[type]) });
    at += 1 + length;
  }
  return frames;
}

/** A payload as RFC 4867 section 4.3 has it. */
export function bandwidthEfficient(frames: readonly AmrFrame[]): Uint8Array {
  const contents = frames.map(({ type }, i) => `${i + 1 < frames.length ? 1 : 0}${bits(type, 4)}1`);
  return octetsOf(`1111${contents.join('')}${frames.map((frame) => frame.bits).join('')}`);
}

/** A payload as RFC 4867 section 4.4 has it. */
export function octetAligned(frames: readonly AmrFrame[]): Uint8Array {
  const contents = frames.map(({ type }, i) => `${i + 1 < frames.length ? 1 : 0}${bits(type, 4)}100`);
  const padded = frames.map((frame) => frame.bits.padEnd(Math.ceil(frame.bits.length / 8) * 8, '0'));
  return octetsOf(`11110000${contents.join('')}${padded.join('')}`);
}

function bits(value: number, count: number): string {
  return value.toString(2).padStart(count, '0');
}

function bitsOf(octets: Uint8Array): string {
  return [...octets].map((octet) => bits(octet, 8)).join('');
}

function octetsOf(text: string): Uint8Array {
  return Uint8Array.from(text.match(/.{1,8}/g) ?? [], (octet) => Number.parseInt(octet.padEnd(8, '0'), 2));
}

export function codec(encoding: string, clockRate: number, parameters = ''): Codec {
  return codecWith({ encoding, clockRate, channels: 1, parameters });
}

export function codecWith(format: CodecFormat): Codec {
  const found = codecFor(format);
  if (found === null) throw new Error(`${format.encoding} is not decoded`);
  return found;
}

/** Decodes payload after payload; what is not decoded leaves nothing behind. */
export function decodeAll(decoder: AudioDecoder, payloads: readonly Uint8Array[]): Int16Array {
  const most = payloads.reduce((sum, { length }) => sum + decoder.samplesIn(length), 0);
  const into = new Int16Array(most * decoder.channels);
  let at = 0;
  for (const payload of payloads) at += decoder.decode(payload, 0, payload.length, into, at) * decoder.channels;
  return into.slice(0, at);
}

/**
 * Decodes payloads in one run, each `step` samples after the one before; with a `lost` set, those are left out, and their samples are 0.
 * Where `room` is more than a step, what goes on after a payload is kept.
 */
export async function decodeInRun(
  decoder: AudioDecoder,
  payloads: readonly Uint8Array[],
  step: number,
  lost: ReadonlySet<number> = new Set(),
): Promise<Int16Array> {
  const sent = [...payloads.keys()].filter((i) => !lost.has(i));
  const ends = [...sent.slice(1), payloads.length];
  const run = {
    payloads: sent.map((i) => payloads[i]),
    at: Float64Array.from(sent, (i) => i * step),
    room: Uint32Array.from(sent, (i, place) => (ends[place] - i) * step),
  };
  const decoded = await decoder.decodeRun?.(run);
  const samples = new Int16Array(payloads.length * step);
  sent.forEach((i, place) => {
    const part = decoded?.samples.subarray(decoded.starts[place], decoded.starts[place + 1]) ?? new Int16Array(0);
    samples.set(part.subarray(0, run.room[place]), i * step);
  });
  return samples;
}

/** Signal to noise in dB: how much of `expected` is in `heard`. Infinity where they are the same. */
export function signalToNoise(heard: Int16Array, expected: Int16Array): number {
  let signal = 0;
  let noise = 0;
  for (let i = 0; i < expected.length; i++) {
    signal += expected[i] ** 2;
    noise += ((heard[i] ?? 0) - expected[i]) ** 2;
  }
  return 10 * Math.log10(signal / noise);
}
