import { codecFor, reasonNotDecodable } from '../../media/codecs/index.ts';
import type { RenderOptions } from '../../media/audio/mix.ts';
import { BY_TIMESTAMP, type Playout } from '../../media/audio/playout.ts';
import { extentOf, outputRate, type StreamAudio } from '../../media/audio/stream-audio.ts';
import type { Capture } from '../capture.ts';
import { provideDecodeThread } from '../codecs/decode-thread.ts';
import { Turns } from '../filter/turns.ts';
import { keyAdvice } from '../query/encryption-advice.ts';
import { streamId } from '../query/stream-rows.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import type { ChannelPlan } from './channel-plan.ts';
import { CapturePayloads } from './capture-payloads.ts';
import { PacketPlaces } from './packet-places.ts';
import { playableFormats, rowsOfStreams, streamAudio } from './stream-packets.ts';
import { looksEncrypted } from './suspect-encryption.ts';

/** A stream that was asked for and is not heard. */
export interface LeftOut {
  readonly stream: Stream;
  /** A sentence without its full stop. */
  readonly reason: string;
}

/** A stream that is heard: its packets, and where they go. */
export interface HeardStream {
  readonly stream: Stream;
  /** Its packets in capture order, as those of `audio`. */
  readonly places: PacketPlaces;
  readonly audio: StreamAudio;
}

/** Channels made ready to be rendered. */
export interface HeardAudio {
  readonly playout: Playout;
  /** In order of play. */
  readonly channels: readonly (readonly HeardStream[])[];
  readonly leftOut: readonly LeftOut[];
  /** Where the clock of the streams stands at 0; -1 where nothing is heard. */
  readonly zeroFrame: number;
  readonly sampleRate: number;
  /** The first sample, in samples from the zero, and the sample frames that follow. 0 frames: nothing is heard. */
  readonly fromSample: number;
  readonly frames: number;
  /** Of the first sample, seconds since the epoch. */
  readonly startTime: number;
}

/** Lays out what can be heard of a plan's channels and says why the rest cannot. What is encrypted is never played. */
export async function hearChannels(
  capture: Capture,
  plan: ChannelPlan,
  playout: Playout = BY_TIMESTAMP,
): Promise<HeardAudio> {
  provideDecodeThread();
  const leftOut: LeftOut[] = [];
  const heard: Stream[][] = [];
  for (const channel of plan.channels) {
    const list: Stream[] = [];
    for (const stream of channel) {
      const reason = await whyNotHeard(capture, stream);
      if (reason === null) list.push(stream);
      else leftOut.push({ stream, reason });
    }
    heard.push(list);
  }
  const streams = heard.flat();
  if (streams.length === 0) {
    return {
      playout,
      channels: heard.map(() => []),
      leftOut,
      zeroFrame: -1,
      sampleRate: 8000,
      fromSample: 0,
      frames: 0,
      startTime: 0,
    };
  }
  const zeroFrame = Math.min(...streams.map((stream) => stream.firstFrame));
  const rows = rowsOfStreams(capture, streams);
  const laidOut = new Map<Stream, HeardStream>();
  const turns = new Turns(undefined);
  for (const [i, stream] of streams.entries()) {
    const places = new PacketPlaces(capture, rows[i]);
    const audio = await streamAudio(capture, stream, places, zeroFrame, playout);
    laidOut.set(stream, { stream, places, audio });
    await turns.wait();
  }
  const channels = heard.map((list) => list.flatMap((stream) => laidOut.get(stream) ?? []));
  const audio = [...laidOut.values()].map((one) => one.audio);
  const sampleRate = outputRate(audio);
  const extent = extentOf(audio, sampleRate) ?? { from: 0, to: 0 };
  return {
    playout,
    channels,
    leftOut,
    zeroFrame,
    sampleRate,
    fromSample: extent.from,
    frames: extent.to - extent.from,
    startTime: capture.store.frames.time(zeroFrame) + extent.from / sampleRate,
  };
}

/** What the renderer wants to know for sample frames `from … to` of the audio, and the reader of its payloads. */
export function renderingOf(
  capture: Capture,
  { channels, sampleRate, fromSample }: HeardAudio,
  from: number,
  to: number,
): { options: RenderOptions; payloads: CapturePayloads } {
  const options: RenderOptions = {
    channels: channels.map((list) => list.map(({ audio }) => audio)),
    sampleRate,
    fromSample: fromSample + from,
    toSample: fromSample + to,
  };
  return {
    options,
    payloads: new CapturePayloads(
      capture,
      channels.flatMap((list) => list.map(({ places }) => places)),
    ),
  };
}

/** One sentence for a person: that nothing is heard, and why. */
export function nothingHeard(leftOut: readonly LeftOut[]): string {
  if (leftOut.length === 0) return 'The streams hold no audio, only packets without payload.';
  const reasons = leftOut.map(({ stream, reason }) => `${streamId(stream)}: ${reason}`);
  const shown = reasons.slice(0, 4).join('; ');
  return `Nothing can be heard: ${shown}${reasons.length > 4 ? `; and ${reasons.length - 4} more` : ''}.`;
}

/** Why a stream is not heard, as a sentence without its full stop; null when it is. */
async function whyNotHeard(capture: Capture, stream: Stream): Promise<string | null> {
  if (stream.isSealed) {
    const suite = stream.encryption?.suite == null ? '' : ` with ${stream.encryption.suite}`;
    const seems = stream.encryption?.evidence === 'payload' ? 'seems to be' : 'is';
    const advice = keyAdvice(capture, stream);
    return `it ${seems} encrypted${suite}. ${advice.slice(0, -1)}`;
  }
  const formats = playableFormats(stream);
  if (formats.some((format) => codecFor(format) !== null)) {
    const isNoise = await looksEncrypted(capture, stream);
    return isNoise ? 'its payload is noise: it is encrypted, or not the codec its payload type says' : null;
  }
  const main = stream.mainPayloadType;
  if (formats.length > 0) return reasonNotDecodable(formats[0]);
  if (main < 0) return 'it carries telephone-events, not audio';
  return `nothing says what its payload type ${main} is; set it with --codec '${main}=…'`;
}
