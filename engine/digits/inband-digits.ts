import { digitOf } from '../../dissectors/rtp-event/digits.ts';
import { renderAudio } from '../../media/audio/mix.ts';
import { extentOf } from '../../media/audio/stream-audio.ts';
import { DTMF_SAMPLE_RATE, DtmfDetector, type HeardDigit } from '../../media/tones/dtmf-detector.ts';
import { type HeardAudio, type HeardStream, hearChannels } from '../audio/heard-audio.ts';
import { CapturePayloads } from '../audio/capture-payloads.ts';
import type { Capture } from '../capture.ts';
import { Turns } from '../filter/turns.ts';
import { throwIfAborted } from '../readers/abort.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import type { DigitSighting } from './digit-sighting.ts';

/** Streams that are decoded together: what their packets share is read once. */
const STREAMS_AT_ONCE = 16;
/** Streams that begin further apart are not decoded together: what lies between is silence to go through. */
const APART_SECONDS = 60;
/** Packets named of one digit. */
const MOST_FRAMES = 100;

/** What is known of a capture, by the index of the stream. */
const knownOf = new WeakMap<Capture, Map<number, readonly DigitSighting[]>>();

/** The digits that `inbandDigits` found so far. */
export function knownInbandDigits(capture: Capture): DigitSighting[] {
  return [...(knownOf.get(capture)?.values() ?? [])].flat();
}

/**
 * Digits heard as tones in the audio of `streams`, those of the capture where left out; what is encrypted is heard where it was opened.
 * Decodes them all, once; rejects where `signal` is aborted.
 */
export async function inbandDigits(
  capture: Capture,
  streams: readonly Stream[] = capture.streams.streams,
  signal?: AbortSignal,
): Promise<DigitSighting[]> {
  const known = knownOf.get(capture) ?? new Map<number, readonly DigitSighting[]>();
  knownOf.set(capture, known);
  for (const together of batchesOf(
    capture,
    streams.filter(({ index }) => !known.has(index)),
  )) {
    throwIfAborted(signal);
    const found = await listen(capture, together, signal);
    throwIfAborted(signal);
    for (const stream of together) known.set(stream.index, found.get(stream.index) ?? []);
  }
  return streams.flatMap(({ index }) => known.get(index) ?? []);
}

function* batchesOf({ store }: Capture, streams: readonly Stream[]): Generator<Stream[]> {
  let batch: Stream[] = [];
  for (const stream of streams.toSorted((a, b) => a.firstFrame - b.firstFrame)) {
    const isFar =
      batch.length > 0 && store.frames.secondsBetween(batch[0].firstFrame, stream.firstFrame) > APART_SECONDS;
    if (isFar || batch.length === STREAMS_AT_ONCE) {
      yield batch;
      batch = [];
    }
    batch.push(stream);
  }
  if (batch.length > 0) yield batch;
}

async function listen(
  capture: Capture,
  streams: readonly Stream[],
  signal: AbortSignal | undefined,
): Promise<Map<number, DigitSighting[]>> {
  const heard = await hearChannels(capture, { channels: streams.map((stream) => [stream]) });
  const list = heard.channels.flat();
  const found = new Map<number, DigitSighting[]>();
  const extent = extentOf(
    list.map(({ audio }) => audio),
    DTMF_SAMPLE_RATE,
  );
  if (extent === null) return found;
  const detectors = list.map((one) => {
    const digits: DigitSighting[] = [];
    found.set(one.stream.index, digits);
    return new DtmfDetector((digit) => digits.push(sightingOf(capture, heard, one, digit, extent.from)));
  });
  const payloads = new CapturePayloads(
    capture,
    list.map(({ places }) => places),
  );
  const turns = new Turns(signal);
  await renderAudio(
    {
      channels: list.map(({ audio }) => [audio]),
      sampleRate: DTMF_SAMPLE_RATE,
      fromSample: extent.from,
      toSample: extent.to,
      isCancelled: () => signal?.aborted === true,
    },
    payloads,
    (block) => {
      const stride = detectors.length;
      for (const [channel, detector] of detectors.entries()) {
        detector.push(block, channel, stride, block.length / stride);
      }
      return turns.wait();
    },
  );
  for (const detector of detectors) detector.finish();
  return found;
}

function sightingOf(
  capture: Capture,
  { zeroFrame }: HeardAudio,
  heard: HeardStream,
  { event, at, samples, levelDbm0 }: HeardDigit,
  fromSample: number,
): DigitSighting {
  const { index, call, fromCaller } = heard.stream;
  const from = (fromSample + at) / DTMF_SAMPLE_RATE;
  const seconds = samples / DTMF_SAMPLE_RATE;
  return {
    source: 'inband',
    time: capture.store.frames.time(zeroFrame) + from,
    event,
    digit: digitOf(event),
    durationMs: seconds * 1000,
    volume: Math.max(0, Math.min(63, Math.round(-levelDbm0))),
    stream: index,
    call,
    fromCaller,
    frames: framesIn(heard, from, from + seconds),
    guessed: false,
  };
}

/** The frames of the packets that are heard from `from` to `to`, seconds from the zero of the streams' clock. */
function framesIn({ places, audio: { timeline } }: HeardStream, from: number, to: number): number[] {
  const startOf = (row: number): number => timeline.at[row] / timeline.sampleRate[row];
  let low = 0;
  let high = timeline.rows;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (startOf(middle) <= from) low = middle + 1;
    else high = middle;
  }
  const frames: number[] = [];
  for (let row = Math.max(0, low - 1); row < timeline.rows && startOf(row) < to && frames.length < MOST_FRAMES; row++) {
    frames.push(places.frame[timeline.packet[row]]);
  }
  return frames.toSorted((a, b) => a - b);
}
