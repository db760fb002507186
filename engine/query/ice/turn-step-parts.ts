import type { StepPart, TurnStep } from '../../../shared/ice.ts';
import type { TurnTransaction } from '../../trackers/turn/turn-transaction.ts';
import type { TurnFacts } from './turn-facts.ts';

/** Parts of a step that are listed. */
export const MOST_PARTS = 50;

export type NamedPart = TurnStep['parts'][number];

/** A step that nobody tried, and why. */
export function notTried(step: TurnStep['step'], text: string): TurnStep {
  return { step, outcome: 'not-tried', code: null, text, roundTripMs: null, packets: [], parts: [] };
}

/** What came of a request: `ok` says what to say where it succeeded. */
export function partOf(facts: TurnFacts, transaction: TurnTransaction, ok: string): StepPart {
  const packets = facts.packetsOf([transaction]);
  const base = { code: transaction.code === 0 ? null : transaction.code, packets };
  if (transaction.isAnswered) {
    const roundTripMs = facts.roundTripMs(transaction);
    const outcome = transaction.isSuccess ? 'ok' : 'failed';
    return { ...base, outcome, text: transaction.isSuccess ? ok : facts.errorOf(transaction), roundTripMs };
  }
  return { ...base, outcome: 'missing', text: missingText(facts, transaction), roundTripMs: null };
}

function missingText(facts: TurnFacts, transaction: TurnTransaction): string {
  if (transaction.strayFlow !== 0) {
    return `Answered by ${facts.capture.store.flows.sourceEndpoint(transaction.strayFlow)} instead`;
  }
  if (!facts.isUnanswered(transaction)) return 'The capture ends before an answer';
  return `No answer to ${facts.triesOf([transaction])}`;
}

/** The request that tells best what came of several: the last success, else the last answer, else the last. */
export function tellingOf(transactions: readonly TurnTransaction[]): TurnTransaction | undefined {
  return (
    transactions.findLast(({ isSuccess }) => isSuccess) ??
    transactions.findLast(({ isAnswered }) => isAnswered) ??
    transactions.at(-1)
  );
}
