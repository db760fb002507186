/** Parts of monaco-editor that it ships without types. */

declare module 'monaco-editor/languages/definitions/typescript/typescript' {
  import type { languages } from 'monaco-editor/editor';
  export const conf: languages.LanguageConfiguration;
  export const language: languages.IMonarchLanguage;
}

declare module 'monaco-editor/languages/features/typescript/languageFeatures' {
  import type { languages, Uri } from 'monaco-editor/editor';
  import type { LanguageServiceDefaults } from 'monaco-editor/languages/features/typescript/register';

  /** The worker, once it has the texts named. */
  export type WorkerAccessor = (...uris: Uri[]) => Promise<object>;

  export const SuggestAdapter: new (worker: WorkerAccessor) => languages.CompletionItemProvider;
  export const SignatureHelpAdapter: new (worker: WorkerAccessor) => languages.SignatureHelpProvider;
  export const QuickInfoAdapter: new (worker: WorkerAccessor) => languages.HoverProvider;
  export const LibFiles: new (worker: WorkerAccessor) => object;
  /** Marks what is wrong in every text of the language from now on. */
  export const DiagnosticsAdapter: new (
    libFiles: object,
    defaults: LanguageServiceDefaults,
    language: string,
    worker: WorkerAccessor,
  ) => { dispose(): void };
}
