import { inbandDigits } from '../../engine/digits/inband-digits.ts';
import { captureSpan } from '../../engine/query/capture-info.ts';
import { digitRows } from '../../engine/query/digit-rows.ts';
import { streamRows } from '../../engine/query/stream-rows.ts';
import type { DigitRow, DigitSource } from '../../shared/api.ts';
import { captionOf } from '../caption.ts';
import type { Command, Session } from '../command.ts';
import { sealedText } from '../encryption-text.ts';
import { clockFor, formatNumber, NONE } from '../format.ts';
import { safeText } from '../safe-text.ts';
import { type Column, writeTable } from '../table.ts';

const ROADS: Readonly<Record<DigitSource, string>> = {
  'rtp-event': 'telephone-event',
  'sip-info': 'SIP INFO',
  inband: 'tones',
};

export const dtmf: Command = {
  name: 'dtmf',
  summary: 'digits that were pressed, in order: telephone-events, SIP INFO and tones in the audio',
  options: ['no-inband'],
  examples: ['earshot dtmf call.pcap', "earshot dtmf call.pcap --json | jq -r '.dtmf[].digit'"],
  run: async (session) => {
    const { capture, options, signal } = session;
    const rows = digitRows(capture, options.noInband ? [] : await inbandDigits(capture, undefined, signal));
    if (session.options.json) await session.json({ dtmf: rows });
    else await writeDigits(session, rows);
  },
};

async function writeDigits({ capture, page }: Session, rows: readonly DigitRow[]): Promise<void> {
  const about = captureSpan(capture);
  if (rows.length === 0) {
    const sealed = sealedText(streamRows(capture));
    const hint = sealed === '' ? '' : ` ${sealed}: "keys" tells what is missing.`;
    await page.line(`There are no digits in ${safeText(about.file)}.${hint}`);
    return;
  }
  const clock = clockFor(about.firstTime, about.lastTime);
  const columns: Column<DigitRow>[] = [
    { header: 'time', value: (row) => clock(row.time) },
    {
      header: 'digit',
      value: (row) => `${row.digit ?? `event ${row.event}`}${row.guessed ? ' (guessed)' : ''}`,
      tone: () => 'bold',
    },
    { header: 'duration ms', align: 'right', value: (row) => formatNumber(row.durationMs) },
    { header: 'volume dBm0', align: 'right', value: (row) => volumeText(row.volume) },
    { header: 'by', value: (row) => roadsOf(row) },
    { header: 'stream', value: (row) => row.stream ?? NONE },
    { header: 'call', value: (row) => row.call ?? NONE },
    { header: 'packets', align: 'right', value: (row) => String(row.packets.length) },
    { header: 'first', align: 'right', value: (row) => String(row.packets[0]) },
    { header: 'last', align: 'right', value: (row) => String(row.packets.at(-1)) },
  ];
  await page.line(page.paint(captionOf(about), 'dim'));
  await writeTable(page, columns, rows);
  for (const [stream, digits] of digitsByStream(rows)) await page.line(page.paint(`${stream}: ${digits}`, 'dim'));
}

function volumeText(volume: number | null): string {
  return volume === null ? NONE : volume === 0 ? '0' : `-${volume}`;
}

/** `SIP INFO`, `telephone-event + tones`. */
function roadsOf({ source, alsoBy = [] }: DigitRow): string {
  return [source, ...alsoBy.map((other) => other.source)].map((road) => ROADS[road]).join(' + ');
}

/** What each stream dialled, as one string. */
function digitsByStream(rows: readonly DigitRow[]): Map<string, string> {
  const digits = new Map<string, string>();
  for (const { stream, call, digit } of rows) {
    if (digit === null) continue;
    const road = stream ?? ROADS['sip-info'];
    const name = call === null ? road : `${road} (${call})`;
    digits.set(name, (digits.get(name) ?? '') + (digit.length > 1 ? ` ${digit} ` : digit));
  }
  return digits;
}
