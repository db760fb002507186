import { FONT_PX, type FontName, type Measure } from '../../shared/ladder-diagram/shapes.ts';

const TEXTS_KEPT = 20_000;

/** CSS fonts by their name in the drawing, from the design tokens. */
export function readFonts(): Record<FontName, string> {
  const style = getComputedStyle(document.documentElement);
  const mono = style.getPropertyValue('--font-mono').trim();
  const ui = style.getPropertyValue('--font-ui').trim();
  return { mono: `${FONT_PX}px ${mono}`, ui: `${FONT_PX}px ${ui}`, 'ui-strong': `600 ${FONT_PX}px ${ui}` };
}

/** Measures with the fonts of the page; the same text is measured once. */
export function makeMeasure(): Measure {
  const context = document.createElement('canvas').getContext('2d');
  const fonts = readFonts();
  const widths = new Map<string, number>();
  return (text, font) => {
    const key = `${font} ${text}`;
    let width = widths.get(key);
    if (width === undefined) {
      if (context !== null) context.font = fonts[font];
      width = context?.measureText(text).width ?? text.length * 6.6;
      if (widths.size >= TEXTS_KEPT) widths.clear();
      widths.set(key, width);
    }
    return width;
  };
}
