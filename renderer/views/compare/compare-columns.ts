import type { CompareDifference, ComparePoint, CompareRow } from '../../../shared/compare.ts';
import { formatCount, formatNumber, UNKNOWN } from '../../model/format/numbers.ts';
import { formatTime, type TimeContext, timeUnit } from '../../model/format/times.ts';
import type { GridColumn } from '../../widgets/grid/column.ts';
import { lossTone } from '../../widgets/grid/figures.ts';
import { delayText, KINDS, lostPercent } from './compare-words.ts';

type Column<Row> = GridColumn<Row>;

function figure<Row>(
  id: string,
  title: string,
  width: number,
  text: Column<Row>['text'],
  more: Partial<Column<Row>> = {},
): Column<Row> {
  return { id, title, width, align: 'right', isMono: true, text, ...more };
}

/** Packets that differ between the two points. */
export function differenceColumns(
  times: TimeContext,
  { a, b, delay }: CompareRow,
): readonly Column<CompareDifference>[] {
  const packet = (name: 'A' | 'B', { capture, isOther }: ComparePoint): Column<CompareDifference> =>
    figure(
      name,
      `# ${name}`,
      64,
      ({ packetA, packetB }) => {
        const number = name === 'A' ? packetA : packetB;
        return number === null ? UNKNOWN : String(number);
      },
      { name: `Packet at ${name}, of ${capture}`, priority: 1, tone: () => (isOther ? 't3' : '') },
    );
  return [
    {
      id: 'kind',
      title: '',
      name: 'What happened',
      width: 112,
      priority: 1,
      text: ({ kind }) => KINDS[kind].word,
      parts: ({ kind }) => [
        { kind: 'glyph', glyph: KINDS[kind].glyph, label: '' },
        { kind: 'text', text: KINDS[kind].word },
      ],
    },
    figure('sequence', 'Seq', 56, ({ sequence }) => String(((sequence % 65_536) + 65_536) % 65_536), {
      name: 'Sequence number at A',
      priority: 1,
    }),
    packet('A', a),
    packet('B', b),
    figure('time', 'At A', 100, ({ time }, { before }) => formatTime(time, before?.time ?? null, times), {
      unit: timeUnit(times),
      priority: 3,
    }),
    figure(
      'delay',
      'Delay',
      76,
      ({ delayMs }) =>
        delayMs === null ? UNKNOWN : `${delay?.kind === 'relative' ? '+' : ''}${formatNumber(delayMs, 2)}`,
      { unit: 'ms', priority: 1 },
    ),
    { id: 'text', title: 'What', width: 160, minWidth: 120, isFlexible: true, priority: 2, text: ({ text }) => text },
  ];
}

/** Streams that were seen at two points. */
export function pairColumns(): readonly Column<CompareRow>[] {
  return [
    {
      id: 'ssrc',
      title: 'SSRC',
      width: 92,
      isMono: true,
      isFlexible: true,
      priority: 1,
      text: ({ a }) => a.ssrc,
    },
    figure('lost', 'Lost', 50, ({ lostBetween }) => formatCount(lostBetween), {
      priority: 1,
      tone: (row) => lossTone(lostPercent(row)),
    }),
    figure('delay', 'Delay', 66, ({ delay }) => delayText(delay, 'medianMs'), { unit: 'ms', priority: 2 }),
    { id: 'a', title: 'From, at A', width: 140, isMono: true, priority: 3, text: ({ a }) => a.src },
    { id: 'b', title: 'To, at B', width: 140, isMono: true, priority: 3, text: ({ b }) => b.dst },
  ];
}
