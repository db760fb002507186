import type { Overview, ProblemRow } from '../../../shared/engine-api.ts';
import { showProblem } from '../../shell/problems-walk.ts';
import { formatCount } from '../../model/format/numbers.ts';
import { protocolColour } from '../../widgets/protocol-colour.ts';
import { SeverityGlyph } from '../../widgets/severity.tsx';
import { timeTicks } from './time-ticks.ts';

type Rate = Overview['rate'];

/** Packets per second over the capture, stacked by protocol, with the problems where they happened. */
export function TrafficChart({ rate, problems }: { rate: Rate; problems: readonly ProblemRow[] }) {
  const count = rate.protocols[0]?.packets.length ?? 0;
  if (count === 0) return <div className="traffic" />;
  const sums = new Float64Array(count);
  for (const { packets } of rate.protocols) packets.forEach((value, at) => (sums[at] += value));
  const most = Math.max(1, ...sums);
  const seconds = rate.bucketSeconds * count;
  const byId = new Map(problems.map((problem) => [problem.id, problem]));
  const highest = most / rate.bucketSeconds;
  const below = new Float64Array(count);
  return (
    <div className="traffic">
      <span className="t3">Packets per second by protocol, with problems; highest {formatCount(highest)}</span>
      <div className="traffic-plot">
        <svg viewBox={`0 0 ${count} 100`} preserveAspectRatio="none" aria-hidden="true">
          {rate.protocols.map(({ protocol, packets }) => (
            <path key={protocol} fill={protocolColour(protocol)} d={areaPath(packets, below, most)} />
          ))}
        </svg>
        {rate.problems.slice(0, 60).map(({ problem, severity, time }) => {
          const row = byId.get(problem);
          if (row === undefined) return null;
          const left = seconds > 0 ? ((time - rate.startTime) / seconds) * 100 : 0;
          return (
            <button
              type="button"
              key={problem}
              className={`traffic-problem is-${severity}`}
              style={{ left: `${Math.max(0, Math.min(100, left))}%` }}
              title={row.title}
              aria-label={`${row.severity}: ${row.title}`}
              onClick={() => showProblem(row)}
            >
              <SeverityGlyph severity={severity} label="" />
            </button>
          );
        })}
      </div>
      <div className="traffic-axis mono" aria-hidden="true">
        {timeTicks(seconds).map(({ at, text }) => (
          <span key={text} style={{ left: `${(at / seconds) * 100}%` }}>
            {text}
          </span>
        ))}
      </div>
    </div>
  );
}

/** A band of steps from what lies below it to its own height; adds itself to what lies below the next. */
function areaPath(packets: readonly number[], below: Float64Array, most: number): string {
  const y = (value: number): string => (100 - (value / most) * 100).toFixed(2);
  let top = '';
  let bottom = '';
  packets.forEach((value, at) => {
    bottom = `L${at + 1} ${y(below[at])}L${at} ${y(below[at])}${bottom}`;
    below[at] += value;
    top += `${at === 0 ? 'M' : 'L'}${at} ${y(below[at])}L${at + 1} ${y(below[at])}`;
  });
  return `${top}${bottom}Z`;
}
