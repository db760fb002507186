import { SipFlag, SipMethod } from '../../../dissectors/sip/sip.ts';
import { callState } from '../../trackers/calls/call-state.ts';
import type { CallFacts } from './call-facts.ts';
import { type Finding, packetsOf, quoted } from './finding.ts';
import { statusSection } from './status-sections.ts';
import { CHALLENGE_QUIET_SECONDS } from './thresholds.ts';

/** The callee, or a person there, said no: nothing is broken. */
const DECLINED = new Map([
  [486, 'Callee was busy'],
  [600, 'Callee was busy everywhere'],
  [603, 'Callee declined the call'],
]);

/** The INVITE was refused: an error, or for a busy or unwilling callee and a redirection a note. */
export function callFailed(facts: CallFacts): Finding[] {
  const { call, capture } = facts;
  const status = call.finalStatus;
  if (!facts.isCall || call.answerFrame >= 0 || status < 300 || call.inviteRow < 0 || call.finalRow < 0) return [];
  if (callState(call, 0) === 'cancelled') return [];
  const invite = facts.messages.findLast(
    ({ method, cseq, status: own }) => own === 0 && method === SipMethod.INVITE && cseq === call.inviteSequence,
  );
  const inviteRow = invite?.row ?? call.inviteRow;
  const finalFrame = facts.frameOf(call.finalRow);
  const packets = packetsOf([facts.frameOf(inviteRow), finalFrame]);
  const about = { call: facts.id, stream: null, packets, spec: statusSection(status) };
  if (status === 401 || status === 407) return challenged(facts, inviteRow, finalFrame, about);
  const { reason } = capture.calls.sip.rows.columns;
  const answer = `${status} ${quoted(capture.store.strings.text(reason.get(call.finalRow)))}`.trim();
  const who = facts.sourceOf(finalFrame) || 'The other side';
  const declined = DECLINED.get(status);
  if (declined !== undefined) {
    const message = `${who} answered the INVITE with ${answer}, so there was no call.`;
    return [{ ...about, code: 'call-declined', severity: 'note', title: declined, message }];
  }
  if (status < 400) {
    const message = `${who} answered the INVITE with ${answer}, and no INVITE to another place followed in this call.`;
    return [{ ...about, code: 'call-redirected', severity: 'note', title: `Call was redirected (${status})`, message }];
  }
  const message = `${who} answered the INVITE with ${answer}, so the call was not set up.`;
  return [{ ...about, code: 'call-failed', severity: 'error', title: `Call failed with ${status}`, message }];
}

function challenged(
  facts: CallFacts,
  inviteRow: number,
  finalFrame: number,
  about: Pick<Finding, 'call' | 'stream' | 'packets' | 'spec'>,
): Finding[] {
  const { flags } = facts.capture.calls.sip.rows.columns;
  const who = facts.sourceOf(finalFrame) || 'the other side';
  if ((flags.get(inviteRow) & SipFlag.authorization) !== 0) {
    const message = `The INVITE carried credentials and ${who} did not accept them, so the call was not set up.`;
    return [{ ...about, code: 'credentials-refused', severity: 'error', title: 'Credentials were refused', message }];
  }
  if (facts.quietAfter(finalFrame) < CHALLENGE_QUIET_SECONDS) return [];
  const message = `${facts.who('caller')} sent no credentials when ${who} asked for them, so the call was not set up.`;
  return [
    { ...about, code: 'challenge-unanswered', severity: 'warning', title: 'Challenge was not answered', message },
  ];
}
