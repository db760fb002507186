import { CaptureIndex } from '../../engine/query/capture-index.ts';
import { type CallLine, callLines, callRows } from '../../engine/query/call-rows.ts';
import { captureSpan } from '../../engine/query/capture-info.ts';
import { streamRows } from '../../engine/query/stream-rows.ts';
import type { Capture } from '../../engine/capture.ts';
import { vertoCallRows } from '../../engine/query/verto-rows.ts';
import type { CallRow, VertoCallRow } from '../../shared/api.ts';
import { captionOf } from '../caption.ts';
import type { Command, Session } from '../command.ts';
import { clockFor, countOf, formatNumber, formatPercent, NONE } from '../format.ts';
import { safeText } from '../safe-text.ts';
import { shortUri, stateText, stateTone } from '../sip-text.ts';
import { type Column, writeTable } from '../table.ts';

export const calls: Command = {
  name: 'calls',
  summary: 'who called whom, and how it ended',
  options: ['all'],
  examples: [
    'earshot calls call.pcap',
    'earshot calls call.pcap --json | jq -r \'.calls[] | select(.state == "failed") | .callId\'',
  ],
  run: async (session) => {
    const { capture, options } = session;
    const { all } = options;
    const verto = vertoCallRows(capture);
    if (options.json) {
      const rows = { calls: withProblems(capture, callRows(capture, { all })) };
      await session.json(verto.length === 0 ? rows : { ...rows, vertoCalls: verto });
    } else {
      await writeCalls(session, callLines(capture, { all }));
      if (verto.length > 0) await writeVertoCalls(session, verto);
    }
  },
};

function* withProblems(capture: Capture, rows: Iterable<CallRow>): Generator<CallRow> {
  const { lists } = new CaptureIndex(capture);
  for (const row of rows) yield { ...row, problems: lists.codesOfCall(row.id) };
}

async function writeCalls({ capture, options, page }: Session, rows: Iterable<CallLine>): Promise<void> {
  const about = captureSpan(capture);
  const others = capture.calls.entries.filter((entry) => !capture.calls.isCall(entry)).length;
  if (capture.calls.entries.length === (options.all ? 0 : others)) {
    const hint = others > 0 ? ` It has ${countOf(others, 'other SIP exchange')}: see --all.` : '';
    const kind = capture.verto.calls.length > 0 ? 'SIP calls' : 'calls';
    await page.line(`There are no ${kind} in ${safeText(about.file)}.${hint}`);
    return;
  }
  await page.line(page.paint(captionOf(about), 'dim'));
  const clock = clockFor(about.firstTime, about.lastTime);
  const count = await writeTable(page, columnsOf(clock, mediaByCall(capture), options.all), rows);
  if (count > 20) await page.line(page.paint(countOf(count, 'row'), 'dim'));
}

/** Calls that FreeSWITCH's Verto set up are not SIP's: they have a table of their own. */
async function writeVertoCalls({ capture, page }: Session, rows: readonly VertoCallRow[]): Promise<void> {
  const about = captureSpan(capture);
  const clock = clockFor(about.firstTime, about.lastTime);
  await page.line(page.paint(`${countOf(rows.length, 'call')} over Verto`, 'dim'));
  await writeTable(
    page,
    [
      { header: 'state', value: (row) => stateText(row.state), tone: (row) => stateTone(row.state) },
      { header: 'from', value: (row) => row.from ?? NONE, shrinkTo: 14 },
      { header: 'to', value: (row) => row.to ?? NONE, shrinkTo: 14 },
      { header: 'start', value: (row) => clock(row.startTime) },
      { header: 'setup s', align: 'right', value: (row) => since(row.startTime, row.answerTime) },
      { header: 'duration s', align: 'right', value: (row) => formatNumber(row.durationSeconds, 3) },
      { header: 'ended by', value: (row) => row.endedBy ?? NONE },
      { header: 'cause', value: (row) => row.cause ?? NONE },
    ],
    rows,
  );
}

function columnsOf(
  clock: (time: number | null) => string,
  media: ReadonlyMap<string, Media>,
  all: boolean,
): Column<CallLine>[] {
  const method: Column<CallLine> = { header: 'method', value: (row) => row.method };
  return [
    { header: 'call', value: (row) => row.id },
    ...(all ? [method] : []),
    { header: 'state', value: outcomeOf, tone: (row) => stateTone(row.state) },
    { header: 'from', value: (row) => shortUri(row.from.uri), shrinkTo: 14 },
    { header: 'to', value: (row) => shortUri(row.to.uri), shrinkTo: 14 },
    { header: 'start', value: (row) => clock(row.startTime) },
    { header: 'ring s', align: 'right', value: (row) => since(row.startTime, row.ringTime), rank: 2 },
    { header: 'setup s', align: 'right', value: (row) => formatNumber(row.setupSeconds, 3), rank: 4 },
    { header: 'duration s', align: 'right', value: (row) => formatNumber(row.durationSeconds, 3) },
    { header: 'codec', value: (row) => codecsOf(media.get(row.id)), shrinkTo: 6, rank: 5 },
    {
      header: 'lost %',
      align: 'right',
      value: (row) => formatPercent(lossOf(media.get(row.id))),
      tone: (row) => ((lossOf(media.get(row.id)) ?? 0) >= 1 ? 'bad' : 'plain'),
    },
    { header: 'ended by', value: (row) => row.endedBy ?? NONE, rank: 3 },
    { header: 'messages', align: 'right', value: (row) => String(row.messageCount), rank: 1 },
  ];
}

/** `completed`, `rejected 486`. */
function outcomeOf({ state, finalStatus }: CallLine): string {
  const isRefusal = finalStatus !== null && finalStatus >= 300;
  return isRefusal ? `${stateText(state)} ${finalStatus}` : stateText(state);
}

function since(start: number, time: number | null): string {
  return time === null ? NONE : formatNumber(time - start, 3);
}

/** The streams of one call together. */
interface Media {
  readonly codecs: Set<string>;
  lost: number;
  expected: number;
}

function mediaByCall(capture: Capture): Map<string, Media> {
  const media = new Map<string, Media>();
  for (const { call, codec, lost, expected } of streamRows(capture)) {
    if (call === null) continue;
    const of = media.get(call) ?? { codecs: new Set(), lost: 0, expected: 0 };
    if (codec !== null) of.codecs.add(codec);
    of.lost += lost;
    of.expected += expected;
    media.set(call, of);
  }
  return media;
}

function codecsOf(media: Media | undefined): string {
  return media === undefined ? NONE : [...media.codecs].join(' ') || NONE;
}

function lossOf(media: Media | undefined): number | null {
  return media === undefined || media.expected === 0 ? null : (media.lost * 100) / media.expected;
}
