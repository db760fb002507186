/** What can go wrong between an allocation and its peers: permissions, checks, channels, connections. */
import { formatDuration } from '../../../shared/figures.ts';
import { StunMethod } from '../../../dissectors/stun/methods.ts';
import type { TurnPermission } from '../../trackers/turn/turn-peer.ts';
import type { TurnTransaction } from '../../trackers/turn/turn-transaction.ts';
import { countOf } from '../problems/finding.ts';
import { isPrivate } from '../problems/rules-media-missing.ts';
import type { TurnConclusion } from './turn-conclusion.ts';
import { errorAdvice, refusalOf } from './turn-errors.ts';
import { framesOf, type TurnFacts } from './turn-facts.ts';
import { staleLoop } from './turn-rules-allocate.ts';

/** Checks through the relay that nobody answers: fewer may have been given up for a better pair. */
const CHECKS_LEAST = 4;
const CHECKS_SECONDS = 2;
/** Packets to a peer without permission before it is worth a word. */
const UNASKED_LEAST = 3;

/** No peer may be reached: every request for a permission was refused, or none was made. */
export function notPermitted(facts: TurnFacts): TurnConclusion | null {
  const { allocation } = facts;
  const asked = [...allocation.permissions.values()].filter(({ requests }) => requests.length > 0);
  if (asked.some(({ grantedTime }) => grantedTime >= 0) || allocation.isClassic) return null;
  if (asked.length === 0) return neverAsked(facts);
  const requests = [...allocation.permissionRequests, ...allocation.channelBinds];
  const loop = staleLoop(facts, requests, 'permission');
  if (loop !== null) return loop;
  const last = asked.map(({ requests: all }) => all[all.length - 1]);
  const refused = last.filter(({ code }) => code !== 0);
  if (refused.length > 0) return refusedFor(facts, asked, refused);
  const unanswered = requests.filter((t) => facts.isUnanswered(t));
  if (unanswered.length === 0 || !facts.hasServer) return null;
  return {
    code: 'turn-no-answer',
    outcome: 'failed',
    step: 'permission',
    verdict: 'Permission: no answer',
    message: `${facts.server} answered none of ${facts.triesOf(unanswered)} for a permission, so it relays nothing.`,
    more: '',
    advice:
      'Check whether the server or the way to it failed at that time, and whether a NAT gave the client another port.',
    frames: framesOf(unanswered),
    spec: 'RFC 8656 §10.1',
  };
}

function refusedFor(
  facts: TurnFacts,
  asked: readonly TurnPermission[],
  refused: readonly TurnTransaction[],
): TurnConclusion {
  const { code, method } = refused[0];
  const name = method === StunMethod.ChannelBind ? 'ChannelBind' : 'CreatePermission';
  const peers = asked.map(({ address }) => address);
  const who = peers.length > 3 ? countOf(peers.length, 'peer') : peers.join(', ');
  if (code !== 403) {
    const { verdict } = refusalOf(facts, refused[0], 'Permission');
    const { message } = refusalOf(facts, refused[0], name);
    return {
      code: 'turn-permission-refused',
      outcome: 'failed',
      step: 'permission',
      verdict,
      message,
      more: '',
      advice: errorAdvice(code),
      frames: framesOf(refused),
      spec: 'RFC 8656 §10.2',
    };
  }
  const arePrivate = peers.every(isPrivate);
  const kind = arePrivate ? (peers.length === 1 ? 'the private address ' : 'the private addresses ') : '';
  return {
    code: 'turn-permission-denied',
    outcome: 'failed',
    step: 'permission',
    verdict: peers.length === 1 ? 'Permission: peer denied' : 'Permission: all peers denied',
    message: `${facts.server} forbids ${kind}${who} as ${peers.length === 1 ? 'peer' : 'peers'} (403), so nothing is relayed.`,
    more: '',
    advice: arePrivate
      ? 'Have the peer offer a public or relayed candidate too; where the private network is meant to be reached, allow it at the server.'
      : 'Look at the rules of the server for denied peers.',
    frames: framesOf(refused),
    spec: 'RFC 8656 §10.2',
  };
}

function neverAsked(facts: TurnFacts): TurnConclusion | null {
  const { allocation } = facts;
  if (!facts.isWhole || !allocation.isGranted) return null;
  const { sent, received } = allocation;
  if (sent.count === 0 || received.count > 0) return null;
  return {
    code: 'turn-permission-missing',
    outcome: 'failed',
    step: 'permission',
    verdict: 'Data sent without a permission',
    message: `The client sent ${countOf(sent.count, 'packet')} and never asked for a permission, so the server dropped ${sent.count === 1 ? 'it' : 'them'}.`,
    more: '',
    advice: 'Have the client send CreatePermission or ChannelBind for each peer before it sends data.',
    frames: [sent.firstFrame, sent.lastFrame],
    spec: 'RFC 8656 §11.2',
  };
}

