import { useEffect, useState } from 'react';
import type { EngineApi } from '../../shared/engine-api.ts';
import { useApp } from '../model/store.ts';
import { isCancelled } from './client.ts';
import { shareAsk } from './share-ask.ts';

export interface QueryState<T> {
  /** The last answer; stays while a new one is on its way. */
  data: T | null;
  error: string | null;
  isLoading: boolean;
}

/**
 * The engine's answer to one question, asked again when the parameters or the capture's revision change; null parameters
 * ask nothing. A question that is no longer wanted is cancelled.
 */
export function useQuery<Name extends keyof EngineApi>(
  method: Name,
  params: EngineApi[Name]['params'] | null,
): QueryState<EngineApi[Name]['result']> {
  const revision = useApp((state) => state.revision);
  const key = params === null ? null : JSON.stringify(params);
  const [state, setState] = useState<QueryState<EngineApi[Name]['result']> & { key: string | null }>({
    data: null,
    error: null,
    isLoading: false,
    key: null,
  });
  useEffect(() => {
    if (key === null) {
      setState({ data: null, error: null, isLoading: false, key: null });
      return;
    }
    setState((before) => ({ ...before, isLoading: true }));
    let isWanted = true;
    const { answer, leave } = shareAsk(method, key, revision);
    answer.then(
      (data) => {
        if (isWanted) setState({ data, error: null, isLoading: false, key });
      },
      (error: unknown) => {
        if (isWanted && !isCancelled(error)) setState({ data: null, error: sentenceOf(error), isLoading: false, key });
      },
    );
    return () => {
      isWanted = false;
      leave();
    };
  }, [method, key, revision]);
  return state;
}

export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
