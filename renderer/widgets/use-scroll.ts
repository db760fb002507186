import { type RefObject, useLayoutEffect, useState } from 'react';

export interface Scroll {
  readonly top: number;
  readonly height: number;
}

/** Where an element is scrolled to and how tall it is, followed while it scrolls and is resized. */
export function useScroll(ref: RefObject<HTMLElement | null>): Scroll {
  const [scroll, setScroll] = useState<Scroll>({ top: 0, height: 0 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const read = (): void =>
      setScroll((before) => {
        const { scrollTop: top, clientHeight: height } = element;
        return before.top === top && before.height === height ? before : { top, height };
      });
    read();
    element.addEventListener('scroll', read, { passive: true });
    const observer = new ResizeObserver(read);
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', read);
      observer.disconnect();
    };
  }, [ref]);
  return scroll;
}

/** The rows to draw of a list with rows of one height: those seen and a few beyond, as `[from, to)`. */
export function visibleRows({ top, height }: Scroll, rowHeight: number, count: number): [number, number] {
  const spare = 4;
  const from = Math.max(0, Math.floor(top / rowHeight) - spare);
  return [from, Math.min(count, Math.ceil((top + height) / rowHeight) + spare)];
}

/** Scrolls as little as needed for a row to be seen. */
export function revealRow(element: HTMLElement, row: number, rowHeight: number): void {
  const top = row * rowHeight;
  if (top < element.scrollTop) element.scrollTop = top;
  else if (top + rowHeight > element.scrollTop + element.clientHeight) {
    element.scrollTop = top + rowHeight - element.clientHeight;
  }
}
