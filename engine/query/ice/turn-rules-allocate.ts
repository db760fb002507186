/** What can go wrong before there is an allocation: nobody answers, or the server says no. */
import { formatDuration } from '../../../shared/figures.ts';
import type { TurnTransaction } from '../../trackers/turn/turn-transaction.ts';
import type { Unreachable } from '../../trackers/turn/unreachable.ts';
import { countOf } from '../problems/finding.ts';
import { errorAdvice, refusalOf } from './turn-errors.ts';
import type { TurnConclusion } from './turn-conclusion.ts';
import { framesOf, type TurnFacts } from './turn-facts.ts';
import { TurnNeighbours } from './turn-neighbours.ts';
import { explainUsername, usernameEndTime } from './turn-username.ts';

/** A nonce called stale this often in a row: once is usual. */
export const STALE_LOOP = 3;
/** Requests sent again after their answer was captured: one may have crossed it. */
const LOST_REPEATS = 2;
/** A client that was challenged answers at once. */
const CHALLENGE_WAIT_SECONDS = 3;

/** Nobody answers, or somebody else. */
export function unreachable(facts: TurnFacts): TurnConclusion | null {
  const { transactions, server, transport } = facts;
  const asked = transactions.filter(({ requestCount }) => requestCount > 0);
  if (facts.hasServer || asked.length === 0) return null;
  const stray = asked.find(({ strayFlow }) => strayFlow !== 0);
  if (stray !== undefined) return answeredElsewhere(facts, stray);
  if (facts.lacksAnswers || !asked.some((t) => facts.isUnanswered(t))) return null;
  const icmp = facts.allocation.unreachable;
  if (icmp !== null) return refusedByIcmp(facts, asked, icmp);
  return {
    code: 'turn-no-answer',
    outcome: 'failed',
    step: 'reachability',
    verdict: 'TURN server does not answer',
    message: `${server} answered none of ${facts.triesOf(asked)}, so it is down, unreachable, or filtered on the way.`,
    more: TurnNeighbours.of(facts.capture).answering.has(server) ? 'It answers other clients in this capture.' : '',
    advice: `Check that the server listens on ${transport.toUpperCase()} at that port and that firewalls let it through both ways; offer TURN over TCP or TLS on port 443 beside it.`,
    frames: framesOf(asked),
    spec: 'RFC 8489 §6.2.1',
  };
}

function refusedByIcmp(
  facts: TurnFacts,
  asked: readonly TurnTransaction[],
  { frame, reason }: Unreachable,
): TurnConclusion {
  const isPort = reason === 'port unreachable';
  return {
    code: 'turn-no-answer',
    outcome: 'failed',
    step: 'reachability',
    verdict: `TURN server: ${reason}`,
    message: isPort
      ? `Nobody listens on ${facts.server}: ICMP says port unreachable, and none of ${facts.triesOf(asked)} was answered.`
      : `ICMP says of ${facts.server}: ${reason}, and none of ${facts.triesOf(asked)} was answered.`,
    more: '',
    advice: isPort
      ? 'Check that the TURN server runs, and that client and server agree on address, port and transport.'
      : 'Check the route and the firewalls between client and server.',
    frames: [asked[0].firstFrame, frame, ...framesOf(asked)],
    spec: isPort ? 'RFC 1122 §3.2.2.1' : null,
  };
}

function answeredElsewhere(facts: TurnFacts, stray: TurnTransaction): TurnConclusion {
  const from = facts.capture.store.flows.sourceEndpoint(stray.strayFlow);
  return {
    code: 'turn-answer-elsewhere',
    outcome: 'failed',
    step: 'reachability',
    verdict: 'Answer came from another address',
    message: `${facts.server} was asked and ${from} answered, so the client has to ignore it, and a NAT or firewall in front of the client drops it.`,
    more: '',
    advice:
      'Have the server answer from the address it was asked at: bind it to that address, or mend the NAT in front of it.',
    frames: [stray.strayFrame, ...framesOf([stray])],
    spec: 'RFC 8489 §6.3.1',
  };
}

