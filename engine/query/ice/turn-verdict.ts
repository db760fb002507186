import { StunMethod } from '../../../dissectors/stun/methods.ts';
import type { TurnStep, Verdict } from '../../../shared/ice.ts';
import { countOf, packetsOf } from '../problems/finding.ts';
import type { TurnConclusion, TurnRule } from './turn-conclusion.ts';
import type { TurnFacts } from './turn-facts.ts';
import { answersLost, followedTo, notAllocated, unreachable } from './turn-rules-allocate.ts';
import {
  channelExpired,
  oneWay,
  permissionExpired,
  refreshFailed,
  sentAfterEnd,
  staleOften,
} from './turn-rules-data.ts';
import { channelRefused, checksUnanswered, notConnected, notPermitted, sentTooEarly } from './turn-rules-permission.ts';

/** In the order in which an allocation comes to life and ends. */
const RULES: readonly TurnRule[] = [
  unreachable,
  answersLost,
  notAllocated,
  notPermitted,
  checksUnanswered,
  notConnected,
  channelRefused,
  refreshFailed,
  permissionExpired,
  channelExpired,
  sentAfterEnd,
  oneWay,
  sentTooEarly,
  staleOften,
];

/** Everything that went wrong with an allocation: failures before warnings, the earliest first, each code once. */
export function concludeTurn(facts: TurnFacts): TurnConclusion[] {
  const found = RULES.map((rule) => rule(facts))
    .filter((conclusion) => conclusion !== null)
    .toSorted((a, b) => a.frames[0] - b.frames[0]);
  const inOrder = [
    ...found.filter(({ outcome }) => outcome === 'failed'),
    ...found.filter(({ outcome }) => outcome === 'warning'),
  ];
  const isFailed = inOrder[0]?.outcome === 'failed';
  return inOrder.filter(({ code }, i) => {
    // That nothing comes back is what the failure means.
    if (isFailed && code === 'turn-one-way') return false;
    return inOrder.findIndex((other) => other.code === code) === i;
  });
}

/** What to say of an allocation, given all that went wrong. */
export function verdictOf(
  facts: TurnFacts,
  conclusions: readonly TurnConclusion[],
  steps: readonly TurnStep[],
): Verdict {
  if (conclusions.length === 0) return incomplete(facts) ?? working(facts, steps);
  const { outcome, verdict, message, more, advice, frames } = conclusions[0];
  const explanation = more === '' ? message : `${message} ${more}`;
  return { outcome, verdict, explanation, advice, evidence: packetsOf(frames) };
}

/** The capture does not show enough for a verdict; null where it does. */
function incomplete(facts: TurnFacts): Verdict | null {
  const { allocation } = facts;
  const { allocates, firstFrame, lastFrame, sent, received } = allocation;
  const evidence = packetsOf([firstFrame, lastFrame]);
  const say = (verdict: string, explanation: string): Verdict => {
    return { outcome: 'incomplete', verdict, explanation, advice: null, evidence };
  };
  if (allocates.length === 0) {
    const flows =
      sent.count > 0 && received.count > 0
        ? 'What is in it works: data flow both ways.'
        : sent.count + received.count > 0
          ? `It holds data ${sent.count > 0 ? 'to' : 'from'} the relay only.`
          : 'No data flow in what is in it.';
    return say(
      'Incomplete: capture starts after the allocation',
      `The capture starts after the allocation was made, so how it came about cannot be said. ${flows}`,
    );
  }
  if (allocation.isGranted) return null;
  if (
    facts.lacksAnswers ||
    (!facts.hasServer && allocation.link.serverFlow === 0 && allocates.some((t) => t.isAuthenticated))
  ) {
    return say(
      'Incomplete: answers were not captured',
      'The client answers a challenge that is not in the capture, so the answers of the server went past it.',
    );
  }
  const last = allocates[allocates.length - 1];
  if (last.code === 300) return sentOn(facts, facts.text(last.answerRow, 'alternateServer'), evidence);
  return say(
    'Incomplete: capture ends too early',
    'The capture ends before it shows whether the allocation was granted.',
  );
}

/** The server sent the client on, and it went. */
function sentOn(facts: TurnFacts, alternate: string, evidence: number[]): Verdict {
  const index = followedTo(facts, alternate);
  const where = index === null ? '' : ` (t${index + 1})`;
  return {
    outcome: 'ok',
    verdict: 'Sent on to another server',
    explanation: `${facts.server} sent the client on to ${alternate} (300), and it went there${where}.`,
    advice: null,
    evidence,
  };
}

function working(facts: TurnFacts, steps: readonly TurnStep[]): Verdict {
  const { allocation, transactions } = facts;
  const { sent, received, channelSent, channelReceived, connectionBinds, endedBy } = allocation;
  const isChannel = channelSent.count > 0 && channelReceived.count > 0;
  const denied = [...allocation.permissions.values()].filter(
    ({ grantedTime, requests }) => grantedTime < 0 && requests.some(({ code }) => code !== 0),
  );
  const others = transactions.filter(({ code, method }) => {
    return code !== 0 && code !== 401 && code !== 438 && method !== StunMethod.CreatePermission;
  });
  const codes = [...new Set(others.map(({ code }) => code))].join(', ');
  const refused =
    others.length === 0 ? '' : ` The server refused ${countOf(others.length, 'other request')} (${codes}).`;
  const { movedTo } = allocation;
  const moved =
    movedTo === null
      ? ''
      : ` The client went on with it from ${facts.capture.store.flows.sourceEndpoint(movedTo.clientFlow)}.`;
  const aside =
    denied.length === 0
      ? ''
      : ` The server denied ${denied.length} of ${countOf(allocation.permissions.size, 'peer')}.`;
  const relayed = facts.string(allocation.relayed);
  const relay = relayed === '' ? 'A relay' : `The relay ${relayed}`;
  const evidence = packetsOf(steps.flatMap(({ packets }) => packets.slice(0, 2).map((p) => p - 1)));
  const say = (verdict: string, explanation: string): Verdict => {
    return { outcome: 'ok', verdict, explanation: explanation + aside + refused + moved, advice: null, evidence };
  };
  const amounts = `${countOf(sent.count, 'packet')} out and ${countOf(received.count, 'packet')} in`;
  if (sent.count > 0 && received.count > 0) {
    const hasMedia = allocation.peers.some(({ mediaSent, mediaReceived }) => mediaSent + mediaReceived > 0);
    if (!hasMedia)
      return say('Relay works, checks pass', `${relay} was granted and carried ${amounts}, all of them checks.`);
    return say(
      isChannel ? 'Relay works, ChannelData flows' : 'Relay works, data flow both ways',
      `${relay} was granted and carried ${amounts}.`,
    );
  }
  if (connectionBinds.some(({ isSuccess }) => isSuccess)) {
    return say('Relay works, TCP is connected', `${relay} was granted, and a data connection was bound to it.`);
  }
  if (sent.count + received.count > 0) {
    return say('Allocated, hardly used', `${relay} was granted and carried ${amounts}: too few to judge.`);
  }
  const end = endedBy === 'released' ? 'Allocated and released, not used' : 'Allocated, not used';
  return say(end, `${relay} was granted, and no data went through it.`);
}
