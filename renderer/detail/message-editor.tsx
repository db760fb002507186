import type { editor } from 'monaco-editor/editor';
import { useEffect, useRef } from 'react';
import { SIP_LANGUAGE } from './sip-language.ts';
import { tokenValue } from '../model/theme-colours.ts';
import type { Monaco } from './use-monaco.ts';

/** What the window asks of the editor that shows a message. */
export interface EditorHandle {
  find(): void;
}

const COMMON: editor.IEditorOptions = {
  readOnly: true,
  domReadOnly: true,
  automaticLayout: true,
  minimap: { enabled: false },
  lineNumbers: 'off',
  glyphMargin: false,
  lineDecorationsWidth: 14,
  folding: true,
  showFoldingControls: 'always',
  fontSize: 11,
  lineHeight: 16,
  scrollBeyondLastLine: false,
  renderLineHighlight: 'none',
  overviewRulerLanes: 0,
  hideCursorInOverviewRuler: true,
  guides: { indentation: false },
  matchBrackets: 'never',
  occurrencesHighlight: 'off',
  selectionHighlight: false,
  links: false,
  contextmenu: false,
  smoothScrolling: false,
  cursorBlinking: 'solid',
  padding: { top: 6, bottom: 6 },
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, useShadows: false },
  // With a text area as the place of typing, the window's keys know that somebody types.
  editContext: false,
  // Tab goes on to the next control: there is nothing to type here.
  tabFocusMode: true,
};

/** A message as text, coloured and foldable. */
export function MessageText({
  monaco,
  text,
  label,
  isWrapped,
  onReady,
}: {
  monaco: Monaco;
  text: string;
  label: string;
  isWrapped: boolean;
  onReady: (handle: EditorHandle) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const shown = useRef<editor.IStandaloneCodeEditor | null>(null);
  useEffect(() => {
    if (box.current === null) return undefined;
    const instance = monaco.editor.create(box.current, {
      ...COMMON,
      model: null,
      theme: 'earshot',
      fontFamily: tokenValue('--font-mono'),
    });
    shown.current = instance;
    onReady(handleOf(instance));
    return () => {
      shown.current = null;
      instance.dispose();
    };
  }, [monaco, onReady]);
  useEffect(() => {
    const model = monaco.editor.createModel(text, SIP_LANGUAGE);
    shown.current?.setModel(model);
    return () => model.dispose();
  }, [monaco, text]);
  useEffect(() => {
    shown.current?.updateOptions({ wordWrap: isWrapped ? 'on' : 'off', ariaLabel: label });
  }, [monaco, label, isWrapped]);
  return <div className="message-editor" ref={box} />;
}

/** Two messages, what differs marked: the other one left (or removed), the one at hand right (or added). */
export function MessageDiff({
  monaco,
  before,
  after,
  label,
  isWrapped,
  isSideBySide,
  onReady,
}: {
  monaco: Monaco;
  before: string;
  after: string;
  label: string;
  isWrapped: boolean;
  isSideBySide: boolean;
  onReady: (handle: EditorHandle) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const shown = useRef<editor.IStandaloneDiffEditor | null>(null);
  useEffect(() => {
    if (box.current === null) return undefined;
    const instance = monaco.editor.createDiffEditor(box.current, {
      ...COMMON,
      theme: 'earshot',
      fontFamily: tokenValue('--font-mono'),
      originalEditable: false,
      renderOverviewRuler: false,
      renderMarginRevertIcon: false,
      renderGutterMenu: false,
      useInlineViewWhenSpaceIsLimited: false,
      diffAlgorithm: 'advanced',
      ignoreTrimWhitespace: false,
    });
    shown.current = instance;
    onReady(handleOf(instance.getModifiedEditor()));
    return () => {
      shown.current = null;
      instance.dispose();
    };
  }, [monaco, onReady]);
  useEffect(() => {
    const original = monaco.editor.createModel(before, SIP_LANGUAGE);
    const modified = monaco.editor.createModel(after, SIP_LANGUAGE);
    shown.current?.setModel({ original, modified });
    return () => {
      shown.current?.setModel(null);
      original.dispose();
      modified.dispose();
    };
  }, [monaco, before, after]);
  useEffect(() => {
    const wrap = isWrapped ? ('on' as const) : ('off' as const);
    shown.current?.updateOptions({ renderSideBySide: isSideBySide, wordWrap: wrap, diffWordWrap: wrap });
    shown.current?.getModifiedEditor().updateOptions({ ariaLabel: label });
    shown.current?.getOriginalEditor().updateOptions({ ariaLabel: `${label}, the other message` });
  }, [monaco, label, isWrapped, isSideBySide]);
  return <div className="message-editor" ref={box} />;
}

function handleOf(instance: editor.ICodeEditor): EditorHandle {
  return {
    find: () => {
      instance.focus();
      void instance.getAction('actions.find')?.run();
    },
  };
}
