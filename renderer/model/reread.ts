/** Reads the open capture again with something changed: keys, rules. What was read before is shown meanwhile. */
import type { OpenResult, ReadProgress } from '../../shared/engine-api.ts';
import { ask } from '../client/client.ts';
import { move } from './navigate.ts';
import { getState, update } from './store.ts';

/** The reading that is under way; they wait for each other. */
let rereading: AbortController | null = null;
let last: Promise<unknown> = Promise.resolve();

/** What the engine is asked with. */
export interface RereadOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ReadProgress) => void;
}

/** Leaves what is shown, and what it was read with, as they were. */
export function cancelRereading(): void {
  rereading?.abort();
}

/**
 * Asks the engine to read again and shows what came of it, where the person is; `why` is the rest of "Reading again with
 * the …". `ask` gives null, and `done` is told so, where nothing was read. Rejects as `ask` does.
 */
export function readAgain(
  why: string,
  asking: (options: RereadOptions) => Promise<OpenResult | null>,
  done: (result: OpenResult | null) => string,
): Promise<void> {
  const result = last.then(() => readNow(why, asking, done));
  last = result.catch(() => {});
  return result;
}

async function readNow(
  why: string,
  asking: (options: RereadOptions) => Promise<OpenResult | null>,
  done: (result: OpenResult | null) => string,
): Promise<void> {
  const abort = new AbortController();
  rereading = abort;
  if (getState().capture.status === 'open') update({ rereading: { progress: null, why } });
  const onProgress = (progress: ReadProgress): void => update({ rereading: { progress, why } });
  try {
    const callId = await callIdAtHand();
    const result = await asking({ signal: abort.signal, onProgress });
    await show(result, callId, done);
  } finally {
    rereading = null;
    update({ rereading: null });
  }
}

/** Only numbers of calls may have changed. */
async function show(
  result: OpenResult | null,
  callId: string | null,
  done: (result: OpenResult | null) => string,
): Promise<void> {
  const { capture } = getState();
  if (result === null || capture.status !== 'open') {
    update((state) => ({ revision: state.revision + 1, notice: done(null) }));
    return;
  }
  const call = await sameCall(callId);
  update((state) => ({
    capture: { ...capture, result },
    counts: result.counts,
    revision: state.revision + 1,
    notice: done(result),
  }));
  if (call !== getState().place.call) move({ call });
}

async function callIdAtHand(): Promise<string | null> {
  const { call } = getState().place;
  if (call === null || getState().capture.status !== 'open') return null;
  return (await ask('call.get', { call })).callId;
}

/** The row id of the call that was selected: what was opened may have calls before it. */
async function sameCall(callId: string | null): Promise<string | null> {
  const { call } = getState().place;
  if (callId === null || call === null) return call;
  const same = await ask('call.get', { call }).catch(() => null);
  if (same?.callId === callId) return call;
  const query = { table: 'calls' as const, filter: `call.callId == ${JSON.stringify(callId)}`, sort: null };
  const found = await ask('rows.page', { query, from: 0, count: 1 }).catch(() => null);
  return found?.rows[0] !== undefined && 'callId' in found.rows[0] ? found.rows[0].id : null;
}
