import { useMemo } from 'react';
import type { IceListRow } from '../../../shared/engine-api.ts';
import { iceFilter } from '../../model/ice-filter.ts';
import { go } from '../../model/navigate.ts';
import { useApp } from '../../model/store.ts';
import { numbersFilter } from '../../widgets/grid/filter-text.ts';
import { Grid } from '../../widgets/grid/grid.tsx';
import { EmptyRows, narrowFilter, useRows, useShown, useTimeContext, walkTo } from '../../widgets/grid/view-hooks.tsx';
import type { MenuEntry } from '../../widgets/menu/menu.tsx';
import { sessionColumns } from './ice-columns.ts';

const idOf = ({ id }: IceListRow): string => id;
const select = ({ id }: IceListRow): void => walkTo({ ice: id });
const open = ({ id }: IceListRow): void => go({ ice: id, iceLower: 'ladder' });
const onFilter = (condition: string, isNegated: boolean): void => narrowFilter(condition, isNegated, 'ice');

/** ICE sessions, and TURN allocations that no session used. */
export function SessionsGrid() {
  const selected = useApp((state) => state.place.ice);
  const { source, filter, isMain, canSort } = useRows('sessions', { grid: 'sessions', view: 'ice' });
  const onStatus = useShown('sessions', isMain);
  const times = useTimeContext();
  const columns = useMemo(() => sessionColumns(times), [times]);
  return (
    <Grid<IceListRow>
      id="sessions"
      label="Sessions"
      columns={columns}
      source={source}
      idOf={idOf}
      selected={selected}
      canSort={canSort}
      onSelect={select}
      onOpen={open}
      onStatus={onStatus}
      filterOf={filterOf}
      onFilter={onFilter}
      rowMenu={rowMenu}
      empty={
        <EmptyRows what="session" filter={filter}>
          <h2>There is no ICE and no TURN in this capture.</h2>
          <p>Calls that do not use them send their media straight to the address in the SDP.</p>
          <button type="button" className="btn" onClick={() => go({ view: 'streams' })}>
            Show the streams
          </button>
        </EmptyRows>
      }
    />
  );
}

function filterOf(rows: readonly IceListRow[]): string | null {
  const numbers = (kind: IceListRow['kind']): number[] =>
    rows.filter((row) => row.kind === kind).map(({ number }) => number);
  const parts = [
    numbersFilter('ice.id', numbers('ice-session')),
    numbersFilter('turn.id', numbers('turn-allocation')),
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(' || ');
}

function rowMenu({ id, call }: IceListRow): readonly MenuEntry[] {
  const filter = iceFilter(id);
  return [
    {
      kind: 'item',
      label: 'Show its packets',
      detail: filter,
      run: () => go({ view: 'packets', ice: id, filter }),
    },
    { kind: 'item', label: 'Show its ladder', detail: 'Enter', run: () => go({ ice: id, iceLower: 'ladder' }) },
    {
      kind: 'item',
      label: 'Show its call',
      isDisabled: call === null,
      run: () => go({ view: 'calls', call, ice: id, lower: 'ladder' }),
    },
  ];
}
