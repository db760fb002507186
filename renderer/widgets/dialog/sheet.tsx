import './sheet.css';
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';

/**
 * Something laid over the window: takes the focus, keeps Tab inside, closes with Escape or a click beside it, and gives
 * the focus back.
 */
export function Sheet({
  label,
  width,
  onClose,
  children,
}: {
  label: string;
  width: number;
  onClose: () => void;
  children: ReactNode;
}) {
  const box = useRef<HTMLDivElement>(null);
  // With the drawing itself: keys pressed right after belong to the sheet already.
  useLayoutEffect(() => {
    const before = document.activeElement;
    const first = box.current?.querySelector<HTMLElement>('[data-focus-first]') ?? box.current;
    first?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      onClose();
    } else if (event.key === 'Tab') {
      keepInside(event, box.current);
    }
  };
  // What had the focus may be taken away or switched off by its own doing: the keyboard stays with the sheet.
  useEffect(() => {
    const onLost = (event: globalThis.KeyboardEvent): void => {
      if (document.activeElement !== document.body) return;
      box.current?.focus();
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      onClose();
    };
    document.addEventListener('keydown', onLost, true);
    return () => document.removeEventListener('keydown', onLost, true);
  }, [onClose]);
  return (
    <div className="sheet-back" onMouseDown={(event) => event.target === event.currentTarget && onClose()}>
      <div
        className="sheet"
        ref={box}
        role="dialog"
        aria-modal="true"
        aria-label={label}
        tabIndex={-1}
        style={{ width }}
        onKeyDown={onKeyDown}
      >
        {children}
      </div>
    </div>
  );
}

function keepInside(event: KeyboardEvent, box: HTMLElement | null): void {
  const stops = [
    ...(box?.querySelectorAll<HTMLElement>('button:not([disabled]), input, select, a[href], [tabindex="0"]') ?? []),
  ];
  const first = stops[0];
  const last = stops.at(-1);
  const at = document.activeElement;
  if (event.shiftKey && (at === first || at === box)) {
    event.preventDefault();
    last?.focus();
  } else if (!event.shiftKey && at === last) {
    event.preventDefault();
    first?.focus();
  }
}
