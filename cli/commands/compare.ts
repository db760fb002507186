import { basename } from 'node:path';
import { compareRow } from '../../engine/compare/compare-row.ts';
import type { Comparison } from '../../engine/compare/comparison.ts';
import { compareTwo, findComparisons } from '../../engine/compare/find-pairs.ts';
import type { Capture } from '../../engine/capture.ts';
import { findStreams } from '../../engine/query/stream-rows.ts';
import type { Stream } from '../../engine/trackers/streams/stream.ts';
import type { CompareDelay, ComparePoint, CompareRow } from '../../shared/compare.ts';
import type { Command, Session } from '../command.ts';
import { Exit, Failure } from '../failure.ts';
import { formatNumber, NONE } from '../format.ts';
import { openCapture, readOptionsOf } from '../open-capture.ts';
import { dissectorsWith, startPlugins } from '../plugins.ts';
import { readSecrets } from '../secrets.ts';
import { type Column, writeTable } from '../table.ts';

export const compare: Command = {
  name: 'compare',
  summary: 'the same streams at two capture points: lost, delayed and changed between them',
  options: ['with', 'stream'],
  check: ({ streams, with: other }) =>
    streams.length === 0 || streams.length === 2
      ? null
      : `compare wants two streams${other === '' ? '' : ', of the first capture and of the other'}, or none and finds them itself`,
  examples: [
    'earshot compare both-sides.pcapng',
    'earshot compare caller.pcap --with callee.pcap',
    'earshot compare sbc.pcap --stream s1 --stream s4 --json',
  ],
  remarks: [
    'Streams are the same where their SSRC and numbers agree; or, where a device rewrote the SSRC, their payloads. In one',
    'capture, A is the point that packets passed first. Two captures have two clocks: their offset and drift are estimated',
    'from the fastest packets, so that delays say how much longer than these the others took.',
  ],
  run: async (session) => {
    const other = session.options.with === '' ? null : await openOther(session);
    try {
      await report(session, other?.capture ?? null);
    } finally {
      await other?.close();
    }
  },
};

/** The second capture, and the plugins that take part in reading it: they keep what they found in one. */
interface Other {
  readonly capture: Capture;
  close(): Promise<void>;
}

async function openOther({ options, signal }: Session): Promise<Other> {
  const plugins = await startPlugins(options);
  try {
    const { secrets } = await readSecrets(options);
    const reading = readOptionsOf(options, dissectorsWith(plugins));
    const more = { ...(plugins === null ? {} : { plugins }), secrets, signal };
    const capture = await openCapture(options.with, { ...reading, ...more });
    const close = async (): Promise<void> => {
      plugins?.close();
      await capture.source.close();
    };
    return { capture, close };
  } catch (error) {
    plugins?.close();
    throw error;
  }
}

async function report(session: Session, other: Capture | null): Promise<void> {
  const { capture, options, page, path } = session;
  const found = await comparisons(session, other);
  const nameOf = (side: { readonly capture: Capture }): string =>
    basename(side.capture === capture ? path : options.with);
  const rows: CompareRow[] = [];
  for (const [i, comparison] of found.entries()) rows.push(await compareRow(comparison, `x${i + 1}`, nameOf, other));
  if (rows.length === 0) throw new Failure(Exit.NotFound, nothingFound(other !== null, options.streams.length > 0));
  if (options.json) {
    await session.json({ compare: rows });
    return;
  }
  await writeTable(page, COLUMNS, rows);
  for (const { id, verdict, changes } of rows) {
    await page.line('');
    await page.line(`${id}: ${verdict}`);
    for (const { message } of changes) await page.line(`    ${message}`);
  }
}

async function comparisons(session: Session, other: Capture | null): Promise<readonly Comparison[]> {
  const { capture, options, signal } = session;
  if (options.streams.length === 0) return findComparisons(capture, other, signal);
  const [first, second] = options.streams;
  const a = oneStream(capture, first);
  const comparison = await compareTwo([capture, a], [other ?? capture, oneStream(other ?? capture, second)], signal);
  return comparison === null ? [] : [comparison];
}

function oneStream(capture: Capture, id: string): Stream {
  const [stream] = findStreams(capture, id);
  if (stream === undefined)
    throw new Failure(Exit.NotFound, `there is no stream "${id}"; "earshot streams" lists them.`);
  return stream;
}

function nothingFound(hasOther: boolean, isNamed: boolean): string {
  if (isNamed) return 'the two streams do not agree in SSRC and numbers, nor in their payloads: they are not the same.';
  if (hasOther) return 'no stream of the first capture is in the other.';
  return 'no stream is in the capture twice; name a second capture with --with.';
}

const COLUMNS: readonly Column<CompareRow>[] = [
  { header: 'pair', value: (row) => row.id },
  { header: 'A', value: (row) => pointText(row.a), shrinkTo: 24 },
  { header: 'B', value: (row) => pointText(row.b), shrinkTo: 24 },
  { header: 'by', value: (row) => row.matchedBy, rank: 1 },
  { header: 'both', align: 'right', value: (row) => String(row.both) },
  { header: 'lost', align: 'right', value: (row) => String(row.lostBetween) },
  { header: 'missed at A', align: 'right', value: (row) => String(row.missedAtA), rank: 4 },
  { header: 'reordered', align: 'right', value: (row) => String(row.reordered), rank: 3 },
  { header: 'delay ms', align: 'right', value: ({ delay }) => delayText(delay, 'medianMs') },
  { header: 'p95', align: 'right', value: ({ delay }) => delayText(delay, 'p95Ms'), rank: 2 },
  { header: 'max', align: 'right', value: ({ delay }) => delayText(delay, 'maxMs') },
  { header: 'jitter A', align: 'right', value: (row) => formatNumber(row.a.jitterMs, 2), rank: 5 },
  { header: 'jitter B', align: 'right', value: (row) => formatNumber(row.b.jitterMs, 2), rank: 5 },
];

function pointText({ stream, src, dst, interface: nic, carriedIn }: ComparePoint): string {
  const inside = carriedIn === 'udp' ? '' : ` in ${carriedIn}`;
  return `${stream} ${src} → ${dst}${inside}${nic === null ? '' : ` on ${nic}`}`;
}

/** `+3.2` counts from the fastest packet. */
function delayText(delay: CompareDelay | null, which: 'medianMs' | 'p95Ms' | 'maxMs'): string {
  if (delay === null) return NONE;
  return `${delay.kind === 'relative' ? '+' : ''}${formatNumber(delay[which], 2)}`;
}
