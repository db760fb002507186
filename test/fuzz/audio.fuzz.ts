/** Hostile streams for the way from packets to PCM: counters, arrivals, payload types and lengths out of anything. */
import { type ListedPacket, listedPackets, listedPayloads } from '../../media/audio/listed-packets.ts';
import { renderAudioNow } from '../../media/audio/mix.ts';
import type { Playout } from '../../media/audio/playout.ts';
import { extentOf, type PayloadFormat, prepareStream, type StreamAudio } from '../../media/audio/stream-audio.ts';
import { EncryptionEvidence } from '../../media/srtp-suspicion.ts';

const RATES = [0, 1, 999, 1000, 8000, 8001, 16000, 44100, 48000, 192000, 1e9, -8000, Number.NaN];
const ENCODINGS = ['PCMU', 'PCMA', 'L16', 'l16', 'G722', 'G726-24', 'GSM', 'opus', 'EVS', 'telephone-event', ''];
const PLAYOUTS: readonly Playout[] = [
  { kind: 'timestamp' },
  { kind: 'file' },
  { kind: 'jitter-buffer', depthMs: 0 },
  { kind: 'jitter-buffer', depthMs: 60 },
  { kind: 'jitter-buffer', depthMs: null },
];
const LONGEST_SECONDS = 24 * 3600;
/** Only the beginning of a timeline is rendered: its length is checked, silence is not waited for. */
const RENDERED_SECONDS = 3;
const MOST_PACKETS = 60;

/**
 * Makes streams of up to 60 packets until `inputs` packets are used up; `random` gives 0 ≤ x < 1. Throws where a
 * stage throws, a timeline is out of order, overlaps or is longer than it may be, or the output has another length
 * than was asked for.
 */
export function fuzzAudio(random: () => number, inputs: number): void {
  for (let used = 0; used < inputs; ) {
    const lists = [hostileStream(random), hostileStream(random)];
    used += lists[0].length + lists[1].length + 1;
    const formats = hostileFormats(random);
    const playout = pick(random, PLAYOUTS);
    const streams = lists.map((list) => prepareStream(listedPackets(list), formats, playout));
    for (const [i, stream] of streams.entries()) checkTimeline(stream, lists[i].length);
    renderSome(streams, lists, pick(random, [8000, 11_025]));
    suspect(lists[0]);
  }
}

function checkTimeline({ timeline, packets }: StreamAudio, count: number): void {
  const { rows, at, room, sampleRate, packet } = timeline;
  check(rows + timeline.duplicates + timeline.strays <= count, 'more rows than packets');
  const seen = new Set<number>();
  for (let row = 0; row < rows; row++) {
    check(Number.isSafeInteger(at[row]), `row ${row} at ${at[row]}`);
    check(Math.abs(at[row] / sampleRate[row]) <= LONGEST_SECONDS + 1, `row ${row} is beyond the bound`);
    check(packet[row] < packets.count && !seen.has(packet[row]), `packet ${packet[row]} is placed twice`);
    seen.add(packet[row]);
    if (row + 1 === rows) continue;
    const next = at[row + 1] / sampleRate[row + 1];
    check(next >= at[row] / sampleRate[row], `row ${row} is out of order`);
    check((at[row] + room[row]) / sampleRate[row] <= next + 1e-6, `row ${row} runs into the next`);
  }
}

function renderSome(streams: readonly StreamAudio[], lists: readonly ListedPacket[][], sampleRate: number): void {
  const extent = extentOf(streams, sampleRate);
  if (extent === null) return;
  const toSample = Math.min(extent.to, extent.from + RENDERED_SECONDS * sampleRate);
  const channels = streams.map((stream) => [stream]);
  let samples = 0;
  const options = { channels, sampleRate, fromSample: extent.from, toSample };
  const frames = renderAudioNow(options, listedPayloads(lists), (block) => void (samples += block.length));
  check(samples === 2 * frames && frames === toSample - extent.from, 'another length than was asked for');
}

function suspect(list: readonly ListedPacket[]): void {
  const evidence = new EncryptionEvidence();
  for (const { payload, timestamp } of list) evidence.add(payload, 0, payload.length, timestamp | 0);
  check(evidence.verdict.encrypted === (evidence.verdict.reason !== null), 'a verdict without its reason');
}

function hostileFormats(random: () => number): PayloadFormat[] {
  return Array.from({ length: 4 }, (_, i) => ({
    payloadType: i === 3 ? Math.floor(random() * 300) - 50 : i,
    encoding: pick(random, ENCODINGS),
    clockRate: pick(random, RATES),
    channels: Math.floor(random() * 4),
  }));
}

function hostileStream(random: () => number): ListedPacket[] {
  let sequence = Math.floor(random() * 65536);
  let timestamp = Math.floor(random() * 2 ** 32);
  let arrival = (random() - 0.5) * 10;
  const wildness = random() * 0.4;
  return Array.from({ length: Math.floor(random() * MOST_PACKETS) }, () => {
    sequence += random() < wildness ? Math.floor(random() * 65536) : 1;
    timestamp += random() < wildness ? Math.floor((random() - 0.5) * 2 ** (random() * 33)) : 160;
    arrival += random() < wildness ? (random() - 0.3) * 10 ** (random() * 14 - 4) : 0.02;
    if (random() < 0.005) arrival = pick(random, [Number.NaN, Infinity, -1e300, 0]);
    const length = random() < 0.05 ? Math.floor(random() * 65536) : 160;
    return {
      sequence,
      timestamp,
      arrival,
      payloadType: random() < wildness ? Math.floor(random() * 256) : 0,
      payload: new Uint8Array(length).fill(random() * 256),
    };
  });
}

function pick<T>(random: () => number, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)];
}

function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
