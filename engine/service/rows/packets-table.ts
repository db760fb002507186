import type { PacketListRow } from '../../../shared/engine-api.ts';
import type { Turns } from '../../filter/turns.ts';
import type { CaptureIndex } from '../../query/capture-index.ts';
import { packetRowsAt } from '../../query/packet-rows.ts';
import { framesOfCall, framesOfStream } from '../../query/packets-of.ts';
import { protocolName } from '../../store/protocol-list.ts';
import { inBoth, noSuchColumn, type RowTable, upTo } from './row-table.ts';
import { ranksOf, type SortKeys, UNKNOWN_KEY } from './sort-rows.ts';

/** Rows between two looks at the clock. */
const STRETCH = 1 << 16;
const PROTOCOLS = 256;

/** A row's number is the frame: its packet number less 1. */
export const packetsTable: RowTable<PacketListRow> = {
  count: (index) => index.capture.store.frames.count,
  all: () => null,
  scoped: (index, call, stream) => {
    const ofCall = call === null ? null : index.call(call);
    const ofStream = stream === null ? null : index.stream(stream);
    const none = new Uint32Array(0);
    const callFrames = call === null ? null : ofCall === null ? none : framesOfCall(index, ofCall);
    const streamFrames = stream === null ? null : ofStream === null ? none : framesOfStream(index, ofStream);
    if (callFrames !== null && streamFrames !== null) return inBoth(callFrames, streamFrames);
    return callFrames ?? streamFrames ?? upTo(index.capture.store.frames.count);
  },
  filterTable: 'packets',
  filtered: (_index, passed) => passed,
  keys,
  page: async (index, rows) => {
    const page = await packetRowsAt(index.capture, rows);
    return page.map((row) => ({ ...row, severity: index.lists.severityOf(row.packet) }));
  },
  find: (index, id) => {
    const frame = Number(id) - 1;
    return Number.isInteger(frame) && frame >= 0 && frame < index.capture.store.frames.count ? frame : -1;
  },
};

async function keys(index: CaptureIndex, by: string, rows: Uint32Array, turns: Turns): Promise<SortKeys> {
  const { frames, flows, dissectorIds } = index.capture.store;
  const ranks = (of: (frame: number) => number): Promise<Uint32Array> =>
    filled(new Uint32Array(rows.length), rows, of, turns);
  switch (by) {
    case 'packet':
      return rows;
    case 'time': {
      const first = Math.max(0, frames.earliest);
      return filled(new Float64Array(rows.length), rows, (frame) => frames.secondsBetween(first, frame), turns);
    }
    case 'length':
      return ranks((frame) => frames.wireLength(frame));
    case 'protocol': {
      const names = Array.from({ length: PROTOCOLS }, (_, i) => protocolName(i, dissectorIds) ?? null);
      const rank = ranksOf(names);
      return ranks((frame) => rank[frames.protocol.get(frame)]);
    }
    case 'src':
    case 'dst': {
      const endpoint = by === 'src' ? flows.sourceEndpoint.bind(flows) : flows.destinationEndpoint.bind(flows);
      const rank = ranksOf(Array.from({ length: flows.count }, (_, i) => endpoint(i + 1)));
      // What has no flow (ARP, ICMP) has its addresses in the file alone.
      return ranks((frame) => {
        const flow = frames.flow.get(frame);
        return flow === 0 || flow > rank.length ? UNKNOWN_KEY : rank[flow - 1];
      });
    }
    default:
      throw noSuchColumn(by);
  }
}

async function filled<Keys extends SortKeys>(
  into: Keys,
  rows: Uint32Array,
  of: (frame: number) => number,
  turns: Turns,
): Promise<Keys> {
  for (let from = 0; from < rows.length; from += STRETCH) {
    const to = Math.min(rows.length, from + STRETCH);
    for (let i = from; i < to; i++) into[i] = of(rows[i]);
    await turns.wait();
  }
  return into;
}
