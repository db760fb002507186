import './ladder.css';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { foldedCounts } from '../../shared/ladder-diagram/fold.ts';
import { Diagram, type DiagramRow } from '../../shared/ladder-diagram/layout.ts';
import type { TimeStyle } from '../../shared/ladder-diagram/times.ts';
import type { ProblemRow } from '../../shared/engine-api.ts';
import { useQuery } from '../client/use-query.ts';
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

const MOST_PROBLEMS = 200;

/** The ladder of the selected call. */
export function LadderPanel() {
  const call = useApp((state) => state.place.call);
  const packet = useApp((state) => state.place.packet);
  const time = useApp(({ timeFormat, timeZone }): TimeStyle => (timeFormat === 'absolute' ? timeZone : 'since-start'));
  const answer = useQuery('call.ladder', call === null ? null : { call });
  const problems = useProblems(call);
  const choice = useEndpointChoice();
  const measure = useMeasure();
  const [width, setWidth] = useState(0);
  const [fold, setFold] = useState(() => setting('ladder.fold') !== false);
  const panel = useRef<HTMLElement>(null);
  const track = useRef<HTMLDivElement>(null);
  const ladder = answer.data !== null && answer.data.call === call ? answer.data : null;
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
  useLadderCommands({ panel, exported, fold, splitByPort: choice.splitByPort, onFold });
  const message = messageOf(call, ladder === null, answer.error, ladder?.rows.length ?? 0);

  return (
    <section ref={panel} className="ladder" aria-label={call === null ? 'Ladder' : `Ladder of call ${call.slice(1)}`}>
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
          onOpen: (index) => diagram !== null && go({ ...placeOf(diagram, index, null), lower: 'ladder' }),
          onScroll: (left) => {
            if (track.current !== null) track.current.style.transform = `translateX(${-left}px)`;
          },
          onResize: setWidth,
        }}
      />
    </section>
  );
}

function useProblems(call: string | null): readonly ProblemRow[] {
  const query = { table: 'problems', filter: '', call, sort: null } as const;
  const { data } = useQuery('rows.page', call === null ? null : { query, from: 0, count: MOST_PROBLEMS });
  return useMemo(() => {
    const rows = (data?.rows ?? []) as readonly ProblemRow[];
    return rows.filter((row) => row.call === call);
  }, [data, call]);
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

function messageOf(call: string | null, isWaiting: boolean, error: string | null, rows: number): string | null {
  if (call === null) return 'No call is selected. Select one in the list above to see who said what to whom.';
  if (error !== null) return `The ladder cannot be shown: ${error}`;
  if (isWaiting) return 'Reading the messages of the call…';
  return rows === 0 ? 'The capture holds no message of this call.' : null;
}

/** Where selecting a row leads; `x` picks one of several digits. */
function placeOf(diagram: Diagram, index: number, x: number | null): Partial<Place> {
  const row = diagram.rows[index];
  const { drawn } = row;
  if (drawn.kind === 'media') return { packet: drawn.packet, stream: drawn.row.stream, detail: 'stream' };
  if (drawn.kind === 'digits') {
    const digit = drawn.digits[x === null ? 0 : digitAt(diagram, index, x)] ?? drawn.digits[0];
    return { packet: digit.packet, stream: digit.stream, detail: 'packet' };
  }
  if (drawn.kind === 'rtcp') return { packet: drawn.packet, detail: 'packet' };
  return { packet: evidenceOf(row), detail: 'message' };
}

/** Of a row that stands for many packets, the one a problem names. */
function evidenceOf({ drawn, problems }: DiagramRow): number {
  const evidence = problems[0]?.packets ?? [];
  return drawn.rows.find(({ packet }) => evidence.includes(packet))?.packet ?? drawn.packet;
}

/** The key cap at `x`: they are the raised boxes of the row. */
function digitAt(diagram: Diagram, index: number, x: number): number {
  const caps = diagram.shapesOf(index).filter((shape) => shape.kind === 'box' && shape.fill === 'surface-raised');
  return Math.max(
    0,
    caps.findIndex((cap) => cap.kind === 'box' && x >= cap.x && x <= cap.x + cap.width),
  );
}
