import { SipMethod } from '../../../dissectors/sip/sip.ts';
import type { CallFacts, Message } from './call-facts.ts';
import { countOf, type Finding, packetsOf } from './finding.ts';
import { ACK_TIMEOUT_SECONDS, ANSWER_REPEATS } from './thresholds.ts';

/** A 2xx of an INVITE on one hop, with its repeats. */
interface Answer {
  readonly cseq: number;
  readonly flow: number;
  readonly frames: number[];
}

/**
 * A 2xx is sent again until its ACK comes (RFC 3261 section 13.3.1.4). Hops are told apart: an ACK helps where it goes to
 * the host that sent the answer.
 */
export function acknowledgement(facts: CallFacts): Finding[] {
  if (!facts.isCall || facts.repeats < ANSWER_REPEATS || facts.call.answerFrame < 0) return [];
  const repeated = answersOf(facts.messages).filter(({ frames }) => frames.length > ANSWER_REPEATS);
  const acks = facts.messages.filter(({ status, method }) => status === 0 && method === SipMethod.ACK);
  let late: Finding | null = null;
  for (const answer of repeated) {
    const sender = facts.sourceOf(answer.frames[0]);
    const own = acks.filter(({ cseq }) => cseq === answer.cseq);
    const arrived = own.find(({ frame }) => facts.destinationOf(frame) === sender);
    if (arrived === undefined) return [missing(facts, answer, own, sender)];
    if (answer.frames[ANSWER_REPEATS] < arrived.frame) late ??= lateAck(facts, answer, arrived, sender);
  }
  return late === null ? [] : [late];
}

function answersOf(messages: readonly Message[]): Answer[] {
  const answers = new Map<string, Answer>();
  for (const { status, method, cseq, toTag, flow, frame } of messages) {
    if (status < 200 || status >= 300 || method !== SipMethod.INVITE) continue;
    const key = `${cseq} ${toTag} ${flow}`;
    const answer = answers.get(key);
    if (answer === undefined) answers.set(key, { cseq, flow, frames: [frame] });
    else answer.frames.push(frame);
  }
  return [...answers.values()];
}

function missing(facts: CallFacts, { frames }: Answer, elsewhere: readonly Message[], sender: string): Finding {
  const { frames: table } = facts.capture.store;
  const bye = facts.messages.find(
    ({ status, method, frame }) => status === 0 && method === SipMethod.BYE && facts.sourceOf(frame) === sender,
  );
  const upSeconds = bye === undefined ? 0 : table.secondsBetween(frames[0], bye.frame);
  const isTimeout = upSeconds >= ACK_TIMEOUT_SECONDS.from && upSeconds <= ACK_TIMEOUT_SECONDS.to;
  const hasElsewhere = elsewhere.length > 0;
  const cause = hasElsewhere
    ? `The ACK was seen on another hop and none went to ${sender}`
    : `No ACK went to ${sender}`;
  const effect = isTimeout
    ? `so it repeated its 200 for ${Math.round(table.secondsBetween(frames[0], frames[frames.length - 1]))} s, then hung up`
    : `so it sent its 200 ${countOf(frames.length, 'time')}`;
  return {
    code: isTimeout ? 'ack-timeout' : 'ack-missing',
    severity: 'error',
    title: isTimeout ? 'No ACK: call dropped after 32 s' : 'ACK never reached the callee',
    message: `${cause}, ${effect}.`,
    call: facts.id,
    stream: null,
    packets: packetsOf([
      frames[0],
      ...(hasElsewhere ? [elsewhere[0].frame] : []),
      ...(isTimeout && bye !== undefined ? [bye.frame] : []),
      ...frames,
    ]),
    spec: 'RFC 3261 §13.3.1.4',
  };
}

function lateAck(facts: CallFacts, { frames }: Answer, ack: Message, sender: string): Finding {
  const before = frames.filter((frame) => frame < ack.frame).length;
  const seconds = facts.capture.store.frames.secondsBetween(frames[0], ack.frame);
  return {
    code: 'ack-late',
    severity: 'warning',
    title: 'ACK came late',
    message: `The ACK reached ${sender} ${seconds.toFixed(1)} s after its 200, which it sent ${countOf(before, 'time')} until then.`,
    call: facts.id,
    stream: null,
    packets: packetsOf([ack.frame, ...frames]),
    spec: 'RFC 3261 §13.3.1.4',
  };
}
