import { useMemo } from 'react';
import type { Diagram, DiagramRow } from '../../shared/ladder-diagram/layout.ts';
import type { ProblemRow } from '../../shared/engine-api.ts';
import { useQuery } from '../client/use-query.ts';
import type { Place } from '../model/place.ts';
import { useApp } from '../model/store.ts';
import { LadderFrame } from './ladder-frame.tsx';

const MOST_PROBLEMS = 200;
const SHOWN = { lower: 'ladder' } as const;

/** The ladder of the selected call. */
export function LadderPanel() {
  const call = useApp((state) => state.place.call);
  const answer = useQuery('call.ladder', call === null ? null : { call });
  const problems = useProblems(call);
  const ladder = answer.data !== null && answer.data.call === call ? answer.data : null;
  return (
    <LadderFrame
      ladder={ladder}
      problems={problems}
      name={call === null ? 'Ladder' : `Ladder of call ${call.slice(1)}`}
      message={messageOf(call, ladder === null, answer.error, ladder?.rows.length ?? 0)}
      shown={SHOWN}
      placeOf={placeOf}
    />
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
  if (drawn.kind === 'rtcp' || drawn.kind === 'note') return { packet: drawn.packet, detail: 'packet' };
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
