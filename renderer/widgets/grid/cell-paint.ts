/** Writes cells into elements that are used again and again: what is the same is left alone. */
import type { CellPart } from './column.ts';

/** Drawings to copy: rendered once by the grid's frame. */
export type Templates = (name: string) => Node | null;

export function paintText(cell: HTMLElement, text: string): void {
  const child = cell.firstChild;
  if (child?.nodeType === Node.TEXT_NODE && child.nextSibling === null) {
    if (child.nodeValue !== text) child.nodeValue = text;
  } else {
    cell.textContent = text;
  }
}

export function paintParts(cell: HTMLElement, parts: readonly CellPart[], templates: Templates): void {
  let at = 0;
  for (const part of parts) {
    const child = cell.childNodes[at] as ChildNode | undefined;
    if (child === undefined || !update(child, part)) {
      const made = make(part, templates);
      if (child === undefined) cell.append(made);
      else child.replaceWith(made);
    }
    at++;
  }
  while (cell.childNodes.length > parts.length) cell.lastChild?.remove();
}

/** Makes an element show another part where it can; false where it cannot. */
function update(node: ChildNode, part: CellPart): boolean {
  if (!(node instanceof Element) || node.getAttribute('data-part') !== keyOf(part)) return false;
  if (part.kind === 'text') {
    node.className = part.className ?? '';
    if (node.textContent !== part.text) node.textContent = part.text;
    if (part.title !== undefined) node.setAttribute('title', part.title);
    else if (node.hasAttribute('title')) node.removeAttribute('title');
  } else if (part.kind === 'protocol') {
    if (node.textContent !== part.text) node.textContent = part.text;
    (node as HTMLElement).style.setProperty('--pc', part.colour);
  } else if (part.kind === 'spark') {
    paintSpark(node, part);
  }
  return true;
}

function keyOf(part: CellPart): string {
  if (part.kind === 'glyph') return `glyph ${part.glyph} ${part.label}`;
  return part.kind === 'icon' ? `icon ${part.icon} ${part.label}` : part.kind;
}

function make(part: CellPart, templates: Templates): Element {
  const node = part.kind === 'glyph' || part.kind === 'icon' ? drawing(part, templates) : empty(part.kind);
  node.setAttribute('data-part', keyOf(part));
  update(node, part);
  return node;
}

function empty(kind: 'text' | 'protocol' | 'spark'): Element {
  if (kind === 'spark') {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('class', 'g-spark');
    svg.setAttribute('preserveAspectRatio', 'none');
    svg.setAttribute('aria-hidden', 'true');
    svg.append(...['base', 'bars', 'line'].map(sparkPath));
    return svg;
  }
  const span = document.createElement('span');
  if (kind === 'protocol') span.className = 'proto';
  return span;
}

function sparkPath(name: string): Element {
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('class', `g-spark-${name}`);
  return path;
}

function drawing(part: CellPart & { kind: 'glyph' | 'icon' }, templates: Templates): Element {
  const name = part.kind === 'glyph' ? part.glyph : part.icon;
  const copy = templates(name)?.cloneNode(true);
  const node = copy instanceof Element ? copy : document.createElement('span');
  node.removeAttribute('aria-hidden');
  if (part.label === '') {
    node.setAttribute('aria-hidden', 'true');
  } else {
    node.setAttribute('role', 'img');
    node.setAttribute('aria-label', part.label);
  }
  return node;
}

const SPARK_HEIGHT = 18;

function paintSpark(svg: Element, { shape, values, most, isBad }: CellPart & { kind: 'spark' }): void {
  const [base, bars, line] = svg.children;
  svg.setAttribute('viewBox', `0 0 ${Math.max(1, values.length)} ${SPARK_HEIGHT}`);
  svg.classList.toggle('is-bad', isBad);
  base.setAttribute('d', `M0 ${SPARK_HEIGHT - 0.5}H${values.length}`);
  bars.setAttribute('d', shape === 'bars' ? barsPath(values, most) : '');
  line.setAttribute('d', shape === 'line' ? linePath(values, most) : '');
}

function heightOf(value: number, most: number): string {
  const share = most > 0 ? Math.min(1, value / most) : 0;
  return (SPARK_HEIGHT - 0.5 - share * (SPARK_HEIGHT - 2)).toFixed(1);
}

function barsPath(values: readonly number[], most: number): string {
  return values
    .map((value, at) => (value > 0 ? `M${at + 0.5} ${SPARK_HEIGHT - 0.5}V${heightOf(value, most)}` : ''))
    .join('');
}

/** Breaks where there is no value. */
function linePath(values: readonly number[], most: number): string {
  let isBroken = true;
  return values
    .map((value, at) => {
      const wasBroken = isBroken;
      isBroken = !Number.isFinite(value);
      return isBroken ? '' : `${wasBroken ? 'M' : 'L'}${at + 0.5} ${heightOf(value, most)}`;
    })
    .join('');
}
