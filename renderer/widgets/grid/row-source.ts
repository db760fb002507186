import type { RowsQuery, TableName, TableRows } from '../../../shared/engine-api.ts';
import { ask } from '../../client/client.ts';

export interface Page<Row> {
  /** Rows of the source. */
  readonly total: number;
  /** Rows there would be without the filter. */
  readonly unfiltered: number;
  readonly rows: readonly Row[];
  /** There will be more. */
  readonly isGrowing: boolean;
}

/** Where a grid gets its rows. Another `key` is another list: it starts at the top. */
export interface RowSource<Row> {
  readonly key: string;
  readonly page: (from: number, count: number, signal: AbortSignal) => Promise<Page<Row>>;
  /** The place of a row by its id; -1 where it is not in the list. */
  readonly place: (id: string | number, signal: AbortSignal) => Promise<number>;
}

/** The rows of a query to the engine. */
export function engineSource<Table extends TableName>(
  query: RowsQuery & { table: Table },
): RowSource<TableRows[Table]> {
  return {
    key: JSON.stringify(query),
    page: async (from, count, signal) => {
      const answer = await ask('rows.page', { query, from, count }, { signal });
      return { ...answer, rows: answer.rows as TableRows[Table][] };
    },
    place: (id, signal) => ask('rows.place', { query, id }, { signal }),
  };
}
