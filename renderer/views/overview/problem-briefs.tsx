import { useState } from 'react';
import type { Overview, ProblemRow } from '../../../shared/engine-api.ts';
import { go } from '../../model/navigate.ts';
import { useApp } from '../../model/store.ts';
import { showProblem } from '../../shell/problems-walk.ts';
import { countOf, formatCount } from '../../model/format/numbers.ts';
import { formatClock } from '../../model/format/times.ts';
import { SeverityGlyph } from '../../widgets/severity.tsx';

type Order = 'severity' | 'time' | 'call';
const ORDERS: readonly (readonly [Order, string])[] = [
  ['severity', 'Severity'],
  ['time', 'Time'],
  ['call', 'Call'],
];
const SHOWN = 40;

/** What went wrong, worst first; each row leads to its evidence. */
export function ProblemBriefs({ overview }: { overview: Overview }) {
  const [order, setOrder] = useState<Order>('severity');
  const { problems, severities } = overview;
  const rows = sorted(problems, order).slice(0, SHOWN);
  return (
    <section className="overview-problems" aria-labelledby="overview-problems">
      <div className="ph">
        <h2 id="overview-problems">Problems</h2>
        <span className="overview-counts">
          <span>
            <SeverityGlyph severity="error" label="" />
            {countOf(severities.error, 'error')}
          </span>
          <span>
            <SeverityGlyph severity="warning" label="" />
            {countOf(severities.warning, 'warning')}
          </span>
          <span>
            <SeverityGlyph severity="note" label="" />
            {countOf(severities.note, 'note')}
          </span>
        </span>
        <span className="sp" />
        <span className="seg" role="group" aria-label="Order of the problems">
          {ORDERS.map(([id, title]) => (
            <button
              type="button"
              key={id}
              className={id === order ? 'on' : ''}
              aria-pressed={id === order}
              onClick={() => setOrder(id)}
            >
              {title}
            </button>
          ))}
        </span>
      </div>
      {rows.length === 0 ? (
        <p className="overview-none">
          <SeverityGlyph severity="ok" label="" />
          Nothing was found wrong.
        </p>
      ) : (
        <ul className="overview-list">
          {rows.map((problem) => (
            <Brief key={problem.id} problem={problem} />
          ))}
          {problems.length > SHOWN && (
            <li className="overview-more">
              <button type="button" className="link" onClick={() => go({ view: 'problems' })}>
                All {formatCount(problems.length)} problems
              </button>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

function Brief({ problem }: { problem: ProblemRow }) {
  const zone = useApp((state) => state.timeZone);
  const where = [placeOf(problem), problem.time === null ? '' : formatClock(problem.time, zone, 0)]
    .filter(Boolean)
    .join(', ');
  return (
    <li className="overview-problem">
      <SeverityGlyph severity={problem.severity} />
      <button type="button" className="overview-title trunc" onClick={() => showProblem(problem)}>
        {problem.title}
      </button>
      <span className="t2">{where}</span>
      <span className="overview-links">
        {problem.packets.slice(0, 3).map((packet) => (
          <button
            type="button"
            className="pk"
            key={packet}
            onClick={() => go({ view: 'packets', packet, detail: 'packet', problem: problem.id })}
          >
            #{packet}
          </button>
        ))}
      </span>
      <p className="trunc" title={problem.message}>
        {problem.message}
      </p>
    </li>
  );
}

/** `Call 7`, `Stream 3`; '' for the capture as a whole. */
function placeOf({ call, stream }: ProblemRow): string {
  if (call !== null) return `Call ${call.slice(1)}`;
  return stream === null ? '' : `Stream ${stream.slice(1)}`;
}

function sorted(problems: readonly ProblemRow[], order: Order): ProblemRow[] {
  if (order === 'time') return problems.toSorted((a, b) => (a.time ?? 0) - (b.time ?? 0));
  if (order === 'call') return problems.toSorted((a, b) => numberOf(a.call) - numberOf(b.call));
  return [...problems];
}

function numberOf(call: string | null): number {
  return call === null ? Infinity : Number(call.slice(1));
}
