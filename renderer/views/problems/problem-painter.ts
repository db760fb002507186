import type { ProblemRow } from '../../../shared/engine-api.ts';
import { formatClock } from '../../model/format/times.ts';
import type { TimeZoneChoice } from '../../model/store.ts';
import { paintParts, paintText, type Templates } from '../../widgets/grid/cell-paint.ts';
import type { RowPainter } from '../../widgets/grid/row-view.ts';

const LINKS = 3;

/** `Call 7`, `Stream 3`; '' for the capture as a whole. */
export function problemPlace({ call, stream }: Pick<ProblemRow, 'call' | 'stream'>): string {
  if (call !== null) return `Call ${call.slice(1)}`;
  return stream === null ? '' : `Stream ${stream.slice(1)}`;
}

/** `Call 7, 14:32:08`. */
export function problemWhere(problem: ProblemRow, zone: TimeZoneChoice): string {
  const time = problem.time === null ? '' : formatClock(problem.time, zone, 0);
  return [problemPlace(problem), time].filter(Boolean).join(', ');
}

/** Two lines: what, where and the packets that prove it; then one sentence. */
export function problemPainter(templates: Templates, zone: TimeZoneChoice): RowPainter<ProblemRow> {
  return {
    version: {},
    build: (element) => {
      element.className = 'g-row problems-row';
      const cell = document.createElement('div');
      cell.className = 'problems-cell';
      cell.setAttribute('role', 'gridcell');
      cell.setAttribute('aria-colindex', '1');
      cell.append(...['glyph', 'title trunc', 'where', 'links', 'message trunc'].map(part));
      element.replaceChildren(cell);
    },
    paint: (element, problem) => {
      element.className = 'g-row problems-row';
      const [glyph, title, where, links, message] = element.firstElementChild?.children ?? [];
      paintParts(
        glyph as HTMLElement,
        [{ kind: 'glyph', glyph: problem.severity, label: problem.severity }],
        templates,
      );
      paintText(title as HTMLElement, problem.title);
      paintText(where as HTMLElement, problemWhere(problem, zone));
      paintText(message as HTMLElement, problem.message);
      message.setAttribute('title', problem.message);
      paintLinks(links, problem.packets);
    },
    clear: (element) => {
      element.className = 'g-row problems-row is-under-way';
      for (const child of element.firstElementChild?.children ?? []) child.textContent = '';
    },
  };
}

function part(name: string): HTMLElement {
  const span = document.createElement('span');
  span.className = name
    .split(' ')
    .map((word) => (word === 'trunc' ? word : `problems-${word}`))
    .join(' ');
  return span;
}

/** The keyboard reaches them by the row's menu: a grid is one tab stop. */
function paintLinks(box: Element, packets: readonly number[]): void {
  const shown = packets.slice(0, LINKS);
  const key = `${shown.join(' ')} ${packets.length}`;
  if (box.getAttribute('data-packets') === key) return;
  box.setAttribute('data-packets', key);
  const links = shown.map((packet) => {
    const link = document.createElement('span');
    link.className = 'pk';
    link.dataset.packet = String(packet);
    link.textContent = `#${packet}`;
    return link;
  });
  box.replaceChildren(...links);
  if (packets.length > LINKS) box.append(`+${packets.length - LINKS}`);
}
