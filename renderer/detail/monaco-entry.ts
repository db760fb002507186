/** What is taken of Monaco: the editor, the diff editor, folding, the find widget, and what code needs. Imported lazily: it is large. */
import 'monaco-editor/features/clipboard/register';
import 'monaco-editor/features/codicon/register';
import 'monaco-editor/features/diffEditor/register';
import 'monaco-editor/features/find/register';
import 'monaco-editor/features/folding/register';
import '../editor/code-features.ts';
import * as monaco from 'monaco-editor/editor';
// Vite makes the module: there is no file to look into.
// oxlint-disable-next-line import/default
import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker';
import { foldRanges, SIP_LANGUAGE, sipTokens } from './sip-language.ts';

// A worker of our own origin: the content security policy allows no blob: worker. Diffs are worked out in it.
self.MonacoEnvironment = { getWorker: () => new EditorWorker() };

monaco.languages.register({ id: SIP_LANGUAGE });
monaco.languages.setMonarchTokensProvider(SIP_LANGUAGE, sipTokens);
monaco.languages.registerFoldingRangeProvider(SIP_LANGUAGE, {
  provideFoldingRanges: (model) => foldRanges(model.getLinesContent()),
});

export { monaco };
