import { sequenceStep, timestampStep } from '../../base/sequence.ts';
import { payloadOf } from '../../media/audio/payload-batch.ts';
import { type Codec, codecFor } from '../../media/codecs/index.ts';
import type { Capture } from '../capture.ts';
import { type Encoding, PayloadMap } from '../trackers/streams/payload-map.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import { loadPayloads } from './capture-payloads.ts';
import { rowsOfStreams } from './stream-packets.ts';

const PACKETS_LOOKED_AT = 60;
/** Fewer prove nothing. */
const FEWEST_PACKETS = 20;
/** More streams than these are not looked into. */
const MAX_STREAMS = 300;
/** Payload types below have a meaning of their own, or none. */
const FIRST_DYNAMIC = 96;

/**
 * Codecs whose payloads say how long they are. Where each says as much as the timestamp goes on by until the next, packet for packet, that
 * is no accident: a random payload does so once in some hundreds. Codecs that are told by their length alone are never guessed.
 */
const TELLING: readonly Encoding[] = [
  { name: 'opus', clockRate: 48_000, channels: 2, parameters: '' },
  { name: 'AMR', clockRate: 8000, channels: 1, parameters: 'octet-align=1' },
  { name: 'AMR', clockRate: 8000, channels: 1, parameters: '' },
  { name: 'AMR-WB', clockRate: 16_000, channels: 1, parameters: 'octet-align=1' },
  { name: 'AMR-WB', clockRate: 16_000, channels: 1, parameters: '' },
  { name: 'speex', clockRate: 8000, channels: 1, parameters: '' },
  { name: 'speex', clockRate: 16_000, channels: 1, parameters: '' },
  { name: 'speex', clockRate: 32_000, channels: 1, parameters: '' },
];

/**
 * Looks into streams whose main payload type nothing explains: where its packets are, one by one, what some codec's would be, they are
 * taken for that, and marked as guessed. To be asked when keys have been tried; what is encrypted fits nothing.
 */
export async function guessCodecs(capture: Capture): Promise<void> {
  const unknown = capture.streams.streams.filter((stream) => isUnknown(stream)).slice(0, MAX_STREAMS);
  if (unknown.length === 0) return;
  const rows = rowsOfStreams(capture, unknown, PACKETS_LOOKED_AT);
  for (const [i, stream] of unknown.entries()) {
    const encoding = await guessOf(capture, stream, rows[i]);
    if (encoding === null) continue;
    const guess = new PayloadMap();
    guess.add(stream.mainPayloadType, encoding);
    stream.unguessed = stream.payloads;
    stream.payloads = stream.payloads.with(guess);
    stream.guessedCodec = stream.mainPayloadType;
  }
}

function isUnknown({ encryption, mainPayloadType, payloads, packets }: Stream): boolean {
  if (encryption !== null || packets < FEWEST_PACKETS || mainPayloadType < FIRST_DYNAMIC) return false;
  return payloads.encodings[mainPayloadType] === undefined;
}

async function guessOf(capture: Capture, stream: Stream, all: Uint32Array): Promise<Encoding | null> {
  const { payloadType, sequence, timestamp } = capture.streams.rtp.rows.columns;
  const rows = all.filter((row) => (payloadType.get(row) & 0x7f) === stream.mainPayloadType);
  const batch = await loadPayloads(capture, rows);
  const payloads: Uint8Array[] = [];
  const steps: number[] = [];
  for (let i = 0; i + 1 < rows.length; i++) {
    if (sequenceStep(sequence.get(rows[i]), sequence.get(rows[i + 1])) !== 1) continue;
    const payload = payloadOf(batch, i);
    if (payload === null || payload.length === 0) continue;
    payloads.push(payload);
    steps.push(timestampStep(timestamp.get(rows[i]), timestamp.get(rows[i + 1])));
  }
  return TELLING.find((encoding) => fits(payloads, steps, encoding)) ?? null;
}

/** Whether every payload, followed by the next one in sequence after `steps` units of the timestamp, is what `encoding` would send. */
export function fits(payloads: readonly Uint8Array[], steps: readonly number[], encoding: Encoding): boolean {
  const codec = codecFor({ ...encoding, encoding: encoding.name });
  if (codec === null) return false;
  const unit = codec.sampleRate / encoding.clockRate;
  let seen = 0;
  for (const [i, payload] of payloads.entries()) {
    const samples = samplesOf(codec, payload);
    if (samples === 0) return false;
    // After a pause the timestamp goes on by more.
    if (samples === steps[i] * unit) seen++;
    else if (steps[i] * unit < samples) return false;
  }
  return seen >= FEWEST_PACKETS - 1 && seen >= payloads.length / 2;
}

function samplesOf(codec: Codec, payload: Uint8Array): number {
  return codec.samplesOf?.(payload, 0, payload.length) ?? 0;
}
