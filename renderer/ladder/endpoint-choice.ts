import { useMemo, useSyncExternalStore } from 'react';
import { type EndpointChoice, USUAL_CHOICE } from '../../shared/ladder-diagram/columns.ts';
import { keep, setting } from '../model/settings.ts';
import { type AppState, getState, useApp } from '../model/store.ts';

type Arrangement = Omit<EndpointChoice, 'names'>;

const NAMES = 'ladder.names';
const { names: _names, ...USUAL } = USUAL_CHOICE;

/** How the endpoints of the open capture stand: forgotten with the capture. Names are kept: an address keeps its owner. */
let arrangement: Arrangement = USUAL;
let ofCapture = '';
const listeners = new Set<() => void>();

function captureKey({ capture }: AppState): string {
  return capture.status === 'none' ? '' : (capture.path ?? capture.name);
}

function current(): Arrangement {
  const key = captureKey(getState());
  if (key !== ofCapture) [arrangement, ofCapture] = [USUAL, key];
  return arrangement;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function namesOf(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, name]) => typeof name === 'string' && name !== ''));
}

/** The choice at hand; the component is drawn again when it changes. */
export function useEndpointChoice(): EndpointChoice {
  useApp(captureKey);
  const chosen = useSyncExternalStore(subscribe, current);
  const names = useApp((state) => state.settings[NAMES]);
  return useMemo(() => ({ ...chosen, names: namesOf(names) }), [chosen, names]);
}

/** Changes how endpoints stand in this capture. */
export function arrangeEndpoints(change: Partial<Arrangement>): void {
  arrangement = { ...current(), ...change };
  for (const listener of listeners) listener();
}

/** Names an endpoint, by address or `ip:port`; '' takes the name away. */
export function nameEndpoint(key: string, name: string): void {
  const names = namesOf(setting(NAMES));
  delete names[key];
  if (name !== '') names[key] = name;
  keep({ [NAMES]: names });
}
