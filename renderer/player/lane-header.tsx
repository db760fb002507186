import { useEffect, useRef } from 'react';
import type { AudioLane } from '../../shared/engine-api.ts';
import type { LaneSound } from './audio-graph.ts';
import { player } from './player.ts';
import { usePlayer } from './use-player.ts';

const EARS: Record<LaneSound['ear'], LaneSound['ear']> = { left: 'right', right: 'both', both: 'left' };

/** Who it is, where it is heard, how loud. */
export function LaneHeader({ lane, at }: { lane: AudioLane; at: number }) {
  const sound = usePlayer((state) => state.sounds[at]);
  if (sound === undefined) return null;
  const { isMuted, isSolo, ear, gain } = sound;
  const name = lane.name || lane.ssrc;
  return (
    <div className="lane-head">
      <div className="lane-line">
        {lane.side !== null && <span className={`chip ${lane.side.toLowerCase()}`}>{lane.side}</span>}
        <b className="trunc" title={name}>
          {name}
        </b>
        <button
          type="button"
          className="lane-ear t3"
          aria-label={`${name} is heard ${ear === 'both' ? 'in both ears' : `on the ${ear}`}: change`}
          onClick={() => player.setSound(at, { ear: EARS[ear] })}
        >
          {ear}
        </button>
        <span className="sp" />
        <button
          type="button"
          className="lane-key"
          aria-label={`Mute ${name}`}
          aria-pressed={isMuted}
          title="Mute"
          onClick={() => player.setSound(at, { isMuted: !isMuted })}
        >
          M
        </button>
        <button
          type="button"
          className="lane-key"
          aria-label={`Solo ${name}`}
          aria-pressed={isSolo}
          title="Solo"
          onClick={() => player.setSound(at, { isSolo: !isSolo })}
        >
          S
        </button>
      </div>
      <div className="lane-line t3 mono">
        <span className="trunc" title={lane.silentBecause}>
          {lane.silentBecause === undefined
            ? `${lane.codec}${lane.ptimeMs === null ? '' : ` ${lane.ptimeMs} ms`} ${lane.ssrc}`
            : `not heard: ${lane.silentBecause}`}
        </span>
        <span className="sp" />
        <input
          className="lane-gain"
          type="range"
          min={0}
          max={2}
          step={0.05}
          value={gain}
          aria-label={`Gain of ${name}`}
          title={`Gain ${Math.round(gain * 100)} %`}
          onChange={({ target }) => player.setSound(at, { gain: Number(target.value) })}
        />
      </div>
      <Meter at={at} />
    </div>
  );
}

const FLOOR_DB = -60;

/** How loud the lane is just now; painted at every frame of the clock. */
function Meter({ at }: { at: number }) {
  const bar = useRef<HTMLSpanElement>(null);
  const isPlaying = usePlayer((state) => state.isPlaying);
  useEffect(() => {
    const show = (): void => {
      const level = player.levelOf(at);
      const share = level <= 0 ? 0 : Math.max(0, 1 - (20 * Math.log10(level)) / FLOOR_DB);
      if (bar.current !== null) bar.current.style.transform = `scaleX(${share.toFixed(3)})`;
    };
    show();
    return player.onClock(show);
  }, [at, isPlaying]);
  return (
    <span className="lane-meter" aria-hidden="true">
      <span ref={bar} />
    </span>
  );
}
