import { type KeyboardEvent, useLayoutEffect, useMemo, useReducer, useRef, useState } from 'react';
import type { FieldNode, PacketView } from '../../shared/engine-api.ts';
import { newPluginFromPacket } from '../model/plugins.ts';
import { keep, setting } from '../model/settings.ts';
import { hexText } from '../widgets/hex/hex-format.ts';
import { HexView, type OctetRange } from '../widgets/hex/hex-view.tsx';
import { ancestorsOf, flattenTree } from '../widgets/tree/flatten.ts';
import { Tree } from '../widgets/tree/tree.tsx';
import { copyText } from './clipboard.ts';
import { FieldMenu, type FieldMenuPlace } from './field-menu.tsx';
import { fieldAt, isOpenAtFirst, nodeAt } from './field-search.ts';
import { isGenerated, labelOf, lineOf, shownText, valueText } from './field-text.ts';
import { SourceTabs } from './source-tabs.tsx';
import { Splitter } from './splitter.tsx';

/** What a person opened or closed, by path: the next packet's tree opens the same way. */
const choices = new Map<string, boolean>();
/** The field looked at: the next packet shows the same, where it has it. */
let lastPath: string | null = null;

const HEX_SETTING = 'detail.hexHeight';
const HEX_PX = 208;

interface Selection {
  readonly path: string | null;
  /** Octets picked by hand, in place of the field's. */
  readonly picked: OctetRange | null;
  /** Byte source shown. */
  readonly source: number;
  /** Octet the keyboard is on, and the other end of what is picked. */
  readonly cursor: number;
  readonly anchor: number;
}

function selectionOf(view: PacketView, path: string | null): Selection {
  const node = nodeAt(view.nodes, path)?.node;
  if (node === undefined) return { path: null, picked: null, source: view.sources[0]?.id ?? 0, cursor: 0, anchor: 0 };
  return { path, picked: null, source: node.source, cursor: node.at, anchor: node.at };
}

