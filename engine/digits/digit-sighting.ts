import type { DigitSource } from '../../shared/api.ts';

/** A digit as one road brought it. */
export interface DigitSighting {
  readonly source: DigitSource;
  /** Of its beginning, seconds since the epoch. */
  readonly time: number;
  /** Event code as in RFC 4733. */
  readonly event: number;
  /** What a person pressed; null for events that are no digit. */
  readonly digit: string | null;
  /** null where it was not said. */
  readonly durationMs: number | null;
  /** dBm0 without its sign; null where it was not said. */
  readonly volume: number | null;
  /** Index of its stream; −1 where it came in signalling. */
  readonly stream: number;
  /** Index of its call; −1 where there is none. */
  readonly call: number;
  /** Who pressed it; null where that is not known. */
  readonly fromCaller: boolean | null;
  /** 0-based, in order. */
  readonly frames: readonly number[];
  /** See `DigitEvent`. */
  readonly guessed: boolean;
}

/** A digit, and the other roads that brought it. */
export interface JoinedDigit {
  readonly first: DigitSighting;
  readonly also: readonly DigitSighting[];
}

/** Two roads differ by the time a detector takes, or by the whole digit where it is told at its end. */
const NEAR_SECONDS = 0.5;
/** Longer digits are not looked back for. */
const MOST_SECONDS = 10;
/** Digits that are looked back at: enough for every party of many calls, and few enough for hostile captures. */
const MOST_BEFORE = 256;
/** Which road says most of a digit. */
const ROADS: readonly DigitSource[] = ['rtp-event', 'sip-info', 'inband'];

/**
 * What came by two roads within its time is one digit: at most one sighting of each road, of one event, from one party of a call
 * (or in one stream). The first of a digit is the one whose road says most. In order of time.
 */
export function joinDigits(sightings: readonly DigitSighting[]): JoinedDigit[] {
  const groups: DigitSighting[][] = [];
  for (const sighting of sightings.toSorted((a, b) => a.time - b.time)) {
    const group = groups
      .slice(-MOST_BEFORE)
      .find((one) => isSame(one[0], sighting) && one.every(({ source }) => source !== sighting.source));
    if (group === undefined) groups.push([sighting]);
    else group.push(sighting);
  }
  return groups
    .map((group): JoinedDigit => {
      const [first, ...also] = group.toSorted((a, b) => ROADS.indexOf(a.source) - ROADS.indexOf(b.source));
      return { first, also };
    })
    .toSorted((a, b) => a.first.time - b.first.time);
}

function isSame(before: DigitSighting, later: DigitSighting): boolean {
  const end = before.time + Math.min(MOST_SECONDS, (before.durationMs ?? 0) / 1000);
  if (before.event !== later.event || later.time > end + NEAR_SECONDS) return false;
  if (before.call < 0 || later.call < 0) return before.stream >= 0 && before.stream === later.stream;
  if (before.call !== later.call) return false;
  return before.fromCaller === null || later.fromCaller === null || before.fromCaller === later.fromCaller;
}
