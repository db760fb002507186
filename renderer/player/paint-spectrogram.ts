import { tokenColour } from '../model/theme-colours.ts';
import type { Span } from './span.ts';

/** From silence to full scale: which token, at which level of 255. Most of speech lies between the second and the third. */
const STOPS = (letter: 'a' | 'b') =>
  [
    [40, '--surface-inset'],
    [125, `--lane-${letter}-peak`],
    [190, `--lane-${letter}`],
    [235, '--text-1'],
  ] as const;

const bitmaps = new WeakMap<Uint8Array, { readonly key: string; readonly canvas: OffscreenCanvas }>();

/**
 * Draws what is seen of a lane's spectrogram, low frequencies below. `levels` are columns of `rows` octets over `span`;
 * what they do not reach is empty until the new ones are there.
 */
export function paintSpectrogram(
  context: CanvasRenderingContext2D,
  levels: Uint8Array | null,
  rows: number,
  span: Span,
  window: Span,
  look: { readonly letter: 'a' | 'b'; readonly theme: string },
): void {
  const { width, height } = context.canvas;
  context.clearRect(0, 0, width, height);
  if (levels === null || levels.length === 0) return;
  const scale = width / (window.to - window.from);
  context.imageSmoothingEnabled = true;
  context.drawImage(
    bitmapOf(levels, rows, look),
    (span.from - window.from) * scale,
    0,
    (span.to - span.from) * scale,
    height,
  );
}

/** A pixel a level; made once for the levels and the theme. */
function bitmapOf(
  levels: Uint8Array,
  rows: number,
  { letter, theme }: { readonly letter: 'a' | 'b'; readonly theme: string },
): OffscreenCanvas {
  const key = `${letter} ${theme}`;
  const known = bitmaps.get(levels);
  if (known?.key === key) return known.canvas;
  const columns = levels.length / rows;
  const canvas = new OffscreenCanvas(columns, rows);
  const context = canvas.getContext('2d');
  const image = new ImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  const ramp = rampOf(STOPS(letter).map(([at, token]) => [at, tokenColour(token)]));
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++)
      pixels[(rows - 1 - row) * columns + column] = ramp[levels[column * rows + row]];
  }
  context?.putImageData(image, 0, 0);
  bitmaps.set(levels, { key, canvas });
  return canvas;
}

/** 256 colours as pixels (octets R, G, B, A) between stops `#rrggbb` at ascending levels. */
export function rampOf(stops: readonly (readonly [at: number, colour: string])[]): Uint32Array {
  const octets = new Uint8Array(256 * 4);
  for (let level = 0; level < 256; level++) {
    const next = stops.findIndex(([at]) => at >= level);
    const [to, toColour] = next < 0 ? stops[stops.length - 1] : stops[next];
    const [from, fromColour] = next <= 0 ? [to, toColour] : stops[next - 1];
    const share = to === from ? 1 : (level - from) / (to - from);
    for (let part = 0; part < 3; part++) {
      const [a, b] = [fromColour, toColour].map((colour) =>
        Number.parseInt(colour.slice(1 + 2 * part, 3 + 2 * part), 16),
      );
      octets[level * 4 + part] = Math.round(a + (b - a) * share);
    }
    octets[level * 4 + 3] = 255;
  }
  return new Uint32Array(octets.buffer);
}