/** The server answers, and the client goes on asking the same: the answers are lost behind the place of the capture. */
export function answersLost(facts: TurnFacts): TurnConclusion | null {
  const lost = facts.transactions.filter(({ repeats }) => repeats >= LOST_REPEATS);
  const last = facts.transactions.at(-1);
  // What the client asks later shows that it heard something.
  if (last === undefined || !lost.includes(last)) return null;
  return {
    code: 'turn-answers-lost',
    outcome: 'failed',
    step: 'reachability',
    verdict: 'Answers do not reach the client',
    message: `${facts.server} answered, and the client asked the same ${countOf(last.repeats, 'time')} more, so the answers are lost between the place of the capture and the client.`,
    more: '',
    advice: 'Check firewalls and NATs on the way back, near the client.',
    frames: framesOf([last]),
    spec: 'RFC 8489 §6.2.1',
  };
}

/** The server answers, but grants nothing. */
export function notAllocated(facts: TurnFacts): TurnConclusion | null {
  const { allocation } = facts;
  const { allocates } = allocation;
  if (allocation.isGranted || allocates.length === 0 || !facts.hasServer) return null;
  const last = allocates[allocates.length - 1];
  if (!last.isAnswered) return facts.isUnanswered(last) ? allocateUnanswered(facts, last) : null;
  if (last.isSuccess) return null;
  if (last.code === 401) return last.isAuthenticated ? credentials(facts, last) : noCredentials(facts, last);
  if (last.code === 438) return staleLoop(facts, allocates, 'allocate');
  if (last.code === 300) return tryAlternate(facts, last);
  const { verdict, message } = refusalOf(facts, last, 'Allocate');
  return {
    code: 'turn-allocate-refused',
    outcome: 'failed',
    step: 'allocate',
    verdict,
    message,
    more: last.code === 441 ? explainUsername(facts.string(allocation.username), facts.time(last.firstFrame)) : '',
    advice: errorAdvice(last.code),
    frames: framesOf([last]),
    spec: 'RFC 8656 §7.2',
  };
}

function allocateUnanswered(facts: TurnFacts, last: TurnTransaction): TurnConclusion {
  const { server, allocation } = facts;
  const before = allocation.allocates.some((t) => t.isAnswered);
  const why = before ? 'though it answered the one before' : 'though it answers Binding, so it may not serve TURN';
  return {
    code: 'turn-no-answer',
    outcome: 'failed',
    step: 'allocate',
    verdict: 'Allocate: no answer',
    message: `${server} answered none of ${facts.triesOf([last])}, ${why}.`,
    more: '',
    advice:
      'Look at the log of the server for this client, and check that it has TURN enabled and that large packets get through.',
    frames: framesOf(allocation.allocates),
    spec: 'RFC 8489 §6.2.1',
  };
}

function credentials(facts: TurnFacts, last: TurnTransaction): TurnConclusion {
  const { allocation, server } = facts;
  const username = facts.string(allocation.username);
  const sentAt = facts.time(last.firstFrame);
  const end = usernameEndTime(username);
  const isSame = facts.isSameNonce(last);
  const nonce = isSame === null ? '' : isSame ? ', with the same nonce' : ', with a new nonce';
  const refused = allocation.allocates.filter(({ isAuthenticated, code }) => isAuthenticated && code === 401).length;
  const many = refused > 1 ? ` (${refused} times)` : '';
  return {
    code: 'turn-credentials',
    outcome: 'failed',
    step: 'allocate',
    verdict: 'Allocate: credentials rejected',
    message: `${server} answered the authenticated Allocate with a second 401${nonce}${many}, so the user name or the password is wrong.`,
    more: explainUsername(username, sentAt),
    advice:
      end !== null && end <= sentAt
        ? 'Have the application fetch fresh TURN credentials before it creates the connection.'
        : 'Compare user name, realm and password (or the shared secret that made it) with those of the server.',
    frames: framesOf(allocation.allocates.filter(({ code }) => code === 401).slice(-3)),
    spec: 'RFC 8489 §9.2.4',
  };
}

