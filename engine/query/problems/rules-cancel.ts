import { SipMethod } from '../../../dissectors/sip/sip.ts';
import type { CallFacts } from './call-facts.ts';
import { type Finding, packetsOf } from './finding.ts';

/** A CANCEL that its receiver could not match with an INVITE (RFC 3261 section 9.2). */
export function cancelUnmatched(facts: CallFacts): Finding[] {
  if (!facts.isCall || facts.call.cancelRow < 0) return [];
  const refused = facts.messages.find(({ status, method }) => status === 481 && method === SipMethod.CANCEL);
  if (refused === undefined) return [];
  const { branch } = facts.capture.calls.sip.rows.columns;
  const ofHop = (method: number): number | null => {
    const reverse = facts.capture.store.flows.reverse[refused.flow];
    const sent = facts.messages.find((m) => m.status === 0 && m.method === method && m.flow === reverse);
    return sent?.row ?? null;
  };
  const invite = ofHop(SipMethod.INVITE);
  const cancel = ofHop(SipMethod.CANCEL);
  const who = facts.sourceOf(refused.frame) || 'its receiver';
  const isOther = invite !== null && cancel !== null && branch.get(invite) !== branch.get(cancel);
  return [
    {
      code: 'cancel-unmatched',
      severity: 'warning',
      title: 'CANCEL matched no transaction',
      message: isOther
        ? `The CANCEL has another Via branch than the INVITE, so ${who} answered it with 481 and the INVITE went on.`
        : `${who} had no INVITE that the CANCEL belongs to, so it answered with 481.`,
      call: facts.id,
      stream: null,
      packets: packetsOf([facts.frameOf(invite ?? -1), facts.frameOf(cancel ?? facts.call.cancelRow), refused.frame]),
      spec: 'RFC 3261 §9.1',
    },
  ];
}
