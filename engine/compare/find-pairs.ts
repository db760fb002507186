import type { Capture } from '../capture.ts';
import { Turns } from '../filter/turns.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import { type Alignment, align } from './align.ts';
import { type Comparison, compareStreams } from './comparison.ts';
import { interfacesOf, observe, type ObservedStream } from './observed-stream.ts';
import { PayloadHashes } from './payload-hashes.ts';

/** Streams with one SSRC that are laid side by side; and pairs with different ones that are looked at. */
const MOST_WITH_ONE_SSRC = 16;
const MOST_TRIES = 400;
/** Packets held to look for streams whose SSRC was rewritten. */
const MOST_PACKETS = 4_000_000;
/** Streams seen twice that are told of. */
const MOST_FOUND = 10_000;
/** No network holds packets back for longer: what comes later was sent again. */
const MOST_DELAY_MS = 10_000;

/** A stream where one interface saw it, or all did (-1). */
interface Sight {
  readonly capture: Capture;
  readonly stream: Stream;
  readonly nic: number;
}

/**
 * Streams that were seen at two points, laid side by side: of one capture, or (where `other` is given) one of each. In one
 * capture the point that packets passed first is A. `onProgress` hears how many streams were looked at. Rejects with an
 * AbortError when cancelled.
 */
export async function findComparisons(
  capture: Capture,
  other: Capture | null,
  signal?: AbortSignal,
  onProgress?: (streams: number, of: number) => void,
): Promise<Comparison[]> {
  const zero = zeroSecondsOf(capture);
  const turns = new Turns(signal);
  const hashes = new Map([capture, ...(other === null ? [] : [other])].map((each) => [each, new PayloadHashes(each)]));
  const hashesOf = (of: Capture): PayloadHashes => hashes.get(of) as PayloadHashes;
  const held = new Map<Sight, ObservedStream>();
  const look = (sight: Sight): ObservedStream => {
    let seen = held.get(sight);
    if (seen === undefined) {
      seen = observe(sight.capture, sight.stream, sight.nic, zero, hashesOf(sight.capture));
      held.set(sight, seen);
      onProgress?.(held.size, all.size);
    }
    return seen;
  };
  const sights = sightsOf(capture);
  const others = other === null ? sights : sightsOf(other);
  const all = new Set([...sights, ...others]);
  const found: Comparison[] = [];
  const paired = new Set<Sight>();
  /** Lays pairs side by side; `once`: whoever was paired is not tried again. */
  const attempt = async (pairs: readonly (readonly [Sight, Sight])[], once: boolean): Promise<void> => {
    for (const [of, payloads] of hashes) {
      const wanted = pairs.flat().filter((sight) => sight.capture === of);
      await payloads.make(
        wanted.map(({ stream }) => stream),
        signal,
      );
    }
    for (const [x, y] of pairs) {
      if (found.length >= MOST_FOUND) return;
      if (once && (paired.has(x) || paired.has(y))) continue;
      const comparison = compareInOrder(look(x), look(y), other === null);
      await turns.wait();
      if (comparison === null) continue;
      found.push(comparison);
      paired.add(x).add(y);
    }
  };
  await attempt([...withOneSsrc(sights, others)], false);
  const rest = (list: readonly Sight[]): Sight[] => list.filter((sight) => !paired.has(sight));
  const packets = [...new Set([...rest(sights), ...rest(others)])].reduce((sum, { stream }) => sum + stream.packets, 0);
  if (packets <= MOST_PACKETS) await attempt([...aliveTogether(rest(sights), rest(others), other === null)], true);
  return found;
}

/** Two streams that a person named; null where they do not agree. */
export async function compareTwo(
  [captureA, streamA]: readonly [Capture, Stream],
  [captureB, streamB]: readonly [Capture, Stream],
  signal?: AbortSignal,
): Promise<Comparison | null> {
  const zero = zeroSecondsOf(captureA);
  const look = async (capture: Capture, stream: Stream): Promise<ObservedStream> => {
    const hashes = new PayloadHashes(capture);
    await hashes.make([stream], signal);
    return observe(capture, stream, -1, zero, hashes);
  };
  return compareInOrder(await look(captureA, streamA), await look(captureB, streamB), captureA === captureB);
}

