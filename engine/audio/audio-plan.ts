import { wavFileHeader } from '../../media/audio/wav.ts';
import type { Party } from '../../shared/api.ts';
import type { AudioLane, AudioMark, AudioPlan, AudioSelection } from '../../shared/engine-api.ts';
import type { Capture } from '../capture.ts';
import { Turns } from '../filter/turns.ts';
import { callId, callRow, findCall } from '../query/call-rows.ts';
import { findStreams, formatSsrc, streamId } from '../query/stream-rows.ts';
import { mosOf } from '../quality/rating.ts';
import type { Call } from '../trackers/calls/call.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import { channelsOfCall } from './channel-plan.ts';
import type { DecodedAudio } from './decoded-audio.ts';
import { type HeardAudio, type HeardStream, hearChannels, type LeftOut } from './heard-audio.ts';
import { jitterCounts, modeOf, playoutOf } from './playout-mode.ts';
import { packetSeconds, streamMarks } from './stream-marks.ts';

/** Browsers play up to eight channels for certain. */
export const MOST_LANES = 8;

/** A lane before it is known what of it can be heard. */
interface LanePlan {
  readonly side: 'A' | 'B' | null;
  readonly call: Call | null;
  readonly streams: readonly Stream[];
}

/** A selection with what is heard of it: the channels of `heard` are the lanes. */
export interface PlannedAudio {
  readonly lanes: readonly LanePlan[];
  readonly heard: HeardAudio;
  readonly leftOut: readonly LeftOut[];
}

/**
 * What can be heard together of calls and streams: two lanes for each call as its WAV has them, then one for each stream
 * that is in none of the calls. Unknown ids have no lanes; what is beyond the most lanes is left out.
 */
export async function planAudio(capture: Capture, selection: AudioSelection): Promise<PlannedAudio> {
  const { calls = [], streams = [] } = selection;
  const lanes = [...new Set(calls)].flatMap((id) => callLanes(capture, id));
  const planned = new Set(lanes.flatMap((lane) => lane.streams));
  for (const id of new Set(streams)) {
    for (const stream of findStreams(capture, id)) {
      if (planned.has(stream)) continue;
      planned.add(stream);
      const call = stream.call < 0 ? null : capture.calls.entries[stream.call];
      lanes.push({ side: sideOf(stream), call, streams: [stream] });
    }
  }
  const played = lanes.slice(0, MOST_LANES);
  const plan = { channels: played.map((lane) => lane.streams) };
  const heard = await hearChannels(capture, plan, playoutOf(selection));
  const beyond = lanes.slice(MOST_LANES).flatMap((lane) => lane.streams);
  const reason = `no more than ${MOST_LANES} lanes play together`;
  return { lanes: played, heard, leftOut: [...heard.leftOut, ...beyond.map((stream) => ({ stream, reason }))] };
}

/** The plan as a window sees it. No lanes where nothing can be heard. */
export async function audioPlan(
  capture: Capture,
  id: string,
  { lanes, heard, leftOut }: PlannedAudio,
): Promise<AudioPlan> {
  const { sampleRate, frames, startTime } = heard;
  const isHeard = frames > 0;
  const turns = new Turns(undefined);
  const shown: AudioLane[] = [];
  for (const [channel, lane] of isHeard ? lanes.entries() : []) {
    shown.push(audioLane(capture, lane, heard, channel, leftOut));
    await turns.wait();
  }
  return {
    id,
    sampleRate,
    durationSeconds: frames / sampleRate,
    startTime,
    lanes: shown,
    leftOut: leftOut.map(({ stream, reason }) => ({ stream: streamId(stream), reason })),
    wavBytes: isHeard ? wavBytesOf(heard) : 0,
    ...modeOf(heard.playout),
  };
}

/** Octets of the WAV that has every lane as a channel. */
export function wavBytesOf(heard: HeardAudio): number {
  return wavHeaderOf(heard).length + heard.frames * heard.channels.length * 2;
}

export function wavHeaderOf({ sampleRate, frames, channels }: HeardAudio): Uint8Array {
  return wavFileHeader({ sampleRate, channels: channels.length, frames });
}

/** RMS below this for at least a second is silence: -55 dBFS, above the noise of A-law's smallest steps. */
const SILENCE_RMS = 10 ** (-55 / 20);
const SILENCE_SECONDS = 1;
/** Windows that are judged, seconds at most: shorter than a syllable. */
const SILENCE_WINDOW_SECONDS = 0.04;
const MOST_SILENCES = 4000;

/**
 * By lane: where nobody is heard for a second or more, whether nothing was sent (DTX, hold, before and after the stream) or
 * what was sent is quiet. Decodes everything, which takes its time. A lane with more than can be drawn has its longest.
 */
