import { useEffect, useRef, useState } from 'react';
import { formatCount } from '../model/format/numbers.ts';
import { Icon } from '../widgets/icon.tsx';
import { Menu } from '../widgets/menu/menu.tsx';
import { exportEntries } from './export-entries.ts';
import { countMarks, MARK_KINDS } from './marks.ts';
import { player } from './player.ts';
import { formatPosition, zoomSpan } from './span.ts';
import { usePlayer } from './use-player.ts';
import { goToMark, zoomBy } from './use-player-commands.ts';

const RATES = [0.5, 1, 1.5, 2];

export function Controls() {
  const isPlaying = usePlayer((state) => state.isPlaying);
  const rate = usePlayer((state) => state.rate);
  const isLooping = usePlayer((state) => state.isLooping);
  const range = usePlayer((state) => state.range);
  return (
    <div className="player-controls" role="toolbar" aria-label="Playback">
      <button
        type="button"
        className="btn g sq"
        aria-label="Previous mark"
        title="Previous mark (,)"
        onClick={() => goToMark(-1)}
      >
        <Icon name="previous" />
      </button>
      <button
        type="button"
        className={isPlaying ? 'btn p sq' : 'btn sq'}
        aria-label={isPlaying ? 'Pause' : 'Play'}
        title={isPlaying ? 'Pause (Space)' : 'Play (Space)'}
        onClick={() => void player.toggle()}
      >
        <Icon name={isPlaying ? 'pause' : 'play'} />
      </button>
      <button
        type="button"
        className="btn g sq"
        aria-label="Next mark"
        title="Next mark (.)"
        onClick={() => goToMark(1)}
      >
        <Icon name="next" />
      </button>
      <Position />
      <span className="seg" role="group" aria-label="Speed">
        {RATES.map((value) => (
          <button
            type="button"
            key={value}
            className={value === rate ? 'on' : ''}
            aria-pressed={value === rate}
            onClick={() => player.setRate(value)}
          >
            {value}×
          </button>
        ))}
      </span>
      <button
        type="button"
        className={isLooping ? 'btn g sq is-on' : 'btn g sq'}
        aria-label="Loop the selection"
        aria-pressed={isLooping}
        title="Loop the selection (l)"
        onClick={() => player.setLooping(!isLooping)}
      >
        <Icon name="loop" />
      </button>
      <span className="player-zoom">
        <button type="button" className="btn g sq" aria-label="Zoom in" title="Zoom in (+)" onClick={() => zoomBy(0.5)}>
          <Icon name="zoomin" />
        </button>
        <button type="button" className="btn g sq" aria-label="Zoom out" title="Zoom out (−)" onClick={() => zoomBy(2)}>
          <Icon name="zoomout" />
        </button>
        <button
          type="button"
          className="btn g sq"
          aria-label="Show all of it"
          title="Show all of it (0)"
          onClick={() => player.show(player.whole)}
        >
          <Icon name="fit" />
        </button>
      </span>
      {range !== null && (
        <span className="player-range mono">
          {formatPosition(range.from)} – {formatPosition(range.to)}
          <button
            type="button"
            className="btn g"
            onClick={() => player.show(zoomSpan(range, 1.1, (range.from + range.to) / 2))}
          >
            Zoom to it
          </button>
          <button
            type="button"
            className="btn g sq"
            aria-label="Drop the selection"
            onClick={() => player.setRange(null)}
          >
            <Icon name="close" small />
          </button>
        </span>
      )}
      <span className="sp" />
      <Legend />
      <ExportButton />
    </div>
  );
}

/** The clock: changed at every frame, so not by React. */
function Position() {
  const duration = usePlayer((state) => state.plan?.durationSeconds ?? 0);
  const at = useRef<HTMLElement>(null);
  useEffect(() => {
    const show = (time: number): void => {
      if (at.current !== null) at.current.textContent = formatPosition(time);
    };
    show(player.audio.currentTime);
    return player.onClock(show);
  }, []);
  return (
    <span className="player-position mono">
      <b ref={at} data-testid="position" />
      <span className="t3"> / {formatPosition(duration)}</span>
    </span>
  );
}

function Legend() {
  const state = usePlayer((whole) => whole);
  return (
    <span className="player-legend" role="group" aria-label="Marks">
      {MARK_KINDS.map(({ kind, title }) => {
        const count = countMarks(state, kind);
        if (count === 0) return null;
        const isShown = !state.hidden.has(kind);
        return (
          <button
            type="button"
            key={kind}
            className={isShown ? 'chip' : 'chip is-off'}
            aria-pressed={isShown}
            onClick={() => player.toggleMarks(kind)}
          >
            <span className={`player-swatch is-${kind}`} />
            {title} {formatCount(count)}
          </button>
        );
      })}
    </span>
  );
}

function ExportButton() {
  const [at, setAt] = useState<{ x: number; y: number } | null>(null);
  return (
    <>
      <button
        type="button"
        className="btn"
        aria-haspopup="menu"
        onClick={({ currentTarget }) => {
          const { left, top } = currentTarget.getBoundingClientRect();
          setAt({ x: left, y: top - 200 });
        }}
      >
        <Icon name="export" />
        Export
      </button>
      {at !== null && <Menu label="Export" at={at} entries={exportEntries(player.get())} onClose={() => setAt(null)} />}
    </>
  );
}
