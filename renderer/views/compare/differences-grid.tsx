import { useMemo, useState } from 'react';
import type { CompareDifference, CompareRow, DifferenceKind } from '../../../shared/compare.ts';
import { ask } from '../../client/client.ts';
import { useQuery } from '../../client/use-query.ts';
import { nearestIndex } from '../../detail/chart-data.ts';
import { formatCount } from '../../model/format/numbers.ts';
import { go } from '../../model/navigate.ts';
import { Grid } from '../../widgets/grid/grid.tsx';
import type { RowSource } from '../../widgets/grid/row-source.ts';
import { useTimeContext, walkTo } from '../../widgets/grid/view-hooks.tsx';
import type { MenuEntry } from '../../widgets/menu/menu.tsx';
import { differenceColumns } from './compare-columns.ts';
import { KINDS, packetOf } from './compare-words.ts';

const KIND_ORDER: readonly DifferenceKind[] = ['lost', 'missed', 'reordered', 'slow', 'changed'];
const idOf = ({ sequence }: CompareDifference): number => sequence;

/** Every packet that is not the same at both points; a row leads to its packet in the open capture. */
export function DifferencesGrid({ row }: { row: CompareRow }) {
  const { id } = row;
  const [wanted, setKind] = useState<DifferenceKind | null>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  const { data } = useQuery('compare.differences', { id, kind: null, from: 0, count: 0 });
  const kinds = data === null ? [] : KIND_ORDER.filter((kind) => data.counts[kind] > 0);
  const kind = wanted !== null && kinds.includes(wanted) ? wanted : null;
  const source = useMemo(() => differenceSource(id, kind), [id, kind]);
  const times = useTimeContext();
  const columns = useMemo(() => differenceColumns(times, row), [times, row]);
  return (
    <section className="compare-list" aria-label="Packets that differ">
      <header className="ph">
        <h2>Packets that differ</h2>
        <span className="t3">{data !== null && formatCount(data.total)}</span>
        <span className="sp" />
        {kinds.length > 1 && (
          <span className="seg compare-kinds" role="group" aria-label="Which packets">
            {[null, ...kinds].map((each) => (
              <button
                type="button"
                key={each ?? 'all'}
                className={each === kind ? 'on' : ''}
                aria-pressed={each === kind}
                onClick={() => setKind(each)}
              >
                {each === null ? 'all' : KINDS[each].word}
                <span className="t3">
                  {formatCount(each === null ? (data?.total ?? 0) : (data?.counts[each] ?? 0))}
                </span>
              </button>
            ))}
          </span>
        )}
      </header>
      <div className="compare-rows">
        <Grid<CompareDifference>
          id="compare-differences"
          label="Packets that differ"
          columns={columns}
          source={source}
          idOf={idOf}
          selected={chosen}
          canSort={false}
          onSelect={(difference) => {
            setChosen(difference.sequence);
            const packet = packetOf(difference, row);
            if (packet !== null) walkTo({ packet, detail: 'packet' });
          }}
          onOpen={(difference) => {
            const packet = packetOf(difference, row);
            if (packet !== null) go({ view: 'packets', packet, detail: 'packet' });
          }}
          rowMenu={(difference) => rowMenu(difference, row)}
          empty={<p>All packets are the same at both points.</p>}
        />
      </div>
    </section>
  );
}

function rowMenu({ packetA, packetB }: CompareDifference, { a, b }: CompareRow): readonly MenuEntry[] {
  const entry = (name: string, packet: number | null, isOther: boolean): MenuEntry => ({
    kind: 'item',
    label: `Show the packet at ${name}`,
    detail: packet === null ? 'not seen there' : isOther ? 'in the other capture' : `#${packet}`,
    isDisabled: packet === null || isOther,
    run: () => go({ packet, detail: 'packet' }),
  });
  return [entry('A', packetA, a.isOther), entry('B', packetB, b.isOther)];
}

function differenceSource(id: string, kind: DifferenceKind | null): RowSource<CompareDifference> {
  const page = (from: number, count: number, signal: AbortSignal) =>
    ask('compare.differences', { id, kind, from, count }, { signal });
  return {
    key: `differences ${id} ${kind}`,
    page: async (from, count, signal) => {
      const { total, rows } = await page(from, count, signal);
      return { total, unfiltered: total, rows, isGrowing: false };
    },
    place: async (wanted, signal) => {
      const sequenceAt = async (index: number): Promise<number> =>
        (await page(index, 1, signal)).rows[0]?.sequence ?? Infinity;
      const { total } = await page(0, 0, signal);
      const index = await nearestIndex(total, sequenceAt, Number(wanted));
      return index >= 0 && (await sequenceAt(index)) === Number(wanted) ? index : -1;
    },
  };
}
