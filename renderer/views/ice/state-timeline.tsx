import { type CSSProperties, type KeyboardEvent, useId, useMemo, useRef } from 'react';
import type { IceSessionRow } from '../../../shared/ice.ts';
import { formatNumber } from '../../model/format/numbers.ts';
import { formatClock } from '../../model/format/times.ts';
import { useApp } from '../../model/store.ts';
import { useWidth } from '../../player/use-width.ts';
import { showPacket } from './packet-links.tsx';
import { axisSteps, type Interval, type Lane, type Timeline, timelineOf } from './timeline.ts';

const NAMES_PX = 136;
const RIGHT_PX = 12;

/** What became of each transport, and of the connection as a whole, over the session's time. */
export function StateTimeline({ session }: { session: IceSessionRow }) {
  const title = useId();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const zone = useApp((state) => state.timeZone);
  const timeline = useMemo(() => timelineOf(session), [session]);
  const pixels = Math.max(100, width - NAMES_PX - RIGHT_PX);
  const scale = pixels / timeline.durationSeconds;
  const steps = axisSteps(timeline.durationSeconds, pixels);
  const digits = steps.length > 1 && steps[1] < 1 ? Math.ceil(-Math.log10(steps[1])) : 0;
  const isEmpty = timeline.lanes.length === 0 && timeline.checks.length === 0;
  return (
    <section aria-labelledby={title} className="ice-states">
      <div className="ph">
        <h2 id={title}>States</h2>
        <span className="t3 ice-note">derived from the packets</span>
        <span className="sp" />
        <span className="t3 ice-note">s since {formatClock(session.startTime, zone)}</span>
      </div>
      {isEmpty ? (
        <p className="ice-states-none t3">The capture shows no change of state.</p>
      ) : (
        <div className="ice-time" ref={box} style={{ '--names': `${NAMES_PX}px` } as CSSProperties}>
          <div className="ice-axis mono t3" aria-hidden="true">
            {steps.map((at) => (
              <span key={at} style={{ left: at * scale }}>
                {formatNumber(at, digits)}
              </span>
            ))}
          </div>
          <div className="ice-rulers" aria-hidden="true">
            {steps.map((at) => (
              <i key={at} style={{ left: at * scale }} />
            ))}
            {timeline.marks.map(({ at, kind }, i) => (
              <i key={`mark ${i}`} className={`is-${kind}`} style={{ left: at * scale }} />
            ))}
          </div>
          <Checks timeline={timeline} scale={scale} width={pixels} />
          <Lanes lanes={timeline.lanes} scale={scale} />
          <Marks timeline={timeline} scale={scale} width={pixels} />
        </div>
      )}
    </section>
  );
}

function Checks({ timeline: { checks }, scale, width }: { timeline: Timeline; scale: number; width: number }) {
  const path = checks.map((at) => `M${Math.round(at * scale) + 1} 0v14`).join('');
  return (
    <div className="ice-lane">
      <span className="t2">Checks sent</span>
      <svg className="ice-checks" width={width} height={14} role="img" aria-label={checksText(checks)}>
        <path d={path} />
      </svg>
    </div>
  );
}

function checksText(checks: readonly number[]): string {
  if (checks.length === 0) return 'No check was sent';
  const [first, last] = [checks[0], checks.at(-1) ?? 0];
  return `Checks sent from ${formatNumber(first, 1)} s to ${formatNumber(last, 1)} s`;
}