/** The field tree above the octets, each showing what is selected in the other. */
export function PacketBody({ view }: { view: PacketView }) {
  const [shownPacket, setShownPacket] = useState(view.packet);
  const [selection, setSelection] = useState(() => selectionOf(view, lastPath));
  const [hovered, setHovered] = useState<string | null>(null);
  const [opened, countOpened] = useReducer((count: number) => count + 1, 0);
  const [treeRevealed, revealInTree] = useReducer((count: number) => count + 1, 0);
  const [hexRevealed, revealInHex] = useReducer((count: number) => count + 1, 0);
  const [menu, setMenu] = useState<FieldMenuPlace | null>(null);
  const body = useRef<HTMLDivElement>(null);
  const [hexHeight, setHexHeight] = useHexHeight();

  // The same packet is told again while a capture is read: only another one begins anew.
  if (view.packet !== shownPacket) {
    setShownPacket(view.packet);
    setSelection(selectionOf(view, lastPath));
    setHovered(null);
  }
  useLayoutEffect(() => {
    revealInTree();
    revealInHex();
  }, [view.packet]);

  const rows = useMemo(
    () => flattenTree<FieldNode>(view.nodes, (path, node) => choices.get(path) ?? isOpenAtFirst(path, node)),
    // `opened` counts the changes of `choices`.
    [view, opened],
  );
  const current = nodeAt(view.nodes, selection.path);
  const source = view.sources.find(({ id }) => id === selection.source) ?? view.sources[0];
  const rangeOf = (node: FieldNode | null | undefined): OctetRange | null =>
    node === null || node === undefined || node.source !== source?.id || node.length === 0 ? null : node;
  const own = selection.picked ?? rangeOf(current?.node);
  // Plugins begin from what was captured, not from what was put together of it.
  const isFrame = source?.id === view.sources[0]?.id;

  const toggle = (paths: readonly string[], isOpen: boolean): void => {
    for (const path of paths) choices.set(path, isOpen);
    countOpened();
    // What is selected does not vanish: the row that was closed has it.
    const closed = isOpen ? undefined : paths.find((path) => selection.path?.startsWith(`${path}/`));
    if (closed !== undefined) selectField(closed);
  };
  const selectField = (path: string): void => {
    lastPath = path;
    setSelection(selectionOf(view, path));
    revealInHex();
  };
  const selectOctet = (at: number, extend: boolean): void => {
    if (source === undefined) return;
    if (extend) {
      const from = Math.min(at, selection.anchor);
      setSelection({ ...selection, cursor: at, picked: { at: from, length: Math.abs(at - selection.anchor) + 1 } });
      return;
    }
    const path = fieldAt(view.nodes, source.id, at);
    lastPath = path;
    if (path !== null) {
      for (const above of ancestorsOf(path)) choices.set(above, true);
      countOpened();
    }
    setSelection({ path, picked: null, source: source.id, cursor: at, anchor: at });
    revealInTree();
  };

  const copyField = (): void => {
    if (current === null) return;
    const { node } = current;
    void copyText(node.value === null ? (node.text ?? '') : valueText(node), 'The value');
  };
  const bytesOf = (range: OctetRange | null): Uint8Array =>
    range === null ? new Uint8Array() : (source?.bytes.subarray(range.at, range.at + range.length) ?? new Uint8Array());

  return (
    <div className="detail-body" ref={body}>
      <Tree<FieldNode>
        label="Fields"
        rows={rows}
        selected={selection.path}
        revealed={treeRevealed}
        classOf={(node) => (node.fault !== undefined ? 'field-fault' : isGenerated(node) ? 'field-made' : '')}
        render={(node) => (
          <>
            <span className="field-label">{labelOf(node)}</span>
            <span className="field-value trunc">{shownText(lineOf(node))}</span>
          </>
        )}
        onSelect={selectField}
        onToggle={toggle}
        onHover={setHovered}
        onMenu={(_path, x, y) => setMenu({ x, y, kind: 'field' })}
        onKey={copyKey(copyField)}
      />
      <Splitter
        label="Height of the octets"
        size={hexHeight}
        min={60}
        max={Math.max(60, (body.current?.clientHeight ?? 1000) - 80)}
        onSize={setHexHeight}
      />
      <div className="detail-hex" style={{ height: hexHeight }}>
        <SourceTabs
          sources={view.sources}
          shown={source?.id ?? 0}
          about={aboutOf(current?.node ?? null, selection.picked)}
          onShow={(id) => setSelection({ ...selection, source: id, picked: null, cursor: 0, anchor: 0 })}
        />
        {source !== undefined && (
          <HexView
            label={`Octets of ${source.name}`}
            bytes={source.bytes}
            selected={own}
            parent={selection.picked === null ? rangeOf(current?.parent) : null}
            hovered={rangeOf(hovered === null ? null : nodeAt(view.nodes, hovered)?.node)}
            cursor={selection.cursor}
            revealed={hexRevealed}
            onOctet={selectOctet}
            onMenu={(x, y) => setMenu({ x, y, kind: 'octets' })}
            onKey={copyKey(() => void copyText(hexText(bytesOf(own)), 'The octets'))}
          />
        )}
      </div>
      {menu !== null && (
        <FieldMenu
          place={menu}
          node={current?.node ?? null}
          nodes={view.nodes}
          bytes={bytesOf(own)}
          bytesName={selection.picked === null && current !== null ? current.node.name : 'octets'}
          newDissector={
            own === null || !isFrame ? null : () => newPluginFromPacket(view.packet, { at: own.at, length: own.length })
          }
          onClose={() => setMenu(null)}
        />
      )}
    </div>
  );
}

/** Ctrl+C, where the tree or the octets have the keyboard. */
function copyKey(copy: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key.toLowerCase() !== 'c' || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    event.preventDefault();
    copy();
  };
}

/** `sip.route.host,` and `0x00b6, 11 B`. */
function aboutOf(node: FieldNode | null, picked: OctetRange | null): { name: string; place: string } {
  const range = picked ?? (node !== null && node.length > 0 ? node : null);
  const place = range === null ? '' : `0x${range.at.toString(16).padStart(4, '0')}, ${range.length} B`;
  if (picked !== null || node === null) return { name: '', place };
  return { name: place === '' ? node.name : `${node.name},`, place };
}

function useHexHeight(): [number, (height: number, isFinal: boolean) => void] {
  const kept = setting(HEX_SETTING);
  const [height, setHeight] = useState(typeof kept === 'number' && kept >= 60 ? kept : HEX_PX);
  const set = (wanted: number, isFinal: boolean): void => {
    setHeight(wanted);
    if (isFinal) keep({ [HEX_SETTING]: wanted });
  };
  return [height, set];
}
