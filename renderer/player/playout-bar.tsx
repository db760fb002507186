import type { AudioLane, AudioPlan, JitterCountsRow, PlayoutMode } from '../../shared/engine-api.ts';
import { formatCount, formatNumber } from '../model/format/numbers.ts';
import { player } from './player.ts';
import { MOST_SHOWN_DEPTH_MS } from './player-state.ts';
import { usePlayer } from './use-player.ts';

const MODES: readonly { readonly mode: PlayoutMode; readonly title: string; readonly tip: string }[] = [
  { mode: 'file', title: 'File timing', tip: 'As packets arrived at the capture point' },
  { mode: 'timestamp', title: 'RTP timestamps', tip: 'As the sender meant it: every packet that came is heard' },
  { mode: 'jitter-buffer', title: 'Jitter buffer', tip: 'As a receiver plays it: late packets are not heard' },
];
const STEP_MS = 10;

/** How the packets are played, what a jitter buffer makes of them, and what the lanes show. */
export function PlayoutBar() {
  const { mode, depthMs } = usePlayer((state) => state.playout);
  const plan = usePlayer((state) => state.plan);
  const hasSpectrogram = usePlayer((state) => state.hasSpectrogram);
  const isBuffer = mode === 'jitter-buffer' || mode === 'adaptive';
  return (
    <div className="player-playout" role="toolbar" aria-label="Playout">
      <span className="t3">Play by</span>
      <span className="seg" role="group" aria-label="Play by">
        {MODES.map((choice) => {
          const isOn = choice.mode === mode || (isBuffer && choice.mode === 'jitter-buffer');
          return (
            <button
              type="button"
              key={choice.mode}
              className={isOn ? 'on' : ''}
              aria-pressed={isOn}
              title={choice.tip}
              onClick={() => {
                if (!isOn) player.setPlayout({ mode: choice.mode, depthMs });
              }}
            >
              {choice.title}
            </button>
          );
        })}
      </span>
      {isBuffer && (
        <>
          <label className="player-depth">
            <span className="t3">Depth</span>
            <input
              type="range"
              min={0}
              max={MOST_SHOWN_DEPTH_MS}
              step={STEP_MS}
              value={depthMs}
              aria-label="Depth of the jitter buffer in ms"
              aria-valuetext={mode === 'adaptive' ? 'adaptive' : `${depthMs} ms`}
              title="Deeper: Shift+↑, shallower: Shift+↓"
              onChange={({ target }) => player.setPlayout({ mode: 'jitter-buffer', depthMs: Number(target.value) })}
            />
            <span className="player-ms mono" aria-hidden="true">
              {mode === 'adaptive' ? '—' : depthMs} ms
            </span>
          </label>
          <button
            type="button"
            className={mode === 'adaptive' ? 'btn is-on' : 'btn'}
            aria-pressed={mode === 'adaptive'}
            title="The depth follows the jitter"
            onClick={() => player.setPlayout({ mode: mode === 'adaptive' ? 'jitter-buffer' : 'adaptive', depthMs })}
          >
            Adaptive
          </button>
          <Counts plan={plan} />
        </>
      )}
      <span className="sp" />
      <span className="seg" role="group" aria-label="Lanes show">
        {[false, true].map((wanted) => (
          <button
            type="button"
            key={String(wanted)}
            className={wanted === hasSpectrogram ? 'on' : ''}
            aria-pressed={wanted === hasSpectrogram}
            onClick={() => {
              if (wanted !== hasSpectrogram) player.setSpectrogram(wanted);
            }}
          >
            {wanted ? 'Spectrogram' : 'Waveform'}
          </button>
        ))}
      </span>
    </div>
  );
}

/** What the buffer made of each lane. */
function Counts({ plan }: { plan: AudioPlan | null }) {
  const lanes = (plan?.lanes ?? []).filter(({ jitterBuffer }) => (jitterBuffer?.length ?? 0) > 0);
  return (
    <span className="player-counts" role="status">
      {lanes.map((lane) => (
        <span key={lane.channel} title={countsTip(lane)}>
          {lane.side !== null && <span className={`chip ${lane.side.toLowerCase()}`}>{lane.side}</span>}
          {countsText(lane)}
        </span>
      ))}
    </span>
  );
}

function total(lane: AudioLane, of: (row: JitterCountsRow) => number): number {
  return (lane.jitterBuffer ?? []).reduce((sum, row) => sum + of(row), 0);
}

/** `12 late, 30 concealed`: packets. */
export function countsText(lane: AudioLane): string {
  const late = total(lane, (row) => row.late);
  const concealed = total(lane, (row) => row.concealed);
  return `${formatCount(late)} late, ${formatCount(concealed)} concealed`;
}

function countsTip(lane: AudioLane): string {
  const count = (of: (row: JitterCountsRow) => number): string => formatCount(total(lane, of));
  const played = total(lane, (row) => row.played);
  const waited = total(lane, (row) => row.meanDelayMs * row.played);
  const most = Math.max(0, ...(lane.jitterBuffer ?? []).map((row) => row.maxDelayMs));
  return [
    `${count((row) => row.played)} packets played`,
    `${count((row) => row.late)} came too late`,
    `${count((row) => row.lost)} never came`,
    `${count((row) => row.dropped)} left out to shorten the delay`,
    `in the buffer ${formatNumber(played === 0 ? null : waited / played, 0)} ms on average, ${formatNumber(most, 0)} ms at most`,
    `its depth changed ${count((row) => row.adaptations)} times`,
  ].join('\n');
}
