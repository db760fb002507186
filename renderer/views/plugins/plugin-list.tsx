import { type KeyboardEvent, useId, useState } from 'react';
import type { PluginRow } from '../../../shared/plugins.ts';
import { copyText } from '../../detail/clipboard.ts';
import { enablePlugin, openPlugin } from '../../model/plugins.ts';
import { isUnsaved, updatePlugins, usePlugins } from '../../model/plugins-state.ts';
import { Menu, type MenuEntry } from '../../widgets/menu/menu.tsx';
import { SeverityGlyph } from '../../widgets/severity.tsx';
import { isMenuKey } from '../../widgets/tree/tree.tsx';
import { kindWords, placeWords, stateWords } from './plugin-words.ts';

/** The plugins of the folder; one tab stop, Enter opens. */
export function PluginList({ plugins }: { plugins: readonly PluginRow[] }) {
  const document = usePlugins((state) => state.document);
  const isDirty = isUnsaved(document);
  const [cursor, setCursor] = useState<string | null>(null);
  const [menu, setMenu] = useState<{ x: number; y: number; plugin: PluginRow } | null>(null);
  const id = useId();
  const files = plugins.map(({ file }) => file);
  const at = Math.max(0, files.indexOf(cursor ?? document?.file ?? ''));
  const isNew = document !== null && !files.includes(document.file);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: files.length - 1 }[event.key];
    const plugin = plugins[at];
    if (to !== undefined) setCursor(files[Math.max(0, Math.min(files.length - 1, to))] ?? null);
    else if (plugin === undefined) return;
    else if (event.key === 'Enter') openPlugin(plugin.file);
    else if (event.key === 'Delete') askToRemove(plugin);
    else if (isMenuKey(event)) {
      const box = event.currentTarget.getBoundingClientRect();
      setMenu({ x: box.left + 24, y: box.top + 24, plugin });
    } else return;
    event.preventDefault();
  };
  return (
    <ul
      className="plugins-list"
      role="listbox"
      aria-label="Plugins"
      tabIndex={0}
      aria-activedescendant={plugins.length > 0 ? `${id}-${at}` : undefined}
      onKeyDown={onKeyDown}
    >
      {isNew && (
        <li role="option" aria-selected="true" className="plugins-row sel">
          <SeverityGlyph severity="incomplete" label="" />
          <span className="plugins-name">
            <span className="trunc">{document.file}</span>
            <UnsavedDot />
          </span>
          <span className="plugins-about t3">not saved yet</span>
        </li>
      )}
      {plugins.map((plugin, index) => {
        const isOpen = document?.file === plugin.file;
        const { glyph, words } = stateWords(plugin);
        const classes = ['plugins-row', isOpen ? 'sel' : '', index === at && !isNew ? 'at' : ''];
        return (
          <li
            key={plugin.file}
            id={`${id}-${index}`}
            role="option"
            aria-selected={isOpen}
            className={classes.filter(Boolean).join(' ')}
            title={plugin.error === null ? plugin.path : plugin.error.message}
            onClick={() => {
              setCursor(plugin.file);
              openPlugin(plugin.file);
            }}
            onContextMenu={(event) => {
              event.preventDefault();
              setCursor(plugin.file);
              setMenu({ x: event.clientX, y: event.clientY, plugin });
            }}
          >
            <SeverityGlyph severity={glyph} label={words} />
            <span className="plugins-name">
              <span className="trunc">{plugin.file}</span>
              {isOpen && isDirty && <UnsavedDot />}
            </span>
            <span className={plugin.state === 'failed' ? 'plugins-about err' : 'plugins-about t3'}>
              {aboutOf(plugin, words)}
            </span>
          </li>
        );
      })}
      {menu !== null && (
        <Menu label="Plugin" at={menu} entries={entriesOf(menu.plugin)} onClose={() => setMenu(null)} />
      )}
    </ul>
  );
}

/** What was written is not in the file yet. */
export function UnsavedDot() {
  return <span className="plugins-dot" role="img" aria-label="not saved" title="Not saved" />;
}

function aboutOf(plugin: PluginRow, words: string): string {
  const { state, error } = plugin;
  if (state === 'off') return 'switched off';
  if (state === 'ok' || error === null) return kindWords(plugin) || 'empty';
  const place = placeWords({ ...error, column: null });
  return place === '' ? `${words}: ${error.message}` : `${place}: ${error.message}`;
}

export function askToRemove({ file }: Pick<PluginRow, 'file'>): void {
  updatePlugins({ question: { kind: 'remove', file } });
}

function entriesOf(plugin: PluginRow): MenuEntry[] {
  const { file, path, state } = plugin;
  return [
    { kind: 'item', label: 'Edit', run: () => openPlugin(file) },
    {
      kind: 'item',
      label: state === 'off' ? 'Switch on' : 'Switch off',
      run: () => void enablePlugin(file, state === 'off'),
    },
    { kind: 'item', label: 'Copy the file’s path', run: () => void copyText(path, 'The file’s path') },
    { kind: 'separator' },
    { kind: 'item', label: 'Remove…', run: () => askToRemove(plugin) },
  ];
}
