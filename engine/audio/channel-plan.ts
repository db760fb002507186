import type { Capture } from '../capture.ts';
import type { Call } from '../trackers/calls/call.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import type { VertoCall } from '../trackers/verto/verto-call.ts';

/** Which streams are heard on which channel. */
export interface ChannelPlan {
  readonly channels: readonly (readonly Stream[])[];
}

/** Streams that overlap by more than this share of the shorter one are the same talk seen twice, not two after another. */
const SAME_TALK_SHARE = 0.5;

/**
 * The two channels of a call: left what the caller's side says, right what the callee's says. Streams of one direction
 * that follow each other (early media, re-INVITE) share the channel; where two run at the same time (the call was
 * captured on two legs) the fuller one is heard, as both together would be an echo.
 */
export function channelsOfCall(capture: Capture, call: Call): ChannelPlan {
  return channelsOfSides(
    capture,
    capture.streams.streams.filter((stream) => stream.call === call.index),
  );
}

/** The same of a call of Verto. */
export function channelsOfVertoCall(capture: Capture, call: VertoCall): ChannelPlan {
  return channelsOfSides(
    capture,
    capture.streams.streams.filter((stream) => stream.verto === call),
  );
}

function channelsOfSides(capture: Capture, streams: readonly Stream[]): ChannelPlan {
  const left = streams.filter((stream) => stream.fromCaller === true);
  const right = streams.filter((stream) => stream.fromCaller === false);
  return { channels: [withoutEchoes(capture, left), withoutEchoes(capture, right)] };
}

/**
 * The channels of streams named one by one: one each, in the order given.
 */
export function channelsOfStreams(streams: readonly Stream[]): ChannelPlan {
  return { channels: streams.map((stream) => [stream]) };
}

function withoutEchoes(capture: Capture, streams: readonly Stream[]): Stream[] {
  const chosen: Stream[] = [];
  for (const stream of streams.toSorted((a, b) => b.packets - a.packets)) {
    if (!chosen.some((other) => isSameTalk(capture, stream, other))) chosen.push(stream);
  }
  return chosen.toSorted((a, b) => a.firstFrame - b.firstFrame);
}

function isSameTalk(capture: Capture, a: Stream, b: Stream): boolean {
  const { frames } = capture.store;
  const from = Math.max(a.firstFrame, b.firstFrame);
  const to = Math.min(a.lastFrame, b.lastFrame);
  if (to <= from) return false;
  const shorter = Math.min(
    frames.secondsBetween(a.firstFrame, a.lastFrame),
    frames.secondsBetween(b.firstFrame, b.lastFrame),
  );
  return frames.secondsBetween(from, to) > shorter * SAME_TALK_SHARE;
}
