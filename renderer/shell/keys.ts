import { allCommands, runCommand } from '../model/commands.ts';

const isMac = navigator.platform.startsWith('Mac');

/** `Ctrl+Shift+E`, `j`, `[`, `Space`, `ArrowDown`: how commands name a key. Ctrl stands for ⌘ on a Mac. */
export function keyNameOf(event: KeyboardEvent): string {
  const control = isMac ? event.metaKey : event.ctrlKey;
  const key = event.key === ' ' ? 'Space' : event.key.length === 1 && control ? event.key.toUpperCase() : event.key;
  const parts: string[] = [];
  if (control) parts.push('Ctrl');
  if (event.altKey) parts.push('Alt');
  // A character says by itself that Shift was held.
  if (event.shiftKey && (key.length > 1 || control)) parts.push('Shift');
  return [...parts, key].join('+');
}

/** The keys of a command as a person reads them, one part each. */
export function keyParts(key: string): string[] {
  const words: Record<string, string> = {
    Ctrl: isMac ? '⌘' : 'Ctrl',
    ArrowLeft: '←',
    ArrowRight: '→',
    ArrowUp: '↑',
    ArrowDown: '↓',
    Escape: 'Esc',
  };
  return key.split('+').map((part) => words[part] ?? part);
}

/** Runs commands by their keys wherever the focus is; typing stays typing. Gives the unsubscribe function. */
export function listenToKeys(): () => void {
  const listener = (event: KeyboardEvent): void => {
    if (event.defaultPrevented) return;
    const name = keyNameOf(event);
    if (isTyping(event.target) && !name.startsWith('Ctrl+') && !name.startsWith('Alt+')) return;
    if (name === 'Space' && isPressable(event.target)) return;
    const command = allCommands().find(({ keys }) => keys?.includes(name) === true);
    if (command !== undefined && runCommand(command.id)) event.preventDefault();
  };
  window.addEventListener('keydown', listener);
  return () => window.removeEventListener('keydown', listener);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input, textarea, select, [role="dialog"] *'))
  );
}

/** The space bar presses what has the focus. */
function isPressable(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest(
      'button, a[href], [role="button"], [role="menuitem"], [role="switch"], [role="checkbox"], summary',
    ) !== null
  );
}
