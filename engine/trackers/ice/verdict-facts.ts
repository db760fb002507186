import type { IceOutcome } from '../../../shared/ice.ts';
import type { Capture } from '../../capture.ts';
import { endsOfPair } from './candidates.ts';
import type { SideIndex } from './ice-pair.ts';
import type { IceConclusion, IceSession } from './ice-session.ts';
import { ANSWER_SECONDS, MOST_PACKETS_OF_PAIR } from './ice-timing.ts';
import { worksFor } from './works.ts';

/** null where the rule finds nothing. */
export type Rule = (facts: Facts) => IceConclusion | null;

/** What several of the rules ask. */
export class Facts {
  readonly capture: Capture;
  readonly session: IceSession;
  readonly works: boolean;
  /** Requests of each side, and those answered. */
  readonly requests: readonly [number, number];
  readonly answered: readonly [number, number];
  /** From the first check to the end of the capture. */
  readonly watchedSeconds: number;

  constructor(capture: Capture, session: IceSession) {
    this.capture = capture;
    this.session = session;
    const { pairs } = session;
    this.works = pairs.some((pair) => worksFor(pair, 0) || worksFor(pair, 1));
    const sum = (of: (side: SideIndex) => number[]): [number, number] => [total(of(0)), total(of(1))];
    this.requests = sum((side) => pairs.map(({ requests }) => requests[side]));
    this.answered = sum((side) => pairs.map(({ answered }) => answered[side]));
    const { frames } = capture.store;
    this.watchedSeconds = session.firstFrame < 0 ? 0 : frames.secondsBetween(session.firstFrame, frames.latest);
  }

  /** The capture goes on for a while after the last check. */
  get isSilent(): boolean {
    const { frames } = this.capture.store;
    const newest = this.session.pairs.reduce((last, { lastRequest }) => Math.max(last, ...lastRequest), -1);
    return newest >= 0 && frames.secondsBetween(newest, frames.latest) >= ANSWER_SECONDS;
  }

  /** Address of a side, as its first pair shows it. */
  end(side: SideIndex): string {
    const pair = this.session.selected ?? this.session.pairs.at(0);
    return pair === undefined
      ? side === 0
        ? 'the offerer'
        : 'the answerer'
      : endsOfPair(this.capture.store, pair)[side];
  }

  /** The first checks. */
  get checks(): number[] {
    return this.session.pairs.flatMap(({ packets }) => packets).toSorted((a, b) => a - b);
  }
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

/** A conclusion with its evidence in order. */
export function conclude(
  outcome: IceOutcome,
  code: string | null,
  title: string,
  explanation: string,
  advice: string | null,
  packets: readonly number[],
): IceConclusion {
  const evidence = [...new Set(packets)].slice(0, MOST_PACKETS_OF_PAIR).toSorted((a, b) => a - b);
  return { code, outcome, verdict: title, explanation, advice, evidence };
}
