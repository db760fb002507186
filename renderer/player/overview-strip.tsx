import { useEffect, useRef } from 'react';
import { marksOf } from './marks.ts';
import { columnsOf } from './paint-lane.ts';
import { player } from './player.ts';
import type { PlayerState } from './player-state.ts';
import { moveSpan, type Span } from './span.ts';
import { usePlayer } from './use-player.ts';
import { tokenValue, useShownTheme } from '../model/theme-colours.ts';
import { useWidth } from './use-width.ts';

const HEIGHT = 26;

/** The whole of the audio, small: what is shown of it can be dragged along. */
export function OverviewStrip() {
  const state = usePlayer((whole) => whole);
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const cursor = useRef<HTMLSpanElement>(null);
  const width = useWidth(box);
  const theme = useShownTheme();
  const { overview, window, found, plan, hidden } = state;
  const duration = player.whole.to;
  useEffect(() => {
    if (canvas.current !== null && width > 0) paint(canvas.current, state, width, duration);
    // Painted anew for what is drawn, not for every change of the player.
  }, [overview, found, plan, hidden, width, theme, duration]);
  useEffect(() => {
    const show = (time: number): void => {
      if (cursor.current !== null) cursor.current.style.left = `${(time / duration) * 100}%`;
    };
    show(player.audio.currentTime);
    return player.onClock(show);
  }, [duration]);
  const isWhole = window.to - window.from >= duration * 0.999;
  return (
    <>
      <div className="player-corner t3">{isWhole ? 'Whole' : `${formatLength(window)} shown`}</div>
      <div
        className="player-overview"
        ref={box}
        onPointerDown={(event) => {
          const { left } = event.currentTarget.getBoundingClientRect();
          drag(event.currentTarget, event.pointerId, (x) => ((x - left) / width) * duration, event.clientX, window);
        }}
      >
        <canvas ref={canvas} aria-hidden="true" style={{ width, height: HEIGHT }} />
        {!isWhole && (
          <span
            className="player-window"
            role="scrollbar"
            aria-label="What is shown of the audio"
            aria-controls="player-waves"
            aria-orientation="horizontal"
            aria-valuenow={Math.round((window.from / duration) * 100)}
            tabIndex={0}
            style={{
              left: `${(window.from / duration) * 100}%`,
              width: `${((window.to - window.from) / duration) * 100}%`,
            }}
            onKeyDown={(event) => {
              const length = window.to - window.from;
              const step = event.key === 'ArrowRight' ? 0.25 : event.key === 'ArrowLeft' ? -0.25 : 0;
              if (step === 0) return;
              event.preventDefault();
              player.show(moveSpan(window, step * length));
            }}
          />
        )}
        <span className="player-cursor" ref={cursor} />
      </div>
      <div className="player-corner" />
    </>
  );
}

function formatLength({ from, to }: Span): string {
  const seconds = to - from;
  return seconds >= 10
    ? `${Math.round(seconds)} s`
    : seconds >= 1
      ? `${seconds.toFixed(1)} s`
      : `${(seconds * 1000).toFixed(0)} ms`;
}

/** Beside the window: it comes here. Then it follows the pointer. */
function drag(box: HTMLElement, pointer: number, timeAt: (x: number) => number, x: number, window: Span): void {
  const length = window.to - window.from;
  const pressed = timeAt(x);
  const start =
    pressed >= window.from && pressed < window.to ? window : { from: pressed - length / 2, to: pressed + length / 2 };
  player.show(start);
  box.setPointerCapture(pointer);
  const onMove = ({ clientX }: PointerEvent): void => player.show(moveSpan(start, timeAt(clientX) - pressed));
  box.addEventListener('pointermove', onMove);
  box.addEventListener('lostpointercapture', () => box.removeEventListener('pointermove', onMove), { once: true });
}

/** The first lane upwards, the second downwards; losses as ticks on top. */
function paint(canvas: HTMLCanvasElement, state: PlayerState, width: number, duration: number): void {
  const ratio = devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(HEIGHT * ratio);
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { height } = canvas;
  const middle = Math.floor(height / 2);
  const whole = { from: 0, to: duration };
  state.overview.slice(0, 2).forEach((peaks, lane) => {
    const columns = columnsOf(peaks, whole, canvas.width);
    context.fillStyle = tokenValue(lane === 0 ? '--lane-a' : '--lane-b');
    for (let x = 0; x < canvas.width; x++) {
      const size = Math.max(columns.max[x], -columns.min[x]) * (middle - 2 * ratio);
      if (size > 0) context.fillRect(x, lane === 0 ? middle - size : middle, 1, size);
    }
  });
  if (state.hidden.has('loss')) return;
  context.fillStyle = tokenValue('--mark-loss');
  for (let lane = 0; lane < state.overview.length; lane++) {
    for (const { kind, at, seconds } of marksOf(state, lane)) {
      if (kind !== 'loss') continue;
      const from = (at / duration) * canvas.width;
      context.fillRect(Math.round(from), 0, Math.max(ratio, (seconds / duration) * canvas.width), 3 * ratio);
    }
  }
}
