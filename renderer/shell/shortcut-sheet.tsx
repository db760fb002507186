import './palette.css';
import { allCommands, type Command } from '../model/commands.ts';
import { update } from '../model/store.ts';
import { Sheet } from '../widgets/dialog/sheet.tsx';
import { Icon } from '../widgets/icon.tsx';
import { keyParts } from './keys.ts';

/** Keys that parts of the window take themselves while they have the focus. */
const EVERYWHERE: readonly {
  readonly title: string;
  readonly keys: readonly string[];
  readonly group: Command['group'];
}[] = [
  { title: 'Open the row', keys: ['Enter'], group: 'Rows' },
  { title: 'Select all rows', keys: ['Ctrl+A'], group: 'Rows' },
  { title: 'Copy the rows', keys: ['Ctrl+C'], group: 'Rows' },
];
const GROUPS: readonly Command['group'][] = ['File', 'Go', 'View', 'Rows', 'Ladder', 'Player', 'Help'];

export function Keys({ keys }: { keys: string }) {
  return (
    <span className="keys">
      {keyParts(keys).map((part) => (
        <kbd key={part}>{part}</kbd>
      ))}
    </span>
  );
}

export function ShortcutSheet() {
  const close = (): void => update({ overlay: null });
  const entries = [...EVERYWHERE, ...allCommands()];
  return (
    <Sheet label="All shortcuts" width={720} onClose={close}>
      <div className="sheet-head">
        <h2>All shortcuts</h2>
        <span className="sp" />
        <button type="button" className="btn g sq" aria-label="Close" data-focus-first onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      <div className="shortcuts">
        {GROUPS.map((group) => {
          const rows = entries.filter(
            (entry) => entry.group === group && entry.keys !== undefined && entry.keys.length > 0,
          );
          if (rows.length === 0) return null;
          return (
            <section key={group}>
              <h3>{group}</h3>
              <dl>
                {rows.map(({ title, keys }) => (
                  <Shortcut key={title} title={title} keys={keys ?? []} />
                ))}
              </dl>
            </section>
          );
        })}
      </div>
    </Sheet>
  );
}

function Shortcut({ title, keys }: { title: string; keys: readonly string[] }) {
  return (
    <>
      <dt>{title}</dt>
      <dd>
        {keys.map((key) => (
          <Keys key={key} keys={key} />
        ))}
      </dd>
    </>
  );
}
