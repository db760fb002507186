import { type Diagram, ROW_PX } from '../../shared/ladder-diagram/layout.ts';
import { rowName } from '../../shared/ladder-diagram/row-name.ts';
import { agentsOf, noteText } from '../../shared/ladder-diagram/words.ts';
import { type Colours, readColours } from './colours.ts';
import { onThemeChange } from '../model/theme-colours.ts';
import { readFonts } from './fonts.ts';
import { stepTo, type Step } from './ladder-keys.ts';
import { paintLadder } from './paint.ts';

/** What the view tells its owner. */
export interface LadderEvents {
  /** `x` is where in the drawing, null by keyboard. */
  onSelect(index: number, x: number | null): void;
  /** Enter or a double click. */
  onOpen(index: number): void;
  onScroll(left: number): void;
  /** Room for the drawing. */
  onResize(width: number): void;
}

/** Screen readers and tests are told of these rows beyond those seen. */
const SPARE_ROWS = 2;

/**
 * The drawing of a ladder: a canvas as large as can be seen, and over it a list box with an option for each row in sight, which
 * has the focus, the names and the clicks.
 */
export class LadderView {
  private readonly scroller: HTMLElement;
  private readonly space: HTMLElement;
  private readonly canvas: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D | null;
  private readonly events: LadderEvents;
  private readonly idPrefix: string;
  private readonly options: { element: HTMLElement; index: number }[] = [];
  private readonly abort = new AbortController();
  private readonly stops: (() => void)[] = [];
  private diagram: Diagram | null = null;
  private colours: Colours = readColours();
  private readonly fonts = readFonts();
  private selected = -1;
  private hovered = -1;
  private cursorTime: number | null = null;
  private frame = 0;

  constructor(scroller: HTMLElement, idPrefix: string, events: LadderEvents) {
    this.scroller = scroller;
    this.idPrefix = idPrefix;
    this.events = events;
    this.space = document.createElement('div');
    this.space.className = 'ladder-space';
    this.space.setAttribute('role', 'presentation');
    this.canvas = document.createElement('canvas');
    this.canvas.className = 'ladder-canvas';
    this.canvas.setAttribute('aria-hidden', 'true');
    this.context = this.canvas.getContext('2d', { alpha: false });
    this.space.append(this.canvas);
    scroller.append(this.space);
    this.listen();
  }

  /** Shows another drawing, or the same call drawn otherwise; null for nothing. */
  show(diagram: Diagram | null): void {
    const isOther = diagram?.ladder.call !== this.diagram?.ladder.call;
    this.diagram = diagram;
    // An empty list box is nothing to stand on.
    this.scroller.style.visibility = diagram === null ? 'hidden' : '';
    if (diagram === null) return;
    this.hovered = -1;
    this.space.style.width = `${diagram.width}px`;
    this.space.style.height = `${diagram.height}px`;
    if (isOther) this.scroller.scrollTo(0, 0);
    for (const option of this.options) option.index = -1;
    this.later();
  }

  /** Marks a row, -1 for none; with `reveal` it is scrolled to. */
  select(index: number, reveal: boolean): void {
    if (index === this.selected && !reveal) return;
    this.selected = index;
    if (reveal && index >= 0) this.reveal(index);
    for (const option of this.options) this.markOption(option);
    this.later();
  }

  /** The player's cursor; seconds since the epoch. */
  showCursor(time: number | null): void {
    if (time === this.cursorTime) return;
    this.cursorTime = time;
    this.later();
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    this.abort.abort();
    for (const stop of this.stops) stop();
    this.space.remove();
  }

  private listen(): void {
    const { scroller } = this;
    const { signal } = this.abort;
    scroller.addEventListener(
      'scroll',
      () => {
        this.events.onScroll(scroller.scrollLeft);
        this.later();
      },
      { passive: true, signal },
    );
    scroller.addEventListener('focus', () => this.later(), { signal });
    scroller.addEventListener('blur', () => this.later(), { signal });
    scroller.addEventListener('keydown', (event) => this.onKey(event), { signal });
    scroller.addEventListener('pointermove', (event) => this.hover(this.indexAt(event)), { passive: true, signal });
    scroller.addEventListener('pointerleave', () => this.hover(-1), { signal });
    scroller.addEventListener('click', (event) => this.choose(this.indexAt(event), this.xOf(event)), { signal });
    scroller.addEventListener('dblclick', (event) => this.open(this.indexAt(event)), { signal });
    const observer = new ResizeObserver(() => {
      this.events.onResize(scroller.clientWidth);
      this.later();
    });
    observer.observe(scroller);
    const themed = onThemeChange(() => {
      this.colours = readColours();
      this.later();
    });
    this.stops.push(() => observer.disconnect(), themed);
  }

  private onKey(event: KeyboardEvent): void {
    const { diagram } = this;
    if (diagram === null || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter') {
      if (this.selected < 0) return;
      event.preventDefault();
      this.open(this.selected);
      return;
    }
    const page = Math.max(1, Math.floor(this.scroller.clientHeight / ROW_PX) - 1);
    const index = stepTo(diagram.rows, this.selected, event.key as Step, page);
    if (index === null) return;
    event.preventDefault();
    this.select(index, true);
    this.events.onSelect(index, null);
  }

