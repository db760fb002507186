import type { ProblemRow } from '../../shared/engine-api.ts';
import type { Call } from '../trackers/calls/call.ts';
import { type CaptureIndex, numberOf } from './capture-index.ts';

/** What a problem did to its call, to follow `Call 7`. Others are told by their title. */
const PHRASES: Readonly<Record<string, string>> = {
  'ack-timeout': 'was cut off',
  'ack-missing': 'was never acknowledged',
  'one-way-audio': 'had one-way audio',
  'private-address': 'has a private address in its SDP',
  'invite-unanswered': 'was never answered',
  'credentials-refused': 'was refused for its credentials',
  'packet-loss': 'lost packets',
  'no-media': 'has no media where its SDP says',
  'bye-unanswered': 'was hung up without an answer',
  'ack-late': 'was acknowledged late',
  'challenge-unanswered': 'was not authenticated',
  'cancel-unmatched': 'could not be cancelled',
  'media-gap': 'had a gap in its audio',
  jitter: 'had much jitter',
  'low-mos': 'sounded bad',
  'late-packets': 'had packets come too late',
  'loss-burst': 'lost packets in a row',
  'loss-after-capture': 'lost packets after the capture point',
  'sip-retransmissions': 'had to repeat its signalling',
  'digit-doubled': 'got a digit twice',
};
const NAMED = 3;

/** One sentence with the worst, and what it leaves out. */
export function verdictOf(index: CaptureIndex): { verdict: string; verdictMore: string } {
  const { capture, problems, calls, streams, ice } = index;
  const errors = problems.filter(({ severity }) => severity === 'error');
  const warnings = problems.filter(({ severity }) => severity === 'warning');
  if (errors.length > 0) return sentences(index, errors, 'errors');
  if (warnings.length > 0) return sentences(index, warnings, 'warnings');
  if (index.packets === 0) return { verdict: 'The capture has no packets.', verdictMore: '' };
  const isSilent = calls.length === 0 && streams.length === 0 && capture.verto.calls.length === 0;
  if (isSilent && ice.entries.length > 0) {
    return {
      verdict: `Nothing wrong was found in ${counted(ice.entries.length, 'ICE or TURN session')}.`,
      verdictMore: '',
    };
  }
  if (isSilent) {
    return { verdict: 'There are no calls and no RTP streams in this capture.', verdictMore: '' };
  }
  const vertoCalls = capture.verto.calls.length;
  const found = [
    calls.length > 0 ? counted(calls.length, 'call') : '',
    vertoCalls > 0 ? `${counted(vertoCalls, 'call')} over Verto` : '',
    streams.length > 0 ? counted(streams.length, 'stream') : '',
  ].filter(Boolean);
  const last = found.pop();
  const what = found.length === 0 ? last : `${found.join(', ')} and ${last}`;
  const notes = problems.length;
  return {
    verdict: `Nothing wrong was found in ${what}.`,
    verdictMore: notes === 0 ? '' : `There ${notes === 1 ? 'is 1 note' : `are ${notes} notes`}.`,
  };
}

function sentences(
  { calls, capture }: CaptureIndex,
  problems: readonly ProblemRow[],
  what: 'errors' | 'warnings',
): { verdict: string; verdictMore: string } {
  const worst = new Map<string, ProblemRow>();
  for (const problem of problems)
    if (problem.call !== null && !worst.has(problem.call)) worst.set(problem.call, problem);
  const others = problems.filter(({ call }) => call === null);
  const left = calls.filter((entry) => !worst.has(`c${entry + 1}`)).length;
  const callOf = (id: string): Call => capture.calls.entries[numberOf(id, 'c') - 1];
  const rest =
    left === 0 || worst.size === 0
      ? ''
      : `The other ${counted(left, 'call')} ${left === 1 ? 'has' : 'have'} no ${what}.`;
  if (worst.size > NAMED) {
    const inCalls = [...worst.keys()].filter((id) => capture.calls.isCall(callOf(id))).length;
    const share = shareOf(inCalls, calls.length, worst.size - inCalls);
    return { verdict: `${share} have ${what}: ${commonest([...worst.values()])}.`, verdictMore: rest };
  }
  const clauses = [...worst].map(([id, problem]) => {
    const word = capture.calls.isCall(callOf(id)) ? 'call' : 'registration';
    return `${word} ${numberOf(id, 'c')} ${phraseOf(problem)}`;
  });
  const room = NAMED - clauses.length;
  const told = others
    .slice(0, room)
    .map(({ title }, i) => (i === 0 && clauses.length === 0 ? title : lowerFirst(title)));
  const more = others.length - told.length;
  const verdict = `${upperFirst([...clauses, ...told].join(', '))}.`;
  const moreText =
    more > 0 ? `There ${more === 1 ? `is 1 more ${what.slice(0, -1)}` : `are ${more} more ${what}`}.` : '';
  return { verdict, verdictMore: [rest, moreText].filter((text) => text !== '').join(' ') };
}

/** `All 4 calls and 1 other exchange`, of several: `inCalls` of the calls, and registrations and the like. */
function shareOf(inCalls: number, calls: number, others: number): string {
  const all = calls === 1 ? 'The call' : `All ${calls} calls`;
  const share = inCalls === calls ? all : `${inCalls} of ${counted(calls, 'call')}`;
  const exchanges = counted(others, 'other exchange');
  if (inCalls === 0) return upperFirst(exchanges);
  return others === 0 ? share : `${share} and ${exchanges}`;
}

/** `12 were never answered` does not fit every phrase, so: `INVITE was never answered (12)`. */
function commonest(problems: readonly ProblemRow[]): string {
  const counts = new Map<string, number>();
  for (const { title } of problems) counts.set(title, (counts.get(title) ?? 0) + 1);
  const sorted = [...counts].toSorted((a, b) => b[1] - a[1]);
  const shown = sorted.slice(0, NAMED).map(([title, count]) => `${title} (${count})`);
  return shown.join(', ') + (sorted.length > NAMED ? ', and others' : '');
}

function phraseOf({ code, title }: ProblemRow): string {
  if (code === 'call-failed') return `failed with ${title.replace(/\D+/g, '')}`;
  if (code === 'registration-failed' || code === 'registration-unanswered') return 'did not register';
  return PHRASES[code] ?? `shows: ${lowerFirst(title)}`;
}

function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Acronyms stay as they are. */
function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