/** The challenge came, and the client went no further. */
function noCredentials(facts: TurnFacts, last: TurnTransaction): TurnConclusion | null {
  if (facts.capture.store.frames.latest < 0) return null;
  const waited = facts.secondsBetween(last.answerFrame, facts.capture.store.frames.latest);
  if (waited < CHALLENGE_WAIT_SECONDS) return null;
  const isWhole = facts.text(last.answerRow, 'realm') !== '' && facts.text(last.answerRow, 'nonce') !== '';
  return {
    code: 'turn-no-credentials',
    outcome: 'failed',
    step: 'allocate',
    verdict: isWhole ? 'Allocate: client sent no credentials' : 'Allocate: challenge lacks realm or nonce',
    message: isWhole
      ? `${facts.server} asked for credentials, and in ${formatDuration(waited)} the client sent none, so nothing was allocated.`
      : `${facts.server} answered 401 without a realm or without a nonce, so the client cannot authenticate.`,
    more: '',
    advice: isWhole
      ? 'Give the client a user name and a password for this server.'
      : 'Have the server configured for long-term credentials, with a realm.',
    frames: framesOf([last]),
    spec: 'RFC 8489 §9.2.3',
  };
}

/** 438 over and over: by whose fault the nonces say. Null where it did not happen often enough. */
export function staleLoop(
  facts: TurnFacts,
  transactions: readonly TurnTransaction[],
  step: TurnConclusion['step'],
): TurnConclusion | null {
  const stale: TurnTransaction[] = [];
  for (let i = transactions.length - 1; i >= 0 && (transactions[i].code === 438 || !transactions[i].isAnswered); i--) {
    if (transactions[i].isAnswered) stale.unshift(transactions[i]);
  }
  if (stale.length < STALE_LOOP) return null;
  const usesOld = stale.some(
    (t, i) => i > 0 && facts.text(t.requestRow, 'nonce') !== facts.text(stale[i - 1].answerRow, 'nonce'),
  );
  const name = step === 'allocate' ? 'Allocate' : step === 'permission' ? 'CreatePermission' : 'Request';
  return {
    code: 'turn-stale-nonce',
    outcome: 'failed',
    step,
    verdict: `${name}: stale nonce every time`,
    message: usesOld
      ? `The client did not take the new nonces of ${stale.length} answers 438, so the server refused every request.`
      : `${facts.server} called ${stale.length} nonces in a row stale that it had just given, so no request can succeed.`,
    more: '',
    advice: usesOld
      ? 'Have the client repeat its request with the nonce of the 438.'
      : 'Check whether several servers share the address without sharing nonces, and whether a NAT changes the address of the client between requests.',
    frames: framesOf(stale),
    spec: 'RFC 8489 §9.2.5',
  };
}

/** 300: the client should go to another server. Null where it did. */
function tryAlternate(facts: TurnFacts, last: TurnTransaction): TurnConclusion | null {
  const alternate = facts.text(last.answerRow, 'alternateServer');
  if (followedTo(facts, alternate) !== null) return null;
  return {
    code: 'turn-try-alternate',
    outcome: 'failed',
    step: 'allocate',
    verdict: 'Allocate: sent on, not followed',
    message: `${facts.server} sent the client on to ${alternate === '' ? 'another server without saying which' : alternate} (300), and the client did not go there.`,
    more: '',
    advice: 'Check that the client follows ALTERNATE-SERVER and can reach that address, or configure it as the server.',
    frames: framesOf([last]),
    spec: 'RFC 8489 §10',
  };
}

/** The allocation that the client asked for at the server it was sent on to; its index, null where it did not. */
export function followedTo({ capture, allocation }: TurnFacts, alternate: string): number | null {
  if (allocation.link.clientFlow === 0) return null;
  const address = capture.store.flows.sourceAddress(allocation.link.clientFlow);
  const followed = TurnNeighbours.of(capture).latest.get(`${address} ${alternate}`);
  return followed === undefined || followed.lastFrame <= allocation.firstFrame ? null : followed.index;
}
