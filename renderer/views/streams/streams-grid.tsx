import './streams-grid.css';
import { type CSSProperties, useMemo } from 'react';
import type { RowsQuery, StreamListRow } from '../../../shared/engine-api.ts';
import { useQuery } from '../../client/use-query.ts';
import { allCommands, runCommand } from '../../model/commands.ts';
import { compare } from '../../model/compare.ts';
import { go } from '../../model/navigate.ts';
import { update, useApp } from '../../model/store.ts';
import { Grid } from '../../widgets/grid/grid.tsx';
import { numbersFilter } from '../../widgets/grid/filter-text.ts';
import { EmptyRows, narrowFilter, useRows, useShown, useTimeContext, walkTo } from '../../widgets/grid/view-hooks.tsx';
import type { MenuEntry } from '../../widgets/menu/menu.tsx';
import { streamEntries } from '../decode-as/open-decode-as.ts';
import { LockedNote } from '../keys/locked-note.tsx';
import { isLocked } from '../keys/locked-words.ts';
import { streamColumns } from './stream-columns.ts';

const idOf = ({ id }: StreamListRow): string => id;
const filterOf = (rows: readonly StreamListRow[]): string | null =>
  numbersFilter(
    'stream.id',
    rows.map(({ number }) => number),
  );
const onFilter = (condition: string, isNegated: boolean): void => narrowFilter(condition, isNegated, 'streams');

/** The streams of the selected call, and below them what those without a key want. */
export function CallStreams() {
  const call = useApp((state) => state.place.call);
  const query: RowsQuery = { table: 'streams', filter: '', call, sort: null };
  const { data } = useQuery('rows.page', call === null ? null : { query, from: 0, count: MOST_LOCKED });
  const rows = call === null ? [] : ((data?.rows ?? []) as StreamListRow[]);
  const isShut = rows.some(({ encryption }) => isLocked(encryption));
  return (
    <div className={isShut ? 'call-streams is-shut' : 'call-streams'} style={heightFor(rows.length)}>
      <StreamsGrid call={call} />
      {isShut && <LockedNote streams={rows} size="pane" />}
    </div>
  );
}

/** With more streams than these nobody reads what each of them wants. */
const MOST_LOCKED = 50;

/** So many rows, and the header. */
function heightFor(rows: number): CSSProperties {
  return { '--rows': rows + 1 } as CSSProperties;
}

/** The RTP streams of the capture, or of one call. */
export function StreamsGrid({ call }: { call: string | null }) {
  const selected = useApp((state) => state.place.stream);
  const grid = call === null ? 'streams' : 'call-streams';
  const { source, filter, isMain, canSort } = useRows('streams', { grid, view: 'streams', call });
  const onStatus = useShown('streams', isMain);
  const times = useTimeContext();
  const isSome = useApp((state) => (state.counts?.encryptedStreams ?? 0) > 0);
  const columns = useMemo(() => streamColumns(times, isSome), [times, isSome]);
  return (
    <Grid<StreamListRow>
      id={grid}
      label={call === null ? 'Streams' : 'Streams of the call'}
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
        <EmptyRows what="stream" filter={filter}>
          <NoStreams call={call} />
        </EmptyRows>
      }
    />
  );
}

function NoStreams({ call }: { call: string | null }) {
  return (
    <>
      <h2>{call === null ? 'There is no RTP stream in this capture.' : 'No RTP of this call is in the capture.'}</h2>
      <p>
        {call === null
          ? 'Media may have gone another way than past the capturing machine.'
          : 'It was not set up, or its media went another way than past the capturing machine.'}
      </p>
      <button
        type="button"
        className="btn"
        onClick={() => (call === null ? go({ view: 'packets' }) : go({ view: 'calls', lower: 'ladder' }))}
      >
        {call === null ? 'Show the packets' : 'Show the ladder'}
      </button>
    </>
  );
}

function placeOf(row: StreamListRow) {
  return { stream: row.id, detail: 'stream' as const, ...(row.call === null ? {} : { call: row.call }) };
}

function select(row: StreamListRow): void {
  walkTo(placeOf(row));
}

function open(row: StreamListRow): void {
  if (row.call === null) go(placeOf(row));
  else go({ ...placeOf(row), view: 'calls', lower: 'ladder' });
}

function rowMenu(row: StreamListRow, beside: StreamListRow | undefined): readonly MenuEntry[] {
  const filter = `stream.id == ${row.number}`;
  const entries: MenuEntry[] = [
    {
      kind: 'item',
      label: 'Show its packets',
      detail: filter,
      run: () => go({ ...placeOf(row), view: 'packets', filter }),
    },
    {
      kind: 'item',
      label: 'Show its call',
      isDisabled: row.call === null,
      run: () => go({ ...placeOf(row), view: 'calls', lower: 'ladder' }),
    },
    beside === undefined
      ? {
          kind: 'item',
          label: 'Compare with…',
          run: () => {
            walkTo(placeOf(row));
            // The menu gives the focus back first: the sheet takes it.
            requestAnimationFrame(() => update({ overlay: 'compare-stream' }));
          },
        }
      : {
          kind: 'item',
          label: 'Compare these two',
          detail: `${row.number} and ${beside.number}`,
          run: () => void compare({ other: null, streams: [row.id, beside.id] }),
        },
  ];
  entries.push(...streamEntries(row));
  if (allCommands().some(({ id }) => id === 'player.playStream')) {
    const play = (): void => {
      go(placeOf(row));
      runCommand('player.playStream');
    };
    entries.unshift({ kind: 'item', label: 'Play', run: play });
  }
  return entries;
}
