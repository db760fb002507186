import { LIGHT, type Palette } from '../../shared/ladder-diagram/palette.ts';

const MORE = ['surface-hover', 'select', 'select-idle', 'on-select', 'on-select-2', 'accent', 'cursor'] as const;

/** What the canvas is painted with: the design tokens of the theme at hand. */
export type Colours = Palette & Readonly<Record<(typeof MORE)[number], string>>;

/** Reads the tokens of the page. */
export function readColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const names = [...Object.keys(LIGHT), ...MORE];
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) as Colours;
}
