import { callRow, findCall } from '../../engine/query/call-rows.ts';
import { ladderOf } from '../../engine/query/ladder.ts';
import type { Capture } from '../../engine/capture.ts';
import type { Call } from '../../engine/trackers/calls/call.ts';
import type { Command, Session } from '../command.ts';
import { Exit, Failure } from '../failure.ts';
import { flowLines } from '../flow-text.ts';
import { countOf, formatClock, formatDate, formatDuration, formatZone } from '../format.ts';
import { safeText } from '../safe-text.ts';
import { shortUri, stateText } from '../sip-text.ts';

export const flow: Command = {
  name: 'flow',
  summary: 'the ladder of a call: messages, media, digits',
  options: ['call', 'format'],
  required: ['call'],
  examples: ['earshot flow call.pcap --call c1'],
  run: async (session) => {
    const call = callNamed(session.capture, session.options.call ?? '');
    if (session.options.json) await session.json({ flow: [ladderOf(session.capture, call)] });
    else await writeFlow(session, call);
  },
};

/** The call that `--call` names; throws a `Failure` where there is none. */
export function callNamed(capture: Capture, id: string): Call {
  // The number alone is understood too, unless it is a Call-ID.
  const call = findCall(capture, id) ?? (/^\d+$/.test(id) ? findCall(capture, `c${id}`) : null);
  if (call !== null) return call;
  const count = capture.calls.entries.filter((entry) => capture.calls.isCall(entry)).length;
  const there =
    count === 0 ? 'the capture has no calls' : `the capture has ${countOf(count, 'call')}, which "calls" lists`;
  throw new Failure(Exit.NotFound, `there is no call "${id}": ${there}.`);
}

async function writeFlow({ capture, page }: Session, call: Call): Promise<void> {
  const row = callRow(capture, call, []);
  const ladder = ladderOf(capture, call);
  const start = `${formatDate(ladder.startTime)} ${formatClock(ladder.startTime)} ${formatZone(ladder.startTime)}`;
  const lasted = row.durationSeconds === null ? '' : `, ${formatDuration(row.durationSeconds)}`;
  const title = `${row.id}  ${shortUri(row.from.uri)} → ${shortUri(row.to.uri)}  ${stateText(row.state)}${lasted}`;
  await page.line(page.paint(safeText(title), 'bold'));
  await page.line(page.paint(safeText(`${start}, Call-ID ${row.callId}`), 'dim'));
  await page.line('');
  for (const line of flowLines(ladder, page)) {
    const full = page.line(line);
    if (full !== null) await full;
  }
}
