import { useEffect } from 'react';
import { ask, isCancelled } from '../../client/client.ts';
import { sentenceOf } from '../../client/use-query.ts';
import { pluginsState, updatePlugins, usePlugins } from '../../model/plugins-state.ts';
import { useApp } from '../../model/store.ts';

/** Typing goes on: a text is tried when it pauses. */
const PAUSE_MS = 350;

/** Has the text in the editor tried on the selected packet, and again whenever either changes. */
export function useLiveTrial(): void {
  const file = usePlugins(({ document }) => document?.file ?? null);
  const text = usePlugins(({ document }) => document?.text ?? '');
  const origin = usePlugins(({ document }) => document?.origin ?? null);
  const isOpen = useApp(({ capture }) => capture.status === 'open' || capture.status === 'reading');
  const selected = useApp(({ place }) => place.packet);
  const revision = useApp((state) => state.revision);
  const packet = isOpen ? selected : null;
  const range = origin !== null && origin.packet === packet ? origin.range : null;
  useEffect(() => {
    if (file === null) return undefined;
    const abort = new AbortController();
    updatePlugins({ isTrying: true });
    const timer = setTimeout(
      () => {
        ask('plugins.try', { file, text, packet, range }, { signal: abort.signal }).then(
          (trial) => {
            if (!abort.signal.aborted) updatePlugins({ trial, trialFailure: null, isTrying: false });
          },
          (error: unknown) => {
            if (isCancelled(error) || abort.signal.aborted) return;
            updatePlugins({ trial: null, trialFailure: sentenceOf(error), isTrying: false });
          },
        );
      },
      pluginsState().trial === null ? 0 : PAUSE_MS,
    );
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [file, text, packet, range, revision]);
}
