import { safeText } from '../safe-text.ts';
import { type Diagram, ROW_PX } from './layout.ts';
import type { Palette } from './palette.ts';
import { type ColourName, fitMiddle, FONT_PX, type FontName, type Shape, type TextRun } from './shapes.ts';

const HEADER_PX = 40;
const TITLE_PX = 28;
const FAMILIES: Record<'mono' | 'ui', string> = {
  mono: "'JetBrains Mono', 'DejaVu Sans Mono', Consolas, Menlo, monospace",
  ui: "Inter, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif",
};

export interface SvgOptions {
  readonly palette: Palette;
  /** The line above the drawing. */
  readonly title: string;
}

/** The drawing as an SVG document of its own, with real text and nothing from outside. */
export function ladderSvg(diagram: Diagram, { palette, title }: SvgOptions): string {
  const { width, height, gutter, columns } = diagram;
  const top = TITLE_PX + HEADER_PX;
  const whole = Math.ceil(width);
  const colour = (name: ColourName): string => palette[name === 'row' ? 'surface-panel' : name];
  const out: string[] = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${whole}" height="${top + height + 8}" viewBox="0 0 ${whole} ${top + height + 8}" font-size="${FONT_PX}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="100%" height="100%" fill="${palette['surface-panel']}"/>`,
    text(12, 19, 'start', [{ text: title, font: 'ui-strong', colour: 'text-1' }], colour),
    text(
      diagram.timeWidth,
      TITLE_PX + 24,
      'end',
      [{ text: headOfTimes(diagram), font: 'mono', colour: 'text-3' }],
      colour,
    ),
    text(gutter - 4, TITLE_PX + 24, 'end', [{ text: 'Δ s', font: 'mono', colour: 'text-3' }], colour),
    `<path d="M0 ${top - 0.5}H${whole}" stroke="${palette.border}"/>`,
  ];
  const pitch = columns.length > 1 ? columns[1].x - columns[0].x : whole - gutter;
  for (const { x, name, address } of columns) {
    const room = pitch - 8;
    const shown = fitMiddle(safeText(name), 'ui-strong', room, diagram.measure);
    out.push(text(x, TITLE_PX + 16, 'middle', [{ text: shown, font: 'ui-strong', colour: 'text-1' }], colour));
    const below = fitMiddle(safeText(address), 'mono', room, diagram.measure);
    if (below !== '')
      out.push(text(x, TITLE_PX + 31, 'middle', [{ text: below, font: 'mono', colour: 'text-3' }], colour));
    out.push(`<path d="M${x + 0.5} ${top}V${top + height}" stroke="${palette['l-lifeline']}"/>`);
  }
  for (let i = 0; i < diagram.rows.length; i++) {
    const shapes = [...diagram.timesOf(i), ...diagram.shapesOf(i)].map((shape) => shapeText(shape, colour));
    out.push(`<g transform="translate(0 ${top + i * ROW_PX})">${shapes.join('')}</g>`);
  }
  out.push('</svg>', '');
  return out.join('\n');
}

/** `s`, `UTC` or `local`: what the times are. */
export function headOfTimes({ time }: Diagram): string {
  return time === 'since-start' ? 's' : time === 'utc' ? 'UTC' : 'local time';
}

function shapeText(shape: Shape, colour: (name: ColourName) => string): string {
  switch (shape.kind) {
    case 'line': {
      const dash = shape.dash.length === 0 ? '' : ` stroke-dasharray="${shape.dash.join(' ')}"`;
      const [x1, x2, y] = [shape.x1, shape.x2, shape.y].map(short);
      return `<path d="M${x1} ${y}H${x2}" stroke="${colour(shape.colour)}" stroke-width="${shape.width}"${dash}/>`;
    }
    case 'box': {
      // A stroke lies inside its box, as it does in the window.
      const inset = shape.stroke === null ? 0 : 0.5;
      const [x, y] = [shape.x + inset, shape.y + inset].map(short);
      const [width, height] = [shape.width - 2 * inset, shape.height - 2 * inset].map(short);
      const radius = shape.radius === 0 ? '' : ` rx="${shape.radius}"`;
      return `<rect x="${x}" y="${y}" width="${width}" height="${height}"${radius}${paintText(shape, colour)}/>`;
    }
    case 'path': {
      const scale = shape.scale === 1 ? '' : ` scale(${short(shape.scale)})`;
      const stroke =
        shape.stroke === null
          ? ''
          : ` stroke-width="${shape.strokeWidth}" stroke-linecap="round" stroke-linejoin="round"`;
      const at = `translate(${short(shape.x)} ${short(shape.y)})${scale}`;
      return `<path transform="${at}" d="${shape.d}"${paintText(shape, colour)}${stroke}/>`;
    }
    default: {
      const anchor = shape.align === 'left' ? 'start' : shape.align === 'center' ? 'middle' : 'end';
      return text(shape.x, shape.y, anchor, shape.runs, colour);
    }
  }
}

function paintText(
  { fill, stroke }: { fill: ColourName | null; stroke: ColourName | null },
  colour: (name: ColourName) => string,
): string {
  const line = stroke === null ? '' : ` stroke="${colour(stroke)}"`;
  return ` fill="${fill === null ? 'none' : colour(fill)}"${line}`;
}

function text(
  x: number,
  y: number,
  anchor: 'start' | 'middle' | 'end',
  runs: readonly TextRun[],
  colour: (name: ColourName) => string,
): string {
  const parts = runs.map(
    (run) => `<tspan ${fontText(run.font)} fill="${colour(run.colour)}">${escapeXml(run.text)}</tspan>`,
  );
  return `<text x="${short(x)}" y="${short(y)}" text-anchor="${anchor}" xml:space="preserve">${parts.join('')}</text>`;
}

function fontText(font: FontName): string {
  if (font === 'mono') return `font-family="${FAMILIES.mono}"`;
  return `font-family="${FAMILIES.ui}"${font === 'ui-strong' ? ' font-weight="600"' : ''}`;
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Text for an XML document: what XML 1.0 cannot hold is replaced (section 2.2). */
export function escapeXml(value: string): string {
  return safeText(value)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
