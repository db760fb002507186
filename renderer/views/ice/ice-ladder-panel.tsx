import { useMemo } from 'react';
import type { Diagram, DiagramProblem } from '../../../shared/ladder-diagram/layout.ts';
import { useQuery } from '../../client/use-query.ts';
import { LadderFrame } from '../../ladder/ladder-frame.tsx';
import type { Place } from '../../model/place.ts';
import { useApp } from '../../model/store.ts';
import { rowOf } from './ice-words.ts';
import { useIceDetail } from './use-ice-detail.ts';

const SHOWN = { iceLower: 'ladder' } as const;

/** The ladder of exactly the packets of the session or allocation at hand. */
export function IceLadderPanel() {
  const id = useApp((state) => state.place.ice);
  const { data, error } = useQuery('ice.ladder', id === null ? null : { id });
  const { detail } = useIceDetail();
  const ladder = data !== null && data.call === id ? data : null;
  const row = detail === null ? null : rowOf(detail);
  const problems = useMemo((): DiagramProblem[] => {
    if (row === null || (row.outcome !== 'failed' && row.outcome !== 'warning')) return [];
    const severity = row.outcome === 'failed' ? 'error' : 'warning';
    // The last packet of the proof is where it failed; one that is only counted has no row.
    const shown = new Set(ladder?.rows.map(({ packet }) => packet));
    const last = row.evidence.findLast((packet) => shown.has(packet));
    return last === undefined ? [] : [{ severity, title: row.verdict, packets: [last] }];
  }, [row, ladder]);
  return (
    <LadderFrame
      ladder={ladder}
      problems={problems}
      name={ladder === null ? 'Ladder' : `Ladder of ${ladder.callId}`}
      message={messageOf(id, ladder === null, error, ladder?.rows.length ?? 0)}
      shown={SHOWN}
      placeOf={placeOf}
    />
  );
}

function messageOf(id: string | null, isWaiting: boolean, error: string | null, rows: number): string | null {
  if (id === null) return 'Select a session or an allocation in the list above to see its packets.';
  if (error !== null) return `The ladder cannot be shown: ${error}`;
  if (isWaiting) return 'Reading its packets…';
  return rows === 0 ? 'The capture holds no packet of it.' : null;
}

function placeOf(diagram: Diagram, index: number): Partial<Place> {
  const { drawn } = diagram.rows[index];
  const stream = drawn.kind === 'media' ? { stream: drawn.row.stream } : {};
  return { packet: drawn.packet, ...stream, detail: 'packet' };
}
