import { useMemo } from 'react';
import type { CallListRow } from '../../../shared/engine-api.ts';
import { countOf } from '../../model/format/numbers.ts';
import { runCommand } from '../../model/commands.ts';
import { go } from '../../model/navigate.ts';
import { getState, useApp } from '../../model/store.ts';
import { Grid } from '../../widgets/grid/grid.tsx';
import { numbersFilter } from '../../widgets/grid/filter-text.ts';
import { EmptyRows, narrowFilter, useRows, useShown, useTimeContext, walkTo } from '../../widgets/grid/view-hooks.tsx';
import type { MenuEntry } from '../../widgets/menu/menu.tsx';
import { callColumns } from './call-columns.ts';

const idOf = ({ id }: CallListRow): string => id;
const filterOf = (rows: readonly CallListRow[]): string | null =>
  numbersFilter(
    'call.id',
    rows.map(({ number }) => number),
  );
const onFilter = (condition: string, isNegated: boolean): void => narrowFilter(condition, isNegated, 'calls');

/** The calls of the capture, or every other exchange. */
export function CallsGrid({ table }: { table: 'calls' | 'registrations' }) {
  const selected = useApp((state) => state.place.call);
  const { source, filter, isMain, canSort } = useRows(table, { grid: table, view: 'calls' });
  const onStatus = useShown(table, isMain && table === 'calls');
  const times = useTimeContext();
  const columns = useMemo(() => callColumns(times, table), [times, table]);
  return (
    <Grid<CallListRow>
      id={table}
      label={table === 'calls' ? 'Calls' : 'Registrations and other exchanges'}
      columns={columns}
      source={source}
      idOf={idOf}
      selected={selected}
      canSort={canSort}
      onSelect={select}
      onOpen={openLadder}
      onStatus={onStatus}
      filterOf={filterOf}
      onFilter={onFilter}
      rowMenu={rowMenu}
      empty={
        <EmptyRows what={table === 'calls' ? 'call' : 'exchange'} filter={filter}>
          <NoCalls table={table} />
        </EmptyRows>
      }
    />
  );
}

function NoCalls({ table }: { table: 'calls' | 'registrations' }) {
  const streams = useApp((state) => state.counts?.streams ?? 0);
  const others = useApp((state) => state.counts?.registrations ?? 0);
  const vertoCalls = useApp((state) => state.counts?.vertoCalls ?? 0);
  const isCalls = table === 'calls';
  return (
    <>
      <h2>{isCalls ? 'There is no SIP call in this capture.' : 'There is no registration or other exchange.'}</h2>
      {isCalls && <p>{hintOf({ streams, others, vertoCalls })}</p>}
      {isCalls && (
        <button type="button" className="btn" onClick={() => go({ view: streams > 0 ? 'streams' : 'packets' })}>
          {streams > 0 ? 'Show the streams' : 'Show the packets'}
        </button>
      )}
    </>
  );
}

/** What there is instead of calls. */
function hintOf({
  streams,
  others,
  vertoCalls,
}: Readonly<Record<'streams' | 'others' | 'vertoCalls', number>>): string {
  if (vertoCalls > 0) {
    const calls = `It has ${countOf(vertoCalls, 'call')} over Verto, which this list does not hold yet`;
    return streams > 0 ? `${calls}: the streams can be heard and measured.` : `${calls}.`;
  }
  if (streams > 0) return 'RTP was found without signalling: the streams can be heard and measured all the same.';
  if (others > 0) return `It has ${countOf(others, 'other SIP exchange')}: see “Registrations and others”.`;
  return 'The packet list shows what there is; signalling over TLS cannot be read without its keys.';
}

/** A stream of another call is not the selected one any more. */
function placeOf(row: CallListRow) {
  const { stream } = getState().place;
  return { call: row.id, stream: stream !== null && row.streams.includes(stream) ? stream : null };
}

function select(row: CallListRow): void {
  walkTo(placeOf(row));
}

function openLadder(row: CallListRow): void {
  go({ ...placeOf(row), view: 'calls', lower: 'ladder' });
  // The pane may have to be shown first.
  requestAnimationFrame(() => runCommand('ladder.focus'));
}

function rowMenu(row: CallListRow): readonly MenuEntry[] {
  const show = (lower: 'ladder' | 'packets' | 'streams') => () => go({ ...placeOf(row), view: 'calls', lower });
  return [
    { kind: 'item', label: 'Show the ladder', detail: 'Enter', run: () => openLadder(row) },
    { kind: 'item', label: 'Show its packets', run: show('packets') },
    { kind: 'item', label: 'Show its streams', isDisabled: row.streams.length === 0, run: show('streams') },
    {
      kind: 'item',
      label: 'All packets with this filter',
      detail: `call.id == ${row.number}`,
      run: () => go({ ...placeOf(row), view: 'packets', filter: `call.id == ${row.number}` }),
    },
  ];
}
