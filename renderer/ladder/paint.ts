import { type Diagram, ROW_PX } from '../../shared/ladder-diagram/layout.ts';
import type { ColourName, FontName, Measure, Shape, TextRun } from '../../shared/ladder-diagram/shapes.ts';
import { timeText } from '../../shared/ladder-diagram/times.ts';
import type { Colours } from './colours.ts';

/** Everything a frame depends on. Sizes are in CSS pixels. */
export interface Scene {
  readonly diagram: Diagram;
  readonly width: number;
  readonly height: number;
  readonly scrollTop: number;
  readonly scrollLeft: number;
  readonly pixelRatio: number;
  readonly colours: Colours;
  readonly fonts: Record<FontName, string>;
  readonly hovered: number;
  readonly selected: number;
  readonly hasFocus: boolean;
  readonly cursorTime: number | null;
}

const TAG_PX = 15;

/** Paints the rows that can be seen. */
export function paintLadder(context: CanvasRenderingContext2D, scene: Scene): void {
  const { diagram, width, height, scrollTop, scrollLeft, pixelRatio, colours } = scene;
  const { gutter } = diagram;
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.textBaseline = 'alphabetic';
  context.fillStyle = colours['surface-panel'];
  context.fillRect(0, 0, width, height);
  context.fillStyle = colours['l-lifeline'];
  for (const { x } of diagram.columns) {
    const at = x - scrollLeft;
    if (at >= gutter && at < width) context.fillRect(at, 0, 1, height);
  }
  const from = Math.max(0, Math.floor(scrollTop / ROW_PX));
  const to = Math.min(diagram.rows.length, Math.ceil((scrollTop + height) / ROW_PX));
  for (let i = from; i < to; i++) paintGround(context, scene, i);
  context.save();
  context.beginPath();
  // Scrolled sideways, arrows go under the times.
  context.rect(gutter, 0, width - gutter, height);
  context.clip();
  for (let i = from; i < to; i++) paintShapes(context, scene, i, diagram.shapesOf(i), -scrollLeft);
  context.restore();
  for (let i = from; i < to; i++) paintShapes(context, scene, i, diagram.timesOf(i), 0);
  paintCursor(context, scene);
}

function groundOf({ colours, selected, hovered, hasFocus }: Scene, index: number): string {
  if (index === selected) return hasFocus ? colours.select : colours['select-idle'];
  return index === hovered ? colours['surface-hover'] : colours['surface-panel'];
}

function paintGround(context: CanvasRenderingContext2D, scene: Scene, index: number): void {
  const { selected, hovered, width, scrollTop, colours } = scene;
  if (index !== selected && index !== hovered) return;
  const y = index * ROW_PX - scrollTop;
  context.fillStyle = groundOf(scene, index);
  context.fillRect(0, y, width, ROW_PX);
  if (index !== selected) return;
  context.fillStyle = colours.accent;
  context.fillRect(0, y, 2, ROW_PX);
}

function paintShapes(
  context: CanvasRenderingContext2D,
  scene: Scene,
  index: number,
  shapes: readonly Shape[],
  dx: number,
): void {
  const dy = index * ROW_PX - scene.scrollTop;
  for (const shape of shapes) paintShape(context, scene, index, shape, dx, dy);
}

function paintShape(
  context: CanvasRenderingContext2D,
  scene: Scene,
  index: number,
  shape: Shape,
  dx: number,
  dy: number,
): void {
  const { colours, pixelRatio } = scene;
  const colour = (name: ColourName): string => (name === 'row' ? groundOf(scene, index) : colours[name]);
  switch (shape.kind) {
    case 'line': {
      // Whole device pixels, or the line would be a blur.
      const thick = Math.max(1, Math.floor(shape.width * pixelRatio)) / pixelRatio;
      const top = Math.round((shape.y - thick / 2 + dy) * pixelRatio) / pixelRatio;
      const x1 = Math.round(shape.x1 + dx);
      const x2 = Math.round(shape.x2 + dx);
      context.fillStyle = colour(shape.colour);
      if (shape.dash.length === 0) {
        context.fillRect(x1, top, x2 - x1, thick);
        return;
      }
      const [on, off] = shape.dash;
      const last = Math.min(x2, scene.width);
      // Dashes before the edge are skipped whole, so that they do not crawl while it scrolls.
      const first = x1 >= 0 ? x1 : x1 + Math.floor(-x1 / (on + off)) * (on + off);
      for (let x = first; x < last; x += on + off) context.fillRect(x, top, Math.min(on, x2 - x), thick);
      return;
    }
    case 'box':
      paintBox(context, shape, colour, dx, dy);
      return;
    case 'path':
      paintPath(context, shape, colour, dx, dy);
      return;
    case 'text':
      paintText(context, scene, index, shape, dx, dy);
  }
}

