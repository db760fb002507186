import type { RuleTrial } from '../../../shared/decode-as.ts';
import { countOf } from '../../model/format/numbers.ts';
import type { RuleForm } from './rule-form.ts';

/** What is wrong, without the rule itself: it stands beside. */
export function faultText(error: string): string {
  return error.replace(/ \(in ".*"\)\.$/, '.');
}

/** How many packets a rule is about, a sentence; '' where that is not known. */
export function trialText(trial: RuleTrial | null, { match }: Pick<RuleForm, 'match'>): string {
  if (trial === null) return 'Counting…';
  if (trial.error !== null || trial.packets < 0) return '';
  if (trial.packets > 0)
    return `${countOf(trial.packets, 'packet')} of this capture ${trial.packets === 1 ? 'matches' : 'match'}.`;
  return match === 'ssrc'
    ? 'Nothing in this capture looks like RTP with this SSRC.'
    : 'No packet of this capture matches.';
}