function zeroSecondsOf({ store: { frames } }: Capture): number {
  return frames.count === 0 ? 0 : frames.wholeSeconds(0);
}

/** The point that packets passed first is A: by the clock of one capture, else the one that saw more of them. */
function compareInOrder(x: ObservedStream, y: ObservedStream, hasOneClock: boolean): Comparison | null {
  const alignment = align(x, y);
  if (alignment === null) return null;
  const comparison = compareStreams(x, y, alignment, hasOneClock);
  const swap = (): Comparison => compareStreams(y, x, reversed(alignment), hasOneClock);
  if (!hasOneClock) {
    const { rowA, rowB } = comparison;
    return count(rowA, (row) => row < 0) > count(rowB, (row) => row < 0) ? swap() : comparison;
  }
  const delays = comparison.delayMs.filter((delay) => !Number.isNaN(delay)).toSorted();
  const middle = delays[delays.length >> 1] ?? 0;
  if (Math.abs(middle) > MOST_DELAY_MS) return null;
  if (middle >= 0) return comparison;
  return swap();
}

function count(rows: Int32Array, matches: (row: number) => boolean): number {
  return rows.reduce((sum, row) => sum + (matches(row) ? 1 : 0), 0);
}

function reversed({ shift, by }: Alignment): Alignment {
  return { shift: -shift, by };
}

function sightsOf(capture: Capture): Sight[] {
  return capture.streams.streams.flatMap((stream) => {
    const nics = capture.reader.interfaces.length > 1 ? interfacesOf(capture, stream) : [];
    return (nics.length === 0 ? [-1] : nics).map((nic) => ({ capture, stream, nic }));
  });
}

function* withOneSsrc(sights: readonly Sight[], others: readonly Sight[]): Generator<readonly [Sight, Sight]> {
  const bySsrc = new Map<number, Sight[]>();
  for (const sight of others) {
    const list = bySsrc.get(sight.stream.ssrc);
    if (list === undefined) bySsrc.set(sight.stream.ssrc, [sight]);
    else if (list.length < MOST_WITH_ONE_SSRC) list.push(sight);
  }
  for (const sight of sights) {
    for (const second of bySsrc.get(sight.stream.ssrc) ?? []) {
      if (sights === others && (sights.indexOf(sight) >= sights.indexOf(second) || isBack(sight, second))) continue;
      yield [sight, second];
    }
  }
}

/** Whether one stream goes where the other comes from: an answer, even where it says the same. */
function isBack(x: Sight, y: Sight): boolean {
  return x.capture.store.flows.reverse[x.stream.flow] === y.stream.flow;
}

/** Pairs that ran at the same time, for as long: of two captures their clocks are not trusted to say so. */
function* aliveTogether(
  sights: readonly Sight[],
  others: readonly Sight[],
  hasOneClock: boolean,
): Generator<readonly [Sight, Sight]> {
  let tries = 0;
  for (const [i, x] of sights.entries()) {
    for (const y of hasOneClock ? others.slice(i + 1) : others) {
      if (!couldBeOne(x, y, hasOneClock)) continue;
      if (tries++ >= MOST_TRIES) return;
      yield [x, y];
    }
  }
}

function couldBeOne(x: Sight, y: Sight, hasOneClock: boolean): boolean {
  const [fewer, more] = [x.stream.packets, y.stream.packets].toSorted((a, b) => a - b);
  if (fewer < more * 0.5) return false;
  if (!hasOneClock) return true;
  if (isBack(x, y)) return false;
  const { frames } = x.capture.store;
  const overlap =
    Math.min(frames.time(x.stream.lastFrame), frames.time(y.stream.lastFrame)) -
    Math.max(frames.time(x.stream.firstFrame), frames.time(y.stream.firstFrame));
  const shorter = Math.min(...[x, y].map(({ stream }) => frames.secondsBetween(stream.firstFrame, stream.lastFrame)));
  return overlap >= shorter * 0.5;
}
