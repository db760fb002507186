import type { TurnStep } from '../../../shared/ice.ts';
import type { TurnFacts } from './turn-facts.ts';

/** Something that went wrong with an allocation. */
export interface TurnConclusion {
  /** Of the problem: `turn-credentials`. */
  code: string;
  outcome: 'failed' | 'warning';
  step: TurnStep['step'];
  /** Under eight words. */
  verdict: string;
  /** One sentence, cause before effect. */
  message: string;
  /** Further sentences, '' for none. */
  more: string;
  advice: string;
  /** 0-based, those that prove it; the first is where it shows. */
  frames: readonly number[];
  spec: string | null;
}

/** A rule: what it finds, null where nothing is wrong. */
export type TurnRule = (facts: TurnFacts) => TurnConclusion | null;
