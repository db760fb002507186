import type { Overview, ProblemRow, ProtocolShare, StreamListRow } from '../../shared/engine-api.ts';
import { callState } from '../trackers/calls/call-state.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import { captureInfo } from './capture-info.ts';
import type { CaptureIndex } from './capture-index.ts';
import { compareOutcome } from './ice/ice-lists.ts';
import { encryptionRows } from './overview-encryption.ts';
import { missingRows } from './overview-missing.ts';
import { packetRates } from './overview-rates.ts';
import { verdictOf } from './overview-verdict.ts';
import { lossOf, qualityAtAGlance } from './overview-quality.ts';
import { streamListRow } from './stream-list.ts';

const MOST_PROBLEMS = 500;
const WORST_STREAMS = 9;
const MOST_ICE = 5;

const overviews = new WeakMap<CaptureIndex, Overview>();

/** The first screen. It walks over the packets, and so it is kept. */
export function overviewOf(index: CaptureIndex): Overview {
  let overview = overviews.get(index);
  if (overview === undefined) overviews.set(index, (overview = makeOverview(index)));
  return overview;
}

function makeOverview(index: CaptureIndex): Overview {
  const { capture, streams, problems } = index;
  const info = captureInfo(capture);
  const severities = { error: 0, warning: 0, note: 0 };
  for (const { severity } of problems) severities[severity]++;
  const shown = problems.slice(0, MOST_PROBLEMS);
  const rates = packetRates(capture);
  return {
    info,
    counts: index.counts,
    ...verdictOf(index),
    callStates: callStatesOf(index),
    streamNotes: {
      inCalls: streams.filter(({ isUnsignalled }) => !isUnsignalled).length,
      withoutSignalling: streams.filter(({ isUnsignalled }) => isUnsignalled).length,
      encrypted: streams.filter(({ encryption }) => encryption !== null).length,
    },
    rate: { ...rates, problems: shown.flatMap(markOf) },
    problems: shown,
    severities,
    quality: qualityAtAGlance(capture, streams),
    encryption: encryptionRows(index),
    ice: gravestIce(index),
    missing: missingRows(index, info),
    protocols: sharesOf(info.protocols, info.packets, index),
    worstStreams: worstStreams(index),
  };
}

function markOf({ id, severity, time }: ProblemRow): Overview['rate']['problems'] {
  return time === null ? [] : [{ problem: id, severity, time }];
}

function callStatesOf({ capture, calls }: CaptureIndex): Overview['callStates'] {
  const { frames } = capture.store;
  const { entries, sip } = capture.calls;
  const counts = new Map<string, number>();
  for (const i of calls) {
    const call = entries[i];
    const first = sip.frame.get(call.inviteRow >= 0 ? call.inviteRow : call.firstRow);
    const state = callState(call, frames.secondsBetween(first, frames.count - 1));
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  return [...counts].map(([state, count]) => ({ state, count })).toSorted((a, b) => b.count - a.count);
}

/** What failed comes first, then in order of time. */
function gravestIce({ ice }: CaptureIndex): Overview['ice'] {
  return ice.entries
    .toSorted((a, b) => compareOutcome(a.outcome, b.outcome))
    .slice(0, MOST_ICE)
    .map(({ id, kind, number, outcome, verdict }) => ({ id, kind, number, outcome, verdict }));
}

/** The streams that lost most; of those that lost nothing, the ones with most jitter. */
function worstStreams(index: CaptureIndex): StreamListRow[] {
  const jitterOf = ({ figures }: Stream): number => (figures?.meanJitterMs == null ? 0 : figures.maxJitterMs);
  const sorted = index.streams.toSorted((a, b) => lossOf(b) - lossOf(a) || jitterOf(b) - jitterOf(a));
  return sorted.slice(0, WORST_STREAMS).map((stream) => streamListRow(index, stream));
}

/** Protocols of their own line; the rest is `other`, its three commonest named. */
const SHOWN = new Set(['rtp', 'sip', 'rtcp', 'stun', 'dtls', 'hep', 'sctp']);

function sharesOf(protocols: Readonly<Record<string, number>>, packets: number, index: CaptureIndex): ProtocolShare[] {
  const percentOf = (count: number): number => (packets === 0 ? 0 : (count * 100) / packets);
  const shares: ProtocolShare[] = [];
  const others: string[] = [];
  let other = 0;
  for (const [protocol, count] of Object.entries(protocols)) {
    if (SHOWN.has(protocol)) {
      shares.push({ protocol, packets: count, percent: percentOf(count), note: noteOf(protocol, index) });
    } else {
      other += count;
      others.push(protocol);
    }
  }
  if (other > 0) {
    const note = others.slice(0, 3).join(', ') + (others.length > 3 ? ', …' : '');
    shares.push({ protocol: 'other', packets: other, percent: percentOf(other), note });
  }
  return shares;
}

function noteOf(protocol: string, { streams, calls, others, ice }: CaptureIndex): string {
  const count = (n: number, one: string): string => (n === 0 ? '' : `${n} ${one}${n === 1 ? '' : 's'}`);
  if (protocol === 'rtp') return count(streams.length, 'stream');
  if (protocol === 'stun') {
    const used = [count(ice.sessions.length, 'ICE session'), count(ice.allocations.length, 'TURN allocation')];
    return used.filter((text) => text !== '').join(', ');
  }
  if (protocol !== 'sip') return '';
  return [count(calls.length, 'call'), count(others.length, 'other exchange')].filter((text) => text !== '').join(', ');
}
