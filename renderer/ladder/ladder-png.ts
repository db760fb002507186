import type { Diagram } from '../../shared/ladder-diagram/layout.ts';
import { fitMiddle } from '../../shared/ladder-diagram/shapes.ts';
import { headOfTimes } from '../../shared/ladder-diagram/svg.ts';
import { safeText } from '../../shared/safe-text.ts';
import { readColours } from './colours.ts';
import { readFonts } from './fonts.ts';
import { paintLadder } from './paint.ts';

const HEADER_PX = 40;
/** Chromium draws no larger canvas. */
const MOST_PIXELS = 16_384;

/** The whole drawing as a PNG, twice as fine as the screen's pixels where it can be; null where it is too large for a picture. */
export async function ladderPng(diagram: Diagram): Promise<Uint8Array | null> {
  const [width, height] = [Math.ceil(diagram.width), diagram.height + HEADER_PX];
  const pixelRatio = [2, 1].find((ratio) => Math.max(width, height) * ratio <= MOST_PIXELS);
  if (pixelRatio === undefined) return null;
  const canvas = document.createElement('canvas');
  canvas.width = width * pixelRatio;
  canvas.height = diagram.height * pixelRatio;
  const body = canvas.getContext('2d', { alpha: false });
  const whole = document.createElement('canvas');
  whole.width = canvas.width;
  whole.height = height * pixelRatio;
  const context = whole.getContext('2d', { alpha: false });
  if (body === null || context === null) return null;
  const [colours, fonts] = [readColours(), readFonts()];
  paintLadder(body, {
    diagram,
    width,
    height: diagram.height,
    scrollTop: 0,
    scrollLeft: 0,
    pixelRatio,
    colours,
    fonts,
    hovered: -1,
    selected: -1,
    hasFocus: false,
    cursorTime: null,
  });
  context.fillStyle = colours['surface-panel'];
  context.fillRect(0, 0, whole.width, whole.height);
  if (canvas.height > 0) context.drawImage(canvas, 0, HEADER_PX * pixelRatio);
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  const text = (value: string, x: number, y: number, font: string, colour: string, align: CanvasTextAlign): void => {
    context.font = font;
    context.fillStyle = colour;
    context.textAlign = align;
    context.fillText(value, x, y);
  };
  const { columns, measure, timeWidth, gutter } = diagram;
  text(headOfTimes(diagram), timeWidth, 24, fonts.mono, colours['text-3'], 'right');
  text('Δ s', gutter - 4, 24, fonts.mono, colours['text-3'], 'right');
  const room = columns.length > 1 ? columns[1].x - columns[0].x - 8 : width;
  for (const { name, address, x } of columns) {
    text(fitMiddle(safeText(name), 'ui-strong', room, measure), x, 16, fonts['ui-strong'], colours['text-1'], 'center');
    text(fitMiddle(safeText(address), 'mono', room, measure), x, 31, fonts.mono, colours['text-3'], 'center');
  }
  context.fillStyle = colours.border;
  context.fillRect(0, HEADER_PX - 1, width, 1);
  const blob = await new Promise<Blob | null>((resolve) => whole.toBlob(resolve, 'image/png'));
  return blob === null ? null : new Uint8Array(await blob.arrayBuffer());
}
