import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import { formatNumber } from '../model/format/numbers.ts';
import { getState, subscribe } from '../model/store.ts';
import { type Summary, summaryOf, withGaps } from './chart-data.ts';
import { tokenColour, tokenValue, useShownTheme } from '../model/theme-colours.ts';

const PLOT_PX = 60;
const TIME_AXIS_PX = 18;
/** A press that moves less than this is a click. */
const CLICK_PX = 4;
/** Steps of an axis that counts. */
const WHOLE = [0, 1, 2, 3, 4, 5, 6].flatMap((power) => [1, 2, 5].map((step) => step * 10 ** power));

/** Charts that share their time axis: a zoom of one is a zoom of all. */
export class ChartGroup {
  readonly key: string;
  readonly onZoom: (isZoomed: boolean, from: number, to: number) => void;
  /** The time axis of all where their values begin and end at several times; null: that of the values. */
  readonly whole: readonly [number, number] | null;
  private readonly plots = new Set<uPlot>();
  private isSpreading = false;

  constructor(key: string, onZoom: ChartGroup['onZoom'], whole: ChartGroup['whole'] = null) {
    this.key = key;
    this.onZoom = onZoom;
    this.whole = whole;
  }

  add(plot: uPlot): () => void {
    this.plots.add(plot);
    return () => this.plots.delete(plot);
  }

  /** Gives every chart the time axis of one. */
  spread(from: uPlot): void {
    const { min, max } = from.scales.x;
    if (this.isSpreading || min === undefined || max === undefined) return;
    this.isSpreading = true;
    for (const plot of this.plots) if (plot !== from) plot.setScale('x', { min, max });
    this.isSpreading = false;
    const [first, last] = this.wholeOf(from);
    this.onZoom(min > first || max < last, min, max);
  }

  /** The whole time again. */
  reset(): void {
    const [plot] = this.plots;
    if (plot !== undefined) this.show(...this.wholeOf(plot));
  }

  /** A stretch, as far as there is one. */
  show(from: number, to: number): void {
    const [plot] = this.plots;
    if (plot === undefined) return;
    const [first, last] = this.wholeOf(plot);
    const [min, max] = [Math.max(first, from), Math.min(last, to)];
    if (min < max) plot.setScale('x', { min, max });
  }

  private wholeOf({ data: [times] }: uPlot): readonly [number, number] {
    return this.whole ?? [times[0], times[times.length - 1]];
  }
}

export interface SeriesChartProps {
  readonly title: string;
  readonly unit: string;
  /** What is counted, behind the unit. */
  readonly note: string;
  readonly digits: number;
  /** Seconds since `startTime` (seconds since the epoch), ascending. */
  readonly times: readonly number[];
  readonly startTime: number;
  /** NaN where nothing is known. */
  readonly values: Float64Array;
  /** The lower edge of a band whose upper one are the values. */
  readonly low?: Float64Array;
  /** For those who hear the chart: where the values are. */
  readonly rest?: string;
  /** What the height means: `[1, 5]`; from 0 to the largest value where left out. */
  readonly scale?: readonly [number, number];
  /** What the pointed value is called; the number alone where left out. */
  readonly textAt?: (index: number) => string;
  /** Stands for the largest value while nothing is pointed at. */
  readonly summary?: string;
  /** A colour token. */
  readonly colour: string;
  readonly shape: 'line' | 'bars';
  readonly hasTimeAxis: boolean;
  readonly group: ChartGroup;
  /** A click: the time in seconds since the epoch. */
  readonly onTime: (time: number) => void;
}

/** One figure over a stream's time. Drag to zoom, double-click for the whole again. */
export function SeriesChart(props: SeriesChartProps) {
  const { title, unit, note, digits, times, startTime, values, low, colour, shape, hasTimeAxis, group } = props;
  const { rest = 'The table has every packet.', scale, textAt } = props;
  const box = useRef<HTMLDivElement>(null);
  const onTime = useRef(props.onTime);
  onTime.current = props.onTime;
  const [pointed, setPointed] = useState<number | null>(null);
  const theme = useShownTheme();
  const summary = summaryOf(values);

  useEffect(() => {
    const host = box.current;
    if (host === null) return undefined;
    const height = PLOT_PX + (hasTimeAxis ? TIME_AXIS_PX : 0);
    const plot = new uPlot(
      optionsOf({
        width: host.clientWidth,
        height,
        digits,
        colour,
        shape,
        scale,
        isBand: low !== undefined,
        hasTimeAxis,
        group,
        onPoint: setPointed,
      }),
      [[...times], withGaps(values), ...(low === undefined ? [] : [withGaps(low)])],
      host,
    );
    const leave = group.add(plot);
    const unlisten = listenToClicks(plot, (seconds) => onTime.current(startTime + seconds));
    const hideCursor = showPlayerCursor(plot, startTime);
    const observer = new ResizeObserver(() => {
      if (host.clientWidth > 0) plot.setSize({ width: host.clientWidth, height });
    });
    observer.observe(host);
    return () => {
      observer.disconnect();
      hideCursor();
      unlisten();
      leave();
      plot.destroy();
    };
  }, [times, values, low, startTime, digits, colour, shape, scale, hasTimeAxis, group, theme]);

  return (
    <figure className="chart">
      <figcaption>
        <span className="strong">{title}</span> <span className="t3">{unit}</span>{' '}
        <span className="t3 trunc">{note}</span>
        <span className="sp" />
        <span className="mono t2">
          {pointed === null
            ? (props.summary ?? `max ${formatNumber(summary?.max ?? null, digits)}`)
            : textAt !== undefined
              ? textAt(pointed)
              : `${low === undefined ? '' : `${formatNumber(low[pointed], digits)} to `}${formatNumber(values[pointed], digits)}`}
        </span>
      </figcaption>
      <div ref={box} role="img" aria-label={`${describe(title, unit, summary, digits)} ${rest}`} />
    </figure>
  );
}

