import { type RefObject, useCallback, useRef } from 'react';
import { Icon, type IconName } from '../icon.tsx';
import { type Glyph, SeverityGlyph } from '../severity.tsx';
import type { Templates } from './cell-paint.ts';

const GLYPHS: readonly Glyph[] = ['error', 'warning', 'note', 'ok', 'incomplete', 'rejected', 'running'];
const ICONS: readonly IconName[] = ['lock', 'unlock'];

/** The drawings that cells use: rendered once, hidden, and copied from there. */
export function GridTemplates({ box }: { box: RefObject<HTMLDivElement | null> }) {
  return (
    <div hidden ref={box}>
      {GLYPHS.map((glyph) => (
        <span key={glyph} data-template={glyph}>
          <SeverityGlyph severity={glyph} label="" />
        </span>
      ))}
      {ICONS.map((icon) => (
        <span key={icon} data-template={icon}>
          <Icon name={icon} small />
        </span>
      ))}
    </div>
  );
}

export function useTemplates(): { templates: Templates; box: RefObject<HTMLDivElement | null> } {
  const box = useRef<HTMLDivElement>(null);
  const found = useRef(new Map<string, Node | null>());
  const templates = useCallback((name: string): Node | null => {
    let node = found.current.get(name);
    if (node === undefined) {
      node = box.current?.querySelector(`[data-template="${name}"]`)?.firstChild ?? null;
      if (node !== null) found.current.set(name, node);
    }
    return node;
  }, []);
  return { templates, box };
}
