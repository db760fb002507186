import { useEffect, useId, useLayoutEffect, useRef } from 'react';
import type { Diagram } from '../../shared/ladder-diagram/layout.ts';
import { getState, subscribe } from '../model/store.ts';
import { type LadderEvents, LadderView } from './ladder-view.ts';

/** The drawing itself: React for the frame, the canvas by itself. */
export function LadderCanvas({
  diagram,
  selected,
  label,
  events,
}: {
  /** null until there is room and an answer. */
  diagram: Diagram | null;
  /** Row, -1 for none. */
  selected: number;
  label: string;
  events: LadderEvents;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const view = useRef<LadderView | null>(null);
  const latest = useRef(events);
  latest.current = events;
  const id = useId();

  useLayoutEffect(() => {
    const host = scroller.current;
    if (host === null) return undefined;
    const made = new LadderView(host, id, {
      onSelect: (index, x) => latest.current.onSelect(index, x),
      onOpen: (index) => latest.current.onOpen(index),
      onScroll: (left) => latest.current.onScroll(left),
      onResize: (width) => latest.current.onResize(width),
    });
    view.current = made;
    made.showCursor(getState().cursorTime);
    const stop = subscribe(() => made.showCursor(getState().cursorTime));
    return () => {
      stop();
      made.destroy();
      view.current = null;
    };
  }, [id]);

  useLayoutEffect(() => {
    view.current?.show(diagram);
  }, [diagram]);

  useEffect(() => {
    view.current?.select(selected, selected >= 0);
  }, [selected, diagram?.ladder.call]);

  return <div className="ladder-scroll" ref={scroller} role="listbox" tabIndex={0} aria-label={label} />;
}
