import { useSyncExternalStore } from 'react';

interface Extra {
  readonly calls: readonly string[];
  readonly streams: readonly string[];
}

const NONE: Extra = { calls: [], streams: [] };
let extra: Extra = NONE;
const listeners = new Set<() => void>();

function set(next: Extra): void {
  extra = next;
  for (const listener of listeners) listener();
}

/** Puts a call or stream into the player beside what is selected. */
export function addLanes({ call, stream }: { call: string | null; stream: string | null }): void {
  set({
    calls: call === null || extra.calls.includes(call) ? extra.calls : [...extra.calls, call],
    streams: stream === null || extra.streams.includes(stream) ? extra.streams : [...extra.streams, stream],
  });
}

export function removeLanes(): void {
  set(NONE);
}

export function hasExtraLanes(): boolean {
  return extra !== NONE;
}

export function useExtraLanes(): Extra {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => extra,
  );
}
