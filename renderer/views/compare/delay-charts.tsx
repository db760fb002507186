import { useId, useMemo, useState } from 'react';
import type { CompareRow, CompareSeries } from '../../../shared/compare.ts';
import { useQuery } from '../../client/use-query.ts';
import { packetNear } from '../../detail/stream-packets.ts';
import { ChartGroup, SeriesChart } from '../../detail/series-chart.tsx';
import { formatClock, formatDuration } from '../../model/format/times.ts';
import { go } from '../../model/navigate.ts';
import { useApp } from '../../model/store.ts';
import { openPoint } from './compare-words.ts';

/** Delay, and what was lost and missed, over A's time. */
export function DelayCharts({ row }: { row: CompareRow }) {
  const { data: series, error } = useQuery('compare.series', { id: row.id });
  if (error !== null) return <p className="compare-note err">{error}</p>;
  if (series === null) return <p className="compare-note t3">Working out the charts…</p>;
  return <Charts row={row} series={series} />;
}

const values = (list: readonly (number | null)[]): Float64Array =>
  Float64Array.from(list, (value) => value ?? Number.NaN);

function Charts({ row, series }: { row: CompareRow; series: CompareSeries }) {
  const [isZoomed, setZoomed] = useState(false);
  const key = useId();
  const group = useMemo(() => new ChartGroup(key, setZoomed), [key]);
  const zone = useApp((state) => state.timeZone);
  const { startTime, partSeconds } = series;
  const data = useMemo(
    () => ({
      times: series.lost.map((_, part) => (part + 0.5) * series.partSeconds),
      low: values(series.delayMinMs),
      high: values(series.delayMaxMs),
      lost: values(series.lost),
      missed: values(series.missed),
    }),
    [series],
  );
  const onTime = (time: number): void => {
    const { point, aheadSeconds } = openPoint(row);
    packetNear(point.stream, time + aheadSeconds).then(
      (packet) => packet !== null && go({ packet, detail: 'packet' }),
      () => {},
    );
  };
  const common = { times: data.times, startTime, group, onTime, rest: 'The list below has every packet that differs.' };
  const packets = { ...common, unit: 'packets', digits: 0, shape: 'bars' as const };
  const isRelative = row.delay?.kind === 'relative';
  return (
    <section className="compare-charts" aria-label="Over time">
      <SeriesChart
        {...common}
        title="Delay"
        unit="ms"
        note={isRelative ? 'lowest to highest, beyond the fastest packet; two clocks' : 'lowest to highest'}
        digits={2}
        values={data.high}
        low={data.low}
        colour="--accent"
        shape="line"
        hasTimeAxis={false}
      />
      <SeriesChart
        {...packets}
        title="Lost"
        note="seen at A, not at B"
        values={data.lost}
        colour="--mark-loss"
        hasTimeAxis={row.missedAtA === 0}
      />
      {row.missedAtA > 0 && (
        <SeriesChart
          {...packets}
          title="Missed"
          note="seen at B, not at A"
          values={data.missed}
          colour="--mark-late"
          hasTimeAxis
        />
      )}
      <div className="compare-axis t3">
        <span>
          min:s since <span className="mono">{formatClock(startTime, zone)}</span>
          {zone === 'utc' ? ' UTC' : ''} at A, a value for every {formatDuration(partSeconds)}
        </span>
        <span className="sp" />
        {isZoomed && (
          <button type="button" className="link" onClick={() => group.reset()}>
            Whole stream
          </button>
        )}
      </div>
    </section>
  );
}
