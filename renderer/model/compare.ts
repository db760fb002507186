/** Looking for the same streams at two capture points. */
import type { CompareProgress } from '../../shared/compare.ts';
import { ask, askShell, isCancelled } from '../client/client.ts';
import { sentenceOf } from '../client/use-query.ts';
import type { CompareRequest } from './compare-state.ts';
import { go } from './navigate.ts';
import { getState, update } from './store.ts';

let searching: AbortController | null = null;

/** Goes to the view of comparisons and fills it. Never rejects: failing is a state of the view. */
export function compare(request: CompareRequest): Promise<void> {
  go({ view: 'compare', pair: null });
  return search(request);
}

/** Asks again what was asked last: the capture was read anew, with other keys or rules. */
export function compareAgain(): void {
  const { compare: before } = getState();
  if (before.status === 'found' || before.status === 'failed') void search(before.request);
}

/** Asks for the second capture: by the system's dialog where the shell has one, else by the window's own chooser. */
export async function pickOther(): Promise<void> {
  if (getState().shell?.hasDialogs !== true) {
    update({ overlay: 'compare-chooser' });
    return;
  }
  try {
    const path = await askShell('shell.pickCapture', {});
    if (path !== null) await compare({ other: path, streams: null });
  } catch (error) {
    if (!isCancelled(error)) update({ notice: sentenceOf(error) });
  }
}

/** Ends the search; nothing is compared then. */
export function cancelCompare(): void {
  searching?.abort();
}

async function search(request: CompareRequest): Promise<void> {
  searching?.abort();
  const abort = new AbortController();
  searching = abort;
  update({ compare: { status: 'working', request, progress: null } });
  // Another search, or another capture, has taken the place of this one.
  const isWanted = (): boolean => {
    const { compare: now } = getState();
    return now.status === 'working' && now.request === request;
  };
  const onProgress = (progress: CompareProgress): void => {
    if (isWanted()) update({ compare: { status: 'working', request, progress } });
  };
  const { other, streams } = request;
  const { revision } = getState();
  try {
    const params = { other, streams: streams === null ? null : ([...streams] as [string, string]) };
    const rows = await ask('compare.find', params, { signal: abort.signal, onProgress });
    if (isWanted()) update({ compare: { status: 'found', request, rows, revision } });
  } catch (error) {
    if (!isWanted()) return;
    if (isCancelled(error)) update({ compare: { status: 'none' } });
    else update({ compare: { status: 'failed', request, message: sentenceOf(error), revision } });
  }
}
