import type { Handlers } from '../../shared/channel.ts';
import type { CompareProgress, CompareRow, CompareSeries, DifferenceKind } from '../../shared/compare.ts';
import type { EngineApi } from '../../shared/engine-api.ts';
import type { Capture } from '../capture.ts';
import { compareRow, compareSeries } from '../compare/compare-row.ts';
import type { Comparison } from '../compare/comparison.ts';
import { differences, differingPackets } from '../compare/differences.ts';
import { compareTwo, findComparisons } from '../compare/find-pairs.ts';
import { Turns } from '../filter/turns.ts';
import { findStreams } from '../query/stream-rows.ts';
import { throwIfAborted } from '../readers/abort.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import { answering } from './answering.ts';
import { CodedError, notFound } from './coded-error.ts';
import type { OpenedCapture } from './opened-capture.ts';
import { readBeside } from './read-beside.ts';
import type { CaptureSession } from './session.ts';

type CompareMethods = Pick<EngineApi, 'compare.find' | 'compare.series' | 'compare.differences'>;
type FindParams = EngineApi['compare.find']['params'];

const PAGE_ROWS = 1000;

interface Compared {
  readonly comparison: Comparison;
  readonly row: CompareRow;
  /** Worked out when somebody looks. */
  series: CompareSeries | null;
  differing: Differing | null;
}

interface Differing {
  readonly counts: Record<DifferenceKind, number>;
  readonly byKind: Record<DifferenceKind, readonly number[]>;
  readonly all: readonly number[];
}

/** What the last search found, with the second capture that it is about. */
interface Held {
  readonly compared: ReadonlyMap<string, Compared>;
  readonly other: OpenedCapture | null;
}

/** The same streams at two capture points. What was found goes with the capture it was found in. */
export function compareHandlers(session: CaptureSession): Handlers<CompareMethods> {
  const heldOf = new WeakMap<OpenedCapture, Held>();
  /** The search under way: another ends it. */
  let searching: AbortController | null = null;

  const letGo = async (opened: OpenedCapture): Promise<void> => {
    const held = heldOf.get(opened);
    heldOf.delete(opened);
    await held?.other?.close();
  };
  const comparedOf = (opened: OpenedCapture, id: string): Compared => {
    const compared = heldOf.get(opened)?.compared.get(id);
    if (compared === undefined) throw notFound(`comparison ${id}`);
    return compared;
  };

  return {
    'compare.find': async (params, { signal, progress }) => {
      const { other, streams } = checkedParams(params);
      const opened = session.opened();
      const { index } = opened;
      if (index === null || !index.isWhole) throw new CodedError('reading', 'The capture is still being read.');
      searching?.abort();
      const search = new AbortController();
      searching = search;
      const whole = AbortSignal.any([signal, search.signal, opened.abort.signal]);
      await letGo(opened);
      let beside: OpenedCapture | null = null;
      try {
        if (other !== null) {
          beside = await readBeside(session, other, whole, ({ bytesRead, bytesTotal, packets }) =>
            progress({ stage: 'reading', bytesRead, bytesTotal, packets }),
          );
        }
        const { capture } = index;
        const found = await comparisons(capture, beside?.capture ?? null, streams, whole, progress);
        const held = { compared: await rowsOf(found, opened, beside, whole), other: beside };
        throwIfAborted(whole);
        heldOf.set(opened, held);
        opened.abort.signal.addEventListener('abort', () => void letGo(opened), { once: true });
        return [...held.compared.values()].map(({ row }) => row);
      } catch (error) {
        await beside?.close();
        if (opened.abort.signal.aborted && !signal.aborted) {
          throw new CodedError('no-capture', 'The capture was closed.');
        }
        throw error;
      }
    },
    'compare.series': answering(session, (opened, { id }) => {
      const compared = comparedOf(opened, id);
      return (compared.series ??= compareSeries(compared.comparison));
    }),
    'compare.differences': answering(session, (opened, { id, kind, from, count }) => {
      const compared = comparedOf(opened, id);
      const { counts, byKind, all } = (compared.differing ??= differingOf(compared.comparison));
      const list = kind === null ? all : byKind[kind];
      if (!Array.isArray(list)) throw new CodedError('bad-request', 'There is no such kind of difference.');
      const start = Math.max(0, Math.floor(from) || 0);
      const page = list.slice(start, start + Math.min(PAGE_ROWS, Math.max(0, count)));
      return { total: list.length, counts, rows: differences(compared.comparison, page) };
    }),
  };
}

/** What comes over the channel need not be what its type says. */
function checkedParams({ other, streams }: FindParams): FindParams {
  const isPair = Array.isArray(streams) && streams.length === 2 && streams.every((id) => typeof id === 'string');
  if ((other !== null && typeof other !== 'string') || (streams !== null && !isPair)) {
    throw new CodedError('bad-request', 'What is compared is a file, or two streams.');
  }
  return { other, streams };
}

async function comparisons(
  capture: Capture,
  other: Capture | null,
  ids: FindParams['streams'],
  signal: AbortSignal,
  progress: (progress: CompareProgress) => void,
): Promise<readonly Comparison[]> {
  if (ids === null) {
    return findComparisons(capture, other, signal, (streams, of) => progress({ stage: 'comparing', streams, of }));
  }
  const first = oneStream(capture, ids[0]);
  const second = oneStream(other ?? capture, ids[1]);
  const comparison = await compareTwo([capture, first], [other ?? capture, second], signal);
  return comparison === null ? [] : [comparison];
}

function oneStream(capture: Capture, id: string): Stream {
  const [stream] = findStreams(capture, id);
  if (stream === undefined) throw notFound(`stream ${id}`);
  return stream;
}

async function rowsOf(
  found: readonly Comparison[],
  opened: OpenedCapture,
  beside: OpenedCapture | null,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Compared>> {
  const turns = new Turns(signal);
  const other = beside?.capture ?? null;
  const compared = new Map<string, Compared>();
  for (const [i, comparison] of found.entries()) {
    const id = `x${i + 1}`;
    const nameOf = ({ capture }: { readonly capture: Capture }): string =>
      capture === other ? (beside?.name ?? '') : opened.name;
    const row = await compareRow(comparison, id, nameOf, other);
    compared.set(id, { comparison, row, series: null, differing: null });
    await turns.wait();
  }
  return compared;
}

function differingOf(comparison: Comparison): Differing {
  const byKind = differingPackets(comparison);
  const { lost, missed, reordered, slow, changed } = byKind;
  return {
    byKind,
    counts: {
      lost: lost.length,
      missed: missed.length,
      reordered: reordered.length,
      slow: slow.length,
      changed: changed.length,
    },
    all: [...lost, ...missed, ...reordered, ...slow, ...changed].toSorted((a, b) => a - b),
  };
}
