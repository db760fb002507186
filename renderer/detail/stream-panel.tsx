import './detail.css';
import './stream.css';
import { useId, useMemo, useRef, useState } from 'react';
import type { StreamListRow } from '../../shared/engine-api.ts';
import { useQuery } from '../client/use-query.ts';
import { runCommand } from '../model/commands.ts';
import { formatClock, formatDuration } from '../model/format/times.ts';
import { go, move } from '../model/navigate.ts';
import { keep, setting } from '../model/settings.ts';
import { getState, update, useApp } from '../model/store.ts';
import { LockedNote } from '../views/keys/locked-note.tsx';
import { Icon } from '../widgets/icon.tsx';
import { bucketsFor, bucketTimes } from './chart-data.ts';
import { DetailEmpty } from './detail-empty.tsx';
import { usePacketCommands } from './packet-steps.ts';
import { ChartGroup, SeriesChart } from './series-chart.tsx';
import { Splitter } from './splitter.tsx';
import { StreamFigures } from './stream-figures.tsx';
import { packetNear } from './stream-packets.ts';
import { StreamTable } from './stream-table.tsx';

const TABLE_SETTING = 'detail.streamTableHeight';
const TABLE_PX = 200;

/** The stream at hand, or the one that the packet at hand belongs to. */
function useStreamAtHand(): string | null {
  const chosen = useApp((state) => state.place.stream);
  const packet = useApp((state) => state.place.packet);
  const { data } = useQuery('packet.get', chosen === null && packet !== null ? { packet } : null);
  return chosen ?? data?.stream ?? null;
}

/** A stream's figures, how they went over time, and its packets. */
export function StreamPanel() {
  usePacketCommands();
  const stream = useStreamAtHand();
  const { data, error } = useQuery('stream.get', stream === null ? null : { stream });
  const row = data !== null && data.id === stream ? data : null;
  return (
    <section className="detail" aria-label="Stream">
      {stream === null && (
        <DetailEmpty
          title="No stream selected"
          text="Select a stream, a media band of the ladder or an RTP packet to see its figures."
        />
      )}
      {stream !== null && error !== null && (
        <DetailEmpty severity="error" title="The stream cannot be shown" text={error} />
      )}
      {row !== null && error === null && <StreamBody key={row.id} row={row} />}
    </section>
  );
}

function StreamBody({ row }: { row: StreamListRow }) {
  const body = useRef<HTMLDivElement>(null);
  const kept = setting(TABLE_SETTING);
  const [tableHeight, setTableHeight] = useState(typeof kept === 'number' && kept >= 80 ? kept : TABLE_PX);
  return (
    <>
      <div className="ph">
        {row.side !== null && <span className={`chip ${row.side === 'A' ? 'a' : 'b'}`}>{row.side}</span>}
        <h2 className="trunc">
          {row.fromName ?? row.src} → {row.toName ?? row.dst}
        </h2>
        <span className="sp" />
        <button type="button" className="btn g" onClick={() => withStream(row.id, 'player.playStream', 'play')}>
          <Icon name="play" small /> Play
        </button>
        <button type="button" className="btn g" onClick={() => withStream(row.id, 'player.exportStream', 'export')}>
          <Icon name="export" small /> Export
        </button>
      </div>
      <div className="detail-body" ref={body}>
        <div className="stream-top" tabIndex={0} role="group" aria-label="Figures and charts">
          <LockedNote streams={[row]} size="banner" />
          <StreamFigures row={row} />
          <StreamCharts row={row} />
        </div>
        <Splitter
          label="Height of the packets"
          size={tableHeight}
          min={80}
          max={Math.max(80, (body.current?.clientHeight ?? 1000) - 80)}
          onSize={(height, isFinal) => {
            setTableHeight(height);
            if (isFinal) keep({ [TABLE_SETTING]: height });
          }}
        />
        <div className="stream-table" style={{ height: tableHeight }}>
          <StreamTable stream={row.id} />
        </div>
      </div>
    </>
  );
}

/** The player's commands are about the stream at hand. */
function withStream(stream: string, command: string, what: string): void {
  if (getState().place.stream !== stream) move({ stream });
  if (!runCommand(command)) update({ notice: `The player cannot ${what} this stream.` });
}

const CHARTS = [
  { key: 'jitterMs', title: 'Jitter', unit: 'ms', note: 'RFC 3550, largest', digits: 2 },
  { key: 'deltaMs', title: 'Δ', unit: 'ms', note: 'since the packet before, largest', digits: 1 },
  { key: 'lostPercent', title: 'Loss', unit: '%', note: 'of those expected', digits: 1 },
  { key: 'bitrateKbps', title: 'Bitrate', unit: 'kbit/s', note: 'IP and UDP headers included', digits: 1 },
] as const;

function StreamCharts({ row }: { row: StreamListRow }) {
  const { id, packets, side } = row;
  const { data: series, error } = useQuery('stream.series', { stream: id, buckets: bucketsFor(packets) });
  const [isZoomed, setZoomed] = useState(false);
  const key = useId();
  const group = useMemo(() => new ChartGroup(key, setZoomed), [key]);
  const times = useMemo(() => (series === null ? [] : bucketTimes(series)), [series]);
  const zone = useApp((state) => state.timeZone);
  if (error !== null) return <p className="stream-note err">{error}</p>;
  if (series === null) return <p className="stream-note t3">Working out the charts…</p>;
  const colour = side === 'A' ? '--lane-a' : side === 'B' ? '--lane-b' : '--accent';
  const common = { times, startTime: series.startTime, group, onTime: (time: number) => selectNear(id, time) };
  return (
    <div className="stream-charts">
      {CHARTS.map(({ key: name, ...chart }, index) => (
        <SeriesChart
          key={name}
          {...common}
          {...chart}
          values={series[name]}
          colour={name === 'lostPercent' ? '--mark-loss' : colour}
          shape={name === 'lostPercent' ? 'bars' : 'line'}
          hasTimeAxis={index === CHARTS.length - 1}
        />
      ))}
      <div className="stream-axis t3">
        <span>
          min:s since <span className="mono">{formatClock(series.startTime, zone)}</span>
          {zone === 'utc' ? ' UTC' : ''}, a value for every {formatDuration(series.bucketSeconds)}
        </span>
        <span className="sp" />
        {isZoomed && (
          <button type="button" className="link" onClick={() => group.reset()}>
            Whole stream
          </button>
        )}
      </div>
    </div>
  );
}

function selectNear(stream: string, time: number): void {
  packetNear(stream, time).then(
    (packet) => packet !== null && go({ packet }),
    () => {},
  );
}
