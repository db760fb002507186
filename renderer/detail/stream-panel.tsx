import './detail.css';
import './stream.css';
import { useRef, useState } from 'react';
import type { StreamListRow } from '../../shared/engine-api.ts';
import { useQuery } from '../client/use-query.ts';
import { runCommand } from '../model/commands.ts';
import { move } from '../model/navigate.ts';
import { keep, setting } from '../model/settings.ts';
import { getState, update, useApp } from '../model/store.ts';
import { EncapsulationNote } from '../views/decode-as/encapsulation-list.tsx';
import { LockedNote } from '../views/keys/locked-note.tsx';
import { AudioPart } from '../views/quality/audio-part.tsx';
import { QualityFigures } from '../views/quality/quality-figures.tsx';
import { QualityHead } from '../views/quality/quality-head.tsx';
import { Icon } from '../widgets/icon.tsx';
import { DetailEmpty } from './detail-empty.tsx';
import { usePacketCommands } from './packet-steps.ts';
import { Splitter } from './splitter.tsx';
import { StreamCharts } from './stream-charts.tsx';
import { StreamFigures } from './stream-figures.tsx';
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
  // Nothing to say of it while the capture is being read.
  const { data: quality } = useQuery('quality.stream', { stream: row.id });
  const figures = quality?.figures ?? null;
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
          <EncapsulationNote stream={row} />
          {figures !== null && <QualityHead figures={figures} />}
          <StreamFigures row={row} />
          {figures !== null && <QualityFigures figures={figures} />}
          <AudioPart row={row} />
          <StreamCharts row={row} quality={quality?.series ?? null} />
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
