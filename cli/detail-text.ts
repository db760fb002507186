import type { DetailNode } from '../engine/query/detail-tree.ts';
import type { PacketDetail } from '../engine/query/packet-detail.ts';
import { safeText } from './safe-text.ts';
import type { Paint } from './style.ts';

/** A packet's tree as lines: where each field lies (offset, octets) at the left, then the tree. */
export function* detailLines(detail: PacketDetail, paint: Paint): Generator<string> {
  const longest = detail.sources.reduce((length, source) => Math.max(length, source.lengthBytes), 0);
  const width = Math.max(6, String(longest).length);
  yield paint(`${'offset'.padStart(width)}  ${'octets'.padStart(width)}  field`, 'dim');
  let source = 0;
  for (const node of detail.nodes) {
    // Offsets count in the octets of their source: say where that changes.
    if (node.source !== source) {
      source = node.source;
      const about = detail.sources.find(({ id }) => id === source);
      if (about !== undefined) yield paint(`${safeText(about.name)}, ${about.lengthBytes} octets`, 'dim');
    }
    yield* nodeLines(node, 0, width, paint);
  }
}

function* nodeLines(node: DetailNode, depth: number, width: number, paint: Paint): Generator<string> {
  // A computed field lies nowhere.
  const place = node.length === 0 ? ['', ''] : [String(node.at), String(node.length)];
  const margin = paint(`${place[0].padStart(width)}  ${place[1].padStart(width)}  `, 'dim');
  yield `${margin}${'  '.repeat(depth)}${nodeText(node, paint)}`;
  for (const child of node.children ?? []) yield* nodeLines(child, depth + 1, width, paint);
}

function nodeText({ label, value, meaning, text, fault, children }: DetailNode, paint: Paint): string {
  const name = safeText(label);
  if (fault !== undefined) return paint(`! ${safeText(String(value))} (${safeText(fault)})`, 'bad');
  if (children !== undefined) {
    const title = paint(name, 'bold');
    return text === undefined || text === '' ? title : `${title}  ${safeText(text)}`;
  }
  const shown = value === null ? '' : safeText(String(value));
  const means = meaning === undefined ? '' : ` (${safeText(meaning)})`;
  return `${name}: ${shown}${means}`.trimEnd();
}