function paintBox(
  context: CanvasRenderingContext2D,
  { x, y, width, height, radius, fill, stroke }: Extract<Shape, { kind: 'box' }>,
  colour: (name: ColourName) => string,
  dx: number,
  dy: number,
): void {
  if (radius === 0 && stroke === null) {
    if (fill === null) return;
    context.fillStyle = colour(fill);
    context.fillRect(x + dx, y + dy, width, height);
    return;
  }
  const inset = stroke === null ? 0 : 0.5;
  context.beginPath();
  context.roundRect(x + dx + inset, y + dy + inset, width - 2 * inset, height - 2 * inset, radius);
  if (fill !== null) {
    context.fillStyle = colour(fill);
    context.fill();
  }
  if (stroke === null) return;
  context.strokeStyle = colour(stroke);
  context.lineWidth = 1;
  context.stroke();
}

const paths = new Map<string, Path2D>();

function pathOf(d: string): Path2D {
  const known = paths.get(d);
  if (known !== undefined) return known;
  const path = new Path2D(d);
  paths.set(d, path);
  return path;
}

function paintPath(
  context: CanvasRenderingContext2D,
  { x, y, scale, d, fill, stroke, strokeWidth }: Extract<Shape, { kind: 'path' }>,
  colour: (name: ColourName) => string,
  dx: number,
  dy: number,
): void {
  const path = pathOf(d);
  context.save();
  context.translate(x + dx, y + dy);
  context.scale(scale, scale);
  if (fill !== null) {
    context.fillStyle = colour(fill);
    context.fill(path);
  }
  if (stroke !== null) {
    context.strokeStyle = colour(stroke);
    context.lineWidth = strokeWidth;
    context.lineCap = 'round';
    context.lineJoin = 'round';
    context.stroke(path);
  }
  context.restore();
}

function paintText(
  context: CanvasRenderingContext2D,
  scene: Scene,
  index: number,
  { x, y, align, runs, isFixed }: Extract<Shape, { kind: 'text' }>,
  dx: number,
  dy: number,
): void {
  const { measure } = scene.diagram;
  const isOnSelect = index === scene.selected && scene.hasFocus && !isFixed;
  let at = x + dx;
  if (align !== 'left') {
    const width = runsWidthOf(runs, measure);
    at -= align === 'center' ? width / 2 : width;
  }
  // Letters on whole pixels are sharper.
  at = Math.round(at);
  for (const { text, font, colour } of runs) {
    context.font = scene.fonts[font];
    context.fillStyle = textColour(scene.colours, colour, isOnSelect);
    context.fillText(text, at, y + dy);
    at += measure(text, font);
  }
}

function textColour(colours: Colours, name: ColourName, isOnSelect: boolean): string {
  if (name === 'row') return colours['surface-panel'];
  if (!isOnSelect) return colours[name];
  if (name === 'text-1') return colours['on-select'];
  return name === 'text-2' || name === 'text-3' ? colours['on-select-2'] : colours[name];
}

function runsWidthOf(runs: readonly TextRun[], measure: Measure): number {
  let width = 0;
  for (const { text, font } of runs) width += measure(text, font);
  return width;
}

/** The player's cursor, where its time lies between the rows, with the time on a tag. */
function paintCursor(context: CanvasRenderingContext2D, scene: Scene): void {
  const { diagram, cursorTime, width, height, scrollTop, colours, fonts } = scene;
  const place = cursorTime === null ? null : diagram.yOfTime(cursorTime);
  if (place === null || cursorTime === null) return;
  const y = Math.round(place - scrollTop);
  if (y < -TAG_PX || y > height + TAG_PX) return;
  context.fillStyle = colours.cursor;
  context.fillRect(diagram.gutter, y, width - diagram.gutter, 1);
  const text = timeText(cursorTime, diagram.ladder.startTime, diagram.time);
  const tag = diagram.measure(text, 'mono') + 24;
  const left = width - 8 - tag;
  context.beginPath();
  context.roundRect(left, y - 7, tag, TAG_PX, 3);
  context.fill();
  context.fillStyle = colours['surface-panel'];
  context.beginPath();
  context.moveTo(left + 6, y - 3.5);
  context.lineTo(left + 13, y + 0.5);
  context.lineTo(left + 6, y + 4.5);
  context.fill();
  context.font = fonts.mono;
  context.fillText(text, left + 18, y + 4.5);
}
