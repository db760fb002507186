/** A person's plugins: listed, edited, saved. What has to be asked first is asked by the view. */
import type { EngineApi } from '../../shared/engine-api.ts';
import type { PluginChange, PluginTemplate } from '../../shared/plugins.ts';
import { ask, isCancelled } from '../client/client.ts';
import { sentenceOf } from '../client/use-query.ts';
import { addCommands } from './commands.ts';
import { go } from './navigate.ts';
import { isUnsaved, type PluginDocument, pluginsState, updatePlugins } from './plugins-state.ts';
import { readAgain } from './reread.ts';
import { saveFile } from './save-file.ts';
import { getState, subscribe, update } from './store.ts';

let removeExports: () => void = () => {};

/** Asks which plugins there are. Never rejects: without any, Earshot is as it was. */
export async function loadPlugins(): Promise<void> {
  try {
    takeList(await ask('plugins.list', {}));
  } catch (error) {
    if (!isCancelled(error)) updatePlugins({ failure: sentenceOf(error) });
  }
}

/** Another program changed the folder. What is being edited stays; what is only looked at is read again. */
export async function pluginsChanged(): Promise<void> {
  await loadPlugins();
  const { document } = pluginsState();
  if (document === null || document.saved === null) return;
  const text = await sourceOf(document.file);
  const now = pluginsState().document;
  if (now?.file !== document.file || text === now.saved) return;
  // The file is gone: what is in the editor is all there is.
  if (text === null) return updatePlugins({ document: { ...now, saved: null } });
  if (isUnsaved(now)) updatePlugins({ document: { ...now, isStale: text !== now.text } });
  else showDocument({ ...now, text, saved: text });
}

/** Opens a plugin in the editor; asks first where the one at hand was not saved. */
export function openPlugin(file: string): void {
  if (pluginsState().document?.file === file) return;
  afterAsking(() => void showFile(file));
}

/** Takes what is in the file in place of what was typed. */
export async function takeFile(file: string): Promise<void> {
  await showFile(file);
}

/** Begins a plugin from a template; a dissector from a packet's payload, or `range` of its frame. */
export function newPlugin(
  template: PluginTemplate,
  packet: number | null = null,
  range: { at: number; length: number } | null = null,
): void {
  go({ view: 'plugins' });
  afterAsking(async () => {
    await told(async () => {
      const { file, text } = await ask('plugins.draft', { template, packet, range });
      const origin = packet === null || range === null ? null : { packet, range };
      showDocument({ file, text, saved: null, origin, isStale: false });
    });
  });
}

/** Begins a dissector from a packet's payload, or from octets of its frame, and selects the packet. */
export function newPluginFromPacket(packet: number, range: { at: number; length: number } | null = null): void {
  go({ view: 'plugins', packet });
  newPlugin('dissector', packet, range);
}

/** Begins a plugin with a text there is: one of the examples. */
export function newPluginFrom(file: string, text: string): void {
  afterAsking(() => showDocument({ file: freeName(file), text, saved: null, origin: null, isStale: false }));
}

export function editDocument(change: Partial<Pick<PluginDocument, 'text' | 'file'>>): void {
  const { document } = pluginsState();
  if (document !== null) updatePlugins({ document: { ...document, ...change } });
}

/** Puts the cursor of the editor on a line; counted from 1. */
export function goToLine(line: number, column: number): void {
  const asked = (pluginsState().target?.asked ?? 0) + 1;
  updatePlugins({ target: { line, column, asked } });
}

let saving: Promise<boolean> = Promise.resolve(true);

/** Writes the plugin in the editor and reads the open capture again with it. Never rejects; false where it was not written. */
export function savePlugin(): Promise<boolean> {
  const { document, isSaving } = pluginsState();
  if (isSaving) return saving;
  if (document === null || !isUnsaved(document)) return Promise.resolve(true);
  saving = save(document);
  return saving;
}

async function save({ file, text }: PluginDocument): Promise<boolean> {
  updatePlugins({ isSaving: true });
  try {
    await changeFolder('plugins.save', { file, text }, `${file} is saved`);
  } catch (error) {
    // It was written before the reading began, which may have been called off.
    const isWritten = (await sourceOf(file)) === text;
    update({
      notice: isCancelled(error) && isWritten ? `${file} is saved; nothing was read again.` : sentenceOf(error),
    });
    if (!isWritten) return false;
    await loadPlugins();
  } finally {
    updatePlugins({ isSaving: false });
  }
  const now = pluginsState().document;
  if (now?.file === file) updatePlugins({ document: { ...now, saved: text, isStale: false } });
  return true;
}

