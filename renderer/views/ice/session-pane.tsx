import './ice.css';
import { useEffect } from 'react';
import { useQuery } from '../../client/use-query.ts';
import { move } from '../../model/navigate.ts';
import { getState, useApp } from '../../model/store.ts';
import { rowOf } from './ice-words.ts';
import { PeerTable } from './peer-table.tsx';
import { PairTable } from './pair-table.tsx';
import { StateTimeline } from './state-timeline.tsx';
import { TurnSteps } from './turn-steps.tsx';
import { useIceDetail } from './use-ice-detail.ts';
import { VerdictPanel } from './verdict-panel.tsx';

/** Many servers are tried side by side; their rows are in the list of allocations. */
const MOST_ALLOCATIONS = 6;
const GRAVEST = { by: 'outcome', descending: false } as const;

/** The session or allocation at hand: the verdict, TURN's steps, candidate pairs, states. */
export function SessionPane() {
  const id = useApp((state) => state.place.ice);
  const { detail, error } = useIceDetail();
  // Where nobody chose, the gravest is what one came for.
  const { data: first } = useQuery(
    'rows.page',
    id === null ? { query: { table: 'sessions', filter: '', sort: GRAVEST }, from: 0, count: 1 } : null,
  );
  const gravest = first?.rows[0];
  useEffect(() => {
    if (gravest !== undefined && 'outcome' in gravest && getState().place.ice === null) move({ ice: gravest.id });
  }, [gravest]);
  const row = detail === null ? null : rowOf(detail);
  if (detail === null || row === null) {
    return (
      <section className="ice-pane" aria-label="Session">
        <p className="ice-message t2" role="status">
          {error ?? (id === null ? 'Select a session or an allocation to see what became of it.' : 'Looking at it…')}
        </p>
      </section>
    );
  }
  const { session, allocations } = detail;
  const hidden = allocations.length - MOST_ALLOCATIONS;
  return (
    <section className="ice-pane" aria-label="Session">
      <VerdictPanel row={row} />
      {allocations.slice(0, MOST_ALLOCATIONS).map((allocation) => (
        <TurnSteps key={allocation.id} allocation={allocation} />
      ))}
      {hidden > 0 && <p className="ice-message t3">and {hidden} more allocations</p>}
      {session !== null && <PairTable session={session} allocations={allocations} />}
      {session !== null && <StateTimeline session={session} />}
      {session === null && row.kind === 'turn-allocation' && <PeerTable allocation={row} />}
    </section>
  );
}
