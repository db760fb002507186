import type { Capture } from '../../engine/capture.ts';
import { callRow, findCall } from '../../engine/query/call-rows.ts';
import { ladderOf } from '../../engine/query/ladder.ts';
import { isStandardOutput, writeAtomically } from '../../engine/sources/atomic-file.ts';
import type { Call } from '../../engine/trackers/calls/call.ts';
import type { Ladder } from '../../shared/ladder.ts';
import { Diagram } from '../../shared/ladder-diagram/layout.ts';
import { ladderMermaid } from '../../shared/ladder-diagram/mermaid.ts';
import { LIGHT } from '../../shared/ladder-diagram/palette.ts';
import { ladderSvg } from '../../shared/ladder-diagram/svg.ts';
import { flowLines, type FlowStyle } from '../../shared/ladder-diagram/text.ts';
import type { Command, Session } from '../command.ts';
import { Exit, Failure } from '../failure.ts';
import { countOf, formatClock, formatDate, formatDuration, formatZone } from '../format.ts';
import { checkOutput, outputFailure } from '../output-path.ts';
import { safeText } from '../safe-text.ts';
import { shortUri, stateText } from '../sip-text.ts';
import { paintNothing } from '../style.ts';

/** Width of a drawing that nothing limits. */
const SVG_WIDTH = 960;

export const flow: Command = {
  name: 'flow',
  summary: 'the ladder of a call: messages, media, digits',
  options: ['call', 'format', 'output'],
  required: ['call'],
  check: ({ json, format, output }) => {
    if (!json) return null;
    if (format !== 'text') return `--json and --format ${format} cannot be together: each is a form of its own`;
    return output === '' ? null : '--json goes to standard output: lead it into a file instead of naming one with -o';
  },
  examples: [
    'earshot flow call.pcap --call c1',
    'earshot flow call.pcap --call c1 --format svg -o call.svg',
    'earshot flow call.pcap --call c1 --format mermaid',
  ],
  prepare: (path, { output }) =>
    output === '' || isStandardOutput(output) ? Promise.resolve() : checkOutput(output, path),
  run: async (session) => {
    const { capture, options, page } = session;
    const call = callNamed(capture, options.call ?? '');
    const ladder = await ladderOf(capture, call);
    if (options.json) {
      await session.json({ flow: [ladder] });
      return;
    }
    const isFile = options.output !== '' && !isStandardOutput(options.output);
    const lines = linesOf(session, call, ladder, isFile ? { width: null, paint: paintNothing } : page);
    if (isFile) {
      await writeFile(options.output, lines);
      return;
    }
    for (const line of lines) {
      const full = page.line(line);
      if (full !== null) await full;
    }
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

function* linesOf({ capture, options }: Session, call: Call, ladder: Ladder, style: FlowStyle): Generator<string> {
  const row = callRow(capture, call, []);
  const start = `${formatDate(ladder.startTime)} ${formatClock(ladder.startTime)} ${formatZone(ladder.startTime)}`;
  const lasted = row.durationSeconds === null ? '' : `, ${formatDuration(row.durationSeconds)}`;
  const title = `${row.id}  ${shortUri(row.from.uri)} → ${shortUri(row.to.uri)}  ${stateText(row.state)}${lasted}`;
  if (options.format === 'svg') {
    const diagram = new Diagram(ladder, { width: SVG_WIDTH });
    yield ladderSvg(diagram, { palette: LIGHT, title: `${title}  ${start}` }).trimEnd();
  } else if (options.format === 'mermaid') {
    yield ladderMermaid(ladder, { title }).trimEnd();
  } else {
    yield style.paint(safeText(title), 'bold');
    yield style.paint(safeText(`${start}, Call-ID ${row.callId}`), 'dim');
    yield '';
    yield* flowLines(ladder, style);
  }
}

async function writeFile(path: string, lines: Iterable<string>): Promise<void> {
  const text = `${[...lines].join('\n')}\n`;
  try {
    await writeAtomically(path, (file) => file.write(new TextEncoder().encode(text)));
  } catch (error) {
    throw outputFailure(error, path);
  }
}
