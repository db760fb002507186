import { useId, useMemo, useState } from 'react';
import type { StreamListRow, StreamSeries } from '../../shared/engine-api.ts';
import type { QualitySeries } from '../../shared/quality.ts';
import { useQuery } from '../client/use-query.ts';
import { formatNumber } from '../model/format/numbers.ts';
import { formatClock, formatDuration } from '../model/format/times.ts';
import { go } from '../model/navigate.ts';
import { useApp } from '../model/store.ts';
import { player } from '../player/player.ts';
import { usePlayer } from '../player/use-player.ts';
import { useAudioMeasure } from '../views/quality/audio-measures.ts';
import { levelsOf, type OverTime, qualityTimes, reportedOf } from '../views/quality/over-time.ts';
import { bucketsFor, bucketTimes, summaryOf } from './chart-data.ts';
import { ChartGroup, SeriesChart, type SeriesChartProps } from './series-chart.tsx';
import { packetNear } from './stream-packets.ts';

/** Buckets of a chart of levels. */
const MOST_LEVELS = 600;
const MOS_SCALE = [1, 5] as const;
const LEVEL_SCALE = [-80, 0] as const;

/** How a stream's figures went over its time: of its packets, of its quality, of its audio, of what was reported. */
export function StreamCharts({ row, quality }: { row: StreamListRow; quality: QualitySeries | null }) {
  const { id, packets } = row;
  const { data: series, error } = useQuery('stream.series', { stream: id, buckets: bucketsFor(packets) });
  if (error !== null) return <p className="stream-note err">{error}</p>;
  if (series === null) return <p className="stream-note t3">Working out the charts…</p>;
  return <Charts row={row} series={series} quality={quality} />;
}

/** The way from the player's keys to the charts: they show the stretch that it shows. */
function PlayerStretch({ stream, onShow }: { stream: string; onShow: (from: number, to: number) => void }) {
  const plan = usePlayer((state) => state.plan);
  const { from, to } = usePlayer((state) => state.window);
  const isPart = plan !== null && to - from < plan.durationSeconds * 0.999;
  if (!isPart || !plan.lanes.some(({ streams }) => streams.includes(stream))) return null;
  return (
    <button type="button" className="link" onClick={() => onShow(plan.startTime + from, plan.startTime + to)}>
      As the player
    </button>
  );
}

type Chart = Pick<SeriesChartProps, 'title' | 'unit' | 'note' | 'digits'> &
  Partial<Pick<SeriesChartProps, 'shape' | 'colour' | 'scale' | 'textAt' | 'summary'>> &
  OverTime;

function Charts({ row, series, quality }: { row: StreamListRow; series: StreamSeries; quality: QualitySeries | null }) {
  const { id, side, call } = row;
  const { startTime, bucketSeconds } = series;
  const [isZoomed, setZoomed] = useState(false);
  const key = useId();
  const seconds = bucketSeconds * series.jitterMs.length;
  const group = useMemo(
    () =>
      new ChartGroup(
        key,
        (isPart, from, to) => {
          setZoomed(isPart);
          if (isPart) showInPlayer(id, startTime + from, startTime + to);
        },
        [0, seconds],
      ),
    [key, id, startTime, seconds],
  );
  const levels = useLevels(id, call, startTime);
  const charts = useMemo(() => chartsOf(series, quality, levels), [series, quality, levels]);
  const zone = useApp((state) => state.timeZone);
  const colour = side === 'A' ? '--lane-a' : side === 'B' ? '--lane-b' : '--accent';
  return (
    <div className="stream-charts">
      {charts.map((chart, index) => (
        <SeriesChart
          key={chart.title}
          colour={colour}
          shape="line"
          {...chart}
          startTime={startTime}
          group={group}
          hasTimeAxis={index === charts.length - 1}
          onTime={(time) => selectNear(id, time)}
        />
      ))}
      <div className="stream-axis t3">
        <span>
          min:s since <span className="mono">{formatClock(startTime, zone)}</span>
          {zone === 'utc' ? ' UTC' : ''}, a value for every {formatDuration(bucketSeconds)}
        </span>
        <span className="sp" />
        <PlayerStretch stream={id} onShow={(from, to) => group.show(from - startTime, to - startTime)} />
        {isZoomed && (
          <button type="button" className="link" onClick={() => group.reset()}>
            Whole stream
          </button>
        )}
      </div>
    </div>
  );
}

