import type { Handlers } from '../../shared/channel.ts';
import type { EngineApi } from '../../shared/engine-api.ts';
import { callListRow } from '../query/call-list.ts';
import { agentRows } from '../query/capture-info.ts';
import { callRow } from '../query/call-rows.ts';
import type { CaptureIndex } from '../query/capture-index.ts';
import { ladderOf } from '../query/ladder.ts';
import { messageViews, packetAt, packetView } from '../query/packet-view.ts';
import { streamPacketRows } from '../query/stream-packets-table.ts';
import { streamListRow } from '../query/stream-list.ts';
import { streamId } from '../query/stream-rows.ts';
import { streamSeries } from '../query/stream-series.ts';
import type { Call } from '../trackers/calls/call.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import { answering } from './answering.ts';
import { notFound } from './coded-error.ts';
import { checkRowFilter, completeRowFilter } from './rows/row-filter.ts';
import { filterTableOf } from './rows/row-views.ts';
import type { CaptureSession } from './session.ts';

type QueryMethod = Exclude<
  keyof EngineApi,
  | `capture.${string}`
  | `secrets.${string}`
  | `decodeAs.${string}`
  | 'codecs.set'
  | `connections.${string}`
  | `audio.${string}`
  | `export.${string}`
  | `ice.${string}`
  | `quality.${string}`
  | `compare.${string}`
  | `plugins.${string}`
  | 'overview.get'
>;

/** Rows of a page of stream packets. */
const PAGE_ROWS = 1000;

/** Everything that is asked about the rows of the open capture. */
export function queryHandlers(session: CaptureSession): Handlers<Pick<EngineApi, QueryMethod>> {
  return {
    'rows.page': answering(session, ({ views }, { query, from, count }, signal) =>
      views.page(query, from, count, signal),
    ),
    'rows.place': answering(session, ({ views }, { query, id, near = false }, signal) =>
      views.place(query, id, near, signal),
    ),
    'filter.check': answering(session, (_opened, { filter, table }) => {
      const checked = checkRowFilter(filter, filterTableOf(table), session.dissectors);
      return { error: checked.ok ? null : checked.error };
    }),
    'filter.complete': answering(session, (_opened, { filter, cursor, table }) =>
      completeRowFilter(filter, cursor, filterTableOf(table), session.capture()),
    ),
    'call.get': answering(session, ({ index }, { call: id }) => {
      const call = callOf(index, id);
      const row = callRow(index.capture, call, index.streamsOf(call).map(streamId));
      return { ...row, problems: index.lists.codesOfCall(row.id), row: callListRow(index, call) };
    }),
    'call.ladder': answering(session, ({ index }, { call }) => ladderOf(index.capture, callOf(index, call))),
    'stream.get': answering(session, ({ index }, { stream }) => streamListRow(index, streamOf(index, stream))),
    'stream.series': answering(session, ({ index }, { stream: id, buckets }) => {
      const stream = streamOf(index, id);
      return streamSeries(index.capture, stream, index.rowsOf(stream), buckets);
    }),
    'stream.packets': answering(session, ({ index }, { stream: id, from, count }) => {
      const stream = streamOf(index, id);
      const rows = index.rowsOf(stream);
      const first = Math.max(0, Math.floor(from) || 0);
      const wanted = Math.max(0, Math.min(PAGE_ROWS, Math.floor(count) || 0));
      return { total: rows.length, rows: streamPacketRows(index.capture, stream, rows, first, wanted) };
    }),
    'agents.get': answering(session, ({ index }) => agentRows(index.capture)),
    'packet.get': answering(session, async ({ index }, { packet }) => {
      const view = await packetView(index, packet);
      if (view === null) throw notFound(`packet ${packet}`);
      return view;
    }),
    'packet.messages': answering(session, async ({ index }, { packet }) => {
      const views = await messageViews(index.capture, packet);
      if (views === null) throw notFound(`packet ${packet}`);
      return views;
    }),
    'packet.at': answering(session, ({ index }, { time }) => packetAt(index.capture, time)),
  };
}

function callOf(index: CaptureIndex, id: string): Call {
  const call = index.call(id);
  if (call === null) throw notFound(`call ${id}`);
  return call;
}

function streamOf(index: CaptureIndex, id: string): Stream {
  const stream = index.stream(id);
  if (stream === null) throw notFound(`stream ${id}`);
  return stream;
}
