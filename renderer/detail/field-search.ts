import type { FieldNode, PacketView } from '../../shared/engine-api.ts';
import { findByPath, pathsOf } from '../widgets/tree/flatten.ts';

/** Layers that carry others: closed until a person opens them. */
const CARRIERS = new Set([
  'frame',
  'eth',
  'sll',
  'null',
  'raw',
  'vlan',
  'mpls',
  'ip',
  'ipv6',
  'udp',
  'tcp',
  'gre',
  'vxlan',
]);
/** Groups that only hold what one came for. */
const OPEN_GROUPS = new Set(['sip.msg_hdr', 'sip.msg_body', 'sdp']);

/** Whether a node is open before anybody opened or closed it: what the packet carries is, and so are its headers. */
export function isOpenAtFirst(path: string, node: FieldNode): boolean {
  if (!path.includes('/')) return !CARRIERS.has(node.name);
  return OPEN_GROUPS.has(node.name);
}

/** The path of the deepest field that holds an octet of a byte source; the shorter, then the later of equals. null for none. */
export function fieldAt(nodes: readonly FieldNode[], source: number, at: number): string | null {
  // Paths cost text: only the places of the best are kept while thousands of fields are looked at.
  let best: number[] = [];
  let bestLength = 0;
  const trail: number[] = [];
  const walk = (items: readonly FieldNode[]): void => {
    items.forEach((node, index) => {
      trail.push(index);
      if (node.source === source && at >= node.at && at < node.at + node.length) {
        if (trail.length > best.length || (trail.length === best.length && node.length <= bestLength)) {
          best = [...trail];
          bestLength = node.length;
        }
      }
      if (node.children !== undefined) walk(node.children);
      trail.pop();
    });
  };
  walk(nodes);
  return best.length === 0 ? null : pathOf(nodes, best);
}

/** The path of the node at these places, root first. */
function pathOf(nodes: readonly FieldNode[], places: readonly number[]): string {
  let items = nodes;
  let path = '';
  for (const place of places) {
    path = pathsOf(items, path)[place];
    items = items[place].children ?? [];
  }
  return path;
}

/** The node at a path, and the one above it. */
export function nodeAt(
  nodes: readonly FieldNode[],
  path: string | null,
): { readonly node: FieldNode; readonly parent: FieldNode | null } | null {
  const trail = path === null ? null : findByPath(nodes, path);
  const node = trail?.at(-1);
  return trail === null || node === undefined ? null : { node, parent: trail.at(-2) ?? null };
}

/** The octets of a node; empty where it has none. */
export function octetsOf({ sources }: PacketView, { source, at, length }: FieldNode): Uint8Array {
  return sources.find(({ id }) => id === source)?.bytes.subarray(at, at + length) ?? new Uint8Array();
}
