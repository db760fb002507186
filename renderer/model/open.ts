import type { CaptureSource, OpenResult } from '../../shared/engine-api.ts';
import { ask, askShell, isCancelled } from '../client/client.ts';
import { sentenceOf } from '../client/use-query.ts';
import { holdBlob } from './blob.ts';
import { keepOpenPath } from './open-path.ts';
import { move } from './navigate.ts';
import { START_PLACE } from './place.ts';
import { getState, update } from './store.ts';

let opening: AbortController | null = null;

function nameOf(source: CaptureSource): string {
  return source.kind === 'blob' ? source.name : (source.path.split(/[\\/]/).at(-1) ?? source.path);
}

/** Reads a capture and shows it; what was being read is cancelled. Never rejects: failing is a state of the window. */
export async function openCapture(source: CaptureSource): Promise<void> {
  const before = getState().capture;
  opening?.abort();
  const abort = new AbortController();
  opening = abort;
  const name = nameOf(source);
  const path = source.kind === 'path' ? source.path : null;
  update((state) => ({
    capture: { status: 'reading', name, path, progress: null },
    counts: null,
    revision: state.revision + 1,
    compare: { status: 'none' },
    place: START_PLACE,
    back: [],
    forward: [],
    shown: null,
    cursorTime: null,
    overlay: null,
    notice: '',
  }));
  keepOpenPath(path);
  void askShell('shell.setTitle', { title: `${name} · Earshot`, path }).catch(() => {});
  try {
    const result = await ask(
      'capture.open',
      { source },
      {
        signal: abort.signal,
        onProgress: (progress) => {
          if (opening !== abort) return;
          update((state) => ({
            capture: { status: 'reading', name, path, progress },
            revision: state.revision + 1,
          }));
        },
      },
    );
    if (opening !== abort) return;
    opening = null;
    update((state) => ({
      capture: { status: 'open', name, path, result },
      counts: result.counts,
      revision: state.revision + 1,
    }));
    await afterOpening(path, result).catch(() => {});
  } catch (error) {
    if (opening !== abort) return;
    opening = null;
    if (isCancelled(error)) {
      update({ capture: { status: 'none' } });
      return;
    }
    const was = before.status === 'open' ? before.path : null;
    update({ capture: { status: 'failed', name, path, message: sentenceOf(error), before: was } });
  }
}

/** What would be nice to have: its failing leaves the capture open. */
async function afterOpening(path: string | null, { counts }: OpenResult): Promise<void> {
  const onlyCall = counts.calls === 1 ? await selectOnlyCall() : null;
  if (path !== null) await remember(path);
  if (onlyCall !== null) await warmAudio(onlyCall);
}

/** With one call there is nothing to choose. Gives its row id. */
async function selectOnlyCall(): Promise<string | null> {
  const query = { table: 'calls' as const, filter: '', sort: null };
  const { rows } = await ask('rows.page', { query, from: 0, count: 1 });
  const [row] = rows;
  if (row === undefined || !('callId' in row)) return null;
  if (getState().place.call === null) move({ call: row.id });
  return row.id;
}

/** Has the only call's audio laid out and drawn while the overview is read: an hour of it is there at once then. */
async function warmAudio(call: string): Promise<void> {
  const { id, durationSeconds } = await ask('audio.plan', { selection: { calls: [call], streams: [] } });
  if (durationSeconds > 0) await ask('audio.peaks', { id, from: 0, to: durationSeconds, columns: 1 });
}

async function remember(path: string): Promise<void> {
  const { capture } = getState();
  if (capture.status !== 'open') return;
  const { info, counts } = capture.result;
  const { severities } = await ask('overview.get', {});
  await askShell('shell.addRecent', {
    path,
    bytes: info.bytes,
    calls: counts.calls,
    errors: severities.error,
    warnings: severities.warning,
    openedTime: Date.now() / 1000,
  });
}

/** Opens what was dropped: by its path where the shell knows it, else read through the window. */
export function openFile(file: File, path: string): void {
  if (path !== '') void openCapture({ kind: 'path', path });
  else void openCapture(holdBlob(file));
}

/** Ends the reading and keeps what was read. */
export function stopReading(): void {
  void ask('capture.stop', {}).catch(() => {});
}

/** Closes the capture and shows the start page. */
export function closeCapture(): void {
  opening?.abort();
  opening = null;
  void ask('capture.close', {}).catch(() => {});
  keepOpenPath(null);
  void askShell('shell.setTitle', { title: 'Earshot', path: null }).catch(() => {});
  update((state) => ({
    capture: { status: 'none' },
    counts: null,
    revision: state.revision + 1,
    compare: { status: 'none' },
    place: START_PLACE,
    back: [],
    forward: [],
    shown: null,
    cursorTime: null,
    notice: '',
  }));
}
