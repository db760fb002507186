import { useMemo } from 'react';
import type { StreamPacketRow } from '../../shared/engine-api.ts';
import { formatNumber } from '../model/format/numbers.ts';
import { formatTime, type TimeContext, timeUnit } from '../model/format/times.ts';
import { useApp } from '../model/store.ts';
import type { GridColumn } from '../widgets/grid/column.ts';
import { Grid } from '../widgets/grid/grid.tsx';
import { useTimeContext, walkTo } from '../widgets/grid/view-hooks.tsx';
import { streamPacketSource } from './stream-packets.ts';

type Column = GridColumn<StreamPacketRow>;

function figure(id: string, title: string, width: number, text: Column['text'], more: Partial<Column> = {}): Column {
  return { id, title, width, align: 'right', isMono: true, text, ...more };
}

export function streamPacketColumns(times: TimeContext): readonly Column[] {
  const ms = { unit: 'ms' };
  return [
    figure('packet', '#', 50, ({ packet }) => String(packet), {
      name: 'Packet',
      priority: 1,
      value: ({ packet }) => ({ field: 'frame.number', value: packet }),
    }),
    figure('time', 'Time', 92, ({ time }, { before }) => formatTime(time, before?.time ?? null, times), {
      unit: timeUnit(times),
      priority: 3,
    }),
    figure('sequence', 'Seq', 46, ({ sequence }) => String(sequence), {
      priority: 1,
      value: ({ sequence }) => ({ field: 'rtp.seq', value: sequence }),
    }),
    figure('timestamp', 'Timestamp', 78, ({ timestamp }) => String(timestamp), {
      priority: 3,
      value: ({ timestamp }) => ({ field: 'rtp.timestamp', value: timestamp }),
    }),
    figure('payloadType', 'PT', 30, ({ payloadType }) => String(payloadType), {
      name: 'Payload type',
      priority: 3,
      value: ({ payloadType }) => ({ field: 'rtp.p_type', value: payloadType }),
    }),
    { id: 'marker', title: 'M', name: 'Marker', width: 24, priority: 3, text: ({ marker }) => (marker ? 'M' : '') },
    figure('delta', 'Δ', 50, ({ deltaMs }) => formatNumber(deltaMs, 1), { ...ms, name: 'Delta', priority: 1 }),
    figure('jitter', 'Jitter', 60, ({ jitterMs }) => formatNumber(jitterMs, 2), { ...ms, priority: 1 }),
    figure('skew', 'Skew', 60, ({ skewMs }) => formatNumber(skewMs, 1), { ...ms, priority: 2 }),
    figure('bytes', 'Bytes', 44, ({ lengthBytes }) => String(lengthBytes), { priority: 3 }),
    {
      id: 'status',
      title: 'Status',
      width: 96,
      isFlexible: true,
      priority: 1,
      text: ({ status }) => status,
      tone: ({ status }) => (status.startsWith('lost') ? 'err' : /^(late|out|dup)/.test(status) ? 'warn' : 't2'),
    },
  ];
}

/** Every packet of a stream with what it did to the figures. */
export function StreamTable({ stream }: { stream: string }) {
  const selected = useApp((state) => state.place.packet);
  const times = useTimeContext();
  const columns = useMemo(() => streamPacketColumns(times), [times]);
  const source = useMemo(() => streamPacketSource(stream), [stream]);
  return (
    <Grid<StreamPacketRow>
      id="stream-packets"
      label="Packets of the stream"
      columns={columns}
      source={source}
      idOf={idOf}
      selected={selected}
      canSort={false}
      onSelect={select}
      onOpen={open}
      empty={<p>No packet of this stream.</p>}
    />
  );
}

const idOf = ({ packet }: StreamPacketRow): number => packet;

function select({ packet }: StreamPacketRow): void {
  walkTo({ packet });
}

function open({ packet }: StreamPacketRow): void {
  walkTo({ packet, detail: 'packet' });
}
