// How many times faster than real time every codec is decoded, on one core:
//   node scripts/run.mjs test/perf/codecs.ts
// By the processor's time, so that other work on the machine counts less. The speech is that of test/codecs/fixtures.
import { cpus } from 'node:os';
import { provideDecodeThread } from '../../engine/codecs/decode-thread.ts';
import type { AudioDecoder } from '../../media/codecs/index.ts';
import { amrFrames, bandwidthEfficient, codecWith, cut, fixture } from '../codecs/fixtures.ts';
import { silkPackets } from '../codecs/payloads.ts';
import { formatTable, median } from './measure.ts';

const ROUNDS = 7;
/** The first rounds are slower until the code is compiled. */
const WARM_UP_ROUNDS = 2;
const SECONDS_OF_AUDIO = 60;

const packets = (file: string, octets: number): Uint8Array[] => cut(fixture(file), octets);
const amr = (file: string, isWide: boolean): Uint8Array[] =>
  amrFrames(fixture(file), isWide).map((frame) => bandwidthEfficient([frame]));

const CODECS: readonly (readonly [encoding: string, clockRate: number, payloads: readonly Uint8Array[]])[] = [
  ['PCMU', 8000, packets('speech.g722', 160)],
  ['L16', 8000, packets('speech.g722', 320)],
  ['DVI4', 8000, packets('speech.dvi4', 84)],
  ['G722', 8000, packets('speech.g722', 160)],
  ['G726-16', 8000, packets('speech.g726-16', 40)],
  ['G726-32', 8000, packets('speech.g726-32', 80)],
  ['G726-40', 8000, packets('speech.g726-40', 100)],
  ['GSM', 8000, packets('speech.gsm', 33)],
  ['AMR', 8000, amr('speech.amr', false)],
  ['AMR-WB', 16000, amr('speech.amr-wb', true)],
  ['opus', 48000, packets('speech.opus-packets', 60)],
];

/** Decoded in runs of a minute, in a thread. */
const IN_RUNS: typeof CODECS = [
  ['G729', 8000, packets('speech.g729', 20)],
  ['G723', 8000, packets('speech.g723', 24)],
  ['iLBC', 8000, packets('random.ilbc30', 50)],
  ['speex', 8000, packets('speech.speex-8000', 38)],
  ['speex', 16_000, packets('speech.speex-16000', 70)],
  ['speex', 32_000, packets('speech.speex-32000', 74)],
  ['SILK', 8000, silkPackets()],
  ['CN', 8000, [Uint8Array.of(50, 100, 140)]],
];

const rows = [['codec', 'samples a second', 'times real time']];
for (const [encoding, clockRate, payloads] of CODECS) {
  const decoder = await codecWith({ encoding, clockRate, channels: 1 }).open();
  const into = new Int16Array(8192);
  rows.push([
    encoding,
    `${decoder.sampleRate}`,
    await timesRealTime(async () => decodeMinute(decoder, payloads, into)),
  ]);
}
provideDecodeThread();
for (const [encoding, clockRate, payloads] of IN_RUNS) {
  const codec = codecWith({ encoding, clockRate, channels: 1 });
  const decoder = await codec.open();
  const step = codec.samplesOf?.(payloads[0], 0, payloads[0].length) ?? clockRate / 50;
  const minute = Array.from({ length: (60 * clockRate) / step }, (_, i) => payloads[i % payloads.length]);
  const run = {
    payloads: minute,
    at: Float64Array.from(minute, (_, i) => i * step),
    room: new Uint32Array(minute.length).fill(step),
  };
  const rate = await timesRealTime(async () => ((await decoder.decodeRun?.(run))?.samples.length ?? 0) / clockRate);
  rows.push([encoding, `${decoder.sampleRate}`, rate]);
}
console.log(`Node ${process.version}, ${cpus()[0]?.model}; median of ${ROUNDS}\n`);
console.log(formatTable(rows));

/** Decodes a minute, and gives its seconds. */
function decodeMinute(decoder: AudioDecoder, payloads: readonly Uint8Array[], into: Int16Array): number {
  let samples = 0;
  for (let i = 0; samples < SECONDS_OF_AUDIO * decoder.sampleRate; i++) {
    const payload = payloads[i % payloads.length];
    samples += decoder.decode(payload, 0, payload.length, into, 0);
  }
  return samples / decoder.sampleRate;
}

/** Seconds of audio that `decode` says it decoded in a second of processor time, all threads together. */
async function timesRealTime(decode: () => Promise<number>): Promise<string> {
  const times: number[] = [];
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    const before = process.cpuUsage();
    const seconds = await decode();
    const { user, system } = process.cpuUsage(before);
    if (round >= WARM_UP_ROUNDS) times.push(seconds / ((user + system) / 1e6));
  }
  return `${Math.round(median(times))}`;
}
