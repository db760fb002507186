/** The secrets a person brings: adding and removing them, and reading the open capture again with them. */
import type { EngineApi, KeyLogText, OpenResult, ReadProgress, SrtpKeyInput } from '../../shared/engine-api.ts';
import { ask, askShell, isCancelled } from '../client/client.ts';
import { sentenceOf } from '../client/use-query.ts';
import { countOf, formatCount } from './format/numbers.ts';
import { readKeyLogs } from './key-log-files.ts';
import { move } from './navigate.ts';
import { getState, update } from './store.ts';

/** The reading that is under way; they wait for each other. */
let rereading: AbortController | null = null;
let last: Promise<unknown> = Promise.resolve();

/** Leaves the secrets and what is shown as they were. */
export function cancelRereading(): void {
  rereading?.abort();
}

/** Adds key logs. `reread: false` where another capture is about to be opened. Never rejects: the status bar says how it went. */
export async function addKeyLogs(keyLogs: KeyLogText[], { reread = true } = {}): Promise<void> {
  const what = keyLogs.length === 1 ? `Key log ${keyLogs[0].name}` : countOf(keyLogs.length, 'key log');
  await told(() => change('secrets.add', { keyLogs, srtpKeys: [], reread }, `${what} added`));
}

/** Adds an SRTP key. Rejects with a sentence where it was not taken, with an AbortError where that was cancelled. */
export async function addSrtpKey(key: SrtpKeyInput): Promise<void> {
  await change('secrets.add', { keyLogs: [], srtpKeys: [key] }, 'SRTP key added');
}

/** Forgets a key log or an SRTP key. Never rejects. */
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

async function told(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    update({ notice: isCancelled(error) ? 'Reading again was cancelled: nothing was changed.' : sentenceOf(error) });
  }
}

type Change = 'secrets.add' | 'secrets.remove';

function change<Name extends Change>(method: Name, params: EngineApi[Name]['params'], done: string): Promise<void> {
  const result = last.then(() => changeNow(method, params, done));
  last = result.catch(() => {});
  return result;
}

async function changeNow<Name extends Change>(
  method: Name,
  params: EngineApi[Name]['params'],
  done: string,
): Promise<void> {
  const abort = new AbortController();
  rereading = abort;
  if (getState().capture.status === 'open') update({ rereading: { progress: null } });
  const onProgress = (progress: ReadProgress): void => update({ rereading: { progress } });
  try {
    const callId = await callIdAtHand();
    const result = await ask(method, params, { signal: abort.signal, onProgress });
    await show(result, done, callId);
  } finally {
    rereading = null;
    update({ rereading: null });
  }
}

/** Shows what was read again, where the person is: only numbers of calls may have changed. */
async function show(result: OpenResult | null, done: string, callId: string | null): Promise<void> {
  const { capture } = getState();
  if (result === null || capture.status !== 'open') {
    const isOpen = capture.status === 'open' || capture.status === 'reading';
    update((state) => ({
      revision: state.revision + 1,
      notice: isOpen ? `${done}.` : `${done}; it counts for captures opened from now on.`,
    }));
    return;
  }
  const call = await sameCall(callId);
  update((state) => ({
    capture: { ...capture, result },
    counts: result.counts,
    revision: state.revision + 1,
    notice: `${done}. ${openedText(result)}`,
  }));
  if (call !== getState().place.call) move({ call });
}

function openedText({ counts: { encryptedStreams, openedStreams } }: OpenResult): string {
  if (encryptedStreams === 0) return 'No stream is encrypted.';
  return `${formatCount(openedStreams)} of ${countOf(encryptedStreams, 'encrypted stream')} opened.`;
}

async function callIdAtHand(): Promise<string | null> {
  const { call } = getState().place;
  if (call === null || getState().capture.status !== 'open') return null;
  return (await ask('call.get', { call })).callId;
}

/** The row id of the call that was selected: TLS that was opened may have calls before it. */
async function sameCall(callId: string | null): Promise<string | null> {
  const { call } = getState().place;
  if (callId === null || call === null) return call;
  const same = await ask('call.get', { call }).catch(() => null);
  if (same?.callId === callId) return call;
  const query = { table: 'calls' as const, filter: `call.callId == ${JSON.stringify(callId)}`, sort: null };
  const found = await ask('rows.page', { query, from: 0, count: 1 }).catch(() => null);
  return found?.rows[0] !== undefined && 'callId' in found.rows[0] ? found.rows[0].id : null;
}
