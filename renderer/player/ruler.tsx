import { useEffect, useRef } from 'react';
import { player } from './player.ts';
import { rulerTicks } from './span.ts';
import { usePlayer } from './use-player.ts';
import { useWidth } from './use-width.ts';

/** Times over the lanes, and the head of the cursor; a click goes there. */
export function Ruler() {
  const box = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLSpanElement>(null);
  const width = useWidth(box);
  const window = usePlayer((state) => state.window);
  const length = window.to - window.from;
  useEffect(() => {
    const show = (time: number): void => {
      if (head.current === null) return;
      const place = (time - window.from) / length;
      head.current.hidden = place < 0 || place > 1;
      head.current.style.left = `${place * 100}%`;
    };
    show(player.audio.currentTime);
    return player.onClock(show);
  }, [window, length]);
  return (
    <div
      className="player-ruler mono t3"
      ref={box}
      aria-hidden="true"
      onClick={({ clientX, currentTarget }) => {
        const { left } = currentTarget.getBoundingClientRect();
        player.seek(window.from + ((clientX - left) / width) * length);
      }}
    >
      {rulerTicks(window, width).map(({ at, text }) => (
        <span key={text} style={{ left: `${((at - window.from) / length) * 100}%` }}>
          {text}
        </span>
      ))}
      <span className="player-head" ref={head} />
    </div>
  );
}
