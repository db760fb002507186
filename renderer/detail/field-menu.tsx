import type { FieldNode } from '../../shared/engine-api.ts';
import { ask } from '../client/client.ts';
import { go } from '../model/navigate.ts';
import { getState, update } from '../model/store.ts';
import { fieldEntries as decodeAsEntries } from '../views/decode-as/open-decode-as.ts';
import { type MenuEntry, Menu } from '../widgets/menu/menu.tsx';
import { cArrayText, dumpText, hexText, plainText } from '../widgets/hex/hex-format.ts';
import { copyText } from './clipboard.ts';
import { filterTexts, subtreeText, valueText } from './field-text.ts';

export interface FieldMenuPlace {
  readonly x: number;
  readonly y: number;
  readonly kind: 'field' | 'octets';
}

/** What can be done with the field and octets selected. */
export function FieldMenu({
  place,
  node,
  nodes,
  bytes,
  bytesName,
  newDissector,
  onClose,
}: {
  place: FieldMenuPlace;
  node: FieldNode | null;
  /** The packet's. */
  nodes: readonly FieldNode[];
  bytes: Uint8Array;
  /** What the octets are called where they need a name. */
  bytesName: string;
  /** Begins a plugin from the octets; null where they are not the frame's own. */
  newDissector: (() => void) | null;
  onClose: () => void;
}) {
  const ofField = node === null ? [] : [...fieldEntries(node), ...decodeAsEntries(nodes, node)];
  const ofOctets = bytes.length === 0 ? [] : octetEntries(bytes, bytesName, newDissector);
  const [first, second] = place.kind === 'field' ? [ofField, ofOctets] : [ofOctets, ofField];
  const line: MenuEntry[] = first.length > 0 && second.length > 0 ? [{ kind: 'separator' }] : [];
  if (first.length + second.length === 0) return null;
  return <Menu label="Field" at={place} entries={[...first, ...line, ...second]} onClose={onClose} />;
}

function fieldEntries(node: FieldNode): MenuEntry[] {
  const value = node.value === null ? (node.text ?? '') : valueText(node);
  const isDisabled = filterTexts(node).length === 0;
  const asFilter = (use: (filter: string) => void) => (): void => {
    goodFilter(node).then(
      (good) => (good === null ? update({ notice: `The filter knows no field ${node.name}.` }) : use(good)),
      () => update({ notice: 'The filter cannot be checked.' }),
    );
  };
  const copyFilter = asFilter((good) => void copyText(good, 'The filter'));
  return [
    { kind: 'item', label: 'Filter by this field', isDisabled, run: asFilter(showPackets) },
    copyEntry('value', 'The value', () => value, value === ''),
    copyEntry('name', 'The name', () => node.name),
    { kind: 'item', label: 'Copy as filter', isDisabled, run: copyFilter },
    copyEntry('with everything below it', 'The field', () => subtreeText(node)),
  ];
}

function octetEntries(bytes: Uint8Array, name: string, newDissector: (() => void) | null): MenuEntry[] {
  const what = bytes.length === 1 ? 'The octet' : `${bytes.length} octets`;
  return [
    copyEntry('octets as hex', what, () => hexText(bytes)),
    copyEntry('octets as hex dump', what, () => dumpText(bytes)),
    copyEntry('octets as C array', what, () => cArrayText(bytes, name)),
    copyEntry('octets as text', what, () => plainText(bytes)),
    ...(newDissector === null
      ? []
      : [{ kind: 'item' as const, label: 'New dissector from these octets', run: newDissector }]),
  ];
}

/** The text is made only when it is wanted: there may be much of it. */
function copyEntry(as: string, what: string, text: () => string, isDisabled = false): MenuEntry {
  return { kind: 'item', label: `Copy ${as}`, isDisabled, run: () => void copyText(text(), what) };
}

/** The first of a field's filters that the engine can read; null where it knows no such field. */
async function goodFilter(node: FieldNode): Promise<string | null> {
  for (const filter of filterTexts(node)) {
    const { error } = await ask('filter.check', { filter, table: 'packets' });
    if (error === null) return filter;
  }
  return null;
}

/** Fields are what packets have: rows of another table are left behind. */
function showPackets(filter: string): void {
  go(getState().place.view === 'packets' ? { filter } : { view: 'packets', filter });
}
