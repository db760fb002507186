import { SipFlag, SipMethod } from '../../../dissectors/sip/sip.ts';
import { callState, exchangeState } from '../../trackers/calls/call-state.ts';
import type { CallFacts } from './call-facts.ts';
import { countOf, type Finding, packetsOf, quoted } from './finding.ts';
import { statusSection } from './status-sections.ts';
import { BYE_QUIET_SECONDS, BYE_REPEATS } from './thresholds.ts';

/** An INVITE to which nothing at all came back. */
export function inviteUnanswered(facts: CallFacts): Finding[] {
  const { call } = facts;
  if (!facts.isCall || call.inviteRow < 0 || call.answerFrame >= 0 || call.finalStatus !== 0) return [];
  const first = facts.frameOf(call.inviteRow);
  if (call.provisionalStatus !== 0 || callState(call, facts.quietAfter(first)) !== 'timedOut') return [];
  const sent = facts.messages.filter(
    ({ status, method, cseq }) => status === 0 && method === SipMethod.INVITE && cseq === call.inviteSequence,
  );
  if (sent.length === 0) return [];
  const frames = sent.map(({ frame }) => frame);
  const target = facts.destinationOf(frames[0]) || 'its target';
  return [
    {
      code: 'invite-unanswered',
      severity: 'error',
      title: 'INVITE was never answered',
      message: `Nothing came back from ${target}, so the INVITE was sent ${countOf(sent.length, 'time')} and the call was not set up.`,
      call: facts.id,
      stream: null,
      packets: packetsOf(frames),
      spec: 'RFC 3261 §17.1.1.2',
    },
  ];
}

/** A BYE that was sent again, or waited long enough, without an answer. */
export function byeUnanswered(facts: CallFacts): Finding[] {
  const { call, capture } = facts;
  if (!facts.isCall || call.byeRow < 0) return [];
  const { cseqMethod } = capture.calls.sip.rows.columns;
  // By far the most: the newest answer is the one to the BYE.
  if (call.otherRow >= 0 && cseqMethod.get(call.otherRow) === SipMethod.BYE) return [];
  const byes = facts.messages.filter(({ method }) => method === SipMethod.BYE);
  const sent = byes.filter(({ status }) => status === 0);
  if (sent.length === 0 || byes.some(({ status }) => status >= 200)) return [];
  const repeats = sent.filter(({ isRepeat }) => isRepeat).length;
  if (repeats < BYE_REPEATS && facts.quietAfter(sent[0].frame) < BYE_QUIET_SECONDS) return [];
  const target = facts.destinationOf(sent[0].frame) || 'the other side';
  return [
    {
      code: 'bye-unanswered',
      severity: 'warning',
      title: 'BYE was never answered',
      message: `${target} did not answer the BYE, which was sent ${countOf(sent.length, 'time')}.`,
      call: facts.id,
      stream: null,
      packets: packetsOf(sent.map(({ frame }) => frame)),
      spec: 'RFC 3261 §15.1.1',
    },
  ];
}

/** A registration that was refused or not answered. A first challenge is how registering begins. */
export function registrationFailed(facts: CallFacts): Finding[] {
  const { call, capture } = facts;
  if (facts.isCall || (call.methods & (1 << SipMethod.REGISTER)) === 0) return [];
  const about = { call: facts.id, stream: null };
  const requests = (): number[] =>
    facts.messages
      .filter(({ status, method }) => status === 0 && method === SipMethod.REGISTER)
      .map(({ frame }) => frame);
  const first = facts.frameOf(call.firstRow);
  if (call.otherStatus === 0) {
    if (exchangeState(call, facts.quietAfter(first)) !== 'timedOut') return [];
    const sent = requests();
    const message = `Nothing came back from ${facts.destinationOf(first)}, so the REGISTER was sent ${countOf(sent.length, 'time')} in vain.`;
    const code = 'registration-unanswered';
    const title = 'REGISTER was never answered';
    return [
      { ...about, code, severity: 'warning', title, message, packets: packetsOf(sent), spec: 'RFC 3261 §17.1.2.2' },
    ];
  }
  if (call.otherStatus < 300) return [];
  const frame = facts.frameOf(call.otherRow);
  const packets = packetsOf([requests().findLast((sent) => sent < frame) ?? first, frame]);
  const spec = statusSection(call.otherStatus);
  if (call.otherStatus === 401 || call.otherStatus === 407) {
    const newest = facts.messages.findLast(({ status, frame: sent }) => status === 0 && sent < frame);
    const hadCredentials =
      newest !== undefined && (capture.calls.sip.rows.columns.flags.get(newest.row) & SipFlag.authorization) !== 0;
    if (!hadCredentials) return [];
    const message = `${facts.sourceOf(frame)} answered a REGISTER that carried credentials with ${call.otherStatus}, so it registered nobody.`;
    const title = 'Registration: credentials were refused';
    return [{ ...about, code: 'credentials-refused', severity: 'error', title, message, packets, spec }];
  }
  const reason = quoted(capture.store.strings.text(capture.calls.sip.rows.columns.reason.get(call.otherRow)));
  const answer = `${call.otherStatus} ${reason}`.trim();
  const message = `${facts.sourceOf(frame)} answered the REGISTER with ${answer}, so it registered nobody.`;
  const title = `Registration failed with ${call.otherStatus}`;
  return [{ ...about, code: 'registration-failed', severity: 'error', title, message, packets, spec }];
}
