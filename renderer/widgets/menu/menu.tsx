import './menu.css';
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { Icon } from '../icon.tsx';

export type MenuEntry =
  | { readonly kind: 'separator' }
  | { readonly kind: 'heading'; readonly label: string }
  | {
      readonly kind: 'item';
      readonly label: string;
      /** What it would do, shortened: the value, the filter; or the keys. */
      readonly detail?: string;
      /** A check mark of its own, or the one of a group that is chosen. */
      readonly isChecked?: boolean;
      readonly isDisabled?: boolean;
      /** The menu stays open: several can be switched one after the other. */
      readonly staysOpen?: boolean;
      readonly run: () => void;
    };

const EDGE = 4;

/** A menu at a place of the window (px). Takes the focus and gives it back; Escape and a click elsewhere close it. */
export function Menu({
  label,
  at,
  entries,
  onClose,
}: {
  label: string;
  at: { readonly x: number; readonly y: number };
  entries: readonly MenuEntry[];
  onClose: () => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState(at);

  useLayoutEffect(() => {
    const rect = box.current?.getBoundingClientRect();
    if (rect === undefined) return;
    setPlace({
      x: Math.max(EDGE, Math.min(at.x, window.innerWidth - rect.width - EDGE)),
      y: Math.max(EDGE, Math.min(at.y, window.innerHeight - rect.height - EDGE)),
    });
  }, [at.x, at.y]);

  useEffect(() => {
    const before = document.activeElement;
    box.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);

  const choose = (entry: MenuEntry): void => {
    if (entry.kind !== 'item' || entry.isDisabled === true) return;
    if (entry.staysOpen !== true) onClose();
    entry.run();
  };

  return createPortal(
    <div
      className="menu-back"
      onMouseDown={(event) => event.target === event.currentTarget && onClose()}
      onContextMenu={(event) => {
        event.preventDefault();
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div
        className="menu"
        role="menu"
        aria-label={label}
        tabIndex={-1}
        ref={box}
        style={{ left: place.x, top: place.y }}
        onKeyDown={(event) => onMenuKey(event, box.current, onClose)}
      >
        {entries.map((entry, index) => (
          // Entries have no name of their own; a menu's do not change places.
          <Entry key={index} entry={entry} onChoose={() => choose(entry)} />
        ))}
      </div>
    </div>,
    // Inside a landmark, where the page has one.
    document.querySelector('main') ?? document.body,
  );
}

function Entry({ entry, onChoose }: { entry: MenuEntry; onChoose: () => void }) {
  if (entry.kind === 'separator') return <div role="separator" className="menu-line" />;
  if (entry.kind === 'heading')
    return (
      <div role="presentation" className="menu-heading">
        {entry.label}
      </div>
    );
  const { label, detail, isChecked, isDisabled = false } = entry;
  return (
    <button
      type="button"
      className="menu-item"
      role={isChecked === undefined ? 'menuitem' : 'menuitemcheckbox'}
      aria-checked={isChecked}
      aria-disabled={isDisabled}
      tabIndex={-1}
      onClick={onChoose}
      onMouseMove={({ currentTarget }) => currentTarget.focus({ preventScroll: true })}
    >
      {isChecked !== undefined && <span className="menu-check">{isChecked && <Icon name="check" small />}</span>}
      <span className="menu-label">{label}</span>
      {detail !== undefined && <span className="menu-detail trunc">{detail}</span>}
    </button>
  );
}

function onMenuKey(event: KeyboardEvent, box: HTMLElement | null, onClose: () => void): void {
  const items = [...(box?.querySelectorAll<HTMLElement>('.menu-item') ?? [])];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const to = (next: number): void => items[(next + items.length) % items.length]?.focus();
  if (event.key === 'ArrowDown') to(at + 1);
  else if (event.key === 'ArrowUp') to(at < 0 ? -1 : at - 1);
  else if (event.key === 'Home') to(0);
  else if (event.key === 'End') to(-1);
  else if (event.key === 'Escape' || event.key === 'Tab') onClose();
  else if (isLetter(event)) to(indexOfLetter(items, at, event.key));
  // Enter and the space bar press the button.
  else {
    event.stopPropagation();
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

function isLetter({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return key.length === 1 && key !== ' ' && !ctrlKey && !metaKey && !altKey;
}

/** The next item that begins with a letter. */
function indexOfLetter(items: readonly HTMLElement[], at: number, letter: string): number {
  for (let step = 1; step <= items.length; step++) {
    const next = (at + step) % items.length;
    const text = items[next].querySelector('.menu-label')?.textContent ?? '';
    if (text.toLowerCase().startsWith(letter.toLowerCase())) return next;
  }
  return at;
}
