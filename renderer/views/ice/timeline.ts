/** The states of a session over time, as lanes of intervals. Times are seconds since the session began. */
import type { IceSessionRow, IceStateChange } from '../../../shared/ice.ts';

export interface Interval {
  readonly from: number;
  readonly to: number;
  readonly state: string;
  /** Why it came to be; '' where the states say it all. */
  readonly why: string;
  /** The state before; null at the start. */
  readonly before: string | null;
  readonly packet: number | null;
}

export interface Lane {
  readonly transport: string;
  /** `ICE transport 0`. */
  readonly title: string;
  /** One of the aggregates. */
  readonly isAggregate: boolean;
  readonly intervals: readonly Interval[];
}

export interface Mark {
  readonly at: number;
  readonly text: string;
  readonly kind: 'restart' | 'failure';
  readonly packet: number | null;
}

export interface Timeline {
  readonly durationSeconds: number;
  readonly lanes: readonly Lane[];
  readonly marks: readonly Mark[];
  /** When checks were sent. */
  readonly checks: readonly number[];
}

const AGGREGATES = ['iceConnectionState', 'connectionState'];
/** A session of one packet has a length all the same. */
const LEAST_SECONDS = 0.1;

export function timelineOf({ states, restarts, checkTimes, startTime, endTime }: IceSessionRow): Timeline {
  const last = states.reduce((latest, { time }) => Math.max(latest, time), endTime);
  // What the last change came to has to be seen.
  const durationSeconds = Math.max(LEAST_SECONDS, (last - startTime) * (last > endTime ? 1.03 : 1));
  const byTransport = new Map<string, IceStateChange[]>();
  for (const change of states) {
    const list = byTransport.get(change.transport);
    if (list === undefined) byTransport.set(change.transport, [change]);
    else list.push(change);
  }
  const lanes = [...byTransport].map(([transport, changes]) => laneOf(transport, changes, startTime, durationSeconds));
  return {
    durationSeconds,
    lanes: lanes.toSorted((a, b) => rankOf(a) - rankOf(b)),
    marks: restarts.map(({ time, packet }) => ({
      at: time - startTime,
      text: 'ICE restart, new ufrag',
      kind: 'restart',
      packet,
    })),
    checks: checkTimes.map((time) => time - startTime),
  };
}

/** ICE before DTLS of the same number, the aggregates below. */
function rankOf({ transport, isAggregate }: Lane): number {
  if (isAggregate) return 1_000_000 + AGGREGATES.indexOf(transport);
  return Number(/\d+$/.exec(transport)?.[0] ?? 0) * 2 + (transport.startsWith('dtls') ? 1 : 0);
}

function laneOf(transport: string, changes: readonly IceStateChange[], startTime: number, end: number): Lane {
  const isAggregate = AGGREGATES.includes(transport);
  const [first] = changes;
  const intervals: Interval[] = [];
  let open: Omit<Interval, 'to'> = { from: 0, state: first.from, why: '', before: null, packet: null };
  for (const { time, from, to, why, packet } of changes) {
    const at = Math.max(open.from, time - startTime);
    if (at > open.from) intervals.push({ ...open, to: at });
    open = { from: at, state: to, why, before: from, packet };
  }
  intervals.push({ ...open, to: Math.max(open.from, end) });
  const [kind, number] = transport.split(' ');
  const title = isAggregate ? transport : `${kind.toUpperCase()} transport ${number ?? ''}`.trim();
  return { transport, title, isAggregate, intervals };
}

/** Round seconds for the axis, about one for every `pixels / 70`. */
export function axisSteps(durationSeconds: number, pixels: number): number[] {
  const wanted = durationSeconds / Math.max(1, Math.floor(pixels / 70));
  const power = 10 ** Math.floor(Math.log10(Math.max(wanted, 1e-6)));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((value) => value >= wanted) ?? power * 10;
  const steps: number[] = [];
  for (let i = 0; i * step <= durationSeconds && i < 200; i++) steps.push(i * step);
  return steps;
}
