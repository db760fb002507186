import type { Capture } from '../../engine/capture.ts';
import { callLines } from '../../engine/query/call-rows.ts';
import { captureInfo } from '../../engine/query/capture-info.ts';
import { streamRows } from '../../engine/query/stream-rows.ts';
import type { CaptureInfo, StreamRow } from '../../shared/api.ts';
import type { Command, Session } from '../command.ts';
import { adviceOf, openingText } from '../encryption-text.ts';
import { countOf, formatBytes, formatClock, formatCount, formatDate, formatDuration, formatZone } from '../format.ts';
import { safeText } from '../safe-text.ts';
import { stateText } from '../sip-text.ts';

export const info: Command = {
  name: 'info',
  summary: 'what the capture is: format, packets, time, protocols, calls',
  options: [],
  examples: ['earshot info call.pcap', 'tcpdump -w - -c 5000 udp | earshot info -'],
  run: async (session) => {
    if (session.options.json) await session.json({});
    else await writeOverview(session);
  },
};

async function writeOverview({ capture, page }: Session): Promise<void> {
  const about = captureInfo(capture);
  const rows = streamRows(capture);
  await page.line(page.paint(safeText(about.file), 'bold'));
  const lines: [string, string][] = [
    ['format', [about.format, ...about.linkTypes].join(', ')],
    ['size', sizeText(about.bytes)],
    ['packets', formatCount(about.packets)],
    ['time', timeText(about)],
    ['protocols', protocolText(about)],
    ['calls', callText(capture)],
    ['other SIP', otherText(capture)],
    ['streams', streamText(rows)],
    ['encryption', openingText(rows)],
    ...adviceOf(rows, 3).map((advice): [string, string] => ['to open', advice]),
    ['digits', digitText(rows)],
  ];
  for (const [label, text] of lines) {
    if (text !== '') await page.line(`  ${page.paint(label.padEnd(11), 'dim')}${safeText(text)}`);
  }
  if (about.truncated) {
    await page.line(
      `  ${page.paint('damage'.padEnd(11), 'dim')}${page.paint('cut off or damaged: see the warnings', 'warn')}`,
    );
  }
}

function sizeText(bytes: number): string {
  if (bytes < 0) return '';
  return bytes < 1000 ? countOf(bytes, 'octet') : `${formatBytes(bytes)} (${countOf(bytes, 'octet')})`;
}

function timeText({ firstTime, lastTime, durationSeconds }: CaptureInfo): string {
  if (firstTime === null || lastTime === null) return '';
  const isOneDay = formatDate(firstTime) === formatDate(lastTime);
  const end = isOneDay ? formatClock(lastTime) : `${formatDate(lastTime)} ${formatClock(lastTime)}`;
  const start = `${formatDate(firstTime)} ${formatClock(firstTime)}`;
  return `${start} to ${end} (${formatZone(firstTime)}), ${formatDuration(durationSeconds)}`;
}

function protocolText({ protocols }: CaptureInfo): string {
  return Object.entries(protocols)
    .map(([name, packets]) => `${name} ${formatCount(packets)}`)
    .join(', ');
}

function callText(capture: Capture): string {
  const states = new Map<string, number>();
  let count = 0;
  for (const { state } of callLines(capture, { all: false })) {
    count++;
    states.set(state, (states.get(state) ?? 0) + 1);
  }
  if (count === 0) return 'none';
  const listed = [...states].toSorted((a, b) => b[1] - a[1]);
  if (listed.length === 1) return `${formatCount(count)}, ${count > 1 ? 'all ' : ''}${stateText(listed[0][0])}`;
  return `${formatCount(count)}: ${listed.map(([state, n]) => `${formatCount(n)} ${stateText(state)}`).join(', ')}`;
}

/** Registrations and the like, which `calls --all` shows. */
function otherText(capture: Capture): string {
  const { calls } = capture;
  const others = calls.entries.filter((entry) => !calls.isCall(entry)).length;
  return others === 0 ? '' : countOf(others, 'exchange');
}

function streamText(rows: readonly StreamRow[]): string {
  if (rows.length === 0) return 'none';
  const codecs = new Map<string, number>();
  let lost = 0;
  for (const row of rows) {
    const codec = row.codec ?? 'unknown';
    codecs.set(codec, (codecs.get(codec) ?? 0) + 1);
    lost += row.lost;
  }
  const parts = [...codecs].toSorted((a, b) => b[1] - a[1]).map(([codec, n]) => `${formatCount(n)} ${codec}`);
  parts.push(lost === 0 ? 'no packets lost' : `${countOf(lost, 'packet')} lost`);
  return `${formatCount(rows.length)}: ${parts.join(', ')}`;
}

function digitText(rows: readonly StreamRow[]): string {
  const withDigits = rows.filter(({ digits }) => digits !== null);
  const shown = withDigits.slice(0, 5).map(({ id, digits }) => `${digits} (${id})`);
  const more = withDigits.length - shown.length;
  return shown.join(', ') + (more > 0 ? `, ${formatCount(more)} more` : '');
}
