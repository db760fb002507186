import type { PacketListRow } from '../../../shared/engine-api.ts';
import { formatCount, UNKNOWN } from '../../model/format/numbers.ts';
import { protocolCondition, protocolTitle } from '../../model/protocols.ts';
import { formatTime, timeUnit, type TimeContext } from '../../model/format/times.ts';
import type { CellPart, FieldValue, GridColumn } from '../../widgets/grid/column.ts';
import { hostFilter } from '../../widgets/grid/filter-text.ts';
import { protocolColour } from '../../widgets/protocol-colour.ts';

const MICROSECONDS = 6;

function protocolFilter(protocol: string): FieldValue | null {
  const condition = protocolCondition(protocol);
  return condition === null ? null : { condition };
}

export function packetColumns(times: TimeContext): readonly GridColumn<PacketListRow>[] {
  return [
    {
      id: 'number',
      title: '#',
      name: 'Number',
      width: 60,
      align: 'right',
      isMono: true,
      priority: 1,
      sortBy: 'packet',
      text: ({ packet }) => String(packet),
      tone: () => 't3',
      value: ({ packet }) => ({ field: 'frame.number', value: packet }),
    },
    {
      id: 'time',
      title: 'Time',
      unit: timeUnit(times),
      width: 122,
      align: 'right',
      isMono: true,
      priority: 1,
      sortBy: 'time',
      text: ({ time }, { before }) => formatTime(time, before?.time ?? null, times, MICROSECONDS),
    },
    {
      id: 'src',
      title: 'From',
      width: 136,
      isMono: true,
      sortBy: 'src',
      text: ({ src }) => src ?? UNKNOWN,
      value: ({ src }) => hostFilter(src, 'src'),
    },
    {
      id: 'dst',
      title: 'To',
      width: 136,
      isMono: true,
      sortBy: 'dst',
      text: ({ dst }) => dst ?? UNKNOWN,
      value: ({ dst }) => hostFilter(dst, 'dst'),
    },
    {
      id: 'protocol',
      title: 'Protocol',
      width: 76,
      priority: 1,
      sortBy: 'protocol',
      text: ({ protocol }) => protocolTitle(protocol),
      parts: ({ protocol }) => [{ kind: 'protocol', text: protocolTitle(protocol), colour: protocolColour(protocol) }],
      value: ({ protocol }) => protocolFilter(protocol),
    },
    {
      id: 'length',
      title: 'Bytes',
      width: 56,
      align: 'right',
      isMono: true,
      priority: 3,
      sortBy: 'length',
      text: ({ length }) => formatCount(length),
      value: ({ length }) => ({ field: 'frame.len', value: length }),
    },
    {
      id: 'info',
      title: 'What',
      width: 320,
      minWidth: 128,
      isFlexible: true,
      priority: 1,
      text: ({ info }) => info,
      parts: whatParts,
    },
  ];
}

function whatParts({ info, severity }: PacketListRow): readonly CellPart[] {
  const text: CellPart = { kind: 'text', text: info, className: 'trunc' };
  return severity === null ? [text] : [{ kind: 'glyph', glyph: severity, label: severity }, text];
}
