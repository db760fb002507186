import './file-chooser.css';
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Folder, FolderEntry } from '../../shared/shell-api.ts';
import { askShell } from '../client/client.ts';
import { sentenceOf } from '../client/use-query.ts';
import { keep, setting } from '../model/settings.ts';
import { update } from '../model/store.ts';
import { Sheet } from '../widgets/dialog/sheet.tsx';
import { Icon } from '../widgets/icon.tsx';
import { formatBytes } from '../model/format/numbers.ts';

/** Chooses a capture of this machine where the shell has no dialog of its own. Without `onFile` it has to have a path. */
export function FileChooser({
  label,
  action,
  onPath,
  onFile,
}: {
  label: string;
  /** What is done with what was chosen: `Open`. */
  action: string;
  onPath: (path: string) => void;
  onFile?: (file: File, path: string) => void;
}) {
  const [folder, setFolder] = useState<Folder | null>(null);
  const [path, setPath] = useState('');
  const [error, setError] = useState('');
  const [allFiles, setAllFiles] = useState(false);
  const [chosen, setChosen] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const close = (): void => update({ overlay: null });

  const show = (wanted: string | null, all: boolean): void => {
    askShell('shell.listFolder', { path: wanted, allFiles: all }).then(
      (answer) => {
        setFolder(answer);
        // What was typed meanwhile stays.
        setPath((now) => (now === path ? answer.path : now));
        setError('');
        setChosen(0);
        keep({ 'chooser.folder': answer.path });
      },
      (problem: unknown) => setError(sentenceOf(problem)),
    );
  };
  useEffect(() => {
    const last = setting('chooser.folder');
    show(typeof last === 'string' ? last : null, false);
  }, []);

  // Whoever is already in the field when its folder comes wants to type over it, not behind it.
  useLayoutEffect(() => {
    if (document.activeElement === field.current && field.current?.value === folder?.path) field.current?.select();
  }, [folder]);

  const take = (entry: FolderEntry | undefined): void => {
    if (entry === undefined) return;
    if (entry.kind === 'folder') {
      show(entry.path, allFiles);
      return;
    }
    close();
    onPath(entry.path);
  };
  const entries = folder?.entries.filter(({ isHidden }) => allFiles || !isHidden) ?? [];
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = {
      ArrowDown: 1,
      j: 1,
      ArrowUp: -1,
      k: -1,
      PageDown: 12,
      PageUp: -12,
      Home: -1e9,
      End: 1e9,
    };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setChosen((at) => Math.max(0, Math.min(entries.length - 1, at + step)));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      take(entries[chosen]);
    } else if (event.key === 'Backspace' && folder?.parent !== null && folder !== null) {
      event.preventDefault();
      show(folder.parent, allFiles);
    }
  };
  return (
    <Sheet label={label} width={720} onClose={close}>
      <form
        className="chooser-head"
        onSubmit={(event) => {
          event.preventDefault();
          if (/\.(pcap|pcapng|cap|dmp)(\.gz)?$/i.test(path)) {
            close();
            onPath(path);
          } else {
            show(path, allFiles);
          }
        }}
      >
        <button
          type="button"
          className="btn g sq"
          aria-label="Folder above"
          disabled={folder?.parent === null}
          onClick={() => show(folder?.parent ?? null, allFiles)}
        >
          <Icon name="up" />
        </button>
        <div className="field">
          <input
            ref={field}
            className="mono"
            aria-label="Folder or file"
            value={path}
            spellCheck={false}
            onChange={({ target }) => setPath(target.value)}
          />
        </div>
        <button type="button" className="btn" onClick={() => show(folder?.home ?? null, allFiles)}>
          Home
        </button>
      </form>
      {error !== '' && (
        <p className="chooser-error err" role="alert">
          {error}
        </p>
      )}
      <ul
        className="chooser-list"
        ref={list}
        role="listbox"
        aria-label={folder === null ? 'Files' : `Files of ${folder.path}`}
        tabIndex={0}
        data-focus-first
        aria-activedescendant={entries.length > 0 ? `chooser-${chosen}` : undefined}
        onKeyDown={onKeyDown}
      >
        {entries.map((entry, at) => (
          <li
            key={entry.path}
            id={`chooser-${at}`}
            role="option"
            aria-selected={at === chosen}
            ref={at === chosen ? (element) => element?.scrollIntoView({ block: 'nearest' }) : undefined}
            onClick={() => setChosen(at)}
            onDoubleClick={() => take(entry)}
          >
            <Icon name={entry.kind === 'folder' ? 'folder' : 'file'} />
            <span className="trunc">{entry.name}</span>
            <span className="chooser-size mono t3">{entry.kind === 'file' ? formatBytes(entry.bytes) : ''}</span>
            <span className="chooser-date mono t3">
              {new Date(entry.modifiedTime * 1000).toISOString().slice(0, 16).replace('T', ' ')}
            </span>
          </li>
        ))}
      </ul>
      {folder !== null && entries.length === 0 && (
        <p className="chooser-none t2">No folders or captures here. “All files” shows the rest.</p>
      )}
      <div className="chooser-foot">
        <label>
          <input
            type="checkbox"
            checked={allFiles}
            onChange={({ target }) => {
              setAllFiles(target.checked);
              show(folder?.path ?? null, target.checked);
            }}
          />
          All files
        </label>
        <span className="sp" />
        {onFile !== undefined && (
          <>
            <button type="button" className="btn" onClick={() => picker.current?.click()}>
              From the browser…
            </button>
            <input
              ref={picker}
              className="hidden-text"
              type="file"
              tabIndex={-1}
              aria-label="A file from the browser's own dialog"
              onChange={({ target }) => {
                const file = target.files?.[0];
                if (file === undefined) return;
                close();
                onFile(file, '');
              }}
            />
          </>
        )}
        <button type="button" className="btn" onClick={close}>
          Cancel
        </button>
        <button
          type="button"
          className="btn p"
          disabled={entries[chosen] === undefined}
          onClick={() => take(entries[chosen])}
        >
          {action}
        </button>
      </div>
    </Sheet>
  );
}
