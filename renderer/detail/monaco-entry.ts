/** What is taken of Monaco: the editor, the diff editor, folding, the find widget, and what code needs. Imported lazily: it is large. */
import 'monaco-editor/features/clipboard/register';
import 'monaco-editor/features/codicon/register';
import 'monaco-editor/features/diffEditor/register';
import 'monaco-editor/features/find/register';
import 'monaco-editor/features/folding/register';
// Writing code (renderer/editor) needs more. It is loaded here, because the services that some of it brings are taken up only until the
// first editor is made, whichever that is. `features/suggest/register` would bring suggestions of whole lines alone.
import 'monaco-editor/editor/contrib/suggest/browser/suggestController';
import 'monaco-editor/features/bracketMatching/register';
import 'monaco-editor/features/comment/register';
import 'monaco-editor/features/cursorUndo/register';
import 'monaco-editor/features/gotoError/register';
import 'monaco-editor/features/hover/register';
import 'monaco-editor/features/indentation/register';
import 'monaco-editor/features/linesOperations/register';
import 'monaco-editor/features/multicursor/register';
import 'monaco-editor/features/parameterHints/register';
import 'monaco-editor/features/snippet/register';
import 'monaco-editor/features/toggleTabFocusMode/register';
import 'monaco-editor/features/wordOperations/register';
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