/** Switches a plugin on or off, and reads the open capture again. */
export function enablePlugin(file: string, isOn: boolean): Promise<void> {
  return told(() => changeFolder('plugins.enable', { file, isOn }, `${file} is ${isOn ? 'on' : 'off'}`));
}

/** Deletes a plugin's file; the view has asked. */
export function removePlugin(file: string): Promise<void> {
  return told(async () => {
    await changeFolder('plugins.remove', { file }, `${file} is removed`);
    if (pluginsState().document?.file === file) closeDocument();
  });
}

export function closeDocument(): void {
  const { opened } = pluginsState();
  updatePlugins({ document: null, opened: opened + 1, trial: null, isTrying: false, trialFailure: null });
}

/** Does something that takes the text of the editor away, once a person agreed that it may go. */
export function afterAsking(proceed: () => unknown): void {
  const { document, isSaving } = pluginsState();
  if (isSaving) void saving.then(() => afterAsking(proceed));
  else if (document === null || !isUnsaved(document)) proceed();
  else updatePlugins({ question: { kind: 'unsaved', file: document.file, proceed: () => void proceed() } });
}

/** Lists the plugins again after every reading of a capture: each may have failed in it. */
export function followCaptures(): void {
  let last: unknown = null;
  subscribe(() => {
    const { capture } = getState();
    const result = capture.status === 'open' ? capture.result : null;
    if (result === last) return;
    last = result;
    if (result !== null) void loadPlugins();
  });
}

/** Closing the window asks where a plugin was not saved; how it asks is the browser's, or the shell's. */
export function guardUnsavedPlugin(): void {
  window.addEventListener('beforeunload', (event) => {
    if (isUnsaved(pluginsState().document)) event.preventDefault();
  });
}

/** Has the plugin's export of the open capture written. */
export function runPluginExport({ id, extension }: { id: string; extension: string }): Promise<void> {
  const { capture } = getState();
  const name = capture.status === 'none' ? 'earshot' : capture.name.replace(/(\.\w{1,8})?(\.gz)?$/i, '');
  return saveFile(`${name}-${id}.${extension}`, { kind: 'plugin', export: id, name: `${name}-${id}.${extension}` });
}

/** Exports of all plugins that work. */
export function pluginExports(): { id: string; label: string; extension: string }[] {
  return (pluginsState().list?.plugins ?? []).flatMap(({ state, exports }) => (state === 'off' ? [] : exports));
}

type Change = 'plugins.save' | 'plugins.remove' | 'plugins.enable';

function changeFolder<Name extends Change>(
  method: Name,
  params: EngineApi[Name]['params'],
  done: string,
): Promise<void> {
  return readAgain(
    'the plugins',
    async (options) => {
      const { plugins, reread }: PluginChange = await ask(method, params, options);
      takeList(plugins);
      return reread;
    },
    (result) => (result === null ? `${done}.` : `${done}; the capture was read again.`),
  );
}

function takeList(list: PluginChange['plugins']): void {
  updatePlugins({ list, failure: null });
  removeExports();
  removeExports = addCommands(
    pluginExports().map((each) => ({
      id: `plugins.export.${each.id}`,
      title: `Export: ${each.label}…`,
      group: 'File' as const,
      isEnabled: () => getState().capture.status === 'open',
      run: () => void runPluginExport(each),
    })),
  );
}

async function showFile(file: string): Promise<void> {
  await told(async () => {
    const { text } = await ask('plugins.source', { file });
    showDocument({ file, text, saved: text, origin: null, isStale: false });
  });
}

function showDocument(document: PluginDocument): void {
  const { opened } = pluginsState();
  updatePlugins({ document, opened: opened + 1, trial: null, trialFailure: null, target: null });
}

async function sourceOf(file: string): Promise<string | null> {
  const answer = await ask('plugins.source', { file }).catch(() => null);
  return answer?.text ?? null;
}

/** `vendor-log.ts`, `vendor-log-2.ts`, … */
function freeName(file: string): string {
  const taken = new Set(pluginsState().list?.plugins.map((plugin) => plugin.file));
  const [, stem = file, ending = ''] = /^(.*?)(\.\w+)$/.exec(file) ?? [];
  for (let count = 1; ; count++) {
    const name = count === 1 ? file : `${stem}-${count}${ending}`;
    if (!taken.has(name)) return name;
  }
}

async function told(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    update({ notice: isCancelled(error) ? 'Reading again was cancelled.' : sentenceOf(error) });
    await loadPlugins();
  }
}
