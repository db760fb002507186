/** What went wrong in a capture, with the packets that prove it. A rule is a function from facts to findings. */
import type { ProblemRow } from '../../../shared/engine-api.ts';
import type { Capture } from '../../capture.ts';
import { Repeat } from '../../trackers/calls/call-tracker.ts';
import type { Stream } from '../../trackers/streams/stream.ts';
import { CallFacts } from './call-facts.ts';
import type { Finding } from './finding.ts';
import { compareSeverity } from './problem-lists.ts';
import { acknowledgement } from './rules-acknowledgement.ts';
import { callFailed } from './rules-call-failed.ts';
import { cancelUnmatched } from './rules-cancel.ts';
import { captureFindings } from './rules-capture.ts';
import { digitEvents, digitRoads } from './rules-digit-roads.ts';
import { doubledDigits } from './rules-digits.ts';
import { encapsulationFound } from './rules-encapsulation.ts';
import { authenticationFailed, handshakes, keyExpired, notEncrypted } from './rules-encryption.ts';
import { iceFindings } from './rules-ice.ts';
import { mediaMissing, privateAddress, type ReachedCheck } from './rules-media-missing.ts';
import { beganBefore, retransmission } from './rules-retransmission.ts';
import { quality } from './rules-quality.ts';
import { gap, jitter, loss } from './rules-stream-quality.ts';
import { streamsTogether } from './rules-streams-together.ts';
import { turnAllocation } from './rules-turn.ts';
import { byeUnanswered, inviteUnanswered, registrationFailed } from './rules-unanswered.ts';
import { StreamFacts } from './stream-facts.ts';

type CallRule = (facts: CallFacts, found: readonly Finding[]) => Finding[];
/** Of a call whose media could have been captured. */
type MediaRule = (facts: CallFacts, found: readonly Finding[], isReached: ReachedCheck) => Finding[];
type StreamRule = (facts: StreamFacts) => Finding[];

/** In this order: a later rule knows what the ones before it found. */
const CALL_RULES: readonly CallRule[] = [
  callFailed,
  inviteUnanswered,
  acknowledgement,
  byeUnanswered,
  registrationFailed,
  cancelUnmatched,
  retransmission,
  beganBefore,
];
const MEDIA_RULES: readonly MediaRule[] = [privateAddress, mediaMissing];
const STREAM_RULES: readonly StreamRule[] = [
  loss,
  jitter,
  gap,
  quality,
  authenticationFailed,
  keyExpired,
  notEncrypted,
  digitEvents,
];

/**
 * Finds the problems of a capture that was read, in order of severity, then time of their first packet. `rowsOf` gives
 * the RTP rows of a stream. It is a generator so that whoever has others to serve can go about it in steps.
 */
export function* problemSteps(
  capture: Capture,
  rowsOf: (stream: Stream) => Uint32Array,
): Generator<void, ProblemRow[], void> {
  const { streams } = capture.streams;
  const calls = factsOfCalls(capture, streams);
  const isReached = reachedCheck(capture, streams);
  const findings: Finding[] = [];
  for (const facts of calls) {
    const found: Finding[] = [];
    for (const rule of CALL_RULES) add(found, rule(facts, found));
    // Where no RTP at all was captured, that of a call is not missing.
    if (streams.length > 0) for (const rule of MEDIA_RULES) add(found, rule(facts, found, isReached));
    add(findings, found);
    yield;
  }
  for (const stream of streams) {
    if (stream.figures === null) continue;
    const call = stream.call < 0 ? null : calls[stream.call];
    const facts = new StreamFacts(capture, stream, stream.figures, call, rowsOf);
    for (const rule of STREAM_RULES) findings.push(...rule(facts));
    yield;
  }
  for (const allocation of capture.turn.allocations) {
    findings.push(...turnAllocation(capture, allocation));
    yield;
  }
  findings.push(
    ...doubledDigits(capture),
    ...digitRoads(capture),
    ...streamsTogether(capture, streams),
    ...handshakes(capture),
    ...iceFindings(capture),
    ...encapsulationFound(capture),
    ...captureFindings(capture),
    ...(capture.plugins?.findings ?? []),
  );
  yield;
  return inOrder(capture, findings);
}

function add(to: Finding[], found: readonly Finding[]): void {
  for (const finding of found) to.push(finding);
}

/** Facts of every entry, by its index. */
function factsOfCalls(capture: Capture, streams: readonly Stream[]): CallFacts[] {
  const { calls } = capture;
  const repeats = new Uint32Array(calls.entries.length + 1);
  for (let row = 0; row < calls.sip.count; row++) {
    if (calls.repeat.get(row) === Repeat.Retransmission) repeats[calls.callOfRow.get(row)]++;
  }
  const none: readonly Stream[] = [];
  const byCall = new Map<number, Stream[]>();
  for (const stream of streams) {
    const list = byCall.get(stream.call);
    if (list === undefined) byCall.set(stream.call, [stream]);
    else list.push(stream);
  }
  return calls.entries.map((call, i) => new CallFacts(capture, call, byCall.get(i) ?? none, repeats[i + 1]));
}

function reachedCheck({ store }: Capture, streams: readonly Stream[]): ReachedCheck {
  let reached: Set<string> | null = null;
  return (address, port) => {
    reached ??= new Set(
      streams.map(({ flow }) => `${store.flows.destinationAddress(flow)} ${store.flows.destinationPort(flow)}`),
    );
    return reached.has(`${address} ${port}`);
  };
}

function inOrder({ store }: Capture, findings: readonly Finding[]): ProblemRow[] {
  const timed = findings.map((finding) => ({
    finding,
    time: finding.packets.length === 0 ? null : store.frames.time(finding.packets[0] - 1),
  }));
  timed.sort((a, b) => compareSeverity(a.finding.severity, b.finding.severity) || (a.time ?? 0) - (b.time ?? 0));
  return timed.map(({ finding, time }, i) => {
    const { code, severity, title, message, call, stream, packets, spec } = finding;
    return { id: `p${i + 1}`, code, severity, title, message, time, call, stream, packets, spec };
  });
}
