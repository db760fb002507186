import { useEffect, useState } from 'react';
import type { KeyTrial, SrtpKeyInput } from '../../../shared/engine-api.ts';
import { ask, isCancelled } from '../../client/client.ts';
import { sentenceOf } from '../../client/use-query.ts';

/** Typing goes on: a key is tried when it pauses. */
const PAUSE_MS = 150;

export interface TrialState {
  /** Of exactly what was typed; null while there is none. */
  readonly trial: KeyTrial | null;
  /** It could not be tried at all: a sentence. */
  readonly failure: string | null;
}

const NONE: TrialState = { trial: null, failure: null };

/** What the key does to the capture, tried as it is typed; null input tries nothing. */
export function useTrial(input: SrtpKeyInput | null): TrialState {
  const [state, setState] = useState<TrialState>(NONE);
  const { scope = '', suite = '', key = '', salt = '' } = input ?? {};
  const isAsked = input !== null;
  useEffect(() => {
    setState(NONE);
    if (!isAsked) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      ask('secrets.try', { key: { scope, suite, key, salt } }, { signal: abort.signal }).then(
        (trial) => setState({ trial, failure: null }),
        (error: unknown) => !isCancelled(error) && setState({ trial: null, failure: sentenceOf(error) }),
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [isAsked, scope, suite, key, salt]);
  return state;
}
