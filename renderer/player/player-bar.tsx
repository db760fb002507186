import './player.css';
import { useEffect, useState } from 'react';
import type { AudioSelection } from '../../shared/engine-api.ts';
import { keep, setting } from '../model/settings.ts';
import { useApp } from '../model/store.ts';
import { SeverityGlyph } from '../widgets/severity.tsx';
import { Controls } from './controls.tsx';
import { useExtraLanes } from './extra-lanes.ts';
import { LaneFigures } from './lane-figures.tsx';
import { LaneHeader } from './lane-header.tsx';
import { LockedLanes, useLockedStreams } from './locked-lanes.tsx';
import { OverviewStrip } from './overview-strip.tsx';
import { player } from './player.ts';
import { PlayoutBar } from './playout-bar.tsx';
import { Ruler } from './ruler.tsx';
import { usePlayer } from './use-player.ts';
import { usePlayerCommands } from './use-player-commands.ts';
import { WaveView } from './wave-view.tsx';

const LANE_PX = { least: 44, most: 200 };
const SPECTROGRAM_PX = 88;

/** Hears and shows the selected call, or the selected stream where no call is. */
export function PlayerBar() {
  const view = useApp((state) => state.place.view);
  const call = useApp((state) => state.place.call);
  const stream = useApp((state) => state.place.stream);
  // Read again, the audio is another: so much is decrypted now.
  const opened = useApp(({ capture }) => (capture.status === 'open' ? capture.result : null));
  const extra = useExtraLanes();
  // Among the streams the selected one is meant, with a call all of it.
  const base: AudioSelection | null =
    view === 'streams' && stream !== null
      ? { streams: [stream] }
      : call !== null
        ? { calls: [call] }
        : stream !== null
          ? { streams: [stream] }
          : null;
  const selection =
    base === null && extra.calls.length + extra.streams.length === 0
      ? null
      : {
          calls: unique([...(base?.calls ?? []), ...extra.calls]),
          streams: unique([...(base?.streams ?? []), ...extra.streams]),
        };
  const key = opened !== null && selection !== null ? JSON.stringify(selection) : '';
  useEffect(() => {
    void player.select(key === '' ? null : (JSON.parse(key) as AudioSelection));
  }, [key, opened]);
  // Leaving the views with a player ends the sound.
  useEffect(() => () => void player.select(null), []);
  usePlayerCommands();

  const status = usePlayer((state) => state.status);
  if (status === 'none') return <Line text="Select a call or a stream to hear it." />;
  if (status === 'loading') return <Line text="Reading the audio…" />;
  if (status === 'silent') return <Silent call={base?.calls?.[0] ?? null} stream={base?.streams?.[0] ?? null} />;
  if (status === 'failed') return <Failed />;
  return <Lanes />;
}

function unique(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}

function Line({ text }: { text: string }) {
  return (
    <section className="player player-line t2" aria-label="Player">
      {text}
    </section>
  );
}

function Failed() {
  const message = usePlayer((state) => state.message);
  return (
    <section className="player player-line" aria-label="Player">
      <SeverityGlyph severity="error" />
      {message}
    </section>
  );
}

/** Nothing of it can be heard: why, stream by stream. */
function Silent({ call, stream }: { call: string | null; stream: string | null }) {
  const plan = usePlayer((state) => state.plan);
  const locked = useLockedStreams(plan, call, stream);
  // The keys themselves say what is wanted.
  const isAmongKeys = useApp((state) => state.place.view === 'keys');
  if (locked.length > 0) return isAmongKeys ? null : <LockedLanes streams={locked} />;
  const reasons = plan?.leftOut ?? [];
  return (
    <section className="player player-line" aria-label="Player">
      <SeverityGlyph severity="note" />
      <span>
        {reasons.length === 0
          ? 'There is no audio in it.'
          : `Nothing can be heard: ${reasons.map((left) => `stream ${left.stream.slice(1)}, ${left.reason}`).join('; ')}.`}
      </span>
    </section>
  );
}

function Lanes() {
  const plan = usePlayer((state) => state.plan);
  const [laneHeight, setLaneHeight] = useState(() => {
    const kept = setting('player.lane');
    return typeof kept === 'number' ? clampHeight(kept) : LANE_PX.least;
  });
  const hasSpectrogram = usePlayer((state) => state.hasSpectrogram);
  if (plan === null) return null;
  // Frequencies want more room than a wave.
  const shownHeight = hasSpectrogram ? Math.max(SPECTROGRAM_PX, laneHeight) : laneHeight;
  const resize = (height: number): void => {
    const next = clampHeight(height);
    setLaneHeight(next);
    keep({ 'player.lane': next });
  };
  return (
    <section
      className="player"
      aria-label="Player"
      data-state="ready"
      style={{ '--lane': `${shownHeight}px` } as React.CSSProperties}
    >
      <Splitter height={laneHeight} lanes={Math.min(2, plan.lanes.length)} onResize={resize} />
      <Controls />
      <PlayoutBar />
      <div className="player-body">
        <div className="player-corner" />
        <Ruler />
        <div className="player-corner" />
        <div className="player-lanes">
          <div className="player-heads">
            {plan.lanes.map((lane, at) => (
              <LaneHeader key={lane.channel} lane={lane} at={at} />
            ))}
          </div>
          <WaveView key={`${plan.id} ${shownHeight}`} plan={plan} laneHeight={shownHeight} />
          <div className="player-figures">
            {plan.lanes.map((lane) => (
              <LaneFigures key={lane.channel} lane={lane} />
            ))}
          </div>
        </div>
        <OverviewStrip />
      </div>
    </section>
  );
}

function clampHeight(height: number): number {
  return Math.round(Math.min(LANE_PX.most, Math.max(LANE_PX.least, height)));
}

/** The upper edge: drags the lanes higher. */
function Splitter({ height, lanes, onResize }: { height: number; lanes: number; onResize: (height: number) => void }) {
  return (
    <div
      className="player-splitter"
      role="separator"
      aria-orientation="horizontal"
      aria-label="Height of the player"
      aria-valuenow={height}
      aria-valuemin={LANE_PX.least}
      aria-valuemax={LANE_PX.most}
      tabIndex={0}
      onKeyDown={(event) => {
        const step = event.key === 'ArrowUp' ? 8 : event.key === 'ArrowDown' ? -8 : 0;
        if (step === 0) return;
        event.preventDefault();
        onResize(height + step);
      }}
      onPointerDown={(event) => {
        const { pointerId, clientY, currentTarget } = event;
        currentTarget.setPointerCapture(pointerId);
        const onMove = (moved: PointerEvent): void => onResize(height + (clientY - moved.clientY) / lanes);
        currentTarget.addEventListener('pointermove', onMove);
        currentTarget.addEventListener(
          'lostpointercapture',
          () => currentTarget.removeEventListener('pointermove', onMove),
          { once: true },
        );
      }}
    />
  );
}