  private choose(index: number, x: number): void {
    if (this.diagram?.rows[index] === undefined || this.diagram.rows[index].drawn.kind === 'gap') return;
    this.select(index, true);
    this.events.onSelect(index, x);
  }

  private open(index: number): void {
    if (this.diagram?.rows[index] !== undefined && this.diagram.rows[index].drawn.kind !== 'gap')
      this.events.onOpen(index);
  }

  private hover(index: number): void {
    if (index === this.hovered) return;
    this.hovered = index;
    this.later();
  }

  private indexAt(event: MouseEvent): number {
    // A click by keyboard or by a screen reader has an option as its target and no place.
    const option = event.target instanceof HTMLElement ? event.target.dataset['index'] : undefined;
    if (option !== undefined) return Number(option);
    const y = event.clientY - this.scroller.getBoundingClientRect().top + this.scroller.scrollTop;
    const index = Math.floor(y / ROW_PX);
    return index < (this.diagram?.rows.length ?? 0) ? index : -1;
  }

  private xOf(event: MouseEvent): number {
    return event.clientX - this.scroller.getBoundingClientRect().left + this.scroller.scrollLeft;
  }

  private reveal(index: number): void {
    const { scroller } = this;
    const top = index * ROW_PX;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + ROW_PX > scroller.scrollTop + scroller.clientHeight) {
      scroller.scrollTop = top + ROW_PX - scroller.clientHeight;
    }
  }

  private later(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.paint());
  }

  private paint(): void {
    this.frame = 0;
    const { scroller, canvas, context, diagram } = this;
    const [width, height] = [scroller.clientWidth, scroller.clientHeight];
    if (context === null || diagram === null || width === 0 || height === 0) return;
    const pixelRatio = window.devicePixelRatio;
    const [pixelsX, pixelsY] = [Math.round(width * pixelRatio), Math.round(height * pixelRatio)];
    if (canvas.width !== pixelsX || canvas.height !== pixelsY) {
      canvas.width = pixelsX;
      canvas.height = pixelsY;
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    }
    const { scrollTop, scrollLeft } = scroller;
    this.showOptions(scrollTop, height);
    paintLadder(context, {
      diagram,
      width,
      height,
      scrollTop,
      scrollLeft,
      pixelRatio,
      colours: this.colours,
      fonts: this.fonts,
      hovered: this.hovered,
      selected: this.selected,
      hasFocus: document.activeElement === scroller,
      cursorTime: this.cursorTime,
    });
  }

  /** Options for the rows in sight: each keeps its element while it stays in sight. */
  private showOptions(scrollTop: number, height: number): void {
    const count = this.diagram?.rows.length ?? 0;
    const needed = Math.min(count, Math.ceil(height / ROW_PX) + 2 * SPARE_ROWS);
    while (this.options.length < needed) this.options.push({ element: this.makeOption(), index: -1 });
    while (this.options.length > needed) this.options.pop()?.element.remove();
    const from = Math.max(0, Math.min(count - needed, Math.floor(scrollTop / ROW_PX) - SPARE_ROWS));
    for (let i = from; i < from + needed; i++) {
      const option = this.options[i % needed];
      if (option.index === i) continue;
      option.index = i;
      this.fillOption(option.element, i);
      this.markOption(option);
    }
    this.tellActive(from, from + needed);
  }

  private makeOption(): HTMLElement {
    const element = document.createElement('div');
    element.className = 'ladder-option';
    element.setAttribute('role', 'option');
    this.space.append(element);
    return element;
  }

  private fillOption(element: HTMLElement, index: number): void {
    const { diagram } = this;
    if (diagram === null) return;
    const row = diagram.rows[index];
    element.id = `${this.idPrefix}-${index}`;
    element.dataset['index'] = String(index);
    element.style.transform = `translateY(${index * ROW_PX}px)`;
    element.setAttribute('aria-label', rowName(diagram, row));
    element.setAttribute('aria-posinset', String(index + 1));
    element.setAttribute('aria-setsize', String(diagram.rows.length));
    element.toggleAttribute('aria-disabled', row.drawn.kind === 'gap');
    if (row.drawn.kind === 'gap') element.setAttribute('aria-disabled', 'true');
    // The drawing cuts what does not fit.
    const agents = agentsOf(row.drawn.rows);
    const seen = agents.length === 0 ? [] : [`Seen by ${agents.join(', ')}`];
    const note = row.drawn.kind === 'note' ? [noteText(row.drawn.row)] : [];
    element.title = [...row.problems.map(({ title }) => title), ...seen, ...note].join('\n');
  }

  private markOption({ element, index }: { element: HTMLElement; index: number }): void {
    element.setAttribute('aria-selected', String(index === this.selected));
  }

  private tellActive(from: number, to: number): void {
    const { scroller, selected } = this;
    if (selected >= from && selected < to)
      scroller.setAttribute('aria-activedescendant', `${this.idPrefix}-${selected}`);
    else scroller.removeAttribute('aria-activedescendant');
  }
}
