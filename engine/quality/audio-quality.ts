import { renderAudio } from '../../media/audio/mix.ts';
import { doubleTalkPercent, oneWaySilence } from '../../media/quality/conversation.ts';
import { findEcho } from '../../media/quality/echo.ts';
import { dbov, FRAMES_A_SECOND, SoundMeter } from '../../media/quality/sound-meter.ts';
import { type SpeechLevel, speechLevel } from '../../media/quality/speech-level.ts';
import type { AudioFigures, AudioQuality, AudioQualityProgress, EchoLike, QuietSpan } from '../../shared/quality.ts';
import { channelsOfCall } from '../audio/channel-plan.ts';
import { type HeardAudio, hearChannels, renderingOf } from '../audio/heard-audio.ts';
import { PayloadNotes } from '../audio/payload-notes.ts';
import type { Capture } from '../capture.ts';
import { Turns } from '../filter/turns.ts';
import { streamId } from '../query/stream-rows.ts';
import type { Call } from '../trackers/calls/call.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import { audioFindings } from './audio-findings.ts';
import { reportsOf } from './reports.ts';

export interface AudioQualityOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: AudioQualityProgress) => void) | undefined;
}

/** Audio beyond this is not looked at: it bounds what is kept of each hundredth of a second. */
const MOST_SECONDS = 24 * 3600;
const PROGRESS_MS = 100;

/** The two sides of a call, or the stream and the one that goes the other way: what `audioQuality` is asked about. */
export function sidesOf(capture: Capture, about: Call | Stream): (readonly Stream[])[] {
  if (!('ssrc' in about)) return channelsOfCall(capture, about).channels.filter((side) => side.length > 0);
  const back = reportsOf(capture).opposite(about);
  return back === null ? [[about]] : [[about], [back]];
}

/**
 * Decodes one or two directions and measures them: levels, clipping, silence; of two what they do to each other. Takes its
 * time in turns with others, and rejects with an AbortError where it is cancelled.
 */
export async function audioQuality(
  capture: Capture,
  sides: readonly (readonly Stream[])[],
  { signal, onProgress }: AudioQualityOptions = {},
): Promise<AudioQuality> {
  const heard = await hearChannels(capture, { channels: sides });
  const turns = new Turns(signal);
  const notes = new PayloadNotes(capture, heard);
  const meters = await measure(capture, heard, notes, turns, { signal, onProgress });
  const levels: SpeechLevel[] = [];
  for (const meter of meters) levels.push(await inTurns(speechLevel(meter.framePowers), turns));
  const names = sides.map((side, i) => streamId(heard.channels[i][0]?.stream ?? side[0]));
  const isHeard = heard.channels.map((list) => list.length > 0);
  const figures = meters.flatMap((meter, i) => (isHeard[i] ? [figuresOf(names[i], meter, levels[i], heard)] : []));
  const isPair = meters.length === 2 && isHeard[0] && isHeard[1];
  const quality: AudioQuality = {
    startTime: heard.startTime,
    sides: figures,
    leftOut: heard.leftOut.map(({ stream, reason }) => ({ stream: streamId(stream), reason })),
    doubleTalkPercent: isPair ? doubleTalkPercent(levels[0].active, levels[1].active) : null,
    oneWaySilence: isPair ? quietSpans(names, meters, levels) : [],
    echoes: isPair ? await echoes(names, meters, levels, turns) : [],
    findings: [],
  };
  quality.findings = audioFindings(capture, quality, notes.noted);
  return quality;
}

async function measure(
  capture: Capture,
  heard: HeardAudio,
  watch: PayloadNotes,
  turns: Turns,
  { signal, onProgress }: AudioQualityOptions,
): Promise<SoundMeter[]> {
  const { sampleRate, channels } = heard;
  const meters = channels.map(() => new SoundMeter(sampleRate));
  const frames = Math.min(heard.frames, MOST_SECONDS * sampleRate);
  if (frames === 0) return meters;
  const { options, payloads } = renderingOf(capture, heard, 0, frames);
  const stride = channels.length;
  let toldMs = performance.now();
  const isCancelled = (): boolean => signal?.aborted === true;
  await renderAudio({ ...options, watch, isCancelled }, payloads, async (block) => {
    meters.forEach((meter, channel) => meter.take(block, channel, stride, block.length / stride));
    if (onProgress !== undefined && performance.now() - toldMs >= PROGRESS_MS) {
      toldMs = performance.now();
      onProgress({ secondsDone: meters[0].samples / sampleRate, secondsTotal: frames / sampleRate });
    }
    await turns.wait();
  });
  signal?.throwIfAborted();
  for (const meter of meters) meter.finish();
  return meters;
}

async function inTurns<T>(steps: Generator<void, T, void>, turns: Turns): Promise<T> {
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) await turns.wait();
  return step.value;
}

function figuresOf(stream: string, meter: SoundMeter, level: SpeechLevel, { sampleRate }: HeardAudio): AudioFigures {
  const frames = meter.framePowers.length;
  const share = (flags: Uint8Array): number =>
    frames === 0 ? 0 : (flags.reduce((sum, f) => sum + f, 0) * 100) / frames;
  return {
    stream,
    durationSeconds: meter.samples / sampleRate,
    meanDbov: dbov(meter.meanPower),
    activeDbov: level.activeDbov,
    peakDbov: dbov((meter.peak / 32_768) ** 2),
    silentPercent: 100 - share(level.active),
    digitalSilencePercent: share(meter.digitalSilence),
    clipping: {
      count: meter.clippings,
      places: meter.places.map(({ at, samples }) => ({ at: at / sampleRate, samples })),
    },
  };
}

function quietSpans(
  names: readonly string[],
  meters: readonly SoundMeter[],
  levels: readonly SpeechLevel[],
): QuietSpan[] {
  return [0, 1]
    .flatMap((side) =>
      oneWaySilence(meters[side].digitalSilence, levels[1 - side].active).map(({ from, to }) => ({
        silent: names[side],
        heard: names[1 - side],
        at: from / FRAMES_A_SECOND,
        seconds: (to - from) / FRAMES_A_SECOND,
      })),
    )
    .toSorted((a, b) => a.at - b.at);
}

async function echoes(
  names: readonly string[],
  meters: readonly SoundMeter[],
  levels: readonly SpeechLevel[],
  turns: Turns,
): Promise<EchoLike[]> {
  const list: EchoLike[] = [];
  for (const said of [0, 1]) {
    const steps = findEcho(meters[said].framePowers, levels[said], meters[1 - said].framePowers);
    const found = await inTurns(steps, turns);
    if (found !== null) list.push({ of: names[said], in: names[1 - said], ...found });
  }
  return list;
}
