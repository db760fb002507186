import { SIP_METHODS } from '../../../dissectors/sip/sip.ts';
import type { CallFacts } from './call-facts.ts';
import { type Finding, packetsOf } from './finding.ts';
import { RETRANSMISSIONS } from './thresholds.ts';

/** Findings that say already why messages were sent again. */
const EXPLAINED = new Set([
  'invite-unanswered',
  'ack-missing',
  'ack-timeout',
  'ack-late',
  'bye-unanswered',
  'registration-unanswered',
]);

/** Many messages sent again, where no other finding (`found`) explains it. */
export function retransmission(facts: CallFacts, found: readonly Finding[]): Finding[] {
  if (facts.repeats < RETRANSMISSIONS || found.some(({ code }) => EXPLAINED.has(code))) return [];
  const repeats = facts.messages.filter(({ isRepeat }) => isRepeat);
  const kinds = new Set(
    repeats.map(({ status, method }) => (status === 0 ? SIP_METHODS[method] : `${status} (${SIP_METHODS[method]})`)),
  );
  const shown = [...kinds].slice(0, 4).join(', ');
  return [
    {
      code: 'sip-retransmissions',
      severity: 'warning',
      title: `${repeats.length} SIP messages were sent again`,
      message: `Answers did not come in time, so ${repeats.length} messages were sent again: ${shown}.`,
      call: facts.id,
      stream: null,
      packets: packetsOf(repeats.map(({ frame }) => frame)),
      spec: 'RFC 3261 §17.1',
    },
  ];
}

/** A call whose beginning the capture does not hold. */
export function beganBefore(facts: CallFacts): Finding[] {
  const { call } = facts;
  if (!facts.isCall || call.inviteRow >= 0) return [];
  const isAnswered = call.answerFrame >= 0;
  return [
    {
      code: 'call-began-before',
      severity: 'note',
      title: 'Call began before the capture',
      message: isAnswered
        ? 'Its INVITE is missing, so its set-up time and what was offered are not known.'
        : 'Its INVITE and the answer are missing, so who called, and what was agreed, are not known.',
      call: facts.id,
      stream: null,
      packets: packetsOf([facts.frameOf(call.firstRow)]),
      spec: null,
    },
  ];
}
