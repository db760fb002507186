import type { StepOutcome, TurnStep } from '../../../shared/ice.ts';
import type { TurnConclusion } from './turn-conclusion.ts';
import type { TurnFacts } from './turn-facts.ts';
import { allocateStep, reachabilityStep } from './turn-steps-allocate.ts';
import { channelStep, checkStep, mediaStep, permissionStep } from './turn-steps-data.ts';

/** The steps of an allocation in the order of the contract, and what came of each. */
export function turnSteps(facts: TurnFacts, conclusions: readonly TurnConclusion[]): TurnStep[] {
  const steps = [
    reachabilityStep(facts),
    allocateStep(facts),
    permissionStep(facts),
    checkStep(facts),
    channelStep(facts),
    mediaStep(facts),
  ];
  return steps.map((step) => markFailed(step, conclusions));
}

/** A step that a rule found wanting says so, though single requests of it succeeded. */
function markFailed(step: TurnStep, conclusions: readonly TurnConclusion[]): TurnStep {
  const own = conclusions.find((conclusion) => conclusion.step === step.step && conclusion.code !== 'turn-stale-nonce');
  if (own === undefined || step.outcome === 'failed' || step.outcome === 'missing') return step;
  const outcome: StepOutcome =
    own.code === 'turn-one-way' ? 'missing' : own.outcome === 'failed' ? 'failed' : step.outcome;
  return { ...step, outcome, text: own.outcome === 'failed' ? own.verdict : `${step.text}; ${lowered(own.verdict)}` };
}

function lowered(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
