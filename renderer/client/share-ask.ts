import type { EngineApi } from '../../shared/engine-api.ts';
import { ask } from './client.ts';

interface Shared {
  readonly answer: Promise<unknown>;
  readonly abort: AbortController;
  users: number;
}

const asked = new Map<string, Shared>();

/**
 * Asks the engine once, however many parts of the window want to know the same at the same time (the packet's tree, its
 * text and the player all ask for the packet). `params` is their JSON. Who has left is not told; when all have, the
 * question is cancelled.
 */
export function shareAsk<Name extends keyof EngineApi>(
  method: Name,
  params: string,
  revision: number,
): { answer: Promise<EngineApi[Name]['result']>; leave: () => void } {
  const key = `${revision} ${method} ${params}`;
  let shared = asked.get(key);
  if (shared === undefined) {
    const abort = new AbortController();
    const answer = ask(method, JSON.parse(params) as EngineApi[Name]['params'], { signal: abort.signal });
    shared = { answer, abort, users: 0 };
    asked.set(key, shared);
  }
  const own = shared;
  own.users++;
  const leave = (): void => {
    if (--own.users > 0) return;
    own.abort.abort();
    if (asked.get(key) === own) asked.delete(key);
  };
  return { answer: own.answer as Promise<EngineApi[Name]['result']>, leave };
}
