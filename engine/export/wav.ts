import { reasonNotDecodable, decoderFor } from '../../media/codecs/index.ts';
import { renderAudio } from '../../media/audio/mix.ts';
import { extentOf, outputRate } from '../../media/audio/stream-audio.ts';
import { WavWriter } from '../../media/audio/wav.ts';
import { channelsOfCall, channelsOfStreams, type ChannelPlan } from '../audio/channel-plan.ts';
import { CapturePayloads, playableFormats, rowsOfStreams, streamAudio } from '../audio/stream-packets.ts';
import { looksEncrypted } from '../audio/suspect-encryption.ts';
import type { Capture } from '../capture.ts';
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
  readonly signal?: AbortSignal;
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
}

/**
 * Writes a call (two channels: left what the caller says, right what the callee says) or single streams as 16-bit PCM
 * WAV, as it is rendered. Without a selection it takes the capture's only call, or its only pair of streams. Throws
 * NothingToExportError where nothing of it can be heard.
 */
export async function exportWav(capture: Capture, selection: WavSelection, path: string): Promise<WavResult> {
  const plan = planFor(capture, selection);
  const leftOut: { stream: string; reason: string }[] = [];
  const heard: Stream[][] = [];
  for (const channel of plan.channels) {
    const list: Stream[] = [];
    for (const stream of channel) {
      const reason = await whyNotHeard(capture, stream);
      if (reason === null) list.push(stream);
      else leftOut.push({ stream: streamId(stream), reason });
    }
    heard.push(list);
  }
  const streams = heard.flat();
  if (streams.length === 0) throw new NothingToExportError(nothingHeard(leftOut));
  const zeroFrame = Math.min(...streams.map((stream) => stream.firstFrame));
  const rows = rowsOfStreams(capture, streams);
  const audio = new Map(streams.map((s, i) => [s, streamAudio(capture, s, rows[i], zeroFrame)]));
  const channels = heard.map((list) => list.flatMap((stream) => audio.get(stream) ?? []));
  const sampleRate = outputRate([...audio.values()]);
  const extent = extentOf([...audio.values()], sampleRate);
  if (extent === null) throw new NothingToExportError('The streams hold no audio, only packets without payload.');
  const frames = extent.to - extent.from;
  await writeAtomically(path, async (file) => {
    const behind = new WriteBehind(file);
    const writer = new WavWriter(behind, { sampleRate, channels: channels.length, frames });
    const options = { channels, sampleRate, fromSample: extent.from, toSample: extent.to };
    const isCancelled = (): boolean => selection.signal?.aborted === true;
    await renderAudio({ ...options, isCancelled }, new CapturePayloads(capture, rows), (block) => writer.write(block));
    selection.signal?.throwIfAborted();
    await writer.finish();
    await behind.finish();
  });
  return {
    path,
    channels: channels.length,
    sampleRate,
    durationSeconds: frames / sampleRate,
    startTime: capture.store.frames.time(zeroFrame) + extent.from / sampleRate,
    channelStreams: heard.map((list) => list.map(streamId)),
    leftOut,
  };
}

function planFor(capture: Capture, selection: WavSelection): ChannelPlan {
  if (selection.call !== undefined) return planForCall(capture, selection.call);
  if (selection.streams !== undefined && selection.streams.length > 0) return channelsOfStreams(selection.streams);
  const streams = capture.streams.streams;
  if (streams.length === 0) throw new NothingToExportError('There are no RTP streams in the capture.');
  const calls = [...new Set(streams.map((stream) => stream.call))].filter((call) => call >= 0);
  if (calls.length === 1) return planForCall(capture, capture.calls.entries[calls[0]]);
  if (calls.length > 1) {
    const first = callId(capture.calls.entries[calls[0]]);
    throw new NothingToExportError(
      `There are ${calls.length} calls with audio: name one with --call, as in --call ${first}.`,
    );
  }
  if (streams.length === 1) return channelsOfStreams(streams);
  const isPair = streams.length === 2 && capture.store.flows.reverse[streams[0].flow] === streams[1].flow;
  if (isPair) return channelsOfStreams(streams);
  throw new NothingToExportError(`There are ${streams.length} streams and no call: name one or two with --stream.`);
}

function planForCall(capture: Capture, call: Call): ChannelPlan {
  const plan = channelsOfCall(capture, call);
  if (plan.channels.every((channel) => channel.length === 0)) {
    throw new NothingToExportError(`Call ${callId(call)} has no RTP streams in the capture.`);
  }
  return plan;
}

/** Why a stream is not heard, as a sentence without its full stop; null when it is. */
async function whyNotHeard(capture: Capture, stream: Stream): Promise<string | null> {
  if (stream.encryption !== null) {
    const suite = stream.encryption.suite === null ? '' : ` with ${stream.encryption.suite}`;
    const seems = stream.encryption.evidence === 'payload' ? 'seems to be' : 'is';
    return `it ${seems} encrypted${suite}, and this version does not decrypt`;
  }
  const formats = playableFormats(stream);
  if (formats.some(({ encoding, clockRate, channels }) => decoderFor(encoding, clockRate, channels) !== null)) {
    const isNoise = await looksEncrypted(capture, stream);
    return isNoise ? 'its payload is noise: it is encrypted, or not the codec its payload type says' : null;
  }
  const main = stream.mainPayloadType;
  if (formats.length > 0) return reasonNotDecodable(formats[0].encoding);
  if (main < 0) return 'it carries telephone-events, not audio';
  return `nothing says what its payload type ${main} is; set it with --codec '${main}=…'`;
}

function nothingHeard(leftOut: readonly { stream: string; reason: string }[]): string {
  const reasons = leftOut.map(({ stream, reason }) => `${stream}: ${reason}`);
  const shown = reasons.slice(0, 4).join('; ');
  return `Nothing can be heard: ${shown}${reasons.length > 4 ? `; and ${reasons.length - 4} more` : ''}.`;
}
