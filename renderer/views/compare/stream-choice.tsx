import { type KeyboardEvent, useState } from 'react';
import type { StreamListRow } from '../../../shared/engine-api.ts';
import { useQuery } from '../../client/use-query.ts';
import { compare, pickOther } from '../../model/compare.ts';
import { countOf } from '../../model/format/numbers.ts';
import { update, useApp } from '../../model/store.ts';
import { Sheet } from '../../widgets/dialog/sheet.tsx';
import { Icon } from '../../widgets/icon.tsx';

/** More is found by selecting two rows of the grid. */
const MOST_SHOWN = 200;

/** Which stream the selected one is compared with: those with the same SSRC come first. */
export function StreamChoice() {
  const id = useApp((state) => state.place.stream);
  const { data: own } = useQuery('stream.get', id === null ? null : { stream: id });
  const isAsked = own !== null;
  const same = useStreams(isAsked ? `stream.ssrc == ${own.ssrc}` : null);
  const others = useStreams(isAsked ? `stream.ssrc != ${own.ssrc}` : null);
  const [chosen, setChosen] = useState(0);
  const close = (): void => update({ overlay: null });
  const rows = [...same.rows, ...others.rows].filter((row) => row.id !== id).slice(0, MOST_SHOWN);
  const hidden = same.total + others.total - 1 - rows.length;
  const take = (row: StreamListRow | undefined): void => {
    if (row === undefined || id === null) return;
    close();
    void compare({ other: null, streams: [id, row.id] });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = {
      ArrowDown: 1,
      j: 1,
      ArrowUp: -1,
      k: -1,
      Home: -MOST_SHOWN,
      End: MOST_SHOWN,
    };
    const step = steps[event.key];
    if (step !== undefined) setChosen((at) => Math.max(0, Math.min(rows.length - 1, at + step)));
    else if (event.key === 'Enter') take(rows[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <Sheet label="Compare a stream" width={640} onClose={close}>
      <div className="sheet-head">
        <h2>
          Compare stream {own?.number} <span className="t3 mono">{own?.ssrc}</span> with…
        </h2>
      </div>
      <ul
        className="compare-choice"
        role="listbox"
        aria-label="Streams to compare with"
        tabIndex={0}
        data-focus-first
        aria-activedescendant={rows.length > 0 ? `compare-choice-${chosen}` : undefined}
        onKeyDown={onKeyDown}
      >
        {rows.map((row, at) => (
          <li
            key={row.id}
            id={`compare-choice-${at}`}
            role="option"
            aria-selected={at === chosen}
            ref={at === chosen ? (element) => element?.scrollIntoView({ block: 'nearest' }) : undefined}
            onClick={() => setChosen(at)}
            onDoubleClick={() => take(row)}
          >
            <span className="mono num">{row.number}</span>
            <span className="mono">{row.ssrc}</span>
            <span className="mono trunc">
              {row.src} → {row.dst}
            </span>
            <span className="num t2">{countOf(row.packets, 'packet')}</span>
            <span>{row.ssrc === own?.ssrc && <span className="chip">same SSRC</span>}</span>
          </li>
        ))}
      </ul>
      {isAsked && rows.length === 0 && (
        <p className="compare-note t2">The capture has no other stream; a second capture may have.</p>
      )}
      {hidden > 0 && (
        <p className="compare-note t3">
          and {countOf(hidden, 'more stream')}: select two in the list of streams to compare them
        </p>
      )}
      <div className="chooser-foot">
        <button type="button" className="btn" onClick={() => void pickOther()}>
          <Icon name="open" small />
          Another capture…
        </button>
        <span className="sp" />
        <button type="button" className="btn" onClick={close}>
          Cancel
        </button>
        <button type="button" className="btn p" disabled={rows.length === 0} onClick={() => take(rows[chosen])}>
          Compare
        </button>
      </div>
    </Sheet>
  );
}

function useStreams(filter: string | null): { rows: readonly StreamListRow[]; total: number } {
  const { data } = useQuery(
    'rows.page',
    filter === null ? null : { query: { table: 'streams', filter, sort: null }, from: 0, count: MOST_SHOWN },
  );
  return { rows: (data?.rows ?? []) as StreamListRow[], total: data?.total ?? 0 };
}
