import './problems-list.css';
import { type MouseEvent, useMemo, useState } from 'react';
import type { ProblemRow } from '../../../shared/engine-api.ts';
import { useQuery } from '../../client/use-query.ts';
import { countOf } from '../../model/format/numbers.ts';
import { go } from '../../model/navigate.ts';
import { keep } from '../../model/settings.ts';
import { useApp } from '../../model/store.ts';
import { showProblem } from '../../shell/problems-walk.ts';
import { Grid } from '../../widgets/grid/grid.tsx';
import type { GridColumn } from '../../widgets/grid/column.ts';
import { numbersFilter } from '../../widgets/grid/filter-text.ts';
import { GridTemplates, useTemplates } from '../../widgets/grid/templates.tsx';
import { EmptyRows, useRows, useShown, walkTo } from '../../widgets/grid/view-hooks.tsx';
import type { MenuEntry } from '../../widgets/menu/menu.tsx';
import { SeverityGlyph } from '../../widgets/severity.tsx';
import { problemPainter, problemPlace, problemWhere } from './problem-painter.ts';

const ROW_HEIGHT = 44;
const ORDERS = [
  ['severity', 'Severity'],
  ['time', 'Time'],
  ['call', 'Call'],
] as const;
type Order = (typeof ORDERS)[number][0];

const idOf = ({ id }: ProblemRow): string => id;
const filterOf = (rows: readonly ProblemRow[]): string | null =>
  numbersFilter(
    'frame.number',
    rows.flatMap(({ packets }) => packets),
  );

/** Every problem with its evidence. */
export function ProblemsList() {
  const selected = useApp((state) => state.place.problem);
  const zone = useApp((state) => state.timeZone);
  const call = useApp((state) => state.place.call);
  const kept = useApp((state) => state.settings['problems.order']);
  const order: Order = kept === 'time' || kept === 'call' ? kept : 'severity';
  const [isOfCall, setOfCall] = useState(false);
  const sortBy = useMemo(() => (order === 'severity' ? null : { by: order, descending: false }), [order]);
  const { source, filter, isMain } = useRows('problems', {
    grid: 'problems',
    view: 'problems',
    sortBy,
    call: isOfCall ? call : null,
  });
  const onStatus = useShown('problems', isMain);
  const { templates, box } = useTemplates();
  const painter = useMemo(() => problemPainter(templates, zone), [templates, zone]);
  const columns = useMemo(() => copyColumns(zone), [zone]);
  return (
    <section className="problems" onClickCapture={goToPacket}>
      <Head order={order} call={call} isOfCall={isOfCall} onOfCall={setOfCall} />
      <Grid<ProblemRow>
        id="problems"
        label="Problems"
        columns={columns}
        hasHead={false}
        rowHeight={ROW_HEIGHT}
        painter={painter}
        source={source}
        idOf={idOf}
        selected={selected}
        onSelect={select}
        onOpen={showProblem}
        onStatus={onStatus}
        filterOf={filterOf}
        rowMenu={rowMenu}
        empty={
          <EmptyRows what="problem" filter={filter}>
            <SeverityGlyph severity="ok" label="" />
            <h2>{isOfCall ? 'Nothing was found wrong with this call.' : 'Nothing was found wrong.'}</h2>
            <p>Calls, streams and messages were checked; what a capture cannot show is not known.</p>
          </EmptyRows>
        }
      />
      <GridTemplates box={box} />
    </section>
  );
}

function Head({
  order,
  call,
  isOfCall,
  onOfCall,
}: {
  order: Order;
  call: string | null;
  isOfCall: boolean;
  onOfCall: (isOfCall: boolean) => void;
}) {
  const { data } = useQuery('overview.get', {});
  const severities = data?.severities;
  return (
    <header className="ph">
      <h2>Problems</h2>
      {severities !== undefined && (
        <span className="problems-counts">
          {(['error', 'warning', 'note'] as const).map((severity) => (
            <span key={severity}>
              <SeverityGlyph severity={severity} label="" />
              {countOf(severities[severity], severity)}
            </span>
          ))}
        </span>
      )}
      <span className="sp" />
      {call !== null && (
        <button type="button" className="btn" aria-pressed={isOfCall} onClick={() => onOfCall(!isOfCall)}>
          Call {call.slice(1)} only
        </button>
      )}
      <span className="seg" role="group" aria-label="Order of the problems">
        {ORDERS.map(([id, title]) => (
          <button
            type="button"
            key={id}
            className={id === order ? 'on' : ''}
            aria-pressed={id === order}
            onClick={() => keep({ 'problems.order': id })}
          >
            {title}
          </button>
        ))}
      </span>
    </header>
  );
}

/** What is copied of a row. */
function copyColumns(zone: 'utc' | 'local'): readonly GridColumn<ProblemRow>[] {
  return [
    copied('Severity', ({ severity }) => severity),
    copied('Title', ({ title }) => title),
    copied('Where', (row) => problemWhere(row, zone)),
    copied('Packets', ({ packets }) => packets.map((packet) => `#${packet}`).join(' ')),
    copied('Message', ({ message }) => message),
    copied('Specification', ({ spec }) => spec ?? ''),
  ];
}

function copied(title: string, text: (row: ProblemRow) => string): GridColumn<ProblemRow> {
  return { id: title, title, width: 0, text };
}

function goToPacket(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest<HTMLElement>('.pk[data-packet]') : null;
  if (link === null) return;
  // The row would go to its first packet.
  event.stopPropagation();
  showPacket(Number(link.dataset.packet));
}

function showPacket(packet: number): void {
  go({ packet, detail: 'packet' });
}

function select(problem: ProblemRow): void {
  const packet = problem.packets.at(0);
  walkTo({
    problem: problem.id,
    detail: 'packet',
    ...(packet === undefined ? {} : { packet }),
    ...(problem.call === null ? {} : { call: problem.call }),
    ...(problem.stream === null ? {} : { stream: problem.stream }),
  });
}

function rowMenu(problem: ProblemRow): readonly MenuEntry[] {
  const place = problemPlace(problem);
  return [
    {
      kind: 'item',
      label: place === '' ? 'Show the packet' : `Show ${place.toLowerCase()}`,
      detail: 'Enter',
      run: () => showProblem(problem),
    },
    ...problem.packets.slice(0, 8).map(
      (packet): MenuEntry => ({
        kind: 'item',
        label: `Packet #${packet}`,
        run: () => showPacket(packet),
      }),
    ),
  ];
}
