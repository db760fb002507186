/**
 * TypeScript for the editor, with the types that plugins see. Imported lazily: its worker holds the whole compiler. It is a language of its
 * own name, because Monaco's way to set its own up brings every feature of the editor along, too late for the services they need.
 */
import * as monaco from 'monaco-editor/editor';
import { conf, language } from 'monaco-editor/languages/definitions/typescript/typescript';
import {
  DiagnosticsAdapter,
  LibFiles,
  QuickInfoAdapter,
  SignatureHelpAdapter,
  SuggestAdapter,
  type WorkerAccessor,
} from 'monaco-editor/languages/features/typescript/languageFeatures';
import {
  ModuleKind,
  ModuleResolutionKind,
  ScriptTarget,
  typescriptDefaults,
} from 'monaco-editor/languages/features/typescript/register';
// Vite makes the module: there is no file to look into.
// oxlint-disable-next-line import/default
import CompilerWorker from 'monaco-editor/languages/features/typescript/ts.worker.js?worker';
import contract from '../../resources/plugins/earshot.d.ts?raw';

const LANGUAGE = 'plugin';

// As resources/plugins/tsconfig.json has it, so that another editor says the same. There is no DOM in a plugin.
const COMPILER_OPTIONS = {
  target: ScriptTarget.ESNext,
  lib: ['es2023'],
  types: [],
  module: ModuleKind.ESNext,
  moduleResolution: ModuleResolutionKind.NodeJs,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUnusedLocals: true,
  noEmit: true,
  allowJs: true,
  allowNonTsExtensions: true,
};

function startWorker(): monaco.editor.MonacoWebWorker<object> {
  const worker = new CompilerWorker();
  // Any message begins it; the next one says what it is to work with.
  worker.postMessage('begin');
  worker.postMessage({
    compilerOptions: COMPILER_OPTIONS,
    extraLibs: { 'file:///earshot.d.ts': { content: contract, version: 1 } },
    inlayHintsOptions: {},
  });
  return monaco.editor.createWebWorker<object>({ worker, keepIdleModels: true });
}

let started: monaco.editor.MonacoWebWorker<object> | null = null;

/** The compiler, which has seen the texts named. */
const worker: WorkerAccessor = (...uris) => {
  started ??= startWorker();
  return started.withSyncedResources(uris);
};

// Hover shows its code as `typescript`.
monaco.languages.register({ id: LANGUAGE, aliases: ['typescript'], extensions: ['.ts', '.js'] });
monaco.languages.setMonarchTokensProvider(LANGUAGE, language);
monaco.languages.setLanguageConfiguration(LANGUAGE, conf);
monaco.languages.registerCompletionItemProvider(LANGUAGE, new SuggestAdapter(worker));
monaco.languages.registerSignatureHelpProvider(LANGUAGE, new SignatureHelpAdapter(worker));
monaco.languages.registerHoverProvider(LANGUAGE, new QuickInfoAdapter(worker));
typescriptDefaults.setDiagnosticsOptions({ noSuggestionDiagnostics: true });
// It listens to the editor from now on.
// oxlint-disable-next-line no-new
new DiagnosticsAdapter(new LibFiles(worker), typescriptDefaults, LANGUAGE, worker);