/** One tab stop; arrows go along a lane and from lane to lane. */
function Lanes({ lanes, scale }: { lanes: readonly Lane[]; scale: number }) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const buttons = list.current?.querySelectorAll<HTMLElement>('button');
    const at = event.target instanceof HTMLElement ? placeOf(event.target) : null;
    if (buttons === undefined || at === null) return;
    const next = neighbour(lanes, at, event.key);
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    for (const button of buttons) {
      const own = placeOf(button);
      const isNext = own !== null && own.lane === next.lane && own.interval === next.interval;
      button.tabIndex = isNext ? 0 : -1;
      if (isNext) button.focus();
    }
  };
  return (
    <div role="group" aria-label="States over time" ref={list} onKeyDown={onKeyDown}>
      {lanes.map((lane, i) => (
        <div
          key={lane.transport}
          role="group"
          aria-label={lane.title}
          className={lane.isAggregate && !(lanes[i - 1]?.isAggregate ?? true) ? 'ice-lane is-first' : 'ice-lane'}
        >
          <span className={lane.isAggregate ? '' : 't2'}>{lane.title}</span>
          {lane.intervals.map((interval, j) => (
            <State
              key={`${interval.from} ${interval.state}`}
              title={lane.title}
              interval={interval}
              scale={scale}
              isFirst={i === 0 && j === 0}
              place={`${i} ${j}`}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

interface PlaceInLanes {
  readonly lane: number;
  readonly interval: number;
}

function placeOf({ dataset }: HTMLElement): PlaceInLanes | null {
  if (dataset.place === undefined) return null;
  const [lane, interval] = dataset.place.split(' ').map(Number);
  return { lane, interval };
}

/** Where an arrow leads from an interval; null where it leads nowhere. */
function neighbour(lanes: readonly Lane[], { lane, interval }: PlaceInLanes, key: string): PlaceInLanes | null {
  const along = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (along !== undefined) {
    return lanes[lane].intervals[interval + along] === undefined ? null : { lane, interval: interval + along };
  }
  const across = { ArrowUp: -1, ArrowDown: 1 }[key];
  const to = across === undefined ? undefined : lanes[lane + across];
  if (across === undefined || to === undefined) return null;
  const { from } = lanes[lane].intervals[interval];
  return {
    lane: lane + across,
    interval: Math.max(
      0,
      to.intervals.findLastIndex((one) => one.from <= from),
    ),
  };
}

/** About the width of a letter, and what a box needs beside them. */
const LETTER_PX = 6;
const AROUND_PX = 14;
const TIGHT_PX = 34;

function State({
  title,
  interval,
  scale,
  isFirst,
  place,
}: {
  title: string;
  interval: Interval;
  scale: number;
  isFirst: boolean;
  place: string;
}) {
  const { from, to, state, why, before, packet } = interval;
  const width = Math.max(3, (to - from) * scale - 1);
  const words = why === '' ? state : `${state}: ${why}`;
  const change = before === null ? state : `${before} → ${state}`;
  const when = `${formatNumber(from, 3)} s to ${formatNumber(to, 3)} s`;
  const proof = packet === null ? '' : `, packet #${packet}`;
  return (
    <button
      type="button"
      className={width < TIGHT_PX ? `ice-state is-${state} is-tight` : `ice-state is-${state}`}
      style={{ left: from * scale, width }}
      data-place={place}
      tabIndex={isFirst ? 0 : -1}
      title={`${title}: ${change}, ${when}${why === '' ? '' : `\n${why}`}${proof}`}
      aria-label={`${title} ${words}, ${when}${proof}`}
      onClick={() => packet !== null && showPacket(packet)}
    >
      {boxText(width, state, words)}
    </button>
  );
}

/** With all there is to say, the state alone, or as much as fits. */
function boxText(width: number, state: string, words: string): string {
  const fits = (text: string): boolean => text.length * LETTER_PX + AROUND_PX <= width;
  if (fits(words)) return words;
  if (width >= TIGHT_PX) return state;
  return width > 12 && state === 'failed' ? '×' : '';
}

function Marks({ timeline: { marks }, scale, width }: { timeline: Timeline; scale: number; width: number }) {
  if (marks.length === 0) return null;
  return (
    <div className="ice-marks">
      {marks.map(({ at, text, kind, packet }, i) => (
        <button
          type="button"
          key={i}
          className={`link is-${kind}`}
          // Near the end it stands left of its line.
          style={at * scale > width - 140 ? { right: width - at * scale } : { left: at * scale - 3 }}
          onClick={() => packet !== null && showPacket(packet)}
        >
          {text}
        </button>
      ))}
    </div>
  );
}
