import type { Capture } from '../../capture.ts';
import { turnAllocationId } from '../ice/turn-rows.ts';
import { TurnFacts } from '../ice/turn-facts.ts';
import { concludeTurn } from '../ice/turn-verdict.ts';
import { type Finding, packetsOf } from './finding.ts';

/** What may fail though nothing is broken: another candidate pair may carry the call. */
const MILD: ReadonlySet<string> = new Set(['turn-permission-denied', 'turn-checks-unanswered']);

/** TURN allocations that failed, and those that have a flaw: the first failure of each, and every warning. */
export function turnAllocations(capture: Capture): Finding[] {
  return capture.turn.allocations.flatMap((allocation) => {
    const facts = new TurnFacts(capture, allocation);
    const conclusions = concludeTurn(facts);
    const told = conclusions.filter(({ outcome }, i) => i === 0 || outcome === 'warning');
    return told.map(({ code, outcome, verdict, message, frames, spec }): Finding => {
      const isMild = outcome === 'warning' || MILD.has(code);
      return {
        code,
        severity: isMild ? 'warning' : 'error',
        title: verdict,
        message: `${message.slice(0, -1)} (${turnAllocationId(allocation.index)}, ${facts.client} to ${facts.server}).`,
        call: null,
        stream: null,
        packets: packetsOf(frames),
        spec,
      };
    });
  });
}