/** Data went before the permission was asked for: dropped, and nobody says so. */
export function sentTooEarly(facts: TurnFacts): TurnConclusion | null {
  if (!facts.isWhole || !facts.allocation.isGranted || facts.allocation.isClassic) return null;
  const early = facts.allocation.peers.filter(
    ({ unasked, permission }) => unasked.count >= UNASKED_LEAST && permission.requests.length > 0,
  );
  if (early.length === 0) return null;
  const count = early.reduce((sum, { unasked }) => sum + unasked.count, 0);
  return {
    code: 'turn-permission-missing',
    outcome: 'warning',
    step: 'permission',
    verdict: 'Data sent before the permission',
    message: `${countOf(count, 'packet')} to ${early[0].endpoint} went before its permission was asked for, so the server dropped them.`,
    more: '',
    advice: 'Have the client wait for the answer to CreatePermission before it sends data.',
    frames: early.flatMap(({ unasked, permission }) => [
      unasked.firstFrame,
      unasked.lastFrame,
      permission.requests[0].firstFrame,
    ]),
    spec: 'RFC 8656 §11.2',
  };
}

/** Connectivity checks go out through the relay, and nothing at all comes back. */
export function checksUnanswered(facts: TurnFacts): TurnConclusion | null {
  const { allocation } = facts;
  const checked = allocation.peers.filter(({ checksSent }) => checksSent.count > 0);
  if (checked.length === 0 || allocation.received.count > 0) return null;
  const permitted = checked.filter(({ permission }) => permission.grantedTime >= 0);
  const count = permitted.reduce((sum, { checksSent }) => sum + checksSent.count, 0);
  if (count < CHECKS_LEAST) return null;
  const frames = permitted.flatMap(({ checksSent }) => [checksSent.firstFrame, checksSent.lastFrame]);
  const seconds = facts.secondsBetween(Math.min(...frames), Math.max(...frames));
  if (seconds < CHECKS_SECONDS) return null;
  const who = permitted.length === 1 ? permitted[0].endpoint : countOf(permitted.length, 'peer');
  return {
    code: 'turn-checks-unanswered',
    outcome: 'failed',
    step: 'connectivity-check',
    verdict: 'Connectivity checks: no answer through relay',
    message: `${count} checks in ${formatDuration(seconds)} went through the relay to ${who} and nothing came back, so this way is closed.`,
    more: '',
    advice: `Check that the peers can be reached from the relay${allocation.relayed === 0 ? '' : ` ${facts.string(allocation.relayed)}`}, and that they know its address as a candidate.`,
    frames,
    spec: 'RFC 8445 §7.2.5.2.3',
  };
}

/** TCP to the peer (RFC 6062): the server could not connect, or the data connection was not bound. */
export function notConnected(facts: TurnFacts): TurnConclusion | null {
  const { connects, connectionBinds } = facts.allocation;
  for (const [list, name, step] of [
    [connects, 'Connect', 'connectivity-check'],
    [connectionBinds, 'ConnectionBind', 'channel-bind'],
  ] as const) {
    if (list.length === 0 || list.some(({ isSuccess }) => isSuccess)) continue;
    const last = list[list.length - 1];
    if (!last.isAnswered && !facts.isUnanswered(last)) continue;
    const refusal = last.isAnswered
      ? refusalOf(facts, last, name)
      : {
          verdict: `${name}: no answer`,
          message: `${facts.server} answered none of ${facts.triesOf(list)} to connect.`,
        };
    return {
      code: 'turn-connect-refused',
      outcome: 'failed',
      step,
      ...refusal,
      more: '',
      advice: errorAdvice(last.code),
      frames: framesOf([last]),
      spec: 'RFC 6062 §5.2',
    };
  }
  return null;
}

/** No channel could be bound. Indications may still do. */
export function channelRefused(facts: TurnFacts): TurnConclusion | null {
  const { channelBinds, sent, received } = facts.allocation;
  if (channelBinds.length === 0 || channelBinds.some(({ isSuccess }) => isSuccess)) return null;
  const last = channelBinds[channelBinds.length - 1];
  if (!last.isAnswered && !(facts.isUnanswered(last) && facts.hasServer)) return null;
  const works = sent.count > 0 && received.count > 0;
  const refusal = last.isAnswered
    ? refusalOf(facts, last, 'ChannelBind')
    : {
        verdict: 'ChannelBind: no answer',
        message: `${facts.server} answered none of ${facts.triesOf([last])} for a channel.`,
      };
  return {
    code: 'turn-channel-refused',
    outcome: works ? 'warning' : 'failed',
    step: 'channel-bind',
    ...refusal,
    more: works ? 'Data go in indications all the same, at 36 octets more a packet than ChannelData.' : '',
    advice: errorAdvice(last.code),
    frames: framesOf([last]),
    spec: 'RFC 8656 §12.2',
  };
}
