import './palette.css';
import { type KeyboardEvent, useState } from 'react';
import { allCommands, type Command, runCommand } from '../model/commands.ts';
import { update } from '../model/store.ts';
import { Icon } from '../widgets/icon.tsx';
import { Sheet } from '../widgets/dialog/sheet.tsx';
import { Keys } from './shortcut-sheet.tsx';

/** Commands whose title or id has every word, in any order; those that begin with the text first. */
export function findCommands(commands: readonly Command[], text: string): Command[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = commands.filter(({ id, title }) =>
    words.every((word) => `${title} ${id}`.toLowerCase().includes(word)),
  );
  const startsWith = ({ title }: Command): number => (title.toLowerCase().startsWith(text.toLowerCase()) ? 0 : 1);
  return found.toSorted((a, b) => startsWith(a) - startsWith(b));
}

export function Palette() {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const found = findCommands(
    allCommands().filter(({ id, isEnabled }) => id !== 'palette.open' && isEnabled?.() !== false),
    text,
  );
  const close = (): void => update({ overlay: null });
  const run = (command: Command | undefined): void => {
    if (command === undefined) return;
    close();
    // The sheet gives the focus back first: some commands take it.
    requestAnimationFrame(() => runCommand(command.id));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setChosen((at) => (found.length === 0 ? 0 : (at + step + found.length) % found.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(found[chosen]);
    }
  };
  return (
    <Sheet label="Command palette" width={560} onClose={close}>
      <div className="palette-field">
        <Icon name="palette" />
        <input
          data-focus-first
          value={text}
          placeholder="Type a command"
          aria-label="Command"
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={found.length > 0 ? `palette-${chosen}` : undefined}
          onChange={({ target }) => {
            setText(target.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <ul className="palette-list" id="palette-list" role="listbox" aria-label="Commands">
        {found.map((command, at) => (
          <li
            key={command.id}
            id={`palette-${at}`}
            role="option"
            aria-selected={at === chosen}
            ref={at === chosen ? (element) => element?.scrollIntoView({ block: 'nearest' }) : undefined}
            onMouseMove={() => setChosen(at)}
            onClick={() => run(command)}
          >
            <span>{command.title}</span>
            <span className="t3">{command.group}</span>
            {command.keys?.[0] !== undefined && <Keys keys={command.keys[0]} />}
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="palette-none t2">No command has these words.</p>}
    </Sheet>
  );
}
