/** The secrets a person brings: adding and removing them, and reading the open capture again with them. */
import type { EngineApi, KeyLogText, OpenResult, SrtpKeyInput } from '../../shared/engine-api.ts';
import { ask, askShell, isCancelled } from '../client/client.ts';
import { sentenceOf } from '../client/use-query.ts';
import { countOf, formatCount } from './format/numbers.ts';
import { readKeyLogs } from './key-log-files.ts';
import { readAgain } from './reread.ts';
import { getState, update } from './store.ts';

/** Adds key logs. `reread: false` where another capture is about to be opened. Never rejects: the status bar says how it went. */
export async function addKeyLogs(keyLogs: KeyLogText[], { reread = true } = {}): Promise<void> {
  const what = keyLogs.length === 1 ? `Key log ${keyLogs[0].name}` : countOf(keyLogs.length, 'key log');
  await told(() => change('secrets.add', { keyLogs, srtpKeys: [], reread }, `${what} added`));
}

/** Adds an SRTP key. Rejects with a sentence where it was not taken, with an AbortError where that was cancelled. */
export async function addSrtpKey(key: SrtpKeyInput): Promise<void> {
  await change('secrets.add', { keyLogs: [], srtpKeys: [key] }, 'SRTP key added');
}

/** Adds ESP SAs, a line each. Rejects likewise. */
export async function addEspSas(espSas: string[]): Promise<void> {
  const what = `${countOf(espSas.length, 'ESP SA')} added`;
  await change('secrets.add', { keyLogs: [], srtpKeys: [], espSas }, what, foundText);
}

/** Forgets a key log, an SRTP key or an ESP SA. Never rejects. */
export async function removeSecret(id: string, what: string): Promise<void> {
  await told(() => change('secrets.remove', { id }, `${what} forgotten`));
}

/** Adds the key logs among files. Never rejects. */
export async function addKeyLogFiles(files: readonly File[], options: { reread?: boolean } = {}): Promise<void> {
  await told(async () => addKeyLogs(await readKeyLogs(files), options));
}

/** Asks for key logs: by the shell's dialog where it has one, else by the browser's. */
export function pickKeyLogs(): void {
  if (getState().shell?.hasDialogs === true) {
    void told(async () => {
      const logs = await askShell('shell.pickKeyLogs', {});
      if (logs !== null) await addKeyLogs(logs);
    });
    return;
  }
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.hidden = true;
  // In the document, or it may be gone before the person has chosen.
  document.body.append(input);
  input.addEventListener('cancel', () => input.remove());
  input.addEventListener('change', () => {
    input.remove();
    void addKeyLogFiles([...(input.files ?? [])]);
  });
  input.click();
}

/** Opens the key dialog; `scope` says whose key it would be. */
export function enterSrtpKey(scope = ''): void {
  update({ overlay: 'srtp-key', srtpKeyScope: scope });
}

/** Opens the dialog for ESP SAs. */
export function enterEspSas(): void {
  update({ overlay: 'esp-sa' });
}

async function told(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    update({ notice: isCancelled(error) ? 'Reading again was cancelled: nothing was changed.' : sentenceOf(error) });
  }
}

type Change = 'secrets.add' | 'secrets.remove';

function change<Name extends Change>(
  method: Name,
  params: EngineApi[Name]['params'],
  done: string,
  textOf = openedText,
): Promise<void> {
  return readAgain(
    'the keys',
    (options) => ask(method, params, options),
    (result) => toldOf(result, done, textOf),
  );
}

function toldOf(result: OpenResult | null, done: string, textOf: typeof openedText): string {
  if (result !== null) return `${done}. ${textOf(result)}`;
  const { status } = getState().capture;
  const isOpen = status === 'open' || status === 'reading';
  return isOpen ? `${done}.` : `${done}; it counts for captures opened from now on.`;
}

function foundText({ counts: { calls, streams } }: OpenResult): string {
  return `${countOf(calls, 'call')} and ${countOf(streams, 'stream')} found.`;
}

function openedText({ counts: { encryptedStreams, openedStreams } }: OpenResult): string {
  if (encryptedStreams === 0) return 'No stream is encrypted.';
  return `${formatCount(openedStreams)} of ${countOf(encryptedStreams, 'encrypted stream')} opened.`;
}