function chartsOf(series: StreamSeries, quality: QualitySeries | null, levels: OverTime | null): Chart[] {
  const times = bucketTimes(series);
  const charts: (Chart | false)[] = [
    quality !== null && quality.model !== null && mosChart(quality, series.startTime),
    {
      title: 'Loss',
      unit: '%',
      note: 'of those expected',
      digits: 1,
      shape: 'bars',
      colour: '--mark-loss',
      times,
      values: series.lostPercent,
    },
    quality !== null &&
      quality.latePercent.some((value) => value > 0) && {
        title: 'Late',
        unit: '%',
        note: 'for a jitter buffer of 60 ms',
        digits: 1,
        shape: 'bars',
        colour: '--mark-late',
        times: qualityTimes(quality, series.startTime),
        values: quality.latePercent,
      },
    { title: 'Jitter', unit: 'ms', note: 'RFC 3550, largest', digits: 2, times, values: series.jitterMs },
    levels !== null && {
      title: 'Level',
      unit: 'dBov',
      note: 'RMS of what was decoded',
      digits: 1,
      scale: LEVEL_SCALE,
      ...levels,
    },
    { title: 'Δ', unit: 'ms', note: 'since the packet before, largest', digits: 1, times, values: series.deltaMs },
    {
      title: 'Bitrate',
      unit: 'kbit/s',
      note: 'IP and UDP headers included',
      digits: 1,
      times,
      values: series.bitrateKbps,
    },
    ...(quality === null ? [] : reportedCharts(quality, series.startTime)),
  ];
  return charts.filter((chart) => chart !== false);
}

function mosChart(quality: QualitySeries, startTime: number): Chart {
  const { mos, r, model } = quality;
  const worst = summaryOf(mos)?.min ?? null;
  return {
    title: 'MOS',
    unit: '1 to 5',
    note: `ITU-T ${model}, by the loss in each ${Number(quality.bucketSeconds.toFixed(1))} s`,
    digits: 2,
    scale: MOS_SCALE,
    summary: `min ${formatNumber(worst, 2)}`,
    textAt: (index) => `${formatNumber(mos[index], 2)}, R ${formatNumber(r[index], 1)}`,
    times: qualityTimes(quality, startTime),
    values: mos,
  };
}

function reportedCharts({ reported }: QualitySeries, startTime: number): Chart[] {
  const charts = [
    {
      title: 'Reported loss',
      unit: '%',
      note: 'by RTCP, since the report before',
      digits: 1,
      colour: '--mark-loss',
      of: reported.lostPercent,
    },
    { title: 'Reported jitter', unit: 'ms', note: 'by RTCP', digits: 1, of: reported.jitterMs },
    { title: 'Round trip', unit: 'ms', note: 'from LSR and DLSR', digits: 1, of: reported.roundTripMs },
  ];
  return charts.flatMap(({ of, ...chart }) => {
    const data = reportedOf(reported.time, of, startTime);
    return data === null ? [] : [{ ...chart, ...data }];
  });
}

/** How loud the stream is over its time; null until its audio was measured, since all of it is decoded for that. */
function useLevels(stream: string, call: string | null, startTime: number): OverTime | null {
  const isMeasured = useAudioMeasure(call ?? stream)?.status === 'done';
  const { data: plan } = useQuery('audio.plan', isMeasured ? { selection: { streams: [stream] } } : null);
  const isHeard = plan !== null && plan.lanes.length === 1 && plan.lanes[0].streams.includes(stream);
  const to = plan?.durationSeconds ?? 0;
  const columns = Math.max(1, Math.min(MOST_LEVELS, Math.ceil(to * 5)));
  const { data: peaks } = useQuery('audio.peaks', isHeard && to > 0 ? { id: plan.id, from: 0, to, columns } : null);
  return useMemo(
    () =>
      peaks === null || plan === null || peaks.lanes.length === 0
        ? null
        : levelsOf(peaks.lanes[0].rms, plan.durationSeconds, plan.startTime - startTime),
    [peaks, plan, startTime],
  );
}

/** A stretch dragged over a chart is what the player shows, where it plays the stream. */
function showInPlayer(stream: string, from: number, to: number): void {
  const { plan, isPlaying } = player.get();
  if (plan === null || !plan.lanes.some(({ streams }) => streams.includes(stream))) return;
  player.show({ from: from - plan.startTime, to: to - plan.startTime });
  if (!isPlaying) player.seek(from - plan.startTime);
}

function selectNear(stream: string, time: number): void {
  packetNear(stream, time).then(
    (packet) => packet !== null && go({ packet }),
    () => {},
  );
}
