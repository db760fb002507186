import './ladder.css';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Ladder } from '../../shared/ladder.ts';
import { foldedCounts } from '../../shared/ladder-diagram/fold.ts';
import { Diagram, type DiagramProblem } from '../../shared/ladder-diagram/layout.ts';
import type { TimeStyle } from '../../shared/ladder-diagram/times.ts';
import { go, move } from '../model/navigate.ts';
import type { Place } from '../model/place.ts';
import { keep, setting } from '../model/settings.ts';
import { useApp } from '../model/store.ts';
import { useEndpointChoice } from './endpoint-choice.ts';
import { EndpointHeader } from './endpoint-header.tsx';
import { makeMeasure } from './fonts.ts';
import { LadderCanvas } from './ladder-canvas.tsx';
import { LadderStrip } from './ladder-strip.tsx';
import { useLadderCommands } from './use-ladder-commands.ts';

/** A ladder with what can be done to it. */
export function LadderFrame({
  ladder,
  problems,
  name,
  message,
  shown,
  placeOf,
}: {
  /** null until there is an answer. */
  ladder: Ladder | null;
  problems: readonly DiagramProblem[];
  /** `Ladder of call 7`. */
  name: string;
  /** Why there is nothing to see, or not yet; null where there is. */
  message: string | null;
  /** What of the place brings this ladder to the front. */
  shown: Partial<Place>;
  /** Where selecting a row leads; `x` is where in the drawing, null by keyboard. */
  placeOf: (diagram: Diagram, index: number, x: number | null) => Partial<Place>;
}) {
  const packet = useApp((state) => state.place.packet);
  const time = useApp(({ timeFormat, timeZone }): TimeStyle => (timeFormat === 'absolute' ? timeZone : 'since-start'));
  const choice = useEndpointChoice();
  const measure = useMeasure();
  const [width, setWidth] = useState(0);
  const [fold, setFold] = useState(() => setting('ladder.fold') !== false);
  const panel = useRef<HTMLElement>(null);
  const track = useRef<HTMLDivElement>(null);
  const diagram = useMemo(
    () =>
      ladder === null || width === 0 ? null : new Diagram(ladder, { width, choice, fold, time, problems, measure }),
    [ladder, width, choice, fold, time, problems, measure],
  );
  const counts = useMemo(
    () => (diagram === null ? null : foldedCounts(diagram.rows.map(({ drawn }) => drawn))),
    [diagram],
  );
  const selected = diagram === null || packet === null ? -1 : diagram.indexOfPacket(packet);
  const exported = useMemo(() => (diagram === null ? null : { diagram, choice, fold }), [diagram, choice, fold]);
  const onFold = useCallback((next: boolean): void => {
    setFold(next);
    keep({ 'ladder.fold': next });
  }, []);
  useLadderCommands({ panel, exported, fold, splitByPort: choice.splitByPort, shown, onFold });

  return (
    <section ref={panel} className="ladder" aria-label={name}>
      <LadderStrip counts={counts} exported={exported} time={time} choice={choice} fold={fold} onFold={onFold} />
      {diagram !== null && message === null && <EndpointHeader diagram={diagram} track={track} />}
      {message !== null && (
        <p className="ladder-message t2" role="status">
          {message}
        </p>
      )}
      <LadderCanvas
        diagram={message === null ? diagram : null}
        selected={selected}
        label={message ?? 'Messages and media in order of time'}
        events={{
          onSelect: (index, x) => diagram !== null && move(placeOf(diagram, index, x)),
          onOpen: (index) => diagram !== null && go({ ...placeOf(diagram, index, null), ...shown }),
          onScroll: (left) => {
            if (track.current !== null) track.current.style.transform = `translateX(${-left}px)`;
          },
          onResize: setWidth,
        }}
      />
    </section>
  );
}

/** Measured anew once the fonts of the page have come. */
function useMeasure() {
  const [measure, setMeasure] = useState(() => makeMeasure());
  useEffect(() => {
    const remeasure = (): void => setMeasure(() => makeMeasure());
    document.fonts.addEventListener('loadingdone', remeasure);
    return () => document.fonts.removeEventListener('loadingdone', remeasure);
  }, []);
  return measure;
}
