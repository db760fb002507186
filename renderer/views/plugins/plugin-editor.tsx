import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { PluginError } from '../../../shared/plugins.ts';
import { useMonaco } from '../../detail/use-monaco.ts';
import { CodeEditor, type CodeEditorHandle, type CodeProblem } from '../../editor/code-editor.tsx';
import { loadTypeScript } from '../../editor/load-typescript.ts';
import { editDocument, enablePlugin, goToLine, savePlugin, takeFile } from '../../model/plugins.ts';
import { isPluginName, isUnsaved, type PluginDocument, usePlugins } from '../../model/plugins-state.ts';
import { Icon } from '../../widgets/icon.tsx';
import { SeverityGlyph } from '../../widgets/severity.tsx';
import { askToRemove, UnsavedDot } from './plugin-list.tsx';
import { hasFaulted, placeWords, shownProblems } from './plugin-words.ts';
import { ProblemStrip } from './problem-strip.tsx';

const onText = (text: string): void => editDocument({ text });

/** The plugin in the editor: its name, what can be done with it, its text, and what is wrong with that. */
export function PluginEditor({ document }: { document: PluginDocument }) {
  const { monaco, failed } = useMonaco();
  const opened = usePlugins((state) => state.opened);
  const target = usePlugins((state) => state.target);
  const [types, setTypes] = useState<readonly CodeProblem[]>([]);
  const [handle, setHandle] = useState<CodeEditorHandle | null>(null);
  const saveButton = useRef<HTMLButtonElement>(null);
  const errors = useErrors(document);
  const problems = useMemo(() => shownProblems(errors, types), [errors, types]);
  const markers = useMemo(
    () =>
      errors.flatMap(({ line, column, message }) => (line === null ? [] : [{ line, column: column ?? 1, message }])),
    [errors],
  );
  useEffect(() => {
    // Without it the text can still be written, and the engine says what is wrong.
    if (monaco !== null) void loadTypeScript().catch(() => {});
  }, [monaco]);
  useEffect(() => {
    if (target !== null) handle?.goTo(target.line, target.column);
  }, [target, handle]);
  const leave = useCallback(() => saveButton.current?.focus(), []);
  return (
    <div className="plugins-edit">
      <EditorHeader document={document} saveButton={saveButton} />
      {document.isStale && <StaleLine file={document.file} />}
      <FaultedLine document={document} />
      {monaco !== null ? (
        <CodeEditor
          monaco={monaco}
          path={document.file}
          text={document.text}
          opened={opened}
          label={`${document.file}. Escape leaves the editor.`}
          problems={markers}
          onChange={onText}
          onProblems={setTypes}
          onLeave={leave}
          onReady={setHandle}
        />
      ) : failed ? (
        <textarea
          className="plugins-plain mono"
          aria-label={document.file}
          spellCheck={false}
          value={document.text}
          onChange={({ target: { value } }) => onText(value)}
        />
      ) : (
        <div className="plugins-plain" aria-busy="true" />
      )}
      <ProblemStrip problems={problems} />
    </div>
  );
}

function EditorHeader({
  document,
  saveButton,
}: {
  document: PluginDocument;
  saveButton: RefObject<HTMLButtonElement | null>;
}) {
  const { file, saved } = document;
  const row = usePlugins(({ list }) => list?.plugins.find((plugin) => plugin.file === file) ?? null);
  const isSaving = usePlugins((state) => state.isSaving);
  const isDirty = isUnsaved(document);
  return (
    <header className="ph plugins-head">
      {saved === null ? <NameField file={file} /> : <h2 className="mono trunc">{file}</h2>}
      {isDirty && <UnsavedDot />}
      {row?.state === 'off' && <span className="chip">off</span>}
      <span className="sp" />
      {row !== null && (
        <>
          <button type="button" className="btn g" onClick={() => void enablePlugin(file, row.state === 'off')}>
            {row.state === 'off' ? 'Switch on' : 'Switch off'}
          </button>
          <button type="button" className="btn g" onClick={() => askToRemove(row)}>
            Remove…
          </button>
        </>
      )}
      <button
        type="button"
        ref={saveButton}
        className={isDirty ? 'btn p' : 'btn'}
        aria-disabled={!isDirty || isSaving}
        title="Ctrl S"
        onClick={() => void savePlugin()}
      >
        {isSaving ? 'Saving…' : isDirty ? 'Save' : 'Saved'}
      </button>
    </header>
  );
}

/** A plugin has a name once it is saved; until then it can be another. */
function NameField({ file }: { file: string }) {
  const plugins = usePlugins(({ list }) => list?.plugins);
  const [name, setName] = useState(file);
  const isTaken = plugins?.some((plugin) => plugin.file === name) === true;
  const isGood = isPluginName(name) && !isTaken;
  useEffect(() => setName(file), [file]);
  return (
    <>
      <input
        className="mono plugins-name-field"
        aria-label="Name of the file"
        aria-invalid={!isGood}
        spellCheck={false}
        value={name}
        onChange={({ target: { value } }) => setName(value)}
        onBlur={() => (isGood ? editDocument({ file: name }) : setName(file))}
        onKeyDown={({ key, ctrlKey, metaKey, currentTarget }) => {
          if (key === 'Enter') currentTarget.blur();
          // What saves runs right after, and is to find the name.
          else if (key.toLowerCase() === 's' && (ctrlKey || metaKey) && isGood) editDocument({ file: name });
        }}
      />
      {!isGood && <span className="err">{isTaken ? 'There is one of that name.' : 'It is like my-plugin.ts.'}</span>}
    </>
  );
}

function StaleLine({ file }: { file: string }) {
  return (
    <div className="plugins-stale" role="status">
      <span className="warn">Another program changed this file.</span>
      <span className="sp" />
      <button type="button" className="btn g" onClick={() => void takeFile(file)}>
        <Icon name="download" small />
        Take the file’s text
      </button>
    </div>
  );
}

/** It compiled, and failed while the open capture was read. */
function FaultedLine({ document }: { document: PluginDocument }) {
  const row = usePlugins(({ list }) => list?.plugins.find(({ file }) => file === document.file) ?? null);
  if (row === null || row.error === null || !hasFaulted(row)) return null;
  const { message, line, column } = row.error;
  return (
    <div className="plugins-faulted" role="status">
      <SeverityGlyph severity="error" label="" />
      <span>
        It failed while this capture was read: {message}
        {line !== null && (
          <>
            {' '}
            <button type="button" className="pk" onClick={() => goToLine(line, column ?? 1)}>
              {placeWords({ line, column: null })}
            </button>
          </>
        )}
        . After three faults it is not asked again; saving it starts it anew.
      </span>
    </div>
  );
}

/** What is wrong with the text, from its trial; and what went wrong in the open capture, while the text is what is saved. */
function useErrors(document: PluginDocument): readonly PluginError[] {
  const trial = usePlugins((state) => state.trial);
  const atWork = usePlugins(({ list }) => list?.plugins.find(({ file }) => file === document.file)?.error ?? null);
  const isSaved = !isUnsaved(document);
  return useMemo(() => {
    const tried =
      trial === null
        ? []
        : [trial.error, ...[...trial.dissectors, ...trial.checks, ...trial.exports].map(({ error }) => error)];
    return [isSaved ? atWork : null, ...tried].filter((error) => error !== null);
  }, [trial, atWork, isSaved]);
}
