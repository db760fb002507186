import { type KeyboardEvent, type PointerEvent, useRef } from 'react';

const STEP_PX = 16;

/** The line between an upper and a lower part: dragged, or moved by the arrow keys; `size` is the lower part's height. */
export function Splitter({
  label,
  size,
  min,
  max,
  onSize,
}: {
  label: string;
  size: number;
  min: number;
  max: number;
  /** `isFinal`: the hand has let go. */
  onSize: (size: number, isFinal: boolean) => void;
}) {
  const start = useRef<{ y: number; size: number } | null>(null);
  const set = (wanted: number, isFinal: boolean): void =>
    onSize(Math.round(Math.max(min, Math.min(max, wanted))), isFinal);
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = { y: event.clientY, size };
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (start.current !== null) set(start.current.size + start.current.y - event.clientY, false);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = { ArrowUp: size + STEP_PX, ArrowDown: size - STEP_PX, Home: max, End: min }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    set(to, true);
  };
  return (
    <div
      className="detail-split"
      role="separator"
      aria-label={label}
      aria-orientation="horizontal"
      aria-valuenow={size}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onLostPointerCapture={() => {
        start.current = null;
        onSize(size, true);
      }}
    />
  );
}
