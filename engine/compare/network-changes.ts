import type { CompareChange } from '../../shared/compare.ts';
import { type DetailNode, DetailTree } from '../query/detail-tree.ts';
import { describeFrame } from '../query/packet-detail.ts';
import { FrameReader } from '../store/frame-reader.ts';
import type { Comparison } from './comparison.ts';
import type { ObservedStream } from './observed-stream.ts';

/** Packets whose IP header is looked at: markings change for whole streams. */
const SAMPLE = 16;

const FIELDS = [
  { field: 'dscp', names: ['ip.dsfield.dscp', 'ipv6.tclass.dscp'], label: 'DSCP' },
  { field: 'ttl', names: ['ip.ttl', 'ipv6.hlim'], label: 'Time to live' },
] as const;

/** Whether DSCP and time to live are others at B, from a sample of the packets that both saw. */
export async function networkChanges(comparison: Comparison): Promise<CompareChange[]> {
  const { a, b, rowA, rowB } = comparison;
  const both = Array.from(rowA.keys()).filter((i) => rowA[i] >= 0 && rowB[i] >= 0);
  const step = Math.max(1, Math.floor(both.length / SAMPLE));
  const sample = both.filter((_, i) => i % step === 0).slice(0, SAMPLE);
  const [atA, atB] = [await headersOf(a, sample, rowA), await headersOf(b, sample, rowB)];
  return FIELDS.flatMap(({ field, names, label }) => {
    const [from, to] = [valuesOf(atA, names), valuesOf(atB, names)];
    if (from.size !== 1 || to.size !== 1) return [];
    const [[before], [after]] = [[...from], [...to]];
    if (before === after) return [];
    const message = `${label} was ${before} and became ${after}.`;
    return [{ field, from: String(before), to: String(after), packets: sample.length, message }];
  });
}

type Headers = ReadonlyMap<string, number>;

async function headersOf(side: ObservedStream, sample: readonly number[], rows: Int32Array): Promise<Headers[]> {
  const reader = new FrameReader(side.capture.source, side.capture.store.frames);
  const headers: Headers[] = [];
  for (const i of sample) {
    const frame = side.frame[rows[i]];
    const tree = new DetailTree();
    describeFrame(side.capture, frame, await reader.frame(frame), tree);
    const values = new Map<string, number>();
    collect(tree.nodes, values);
    headers.push(values);
  }
  return headers;
}

/** Of headers inside headers the innermost counts. */
function collect(nodes: readonly DetailNode[], into: Map<string, number>): void {
  for (const { name, value, children } of nodes) {
    if (typeof value === 'number') into.set(name, value);
    if (children !== undefined) collect(children, into);
  }
}

function valuesOf(headers: readonly Headers[], names: readonly string[]): Set<number> {
  return new Set(headers.flatMap((values) => names.flatMap((name) => values.get(name) ?? [])));
}
