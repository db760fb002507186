import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DARK, LIGHT } from './palette.ts';

const css = readFileSync(join(import.meta.dirname, '../../renderer/styles/tokens.css'), 'utf8');

/** The colours that tokens.css gives a theme. */
function tokens(theme: string): Map<string, string> {
  const block = css.slice(css.indexOf(`:root[data-theme="${theme}"] {`)).split('}')[0];
  return new Map([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name, value]) => [name, value]));
}

it.each([
  ['dark', DARK],
  ['light', LIGHT],
] as const)('the %s colours are those of the design tokens', (theme, palette) => {
  const known = tokens(theme);
  expect(known.size).toBeGreaterThan(40);
  expect(Object.fromEntries(Object.keys(palette).map((name) => [name, known.get(name)]))).toEqual(palette);
});
