import { useEffect, useState } from 'react';
import type { RuleTrial } from '../../../shared/decode-as.ts';
import { ask } from '../../client/client.ts';

/** Typing goes on: rules are tried when it pauses. */
const PAUSE_MS = 150;

/** What each text would do, by text; one that is not in it is still being tried. */
export function useRuleTrials(of: 'rules' | 'codecs', texts: readonly string[]): ReadonlyMap<string, RuleTrial> {
  const [known, setKnown] = useState<ReadonlyMap<string, RuleTrial>>(new Map());
  const wanted = JSON.stringify([...new Set(texts)].filter((text) => text !== '' && !known.has(text)));
  useEffect(() => {
    const missing = JSON.parse(wanted) as string[];
    if (missing.length === 0) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      ask('decodeAs.try', { of, texts: missing }, { signal: abort.signal }).then(
        (trials) =>
          setKnown((before) => new Map([...before, ...missing.map((text, at) => [text, trials[at]] as const)])),
        // Setting them will say what is wrong.
        () => {},
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [of, wanted]);
  return known;
}
