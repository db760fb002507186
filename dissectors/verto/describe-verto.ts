/** Verto in the packet list and in the detail tree. */
import { HIDDEN, isSecretName, withoutSecrets } from '../../base/masked-secrets.ts';
import type { Octets } from '../../base/octets.ts';
import type { TreeBuilder } from '../dissector.ts';
import { VertoKind } from './columns.ts';
import type { JsonNode } from './json.ts';
import { readMessage, type VertoMessage } from './read-message.ts';

const MOST_CHARACTERS = 200;

const NAMED: ReadonlyMap<string, string> = new Map(
  ['method', 'id', 'callID', 'sessid', 'caller_id_number', 'caller_id_name', 'destination_number', 'sdp'].map(
    (name) => [name, `verto.${name}`],
  ),
);

/** `verto.invite 1000 → 2000 | SDP`, `result 5: CALL CREATED`, `error 1: Authentication Required`. */
export function summarizeVerto(data: Octets): string {
  const message = readMessage(data);
  if (message === null) return clipped(withoutSecrets(data.text(0, Math.min(data.length, 4 * MOST_CHARACTERS))));
  const sdp = message.sdp === null ? '' : ' | SDP';
  return clipped(`${titleOf(message)}${sdp}`);
}

function titleOf({ kind, method, id, text, code, callerNumber, calleeNumber }: VertoMessage): string {
  if (kind !== VertoKind.Request) {
    const what = kind === VertoKind.Error ? `error${code === '' ? '' : ` ${code}`}` : 'result';
    return `${what} (${id})${text === '' ? '' : `: ${text}`}`;
  }
  const parties = method === 'verto.invite' && calleeNumber !== '' ? ` ${callerNumber || '?'} → ${calleeNumber}` : '';
  return `${method}${parties}${text === '' ? '' : `: ${text}`}`;
}

export function describeVerto(data: Octets, tree: TreeBuilder): void {
  const message = readMessage(data);
  if (message === null) {
    tree.field('verto.data', 'Not Verto', 0, data.length, withoutSecrets(data.text()));
    return;
  }
  const { root } = message;
  if (root.at > 0) tree.field('verto.punctuation', 'Spaces', 0, root.at, data.hex(0, root.at));
  show(root, message, tree);
  const end = root.at + root.length;
  if (end < data.length) tree.field('verto.punctuation', 'Spaces', end, data.length - end, data.hex(end));
}

function show(node: JsonNode, message: VertoMessage, tree: TreeBuilder): void {
  const { memberAt: at, name } = node;
  const length = node.at + node.length - at;
  if (node.children !== null) {
    const { children } = node;
    const text = node === message.root ? titleOf(message) : `${children.length} ${node.isArray ? 'items' : 'members'}`;
    tree.group('verto.object', name || 'Message', at, length, text, () => {
      for (const child of children) show(child, message, tree);
    });
  } else if (node === message.sdp) {
    tree.field('verto.sdp', 'sdp', at, length, `${node.length} octets`);
  } else {
    const value = isSecretName(name) && node.value !== '' ? HIDDEN : node.value;
    tree.field(NAMED.get(name) ?? 'verto.value', name, at, length, value);
  }
}

function clipped(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)}…` : line;
}
