import { describe, expect, it } from 'vitest';
import type { Capture } from '../capture.ts';
import { Call } from '../trackers/calls/call.ts';
import { Stream } from '../trackers/streams/stream.ts';
import { channelsOfCall, channelsOfStreams } from './channel-plan.ts';

interface Talk {
  readonly name: number;
  readonly call?: number;
  readonly fromCaller: boolean | null;
  /** Seconds, which are frames here: one frame a second. */
  readonly from: number;
  readonly to: number;
  readonly packets?: number;
}

const noFigures = (): void => {};

/** The SSRCs on each channel of call 0. */
function plan(...talks: readonly Talk[]): number[][] {
  const streams = talks.map(({ name, call = 0, fromCaller, from, to, packets = to - from }, i) => {
    const stream = new Stream(i, i + 1, name, from, noFigures);
    stream.lastFrame = to;
    stream.packets = packets;
    stream.call = call;
    stream.fromCaller = fromCaller;
    return stream;
  });
  const frames = { secondsBetween: (a: number, b: number) => b - a };
  // Of a capture only these are looked at.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a whole capture would say nothing more
  const capture = { streams: { streams }, store: { frames } } as unknown as Capture;
  return channelsOfCall(capture, new Call(0, 1, 0)).channels.map((channel) => channel.map(({ ssrc }) => ssrc));
}

describe('the channels of a call', () => {
  it('left what the caller says, right what the callee says', () => {
    const talks = [
      { name: 1, fromCaller: false, from: 0, to: 100 },
      { name: 2, fromCaller: true, from: 1, to: 100 },
    ];
    expect(plan(...talks)).toEqual([[2], [1]]);
  });

  it('a channel nobody speaks on is empty, and still there', () => {
    expect(plan({ name: 1, fromCaller: false, from: 0, to: 100 })).toEqual([[], [1]]);
    expect(plan()).toEqual([[], []]);
  });

  it('streams of other calls and of no known direction are not heard', () => {
    expect(
      plan(
        { name: 1, fromCaller: true, from: 0, to: 100 },
        { name: 2, fromCaller: true, from: 0, to: 100, call: 1 },
        { name: 3, fromCaller: null, from: 0, to: 100 },
        { name: 4, fromCaller: false, from: 0, to: 100, call: -1 },
      ),
    ).toEqual([[1], []]);
  });

  it('one after the other share the channel, in order of time', () => {
    expect(
      plan(
        { name: 1, fromCaller: true, from: 50, to: 200 },
        { name: 2, fromCaller: true, from: 0, to: 48 },
        { name: 3, fromCaller: true, from: 200, to: 210 },
      ),
    ).toEqual([[2, 1, 3], []]);
  });

  it('of two that run at the same time the fuller one is heard', () => {
    expect(
      plan(
        { name: 1, fromCaller: true, from: 0, to: 100, packets: 95 },
        { name: 2, fromCaller: true, from: 1, to: 101, packets: 99 },
        { name: 3, fromCaller: false, from: 0, to: 100, packets: 100 },
      ),
    ).toEqual([[2], [3]]);
  });

  it('a short overlap, as at a change of SSRC, is no echo', () => {
    expect(
      plan({ name: 1, fromCaller: true, from: 0, to: 100 }, { name: 2, fromCaller: true, from: 90, to: 190 }),
    ).toEqual([[1, 2], []]);
  });

  it('a short stream inside a long one is an echo', () => {
    expect(
      plan({ name: 1, fromCaller: true, from: 0, to: 100 }, { name: 2, fromCaller: true, from: 40, to: 50 }),
    ).toEqual([[1], []]);
  });
});

describe('the channels of streams named one by one', () => {
  it('are one each, in the order named, the same one twice where it is named twice', () => {
    const [a, b] = [new Stream(0, 1, 10, 0, noFigures), new Stream(1, 2, 20, 0, noFigures)];
    expect(channelsOfStreams([b, a, b]).channels.map((channel) => channel.map(({ ssrc }) => ssrc))).toEqual([
      [20],
      [10],
      [20],
    ]);
  });
});
