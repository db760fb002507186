import { captureSpan } from '../../engine/query/capture-info.ts';
import { streamRows } from '../../engine/query/stream-rows.ts';
import type { StreamRow } from '../../shared/api.ts';
import { captionOf } from '../caption.ts';
import type { Command, Session } from '../command.ts';
import { encryptionText } from '../encryption-text.ts';
import { countOf, formatNumber, formatPercent, NONE } from '../format.ts';
import { safeText } from '../safe-text.ts';
import { type Column, writeTable } from '../table.ts';

export const streams: Command = {
  name: 'streams',
  summary: 'RTP streams: codec, loss, jitter, reordering, digits',
  options: [],
  examples: [
    'earshot streams call.pcap',
    "earshot streams call.pcap --json | jq -r '.streams[] | select(.lostPercent > 1) | .ssrc'",
  ],
  run: async (session) => {
    const rows = streamRows(session.capture);
    if (session.options.json) await session.json({ streams: rows });
    else await writeStreams(session, rows);
  },
};

const COLUMNS: readonly Column<StreamRow>[] = [
  { header: 'stream', value: (row) => row.id },
  { header: 'ssrc', value: (row) => row.ssrc, rank: 8 },
  { header: 'from', value: (row) => row.src, shrinkTo: 21 },
  { header: 'to', value: (row) => row.dst, shrinkTo: 21 },
  { header: 'codec', value: codecOf },
  { header: 'packets', align: 'right', value: (row) => String(row.packets) },
  { header: 'lost', align: 'right', value: (row) => String(row.lost), rank: 5 },
  {
    header: 'lost %',
    align: 'right',
    value: (row) => formatPercent(row.lostPercent),
    tone: (row) => (row.lostPercent >= 1 ? 'bad' : 'plain'),
  },
  {
    header: 'MOS',
    align: 'right',
    value: mosText,
    tone: ({ mos }) => (mos === null || mos.value >= 3.6 ? 'plain' : mos.value < 3.1 ? 'bad' : 'warn'),
    optional: true,
  },
  { header: 'dup', align: 'right', value: (row) => String(row.duplicates), rank: 3 },
  { header: 'ooo', align: 'right', value: (row) => String(row.outOfOrder), rank: 4 },
  { header: 'jitter ms', align: 'right', value: (row) => formatNumber(row.jitterMs.mean, 2) },
  { header: 'max ms', align: 'right', value: (row) => formatNumber(row.jitterMs.max, 2), rank: 2 },
  { header: 'max Δ ms', align: 'right', value: (row) => formatNumber(row.maxDeltaMs, 1), rank: 1 },
  { header: 'duration s', align: 'right', value: (row) => formatNumber(row.durationSeconds, 3), rank: 6 },
  { header: 'call', value: callOf, optional: true },
  { header: 'sent by', value: senderOf, optional: true, rank: 7 },
  { header: 'digits', value: (row) => row.digits ?? NONE, optional: true, shrinkTo: 6 },
  { header: 'carried in', value: carriedIn, optional: true, rank: 8 },
  { header: 'encryption', value: encryptionOf, optional: true, shrinkTo: 10, rank: 9 },
];

async function writeStreams({ capture, page }: Session, rows: readonly StreamRow[]): Promise<void> {
  const about = captureSpan(capture);
  if (rows.length === 0) {
    await page.line(`There are no RTP streams in ${safeText(about.file)}.`);
    return;
  }
  // Optional columns are judged by a sample of rows; a long table keeps them all.
  const columns = rows.length <= 1000 ? COLUMNS : COLUMNS.map((column) => ({ ...column, optional: false }));
  await page.line(page.paint(captionOf(about), 'dim'));
  await writeTable(page, columns, rows);
  await page.line(page.paint(footnote(rows), 'dim'));
}

function footnote(rows: readonly StreamRow[]): string {
  const doubled = rows.filter(({ capturedTwice }) => capturedTwice).length;
  const twice = doubled === 0 ? '' : ` ${countOf(doubled, 'stream')} captured twice: duplicates are of the capture.`;
  return `Jitter is that of RFC 3550, mean and largest; Δ is the time between packets. Wireshark's own figures: --json.${twice}`;
}

/** By the E-model; `w` where it is on the wideband scale, which is another one. */
function mosText({ mos }: StreamRow): string {
  if (mos === null) return NONE;
  return `${mos.value.toFixed(2)}${mos.model === 'G.107.1' ? 'w' : ''}`;
}

/** `turn-channel`, and which stream is the same on the other side. */
function carriedIn({ carriedIn: carrier, sameAs }: StreamRow): string {
  const same = sameAs === null ? '' : ` = ${sameAs}`;
  return carrier === 'udp' && same === '' ? NONE : `${carrier}${same}`;
}

function codecOf({ codec, codecGuessed, clockRate, channels, payloadTypes }: StreamRow): string {
  if (codec === null) return `type ${payloadTypes.join(',')}`;
  const isUsual = (clockRate === 8000 || clockRate === null) && (channels ?? 1) === 1;
  const name = isUsual ? codec : `${codec}/${clockRate}${(channels ?? 1) > 1 ? `/${channels}` : ''}`;
  return codecGuessed === true ? `${name} (guessed)` : name;
}

/** The numbers of a call of Verto, which is not in the list of calls. */
function callOf({ call, verto }: StreamRow): string {
  if (verto === undefined) return call ?? NONE;
  return `Verto ${verto.from ?? '?'} → ${verto.to ?? '?'}, ${verto.state}`;
}

function senderOf({ direction }: StreamRow): string {
  if (direction === null) return NONE;
  return direction === 'caller-to-callee' ? 'caller' : 'callee';
}

function encryptionOf({ encryption, packets }: StreamRow): string {
  return encryption === null ? NONE : encryptionText(encryption, packets);
}
