/** Opus that repeats what was lost (in-band FEC), and codecs that conceal, on the way from packets to samples. */
import { expect, test } from 'vitest';
import { amrFrames, codecWith, cut, fixture, octetAligned, signalToNoise } from '../../test/codecs/fixtures.ts';
import type { AudioDecoder, CodecFormat } from '../codecs/index.ts';
import { type ListedPacket, listedPackets, listedPayloads } from './listed-packets.ts';
import { renderAudio } from './mix.ts';
import { BY_TIMESTAMP, type Playout } from './playout.ts';
import { prepareStream } from './stream-audio.ts';

const OPUS = { encoding: 'opus', clockRate: 48000, channels: 2 };
const FRAME = 960;
const packets = cut(fixture('speech-fec.opus-packets'), 60);
const BUFFER: Playout = { kind: 'jitter-buffer', depthMs: 40 };

interface Stream {
  readonly format: CodecFormat;
  readonly payloads: readonly Uint8Array[];
  /** Timestamp units, and sample frames, of a packet. */
  readonly step: number;
}

/** What is heard of packets of 20 ms, the first at 0, without those that are lost. */
async function hear(
  { format, payloads, step }: Stream,
  lost: readonly number[],
  playout: Playout,
): Promise<Int16Array> {
  const list: ListedPacket[] = payloads.flatMap((payload, i) =>
    lost.includes(i) ? [] : [{ sequence: i, timestamp: step * i, arrival: 0.02 * i, payloadType: 96, payload }],
  );
  const audio = prepareStream(listedPackets(list), [{ ...format, payloadType: 96 }], playout);
  const fromSample = playout.kind === 'timestamp' ? 0 : 2 * step;
  const samples = new Int16Array(step * payloads.length);
  let at = 0;
  const options = { channels: [[audio]], fromSample, toSample: fromSample + samples.length };
  await renderAudio(options, listedPayloads([list]), (block) => {
    samples.set(block, at);
    at += block.length;
  });
  return samples;
}

/** The same by a decoder alone: `fill` writes what is heard of a lost packet. */
async function expected(
  { format, payloads, step }: Stream,
  lost: readonly number[],
  fill: (decoder: AudioDecoder, i: number, into: Int16Array) => void,
): Promise<Int16Array> {
  const decoder = await codecWith(format).open();
  const into = new Int16Array(step * payloads.length);
  for (const [i, payload] of payloads.entries()) {
    if (lost.includes(i)) fill(decoder, i, into);
    else decoder.decode(payload, 0, payload.length, into, i * step);
  }
  return into;
}

const SPEECH: Stream = { format: OPUS, payloads: packets, step: FRAME };

function recover(decoder: AudioDecoder, i: number, into: Int16Array): void {
  decoder.recover?.(packets[i + 1], 0, 60, FRAME, into, (i + 1) * FRAME);
}

test.each([['timestamps', BY_TIMESTAMP] as const, ['a buffer', BUFFER] as const])(
  'by %s a lost packet is heard from what the next repeats',
  async (_name, playout) => {
    const lost = [5, 12, 16, 33, 35, 38];
    const heard = await hear(SPEECH, lost, playout);
    expect(heard).toEqual(await expected(SPEECH, lost, recover));
    const reference = new Int16Array(fixture('speech-fec.opus-packets.repeated.s16le').buffer);
    const parts = lost.flatMap((i) => [...heard.subarray(i * FRAME, (i + 1) * FRAME)]);
    expect(signalToNoise(Int16Array.from(parts), reference)).toBeGreaterThan(50);
  },
);

test('of two lost packets a buffer conceals the first, and the second is repeated', async () => {
  const heard = await hear(SPEECH, [12, 13], BUFFER);
  const wanted = await expected(SPEECH, [12, 13], (decoder, i, into) => {
    if (i === 12) decoder.conceal?.(FRAME, into, 12 * FRAME);
    else recover(decoder, i, into);
  });
  expect(heard).toEqual(wanted);
  // By timestamps the first is silent, and all else the same.
  wanted.fill(0, 12 * FRAME, 13 * FRAME);
  expect(await hear(SPEECH, [12, 13], BY_TIMESTAMP)).toEqual(wanted);
});

test('where the next repeats nothing a buffer conceals, and timestamps leave silence', async () => {
  const heard = await hear(SPEECH, [27], BUFFER);
  const wanted = await expected(SPEECH, [27], (decoder, i, into) => decoder.conceal?.(FRAME, into, i * FRAME));
  expect(heard).toEqual(wanted);
  const silent = await hear(SPEECH, [27], BY_TIMESTAMP);
  expect(silent.subarray(27 * FRAME, 28 * FRAME)).toEqual(new Int16Array(FRAME));
});

test.each([
  ['AMR', 'speech.amr', 8000, false],
  ['AMR-WB', 'speech.amr-wb', 16_000, true],
] as const)('%s conceals as its decoder does, and fades', async (encoding, file, rate, isWide) => {
  const step = rate / 50;
  const payloads = amrFrames(fixture(file), isWide).map((frame) => octetAligned([frame]));
  const stream = { format: { encoding, clockRate: rate, channels: 1, parameters: 'octet-align=1' }, payloads, step };
  const noData = octetAligned([{ type: 15, bits: '' }]);
  const lost = [20, 21, 22, 23];
  const wanted = await expected(stream, lost, (decoder, i, into) => {
    decoder.decode(noData, 0, noData.length, into, i * step);
  });
  const heard = await hear(stream, lost, BUFFER);
  expect(heard).toEqual(wanted);
  const energy = lost.map((i) => heard.subarray(i * step, (i + 1) * step).reduce((sum, s) => sum + s * s, 0));
  expect(energy[0]).toBeGreaterThan(0);
  expect(energy[3]).toBeLessThan(energy[0]);
});
