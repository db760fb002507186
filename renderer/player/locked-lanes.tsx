import { useEffect, useRef } from 'react';
import type { AudioPlan, StreamListRow } from '../../shared/engine-api.ts';
import { useQuery } from '../client/use-query.ts';
import { tokenValue, useShownTheme } from '../model/theme-colours.ts';
import { LockedNote } from '../views/keys/locked-note.tsx';
import { isLocked } from '../views/keys/locked-words.ts';
import { useWidth } from './use-width.ts';

/** A bar for so many pixels of a lane, and for so many packets. */
const BAR_PX = 2;
const BAR_PACKETS = 4;
const MOST_BUCKETS = 600;
/** Lanes that there is room for. */
const MOST_LANES = 2;

/** Streams of a plan that nobody can hear because they have no key; empty where one of them has another reason. */
export function useLockedStreams(plan: AudioPlan | null, call: string | null, stream: string | null): StreamListRow[] {
  const query = { table: 'streams', filter: '', call, stream, sort: null } as const;
  const { data } = useQuery(
    'rows.page',
    plan === null || (call ?? stream) === null ? null : { query, from: 0, count: 8 },
  );
  const silent = new Set([
    ...(plan?.leftOut.map((left) => left.stream) ?? []),
    ...(plan?.lanes.flatMap((lane) => lane.streams) ?? []),
  ]);
  const rows = ((data?.rows ?? []) as StreamListRow[]).filter(({ id }) => silent.has(id));
  return rows.every(({ encryption }) => isLocked(encryption)) ? rows : [];
}

/** What is known of streams without their key: how much was said when, and what would open them. */
export function LockedLanes({ streams }: { streams: readonly StreamListRow[] }) {
  return (
    <section className="player player-locked" aria-label="Player">
      <div className="player-line">
        <LockedNote streams={streams} size="line" />
      </div>
      {streams.slice(0, MOST_LANES).map((row) => (
        <LockedLane key={row.id} row={row} />
      ))}
    </section>
  );
}

function LockedLane({ row }: { row: StreamListRow }) {
  const buckets = Math.max(1, Math.min(MOST_BUCKETS, Math.floor(row.packets / BAR_PACKETS)));
  const { data } = useQuery('stream.series', { stream: row.id, buckets });
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(box);
  const theme = useShownTheme();
  useEffect(() => {
    if (canvas.current !== null && data !== null && width > 0) paintBars(canvas.current, data.bitrateKbps, width);
  }, [data, width, theme]);
  const name = row.fromName ?? row.src;
  return (
    <div className="locked-lane">
      <div className="lane-head">
        <div className="lane-line">
          {row.side !== null && <span className={`chip ${row.side.toLowerCase()}`}>{row.side}</span>}
          <b className="trunc" title={name}>
            {name}
          </b>
        </div>
        <div className="lane-line t3 mono">
          <span className="trunc">bitrate, {row.ssrc}</span>
        </div>
      </div>
      <div className="locked-wave" ref={box}>
        <canvas ref={canvas} role="img" aria-label={`Bitrate of ${name} over time`} />
      </div>
    </div>
  );
}

/** The bitrate from left to right, the highest as high as there is room. */
function paintBars(canvas: HTMLCanvasElement, values: Float64Array, width: number): void {
  const { devicePixelRatio: scale } = window;
  const height = canvas.clientHeight;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.scale(scale, scale);
  context.fillStyle = tokenValue('--border-strong');
  const most = values.reduce((highest, value) => (value > highest ? value : highest), 0);
  if (most === 0) return;
  const bars = Math.floor(width / BAR_PX);
  for (let bar = 0; bar < bars; bar++) {
    const value = values[Math.floor((bar * values.length) / bars)];
    if (!(value > 0)) continue;
    const tall = Math.max(1, Math.round((value / most) * (height - 6)));
    context.fillRect(bar * BAR_PX, height - tall, BAR_PX - 1, tall);
  }
}
