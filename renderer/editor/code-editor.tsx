import './code-editor.css';
import type { editor, IDisposable } from 'monaco-editor/editor';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { Monaco } from '../detail/use-monaco.ts';
import { runCommand } from '../model/commands.ts';
import { tokenValue } from '../model/theme-colours.ts';

/** Something wrong at a place of the text; lines and columns count from 1. */
export interface CodeProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** What the window asks of the editor. */
export interface CodeEditorHandle {
  focus(): void;
  goTo(line: number, column: number): void;
}

const OPTIONS: editor.IStandaloneEditorConstructionOptions = {
  automaticLayout: true,
  minimap: { enabled: false },
  fontSize: 12,
  lineHeight: 18,
  lineNumbersMinChars: 3,
  lineDecorationsWidth: 10,
  glyphMargin: false,
  folding: true,
  tabSize: 2,
  detectIndentation: true,
  scrollBeyondLastLine: false,
  overviewRulerLanes: 2,
  overviewRulerBorder: false,
  renderLineHighlight: 'line',
  occurrencesHighlight: 'off',
  links: false,
  contextmenu: false,
  smoothScrolling: false,
  cursorBlinking: 'solid',
  fixedOverflowWidgets: true,
  padding: { top: 6, bottom: 6 },
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, useShadows: false },
  // With a text area as the place of typing, the window's keys know that somebody types.
  editContext: false,
};

/** Escape has these closed first. */
const NOTHING_OPEN = [
  'editorTextFocus',
  '!suggestWidgetVisible',
  '!parameterHintsVisible',
  '!findWidgetVisible',
  '!markersNavigationVisible',
  '!editorHoverVisible',
  '!inSnippetMode',
  '!editorHasMultipleSelections',
].join(' && ');

/** Who said what is wrong. */
const OWNER = 'earshot';

/** Code that can be written, with whatever its language knows of it. Escape gives the keyboard back by `onLeave`. */
export function CodeEditor({
  monaco,
  path,
  text,
  opened,
  label,
  problems,
  onChange,
  onProblems,
  onLeave,
  onReady,
}: {
  monaco: Monaco;
  /** A file's name: its ending tells the language. */
  path: string;
  /** Taken over when `path` or `opened` changes; what is typed is told by `onChange`. */
  text: string;
  opened: number;
  label: string;
  problems: readonly CodeProblem[];
  onChange: (text: string) => void;
  /** What the language itself finds wrong. */
  onProblems: (problems: readonly CodeProblem[]) => void;
  onLeave: () => void;
  onReady: (handle: CodeEditorHandle | null) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const shown = useRef<editor.IStandaloneCodeEditor | null>(null);
  const model = useRef<editor.ITextModel | null>(null);
  const latest = useRef({ onChange, onProblems, onLeave, text });
  latest.current = { onChange, onProblems, onLeave, text };

  useEffect(() => {
    if (box.current === null) return undefined;
    const instance = monaco.editor.create(box.current, {
      ...OPTIONS,
      model: null,
      theme: 'earshot',
      fontFamily: tokenValue('--font-mono'),
    });
    shown.current = instance;
    instance.addCommand(monaco.KeyCode.Escape, () => latest.current.onLeave(), NOTHING_OPEN);
    onReady({
      focus: () => instance.focus(),
      goTo: (line, column) => {
        instance.setPosition({ lineNumber: line, column });
        instance.revealLineInCenterIfOutsideViewport(line);
        instance.focus();
      },
    });
    return () => {
      shown.current = null;
      onReady(null);
      instance.dispose();
    };
  }, [monaco, onReady]);

  useEffect(() => {
    const uri = monaco.Uri.parse(`file:///${encodeURIComponent(path)}`);
    // One of that name is left where the pane was drawn anew.
    monaco.editor.getModel(uri)?.dispose();
    const made = monaco.editor.createModel(latest.current.text, undefined, uri);
    model.current = made;
    shown.current?.setModel(made);
    const listeners: IDisposable[] = [
      made.onDidChangeContent(() => latest.current.onChange(made.getValue())),
      monaco.editor.onDidChangeMarkers((resources) => {
        if (resources.some((resource) => resource.toString() === uri.toString())) {
          latest.current.onProblems(languageProblems(monaco, made));
        }
      }),
    ];
    return () => {
      for (const listener of listeners) listener.dispose();
      model.current = null;
      latest.current.onProblems([]);
      made.dispose();
    };
  }, [monaco, path, opened]);

  useEffect(() => {
    if (model.current === null) return;
    const markers = problems.map(({ line, column, message }) => markerOf(monaco, model.current, line, column, message));
    monaco.editor.setModelMarkers(model.current, OWNER, markers);
  }, [monaco, problems, path, opened]);

  useEffect(() => {
    shown.current?.updateOptions({ ariaLabel: label });
  }, [monaco, label]);

  // Monaco begins chords with Ctrl+K; in this window it opens the palette wherever the keyboard is.
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    runCommand('palette.open');
  };
  return <div className="code-editor" ref={box} onKeyDownCapture={onKeyDown} />;
}

function languageProblems(monaco: Monaco, model: editor.ITextModel): CodeProblem[] {
  return monaco.editor
    .getModelMarkers({ resource: model.uri })
    .filter(({ owner, severity }) => owner !== OWNER && severity >= monaco.MarkerSeverity.Warning)
    .map(({ startLineNumber, startColumn, message }) => ({ line: startLineNumber, column: startColumn, message }));
}

/** The word at the place is underlined, or all of the line where there is none. */
function markerOf(
  monaco: Monaco,
  model: editor.ITextModel | null,
  wanted: number,
  column: number,
  message: string,
): editor.IMarkerData {
  const line = Math.max(1, Math.min(wanted, model?.getLineCount() ?? 1));
  const word = model?.getWordAtPosition({ lineNumber: line, column: Math.min(column, model.getLineMaxColumn(line)) });
  return {
    severity: monaco.MarkerSeverity.Error,
    message,
    startLineNumber: line,
    endLineNumber: line,
    startColumn: word?.startColumn ?? (column > 1 ? column : (model?.getLineFirstNonWhitespaceColumn(line) ?? 1)),
    endColumn: word?.endColumn ?? model?.getLineMaxColumn(line) ?? column + 1,
  };
}
