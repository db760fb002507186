import { renderAudio } from '../../media/audio/mix.ts';
import type { Playout } from '../../media/audio/playout.ts';
import { WavWriter } from '../../media/audio/wav.ts';
import { channelsOfCall, channelsOfStreams, channelsOfVertoCall, type ChannelPlan } from '../audio/channel-plan.ts';
import { type HeardAudio, hearChannels, nothingHeard, renderingOf } from '../audio/heard-audio.ts';
import { PayloadNotes } from '../audio/payload-notes.ts';
import { jitterCounts, modeOf } from '../audio/playout-mode.ts';
import type { JitterCountsRow, PayloadNotesRow, PlayoutMode } from '../../shared/engine-api.ts';
import type { Capture } from '../capture.ts';
import { Turns } from '../filter/turns.ts';
import { callId } from '../query/call-rows.ts';
import { streamId } from '../query/stream-rows.ts';
import { writeAtomically } from '../sources/atomic-file.ts';
import type { Call } from '../trackers/calls/call.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import { NothingToExportError } from './nothing-to-export-error.ts';
import { WriteBehind } from './write-behind.ts';

export interface WavSelection {
  readonly call?: Call;
  /** One channel each, in this order. */
  readonly streams?: readonly Stream[];
  /** By RTP timestamp where left out. */
  readonly playout?: Playout;
  readonly signal?: AbortSignal;
}

export interface WavOptions {
  readonly signal?: AbortSignal | undefined;
  /** Sample frames. */
  readonly range?: { readonly from: number; readonly to: number } | undefined;
  /** Permissions of the file; the system's usual ones when left out. */
  readonly mode?: number | undefined;
}

export interface WavResult {
  readonly path: string;
  readonly channels: number;
  readonly sampleRate: number;
  readonly durationSeconds: number;
  /** Time of the first sample, seconds since the epoch. */
  readonly startTime: number;
  /** Ids of the streams heard on each channel. */
  readonly channelStreams: readonly (readonly string[])[];
  /** Streams that were asked for and are not heard, and why. */
  readonly leftOut: readonly { readonly stream: string; readonly reason: string }[];
  readonly mode: PlayoutMode;
  /** Of a fixed jitter buffer; else null. */
  readonly depthMs: number | null;
  /** Of each stream heard; empty but for a simulated buffer. */
  readonly jitterBuffer: readonly JitterCountsRow[];
  /** Of streams with payloads that are damaged, or that make good what was lost. */
  readonly payloads: readonly PayloadNotesRow[];
}

/**
 * Writes a call (two channels: left what the caller says, right what the callee says) or single streams as 16-bit PCM
 * WAV, as it is rendered. Without a selection it takes the capture's only call, or its only pair of streams. Throws
 * NothingToExportError where nothing of it can be heard.
 */
export async function exportWav(capture: Capture, selection: WavSelection, path: string): Promise<WavResult> {
  const heard = await hearChannels(capture, planFor(capture, selection), selection.playout);
  return writeWav(capture, heard, path, selection);
}

/**
 * Writes what is heard, or the part `range` of it in sample frames from its beginning. Throws NothingToExportError
 * where that is nothing.
 */
export async function writeWav(
  capture: Capture,
  heard: HeardAudio,
  path: string,
  { signal, range = { from: 0, to: heard.frames }, mode }: WavOptions = {},
): Promise<WavResult> {
  if (heard.frames === 0) throw new NothingToExportError(nothingHeard(heard.leftOut));
  const from = Math.max(0, range.from);
  const to = Math.min(heard.frames, range.to);
  if (!(from < to)) throw new NothingToExportError('There is no audio in that part.');
  const { channels, sampleRate } = heard;
  const { options, payloads } = renderingOf(capture, heard, from, to);
  const watch = new PayloadNotes(capture, heard);
  await writeAtomically(
    path,
    async (file) => {
      const behind = new WriteBehind(file);
      const writer = new WavWriter(behind, { sampleRate, channels: channels.length, frames: to - from });
      const turns = new Turns(signal);
      const isCancelled = (): boolean => signal?.aborted === true;
      await renderAudio({ ...options, watch, isCancelled }, payloads, (block) => writer.write(block) ?? turns.wait());
      signal?.throwIfAborted();
      await writer.finish();
      await behind.finish();
    },
    mode,
  );
  return {
    path,
    channels: channels.length,
    sampleRate,
    durationSeconds: (to - from) / sampleRate,
    startTime: heard.startTime + from / sampleRate,
    channelStreams: channels.map((list) => list.map(({ stream }) => streamId(stream))),
    leftOut: heard.leftOut.map(({ stream, reason }) => ({ stream: streamId(stream), reason })),
    ...modeOf(heard.playout),
    jitterBuffer: channels.flat().flatMap((one) => jitterCounts(one) ?? []),
    payloads: watch.noted,
  };
}

function planFor(capture: Capture, selection: WavSelection): ChannelPlan {
  if (selection.call !== undefined) return planForCall(capture, selection.call);
  if (selection.streams !== undefined && selection.streams.length > 0) return channelsOfStreams(selection.streams);
  const streams = capture.streams.streams;
  if (streams.length === 0) throw new NothingToExportError('There are no RTP streams in the capture.');
  const calls = [...new Set(streams.map((stream) => stream.call))].filter((call) => call >= 0);
  const vertoCalls = [...new Set(streams.flatMap(({ verto }) => verto ?? []))];
  const count = calls.length + vertoCalls.length;
  if (count > 1) throw new NothingToExportError(`There are ${count} calls with audio: ${howToName(capture, calls)}.`);
  if (calls.length === 1) return planForCall(capture, capture.calls.entries[calls[0]]);
  const [vertoCall] = vertoCalls;
  const hasSides = streams.every(({ verto, fromCaller }) => verto !== vertoCall || fromCaller !== null);
  if (vertoCall !== undefined && hasSides) return channelsOfVertoCall(capture, vertoCall);
  if (streams.length === 1) return channelsOfStreams(streams);
  const isPair = streams.length === 2 && capture.store.flows.reverse[streams[0].flow] === streams[1].flow;
  if (isPair) return channelsOfStreams(streams);
  throw new NothingToExportError(`There are ${streams.length} streams and no call: name one or two with --stream.`);
}

function howToName(capture: Capture, calls: readonly number[]): string {
  if (calls.length === 0) return 'name the streams of one with --stream, once or twice';
  return `name one with --call, as in --call ${callId(capture.calls.entries[calls[0]])}`;
}

function planForCall(capture: Capture, call: Call): ChannelPlan {
  const plan = channelsOfCall(capture, call);
  if (plan.channels.every((channel) => channel.length === 0)) {
    throw new NothingToExportError(`Call ${callId(call)} has no RTP streams in the capture.`);
  }
  return plan;
}
