import { CaptureIndex } from '../../engine/query/capture-index.ts';
import { captureSpan } from '../../engine/query/capture-info.ts';
import type { ProblemRow } from '../../shared/engine-api.ts';
import { captionOf } from '../caption.ts';
import type { Command, Session } from '../command.ts';
import { clockFor, NONE } from '../format.ts';
import { safeText } from '../safe-text.ts';
import type { Tone } from '../style.ts';
import { type Column, writeTable } from '../table.ts';

export const problems: Command = {
  name: 'problems',
  summary: 'what went wrong, with the packets that prove it',
  options: [],
  examples: [
    'earshot problems call.pcap',
    'earshot problems call.pcap --json | jq -r \'.problems[] | select(.severity == "error") | .message\'',
  ],
  run: async (session) => {
    const rows = new CaptureIndex(session.capture).problems;
    if (session.options.json) await session.json({ problems: rows });
    else await writeProblems(session, rows);
  },
};

async function writeProblems({ capture, page }: Session, rows: readonly ProblemRow[]): Promise<void> {
  const about = captureSpan(capture);
  if (rows.length === 0) {
    await page.line(`No problems were found in ${safeText(about.file)}.`);
    return;
  }
  const clock = clockFor(about.firstTime, about.lastTime);
  const columns: Column<ProblemRow>[] = [
    { header: 'severity', value: (row) => row.severity, tone: toneOf },
    { header: 'time', value: (row) => clock(row.time), rank: 2 },
    { header: 'call', value: (row) => row.call ?? NONE },
    { header: 'stream', value: (row) => row.stream ?? NONE, rank: 3 },
    { header: 'problem', value: (row) => row.title, tone: () => 'bold' },
    { header: 'packets', value: packetsText, rank: 1 },
    { header: 'what happened', value: (row) => row.message, shrinkTo: 40 },
  ];
  await page.line(page.paint(captionOf(about), 'dim'));
  await writeTable(page, columns, rows);
}

function toneOf({ severity }: ProblemRow): Tone {
  if (severity === 'error') return 'bad';
  return severity === 'warning' ? 'warn' : 'plain';
}

/** The first few; `--json` has them all. */
function packetsText({ packets }: ProblemRow): string {
  const shown = packets.slice(0, 3).join(' ');
  return packets.length > 3 ? `${shown} …` : shown || NONE;
}
