import { useEffect, useState } from 'react';
import type * as MonacoModule from 'monaco-editor/editor';
import { tokenColour, useShownTheme } from '../model/theme-colours.ts';
import { monacoTheme } from './monaco-theme.ts';

export type Monaco = typeof MonacoModule;

let loading: Promise<Monaco> | null = null;

/** Loads the editor once; a failure is tried again when it is next asked for. */
function loadMonaco(): Promise<Monaco> {
  loading ??= import('./monaco-entry.ts').then(({ monaco }) => monaco);
  loading.catch(() => {
    loading = null;
  });
  return loading;
}

/** The editor with the theme shown, as soon as it is loaded; `failed` where it cannot be. */
export function useMonaco(): { readonly monaco: Monaco | null; readonly failed: boolean } {
  const [monaco, setMonaco] = useState<Monaco | null>(null);
  const [failed, setFailed] = useState(false);
  const theme = useShownTheme();
  useEffect(() => {
    let isWanted = true;
    loadMonaco().then(
      (loaded) => isWanted && setMonaco(loaded),
      () => isWanted && setFailed(true),
    );
    return () => {
      isWanted = false;
    };
  }, []);
  useEffect(() => {
    if (monaco === null) return;
    monaco.editor.defineTheme('earshot', monacoTheme(theme === 'light', tokenColour));
    monaco.editor.setTheme('earshot');
  }, [monaco, theme]);
  return { monaco, failed };
}
