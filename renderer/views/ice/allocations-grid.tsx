import { useMemo } from 'react';
import type { AllocationListRow } from '../../../shared/engine-api.ts';
import { iceFilter } from '../../model/ice-filter.ts';
import { go } from '../../model/navigate.ts';
import { useApp } from '../../model/store.ts';
import { numbersFilter } from '../../widgets/grid/filter-text.ts';
import { Grid } from '../../widgets/grid/grid.tsx';
import { EmptyRows, narrowFilter, useRows, useTimeContext, walkTo } from '../../widgets/grid/view-hooks.tsx';
import type { MenuEntry } from '../../widgets/menu/menu.tsx';
import { allocationColumns } from './ice-columns.ts';

const idOf = ({ id }: AllocationListRow): string => id;
const select = ({ id }: AllocationListRow): void => walkTo({ ice: id });
const open = ({ id }: AllocationListRow): void => go({ ice: id, iceLower: 'ladder' });
const onFilter = (condition: string, isNegated: boolean): void => narrowFilter(condition, isNegated, 'ice');
const filterOf = (rows: readonly AllocationListRow[]): string | null =>
  numbersFilter(
    'turn.id',
    rows.map(({ number }) => number),
  );

/** Every TURN allocation, those of sessions too. */
export function AllocationsGrid() {
  const selected = useApp((state) => state.place.ice);
  const { source, filter, canSort } = useRows('allocations', { grid: 'allocations', view: 'ice' });
  const times = useTimeContext();
  const columns = useMemo(() => allocationColumns(times), [times]);
  return (
    <Grid<AllocationListRow>
      id="allocations"
      label="Allocations"
      columns={columns}
      source={source}
      idOf={idOf}
      selected={selected}
      canSort={canSort}
      onSelect={select}
      onOpen={open}
      filterOf={filterOf}
      onFilter={onFilter}
      rowMenu={rowMenu}
      empty={
        <EmptyRows what="allocation" filter={filter}>
          <h2>Nobody asked a TURN server for a relay in this capture.</h2>
          <p>TURN over TLS shows only with a key log.</p>
        </EmptyRows>
      }
    />
  );
}

function rowMenu({ id, session }: AllocationListRow): readonly MenuEntry[] {
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
      label: 'Show its session',
      isDisabled: session === null,
      run: () => go({ ice: session }),
    },
  ];
}