export async function silencesOf(decoded: DecodedAudio, signal?: AbortSignal): Promise<AudioMark[][]> {
  const rate = decoded.heard.sampleRate;
  const runs = await decoded.quietRuns(SILENCE_RMS, SILENCE_SECONDS * rate, SILENCE_WINDOW_SECONDS * rate, signal);
  return runs.map((ofLane) =>
    ofLane
      .toSorted((a, b) => b.to - b.from - (a.to - a.from))
      .slice(0, MOST_SILENCES)
      .toSorted((a, b) => a.from - b.from)
      .map(({ from, to }): AudioMark => {
        const seconds = (to - from) / rate;
        const label = `${seconds.toFixed(1)} s silent`;
        return { kind: 'silence', at: from / rate, seconds, label, count: 1, packet: null };
      }),
  );
}

function callLanes(capture: Capture, id: string): LanePlan[] {
  const call = findCall(capture, id);
  if (call === null) return [];
  const [left, right] = channelsOfCall(capture, call).channels;
  if (left.length === 0 && right.length === 0) return [];
  return [
    { side: 'A', call, streams: left },
    { side: 'B', call, streams: right },
  ];
}

function sideOf({ fromCaller, isUnsignalled }: Stream): 'A' | 'B' | null {
  return fromCaller === null || isUnsignalled ? null : fromCaller ? 'A' : 'B';
}

function audioLane(
  capture: Capture,
  { side, call, streams }: LanePlan,
  heard: HeardAudio,
  channel: number,
  leftOut: readonly LeftOut[],
): AudioLane {
  const list = heard.channels[channel];
  const fullest = list.toSorted((a, b) => b.stream.packets - a.stream.packets)[0];
  const seconds = fullest === undefined ? null : packetSeconds(fullest);
  const origin = heard.fromSample / heard.sampleRate;
  const expected = sum(list, ({ stream }) => stream.figures?.gaps.expected ?? 0);
  const lost = sum(list, ({ stream }) => stream.figures?.gaps.lost ?? 0);
  const shown = fullest?.stream ?? streams[0];
  const silent = leftOut.find(({ stream }) => streams.includes(stream));
  return {
    channel,
    side,
    name: nameOf(capture, side, call, shown),
    codec: codecsOf(list),
    ptimeMs: seconds === null ? null : Math.round(seconds * 1e6) / 1000,
    ssrc: shown === undefined ? '' : formatSsrc(shown.ssrc),
    streams: list.map(({ stream }) => streamId(stream)),
    call: call === null ? null : callId(call),
    lostPercent: expected === 0 ? 0 : (lost * 100) / expected,
    jitterMs: meanJitter(list),
    mos: fullest === undefined ? null : (mosOf(capture, fullest.stream)?.value ?? null),
    marks: list.flatMap((one) => streamMarks(capture, one, origin)).toSorted((a, b) => a.at - b.at),
    ...(heard.playout.kind === 'jitter-buffer' ? { jitterBuffer: list.flatMap((one) => jitterCounts(one) ?? []) } : {}),
    ...(list.length > 0 ? {} : { silentBecause: silent?.reason ?? 'the capture holds nothing of this side' }),
  };
}

function nameOf(capture: Capture, side: 'A' | 'B' | null, call: Call | null, stream: Stream | undefined): string {
  if (call !== null && side !== null) {
    const { from, to } = callRow(capture, call, [], false);
    const name = partyName(side === 'A' ? from : to);
    if (name !== null) return name;
  }
  return stream === undefined ? '' : capture.store.flows.sourceEndpoint(stream.flow);
}

/** The user part of the address, else the display name. */
function partyName({ uri, display }: Party): string | null {
  const user = /^sips?:([^@;:]+)[^@]*@/i.exec(uri ?? '')?.[1];
  return user ?? (display === '' ? null : display) ?? uri;
}

function codecsOf(list: readonly HeardStream[]): string {
  const names = list.flatMap(({ stream, audio }) =>
    stream.payloadTypes.flatMap((type) =>
      audio.codecs[type] === null ? [] : (stream.payloads.encodings[type]?.name ?? []),
    ),
  );
  return [...new Set(names)].join(', ');
}

/** RFC 3550's jitter, mean over the packets of all streams. */
function meanJitter(list: readonly HeardStream[]): number | null {
  let packets = 0;
  let total = 0;
  for (const { stream } of list) {
    const jitter = stream.figures?.meanJitterMs ?? null;
    if (jitter === null) continue;
    packets += stream.packets;
    total += jitter * stream.packets;
  }
  return packets === 0 ? null : total / packets;
}

function sum<T>(list: readonly T[], of: (one: T) => number): number {
  return list.reduce((total, one) => total + of(one), 0);
}
