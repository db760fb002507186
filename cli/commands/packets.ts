import type { ReadOptions } from '../../engine/engine.ts';
import { type CheckedFilter, checkFilter, filterPackets } from '../../engine/filter/index.ts';
import { captureSpan } from '../../engine/query/capture-info.ts';
import { type PacketDetail, packetDetail } from '../../engine/query/packet-detail.ts';
import { packetRows } from '../../engine/query/packet-rows.ts';
import type { PacketRow } from '../../shared/api.ts';
import type { Command, Session } from '../command.ts';
import { detailLines } from '../detail-text.ts';
import { Exit, Failure } from '../failure.ts';
import { countOf, formatClock, formatCount, formatDate, formatNumber, formatZone, NONE } from '../format.ts';
import type { Options } from '../options.ts';
import { safeText } from '../safe-text.ts';
import { type Column, TableWriter } from '../table.ts';

export const packets: Command = {
  name: 'packets',
  summary: 'the packet list; one packet with all its fields',
  options: ['filter', 'limit', 'detail'],
  check: ({ filter, limit, detail }) => {
    if (detail === null || (limit === null && filter === '')) return null;
    return `--${limit === null ? 'filter' : 'limit'} and --detail cannot be together: --detail shows one packet`;
  },
  // A wrong filter is told before the capture is read.
  prepare: async (_, options, dissectors) => void filterOf(options, dissectors),
  examples: [
    'earshot packets call.pcap --limit 20',
    'earshot packets call.pcap --detail 7',
    `earshot packets call.pcap --filter 'sip.Method == "INVITE" && ip.addr == 10.0.0.1'`,
  ],
  run: async (session) => {
    if (session.options.detail !== null) await showDetail(session, session.options.detail);
    else if (session.options.json) await session.json({ packets: eachOf(rowsOf(session, await passing(session))) });
    else await writePackets(session);
  },
};

/** Frames that pass the filter, null where there is none. */
function passing({ capture, options, signal }: Session): Promise<Uint32Array | null> {
  return filterPackets(capture, filterOf(options, capture.store.dissectors), { signal });
}

function rowsOf({ capture, options }: Session, frames: Uint32Array | null): AsyncGenerator<PacketRow[]> {
  return packetRows(capture, { frames, ...(options.limit === null ? {} : { limit: options.limit }) });
}

/** The filter, checked; a wrong one is wrong usage, and the sentence says where it is wrong. */
function filterOf({ filter }: Options, dissectors: ReadOptions['dissectors']): CheckedFilter {
  const checked = checkFilter(filter, 'packets', dissectors);
  if (checked.ok) return checked.filter;
  const { message, at, length } = checked.error;
  const shown = filter.slice(at, at + length);
  const where = shown === '' || message.includes(shown) ? '' : ` ("${shown}")`;
  throw new Failure(
    Exit.Usage,
    `--filter, at character ${at + 1}${where}: ${message}${message.endsWith('?') ? '' : '.'}`,
  );
}

async function* eachOf(blocks: AsyncIterable<PacketRow[]>): AsyncGenerator<PacketRow> {
  for await (const block of blocks) yield* block;
}

async function writePackets(session: Session): Promise<void> {
  const { capture, page } = session;
  const { firstTime, file } = captureSpan(capture);
  const { frames } = capture.store;
  if (firstTime === null) {
    await page.line(`There are no packets in ${safeText(file)}.`);
    return;
  }
  const columns: Column<PacketRow>[] = [
    { header: 'packet', align: 'right', value: (row) => String(row.packet) },
    { header: 'time s', align: 'right', value: (row) => formatNumber(frames.secondsBetween(0, row.packet - 1), 6) },
    { header: 'from', value: (row) => row.src ?? NONE },
    { header: 'to', value: (row) => row.dst ?? NONE },
    { header: 'protocol', value: (row) => row.protocol },
    { header: 'length', align: 'right', value: (row) => String(row.length) },
    { header: 'info', value: (row) => row.info, shrinkTo: 12 },
  ];
  const start = frames.time(0);
  const since = `${formatDate(start)} ${formatClock(start)} ${formatZone(start)}`;
  await page.line(page.paint(`${safeText(file)}, times since ${since}`, 'dim'));
  const table = new TableWriter(page, columns);
  const passed = await passing(session);
  for await (const block of rowsOf(session, passed)) {
    for (const row of block) {
      const full = table.add(row);
      if (full !== null) await full;
    }
  }
  await table.finish();
  if (passed !== null) {
    await page.line(page.paint(`${formatCount(passed.length)} of ${countOf(frames.count, 'packet')} pass`, 'dim'));
  }
}

async function showDetail(session: Session, packet: number): Promise<void> {
  const { capture, options, page } = session;
  const detail = await packetDetail(capture, packet);
  if (detail === null) {
    const count = capture.store.frames.count;
    throw new Failure(Exit.NotFound, `there is no packet ${packet}: the capture has ${countOf(count, 'packet')}.`);
  }
  if (options.json) return session.json({ packets: [withoutOctets(detail)] });
  for (const line of detailLines(detail, page.paint)) {
    const full = page.line(line);
    if (full !== null) await full;
  }
}

function withoutOctets({ packet, sources, nodes }: PacketDetail): object {
  return { packet, sources: sources.map(({ id, name, lengthBytes }) => ({ id, name, lengthBytes })), nodes };
}
