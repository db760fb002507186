// How many times faster than real time every codec is decoded, on one core:
//   node scripts/run.mjs test/perf/codecs.ts
// By the processor's time, so that other work on the machine counts less. The speech is that of test/codecs/fixtures.
import { cpus } from 'node:os';
import { amrFrames, bandwidthEfficient, codecWith, cut, fixture } from '../codecs/fixtures.ts';
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

const rows = [['codec', 'samples a second', 'times real time']];
for (const [encoding, clockRate, payloads] of CODECS) {
  const decoder = await codecWith({ encoding, clockRate, channels: 1 }).open();
  const into = new Int16Array(8192);
  const times: number[] = [];
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    const before = process.cpuUsage();
    let samples = 0;
    for (let i = 0; samples < SECONDS_OF_AUDIO * decoder.sampleRate; i++) {
      const payload = payloads[i % payloads.length];
      samples += decoder.decode(payload, 0, payload.length, into, 0);
    }
    const { user, system } = process.cpuUsage(before);
    if (round >= WARM_UP_ROUNDS) times.push(samples / decoder.sampleRate / ((user + system) / 1e6));
  }
  rows.push([encoding, `${decoder.sampleRate}`, `${Math.round(median(times))}`]);
}
console.log(`Node ${process.version}, ${cpus()[0]?.model}; median of ${ROUNDS}\n`);
console.log(formatTable(rows));
