import { errorName } from '../../../dissectors/stun/methods.ts';
import { formatDuration } from '../../../shared/figures.ts';
import type { Capture } from '../../capture.ts';
import { hasNonce, type TurnAllocation } from '../../trackers/turn/turn-allocation.ts';
import type { TurnPeer } from '../../trackers/turn/turn-peer.ts';
import type { TurnTransaction } from '../../trackers/turn/turn-transaction.ts';
import { packetsOf, quoted } from '../problems/finding.ts';
import { TurnNeighbours } from './turn-neighbours.ts';

/** A request that was sent again, or once, has no answer if none came for so long. */
const REPEATED_WAIT_SECONDS = 1;
const SINGLE_WAIT_SECONDS = 3;

/** Characters of a reason phrase that are shown. */
const MOST_REASON = 100;

/** What rules and steps ask of one allocation. */
export class TurnFacts {
  readonly allocation: TurnAllocation;
  readonly capture: Capture;
  readonly server: string;
  readonly client: string;
  readonly transport: 'udp' | 'tcp' | 'tls';
  /** Every request with its answer, in order of the first packet. */
  readonly transactions: readonly TurnTransaction[];

  constructor(capture: Capture, allocation: TurnAllocation) {
    const { flows } = capture.store;
    const { link } = allocation;
    this.capture = capture;
    this.allocation = allocation;
    this.server =
      link.clientFlow === 0 ? flows.sourceEndpoint(link.serverFlow) : flows.destinationEndpoint(link.clientFlow);
    this.client =
      link.clientFlow === 0 ? flows.destinationEndpoint(link.serverFlow) : flows.sourceEndpoint(link.clientFlow);
    this.transport = link.isTcp ? (allocation.isTls ? 'tls' : 'tcp') : 'udp';
    const { bindings, allocates, refreshes, permissionRequests, channelBinds, connects, connectionBinds } = allocation;
    this.transactions = [bindings, allocates, refreshes, permissionRequests, channelBinds, connects, connectionBinds]
      .flat()
      .toSorted((a, b) => a.firstFrame - b.firstFrame);
  }

  /** Its beginning was captured: somebody asked for it. */
  get isWhole(): boolean {
    return this.allocation.allocates.length > 0;
  }

  /** Anything at all came from the server. */
  get hasServer(): boolean {
    const { received, connectionAttempts } = this.allocation;
    return received.count > 0 || connectionAttempts.count > 0 || this.transactions.some((t) => t.isAnswered);
  }

  /** The client knows a nonce that no captured answer gave it: answers are missing from the capture. */
  get lacksAnswers(): boolean {
    return !this.transactions.some((t) => t.isAnswered) && this.transactions.some((t) => hasNonce(this.allocation, t));
  }

  /** Whether a request is unanswered for long enough to say so. */
  isUnanswered(transaction: TurnTransaction): boolean {
    const { requestCount, isAnswered } = transaction;
    if (isAnswered || requestCount === 0) return false;
    // Of a request that was sent again, that it was is the proof.
    const waited = this.secondsBetween(transaction.firstFrame, this.capture.store.frames.latest);
    return waited >= (requestCount > 1 ? REPEATED_WAIT_SECONDS : SINGLE_WAIT_SECONDS);
  }

  time(frame: number): number {
    return this.capture.store.frames.time(frame);
  }

  secondsBetween(from: number, to: number): number {
    return this.capture.store.frames.secondsBetween(from, to);
  }

  /** `4 requests over 7.5 s`, `1 request`. */
  triesOf(transactions: readonly TurnTransaction[]): string {
    const asked = transactions.filter(({ requestCount }) => requestCount > 0);
    const count = asked.reduce((sum, { requestCount }) => sum + requestCount, 0);
    if (count === 1) return '1 request';
    const seconds = this.secondsBetween(asked[0].firstFrame, Math.max(...asked.map((t) => t.lastRequestFrame)));
    return `${count} requests over ${formatDuration(seconds)}`;
  }

  roundTripMs({ lastRequestFrame, answerFrame }: TurnTransaction): number | null {
    if (lastRequestFrame < 0 || answerFrame < 0) return null;
    return this.secondsBetween(lastRequestFrame, answerFrame) * 1000;
  }

  /** An attribute of a message that is kept as text; '' where it or the message is missing. */
  text(
    row: number,
    column: 'nonce' | 'reason' | 'realm' | 'username' | 'alternateServer' | 'mappedAddress' | 'peerAddress',
  ): string {
    if (row < 0) return '';
    return this.string(this.allocation.layer.rows.columns[column].get(row));
  }

  string(id: number): string {
    return this.capture.store.strings.text(id);
  }

  /** `403 Forbidden`, by the registered phrase where the server sent none. */
  errorOf({ code, answerRow }: TurnTransaction): string {
    const reason = quoted(this.text(answerRow, 'reason'), MOST_REASON) || errorName(code);
    return code === 0 ? 'an error without code' : `${code} ${reason}`.trimEnd();
  }

  /** Whether an answer to a request with a nonce gives the same nonce again; null where either has none. */
  isSameNonce({ requestRow, answerRow }: TurnTransaction): boolean | null {
    const asked = this.text(requestRow, 'nonce');
    const given = this.text(answerRow, 'nonce');
    return asked === '' || given === '' ? null : asked === given;
  }

  /** Packet numbers of requests and answers. */
  packetsOf(transactions: readonly TurnTransaction[]): number[] {
    return packetsOf(framesOf(transactions));
  }

  /** What the relay sent on to peers is in the capture too: it was captured at the server. */
  get isPassedOn(): boolean {
    const { passedOn } = TurnNeighbours.of(this.capture);
    const { clientFlow, serverFlow } = this.allocation.link;
    const relayed = this.string(this.allocation.relayed);
    return [clientFlow, serverFlow].some((flow) => passedOn.has(`${flow} ${relayed}`));
  }

  /** Peers that data went to or came from. */
  get usedPeers(): readonly TurnPeer[] {
    return this.allocation.peers.filter(({ sent, received }) => sent.count > 0 || received.count > 0);
  }
}

/** Frames of requests and answers: first and last of each. */
export function framesOf(transactions: readonly TurnTransaction[]): number[] {
  return transactions.flatMap(({ requestFrames, answerFrame, strayFrame }) => [
    ...requestFrames,
    ...[answerFrame, strayFrame].filter((frame) => frame >= 0),
  ]);
}
