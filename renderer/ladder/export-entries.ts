import { DARK, LIGHT } from '../../shared/ladder-diagram/palette.ts';
import type { EndpointChoice } from '../../shared/ladder-diagram/columns.ts';
import { Diagram } from '../../shared/ladder-diagram/layout.ts';
import { ladderMermaid } from '../../shared/ladder-diagram/mermaid.ts';
import { estimateWidth } from '../../shared/ladder-diagram/shapes.ts';
import { ladderSvg } from '../../shared/ladder-diagram/svg.ts';
import { flowLines } from '../../shared/ladder-diagram/text.ts';
import { update } from '../model/store.ts';
import type { MenuEntry } from '../widgets/menu/menu.tsx';
import { ladderPng } from './ladder-png.ts';
import { saveFile } from '../model/save-file.ts';

/** What a ladder is exported from. */
export interface ExportedLadder {
  readonly diagram: Diagram;
  readonly choice: EndpointChoice;
  readonly fold: boolean;
}

/** The export menu: files and the clipboard. */
export function exportEntries(exported: ExportedLadder): MenuEntry[] {
  const { diagram } = exported;
  const { call } = diagram.ladder;
  return [
    save('SVG, light', `${call}.svg`, () => svgOf(exported, false)),
    save('SVG, dark', `${call}-dark.svg`, () => svgOf(exported, true)),
    { kind: 'item', label: 'PNG', detail: `${call}.png`, run: () => void savePng(diagram) },
    save('Text', `${call}.txt`, () => textOf(exported)),
    save('Mermaid', `${call}.mmd`, () => mermaidOf(exported)),
    { kind: 'separator' },
    copy('Copy as SVG', () => svgOf(exported, false)),
    copy('Copy as text', () => textOf(exported)),
    copy('Copy as Mermaid', () => mermaidOf(exported)),
  ];
}

function save(label: string, name: string, text: () => string): MenuEntry {
  return {
    kind: 'item',
    label,
    detail: name,
    run: () => void saveFile(name, { kind: 'text', name, text: text() }),
  };
}

function copy(label: string, text: () => string): MenuEntry {
  return { kind: 'item', label, run: () => void copyLadder(label, text()) };
}

function titleOf({ ladder }: Diagram): string {
  return `${ladder.call}  ${ladder.callId}`;
}

function svgOf({ diagram }: ExportedLadder, dark: boolean): string {
  // Whoever opens it may have other fonts than this page: room is left for wider ones.
  const own = new Diagram(diagram.ladder, { ...diagram.options, measure: estimateWidth });
  return ladderSvg(own, { palette: dark ? DARK : LIGHT, title: titleOf(own) });
}

function mermaidOf({ diagram, choice, fold }: ExportedLadder): string {
  return ladderMermaid(diagram.ladder, { choice, fold, title: titleOf(diagram) });
}

function textOf({ diagram }: ExportedLadder): string {
  const lines = [...flowLines(diagram.ladder, { width: null, paint: (text) => text })];
  return `${titleOf(diagram)}\n\n${lines.join('\n')}\n`;
}

async function savePng(diagram: Diagram): Promise<void> {
  const bytes = await ladderPng(diagram);
  const name = `${diagram.ladder.call}.png`;
  if (bytes === null) update({ notice: 'The ladder is too large for a picture: export it as SVG.' });
  else await saveFile(name, { kind: 'bytes', name, bytes });
}

async function copyLadder(label: string, text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    update({ notice: `${label.replace('Copy', 'Copied')}.` });
  } catch {
    update({ notice: 'The clipboard cannot be written to.' });
  }
}
