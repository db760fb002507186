/** What the decoded audio of calls and streams is like: measured when somebody asks, kept, and shown wherever it is wanted. */
import { useSyncExternalStore } from 'react';
import type { AudioQuality, AudioQualityProgress } from '../../../shared/quality.ts';
import { ask, isCancelled } from '../../client/client.ts';
import { sentenceOf } from '../../client/use-query.ts';
import { getState, useApp } from '../../model/store.ts';

export type AudioMeasure =
  | { readonly status: 'running'; readonly progress: AudioQualityProgress | null }
  | { readonly status: 'done'; readonly result: AudioQuality }
  | { readonly status: 'failed'; readonly message: string };

const MOST_KEPT = 100;
const measures = new Map<string, AudioMeasure>();
const running = new Map<string, { readonly abort: AbortController; readonly done: Promise<AudioQuality | null> }>();
const listeners = new Set<() => void>();

/** Read again, the audio is another. */
function keyOf(id: string, revision = getState().revision): string {
  return `${revision} ${id}`;
}

function set(key: string, measure: AudioMeasure | null): void {
  measures.delete(key);
  if (measure !== null) measures.set(key, measure);
  const [oldest] = measures.keys();
  if (measures.size > MOST_KEPT && oldest !== undefined) measures.delete(oldest);
  for (const listener of listeners) listener();
}

/** Measures the audio of a call or a stream (row ids), once; null where that failed or was stopped. */
export function measureAudio(id: string): Promise<AudioQuality | null> {
  const key = keyOf(id);
  const known = measures.get(key);
  if (known?.status === 'done') return Promise.resolve(known.result);
  const already = running.get(key);
  if (already !== undefined) return already.done;
  const abort = new AbortController();
  set(key, { status: 'running', progress: null });
  const done = ask(
    'quality.audio',
    { id },
    { signal: abort.signal, onProgress: (progress) => set(key, { status: 'running', progress }) },
  )
    .then(
      (result) => {
        set(key, { status: 'done', result });
        return result;
      },
      (error: unknown) => {
        set(key, isCancelled(error) ? null : { status: 'failed', message: sentenceOf(error) });
        return null;
      },
    )
    .finally(() => running.delete(key));
  running.set(key, { abort, done });
  return done;
}

export function stopMeasuring(id: string): void {
  running.get(keyOf(id))?.abort.abort();
}

/** undefined: nobody asked yet. */
export function useAudioMeasure(id: string): AudioMeasure | undefined {
  const revision = useApp((state) => state.revision);
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => measures.get(keyOf(id, revision)),
  );
}
