/**
 * Runs every fuzz function of this folder on seeded inputs and says how many there were; on a fault, what is needed to
 * see it again, and exit code 1.
 *
 *   npm run fuzz -- [--count 1000000] [--seed 1] [--only engine] [--first 0]
 *
 * `--count` is the sum over all areas, or with `--only` that area's own; `--first` leaves out the inputs before it.
 */
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Random } from '../perf/load/random.ts';
import { fuzzAudio } from './audio.fuzz.ts';
import { fuzzCodecs, fuzzRuns } from './codecs.fuzz.ts';
import { fuzzContainers } from './containers.fuzz.ts';
import { fuzzEngine } from './engine.fuzz.ts';
import { fuzzEsp } from './esp.fuzz.ts';
import { fuzzFilter } from './filter.fuzz.ts';
import { fuzzEncapsulation } from './encap.fuzz.ts';
import { fuzzHep } from './hep.fuzz.ts';
import { fuzzNetwork } from './network.fuzz.ts';
import { fuzzPlugins } from './plugins.fuzz.ts';
import { fuzzReaders } from './readers.fuzz.ts';
import { fuzzRtp } from './rtp.fuzz.ts';
import { fuzzSecure } from './secure.fuzz.ts';
import { fuzzSip } from './sip.fuzz.ts';
import { fuzzSrtp } from './srtp.fuzz.ts';
import { fuzzStun } from './stun.fuzz.ts';
import { fuzzTls } from './tls.fuzz.ts';
import { fuzzWebSocket } from './websocket.fuzz.ts';

interface Area {
  readonly name: string;
  readonly run: (random: () => number, inputs: number) => void | Promise<void>;
  /** Part of all inputs: less where one takes long. */
  readonly share: number;
}

const AREAS: readonly Area[] = [
  { name: 'readers', run: fuzzReaders, share: 0.15 },
  { name: 'sip', run: fuzzSip, share: 0.12 },
  { name: 'rtp', run: fuzzRtp, share: 0.2 },
  { name: 'network', run: fuzzNetwork, share: 0.18 },
  { name: 'filter', run: fuzzFilter, share: 0.02 },
  { name: 'audio', run: fuzzAudio, share: 0.23 },
  { name: 'codecs', run: fuzzCodecs, share: 0.02 },
  { name: 'runs', run: fuzzRuns, share: 0.0005 },
  { name: 'srtp', run: fuzzSrtp, share: 0.02 },
  { name: 'engine', run: fuzzEngine, share: 0.02 },
  { name: 'tls', run: fuzzTls, share: 0.05 },
  { name: 'stun', run: fuzzStun, share: 0.03 },
  { name: 'hep', run: fuzzHep, share: 0.02 },
  { name: 'esp', run: fuzzEsp, share: 0.005 },
  { name: 'encap', run: fuzzEncapsulation, share: 0.01 },
  { name: 'plugins', run: fuzzPlugins, share: 0.001 },
  { name: 'secure', run: fuzzSecure, share: 0.01 },
  { name: 'websocket', run: fuzzWebSocket, share: 0.02 },
  { name: 'containers', run: fuzzContainers, share: 0.01 },
];

/** Inputs that share a seed of their own: any part can be run again by itself. */
const CHUNK = 100;
const PROGRESS_MS = 2000;
/** What may be kept from one input to the next is a constant; anything that grows with the inputs soon passes this. */
const MOST_GROWTH_BYTES = 48 * 1024 * 1024;
const WARM_UP_CHUNKS = 5;

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    first: { type: 'string', default: '0' },
  },
});
const count = wholeNumber('count', values.count);
const seed = wholeNumber('seed', values.seed);
const firstChunk = Math.floor(wholeNumber('first', values.first) / CHUNK);
const areas = AREAS.filter((area) => values.only === undefined || area.name === values.only);
if (areas.length === 0) fail(`no such area: ${values.only}; there are ${AREAS.map((area) => area.name).join(', ')}`, 2);

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');
const began = performance.now();
let done = 0;
let shown = began;

for (const area of areas) {
  const inputs = values.only === undefined ? count * area.share : count;
  const lastChunk = firstChunk + Math.max(1, Math.ceil(inputs / CHUNK));
  let usedAtFirst = 0;
  for (let chunk = firstChunk; chunk < lastChunk; chunk++) {
    await runChunk(area, chunk);
    if (chunk === firstChunk + WARM_UP_CHUNKS) usedAtFirst = await usedBytes();
  }
  const growth = lastChunk - firstChunk > WARM_UP_CHUNKS + 1 ? (await usedBytes()) - usedAtFirst : 0;
  if (growth > MOST_GROWTH_BYTES) {
    fail(`${area.name}: memory grew by ${Math.round(growth / 2 ** 20)} MiB (seed ${seed})`, 1);
  }
  console.log(
    `${area.name}: ${(lastChunk - firstChunk) * CHUNK} inputs, memory grew by ${Math.round(growth / 1024)} KiB`,
  );
}
console.log(`${done} inputs without a fault in ${Math.round((performance.now() - began) / 1000)} s (seed ${seed})`);

async function runChunk(area: Area, chunk: number): Promise<void> {
  // Seeds one apart give unrelated numbers; areas are kept apart as well.
  const random = new Random(Math.imul(seed, 0x9e3779b1) + Math.imul(AREAS.indexOf(area) + 1, 0x85ebca6b) + chunk);
  try {
    await area.run(() => random.unit(), CHUNK);
  } catch (error) {
    console.error(error);
    const from = chunk * CHUNK;
    fail(
      `${area.name}: a fault with seed ${seed} in one of the inputs ${from} to ${from + CHUNK - 1}. Again: npm run fuzz -- --only ${area.name} --seed ${seed} --first ${from} --count ${CHUNK}`,
      1,
    );
  }
  done += CHUNK;
  const now = performance.now();
  if (now - shown < PROGRESS_MS) return;
  shown = now;
  if (process.stderr.isTTY) process.stderr.write(`\r${area.name}: ${done} of ${count} inputs\u001b[K\r`);
}

async function usedBytes(): Promise<number> {
  collectGarbage();
  // Buffers go with a second collection, once what held them is finalised.
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) fail(`--${name} is a whole number, not ${text}`, 2);
  return value;
}

function fail(message: string, code: number): never {
  console.error(message);
  process.exit(code);
}