/** For those who hear the chart. */
function describe(title: string, unit: string, summary: Summary | null, digits: number): string {
  if (summary === null) return `${title} over time: nothing known.`;
  const [min, mean, max] = [summary.min, summary.mean, summary.max].map((value) => formatNumber(value, digits));
  return `${title} over time: lowest ${min}, mean ${mean}, highest ${max} ${unit}.`;
}

function optionsOf(look: {
  width: number;
  height: number;
  digits: number;
  colour: string;
  shape: 'line' | 'bars';
  scale: readonly [number, number] | undefined;
  isBand: boolean;
  hasTimeAxis: boolean;
  group: ChartGroup;
  onPoint: (index: number | null) => void;
}): uPlot.Options {
  const { width, height, digits, colour, shape, scale, isBand, hasTimeAxis, group, onPoint } = look;
  const font = `11px ${tokenValue('--font-mono')}`;
  const line = { stroke: tokenColour('--border-subtle'), width: 1 };
  const axis = { stroke: tokenColour('--text-3'), font, grid: line, ticks: { show: false } };
  const stroke = tokenColour(colour);
  const paths = shape === 'bars' ? uPlot.paths.bars?.({ size: [1, 40, 2] }) : undefined;
  const bars: Partial<uPlot.Series> = paths === undefined ? {} : { paths, fill: stroke, width: 0 };
  const drawn: uPlot.Series = { stroke, width: 1, points: { show: false }, spanGaps: false, ...bars };
  return {
    width,
    height,
    padding: [6, 8, hasTimeAxis ? 0 : 4, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: true },
      points: { size: 6, fill: stroke },
      // The pointer is shared; a drag is told to the others by the scale it makes.
      sync: { key: group.key, filters: { pub: (type: string) => type === 'mousemove' || type === 'mouseleave' } },
    },
    scales: {
      // Given by the group it is so at the start; a drag changes it as it does any other.
      x: { time: false, ...(group.whole === null ? {} : { min: group.whole[0], max: group.whole[1], auto: false }) },
      y: {
        range: (_plot, _min, max) =>
          scale === undefined ? [0, max === null || max <= 0 ? 1 : max * 1.08] : [scale[0], scale[1]],
      },
    },
    axes: [
      { ...axis, show: hasTimeAxis, size: TIME_AXIS_PX, gap: 2, values: (_plot, splits) => splits.map(clockText) },
      {
        ...axis,
        size: 40,
        gap: 4,
        space: 22,
        // There is no half a packet.
        ...(digits === 0 ? { incrs: WHOLE } : {}),
        values: (_plot, splits) => splits.map((at) => tickText(at, digits)),
      },
    ],
    series: [{}, ...(isBand ? [drawn, drawn] : [drawn])],
    ...(isBand ? { bands: [{ series: [1, 2], fill: `${stroke}40` }] } : {}),
    hooks: {
      setCursor: [
        (plot) => onPoint(plot.cursor.left === undefined || plot.cursor.left < 0 ? null : (plot.cursor.idx ?? null)),
      ],
      setScale: [(plot, key) => key === 'x' && group.spread(plot)],
    },
  };
}

/** `0:06`, with parts of a second where the axis is that fine. */
function clockText(seconds: number): string {
  const rest = seconds % 60;
  const text = Number.isInteger(rest) ? String(rest) : rest.toFixed(3).replace(/0+$/, '');
  return `${Math.floor(seconds / 60)}:${text.replace(/^\d(?!\d)/, '0$&')}`;
}

function tickText(value: number, digits: number): string {
  return formatNumber(value, Number.isInteger(value) ? 0 : Math.max(1, digits));
}

function listenToClicks(plot: uPlot, onClick: (seconds: number) => void): () => void {
  let downAt = Number.NaN;
  const down = (event: MouseEvent): void => {
    downAt = event.clientX;
  };
  const up = (event: MouseEvent): void => {
    if (event.button !== 0 || event.detail > 1 || !(Math.abs(event.clientX - downAt) < CLICK_PX)) return;
    onClick(plot.posToVal(event.clientX - plot.over.getBoundingClientRect().left, 'x'));
  };
  plot.over.addEventListener('mousedown', down);
  plot.over.addEventListener('mouseup', up);
  return () => {
    plot.over.removeEventListener('mousedown', down);
    plot.over.removeEventListener('mouseup', up);
  };
}

/** The player's cursor as a line over the plot: moved without drawing the chart anew. */
function showPlayerCursor(plot: uPlot, startTime: number): () => void {
  const mark = document.createElement('div');
  mark.className = 'chart-cursor';
  plot.over.append(mark);
  const place = (): void => {
    const { cursorTime } = getState();
    const { min, max } = plot.scales.x;
    const at = cursorTime === null ? Number.NaN : cursorTime - startTime;
    // A stretch that begins at the cursor has it on its edge, give or take a rounding.
    const slack = min === undefined || max === undefined ? 0 : (max - min) / 1000;
    const isSeen = min !== undefined && max !== undefined && at >= min - slack && at <= max + slack;
    mark.hidden = !isSeen;
    if (isSeen) mark.style.left = `${plot.valToPos(at, 'x')}px`;
  };
  (plot.hooks.draw ??= []).push(place);
  place();
  return subscribe(place);
}
