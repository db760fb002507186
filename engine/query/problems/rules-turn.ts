import type { Capture } from '../../capture.ts';
import type { TurnAllocation } from '../../trackers/turn/turn-allocation.ts';
import { turnAllocationId } from '../ice/turn-rows.ts';
import { TurnFacts } from '../ice/turn-facts.ts';
import { concludeTurn } from '../ice/turn-verdict.ts';
import { type Finding, packetsOf } from './finding.ts';

/** What may fail though nothing is broken: another candidate pair may carry the call. */
const MILD: ReadonlySet<string> = new Set(['turn-permission-denied', 'turn-checks-unanswered']);

/** What went wrong with an allocation: its first failure, and every warning. */
export function turnAllocation(capture: Capture, allocation: TurnAllocation): Finding[] {
  const facts = new TurnFacts(capture, allocation);
  const told = concludeTurn(facts).filter(({ outcome }, i) => i === 0 || outcome === 'warning');
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
}
