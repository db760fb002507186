import { useMemo } from 'react';
import type { CompareRow } from '../../../shared/compare.ts';
import { Grid } from '../../widgets/grid/grid.tsx';
import type { RowSource } from '../../widgets/grid/row-source.ts';
import { walkTo } from '../../widgets/grid/view-hooks.tsx';
import { pairColumns } from './compare-columns.ts';

const idOf = ({ id }: CompareRow): string => id;
const select = ({ id }: CompareRow): void => walkTo({ pair: id });
const columns = pairColumns();
let lists = 0;

/** The streams that were seen twice. */
export function PairsGrid({ rows, selected }: { rows: readonly CompareRow[]; selected: string }) {
  const source = useMemo((): RowSource<CompareRow> => {
    const total = rows.length;
    return {
      key: `pairs ${++lists}`,
      page: (from, count) =>
        Promise.resolve({ total, unfiltered: total, rows: rows.slice(from, from + count), isGrowing: false }),
      place: (id) => Promise.resolve(rows.findIndex((row) => row.id === id)),
    };
  }, [rows]);
  return (
    <Grid<CompareRow>
      id="compare-pairs"
      label="Streams seen twice"
      columns={columns}
      source={source}
      idOf={idOf}
      selected={selected}
      canSort={false}
      onSelect={select}
      empty={null}
    />
  );
}
