import type { Capture } from '../../engine/capture.ts';
import { callLines } from '../../engine/query/call-rows.ts';
import { captureInfo } from '../../engine/query/capture-info.ts';
import { suggestionRows } from '../../engine/query/encapsulation-rows.ts';
import { streamRows } from '../../engine/query/stream-rows.ts';
import type { EncapsulationRow, SuggestionRow } from '../../shared/decode-as.ts';
import type { AgentRow, CaptureInfo, StreamRow } from '../../shared/api.ts';
import type { Command, Session } from '../command.ts';
import { adviceOf, openingText } from '../encryption-text.ts';
import { countOf, formatBytes, formatClock, formatCount, formatDate, formatDuration, formatZone } from '../format.ts';
import { safeText } from '../safe-text.ts';
import { stateText } from '../sip-text.ts';

/** The rest is in JSON. */
const MOST_AGENTS = 20;
const MOST_FLOWS = 8;

export const info: Command = {
  name: 'info',
  summary: 'what the capture is: format, packets, time, protocols, calls',
  options: [],
  examples: ['earshot info call.pcap', 'tcpdump -w - -c 5000 udp | earshot info -'],
  remarks: [
    'It also tells packets that it found behind unknown headers in UDP, with the rule that says the same, and traffic that',
    'looks like something without being taken for it, with the rule to try. Rules of --decode-as are written as',
    '',
    '    udp.port==5000,rtp                     what a port carries (or tcp.port); ids as in the protocols of "info"',
    '    ip.addr==10.0.0.1,rtp                  what goes from or to an address',
    '    ip.addr==10.0.0.1 && udp.port==5000,rtp   an address with a port',
    '    udp.flow==10.0.0.1:5000-10.0.0.2:6000,rtp   a flow, both ways; IPv6 in brackets',
    '    rtp.ssrc==0x1234abcd,rtp               streams with this SSRC, wherever they run',
    '    udp.port==4500,skip 12,ip              behind 12 octets an IP packet; or udp for a UDP header, payload, rtp, sip, …',
    '    udp.port==5000,none                    never dissected',
    '',
    'The last rule that fits counts. Before a codec and a comma the same says whose: rtp.ssrc==0x1234abcd,96=opus/48000/2.',
  ],
  run: async (session) => {
    if (session.options.json) await session.json(suggestionsOf(session.capture));
    else await writeOverview(session);
  },
};

/** Only where there are some. */
function suggestionsOf(capture: Capture): { suggestions?: SuggestionRow[] } {
  const suggestions = suggestionRows(capture);
  return suggestions.length === 0 ? {} : { suggestions };
}

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
    ['Verto', vertoText(capture)],
    ['other SIP', otherText(capture)],
    ['streams', streamText(rows)],
    ['encryption', openingText(rows)],
    ...adviceOf(rows, 3).map((advice): [string, string] => ['to open', advice]),
    ['digits', digitText(rows)],
    ...(about.encapsulations ?? []).slice(0, MOST_FLOWS).map((row): [string, string] => ['wrapped', wrappedText(row)]),
    ...suggestionRows(capture)
      .slice(0, MOST_FLOWS)
      .map(({ sentence, rule }): [string, string] => ['to try', `${sentence} --decode-as '${rule}'`]),
    ...(about.agents ?? []).slice(0, MOST_AGENTS).map((agent): [string, string] => ['agent', agentText(agent)]),
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

function wrappedText({ src, dst, packets, evidence, rule }: EncapsulationRow): string {
  return `${countOf(packets, 'packet')} from ${src} to ${dst}: ${evidence} --decode-as '${rule}'`;
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
  return statesText(callLines(capture, { all: false })) || 'none';
}

/** Calls that FreeSWITCH's Verto set up, which are not SIP's. */
function vertoText(capture: Capture): string {
  return statesText(capture.verto.calls);
}

/** `12: 10 completed, 2 busy`; '' of none. */
function statesText(calls: Iterable<{ readonly state: string }>): string {
  const states = new Map<string, number>();
  let count = 0;
  for (const { state } of calls) {
    count++;
    states.set(state, (states.get(state) ?? 0) + 1);
  }
  if (count === 0) return '';
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

/** `edge (101) from 10.0.0.1:40000: SIP 6, log 3, clock 0.250 s ahead, corrected`. */
function agentText({ name, sender, byType, clockOffsetSeconds, clock }: AgentRow): string {
  const types = Object.entries(byType).map(([type, packets]) => `${type} ${formatCount(packets)}`);
  const offset = clockOffsetSeconds ?? 0;
  const side = offset < 0 ? 'behind' : 'ahead';
  const isWrong = clock === 'corrected' || clock === 'ignored';
  const parts = isWrong ? [...types, `clock ${formatDuration(Math.abs(offset))} ${side}, ${clock}`] : types;
  return `${name === sender ? name : `${name} from ${sender}`}: ${parts.join(', ')}`;
}
