import type { Settings } from '../../shared/shell-api.ts';
import { askShell } from '../client/client.ts';
import { getState, update } from './store.ts';

/** A value the window keeps from one start to the next (a layout, a column order); undefined where none was kept. */
export function setting(name: string): unknown {
  return getState().settings[name];
}

/** Keeps values; null forgets one. Losing them is no reason to disturb anybody. */
export function keep(settings: Settings): void {
  update((state) => ({ settings: { ...state.settings, ...settings } }));
  askShell('shell.keep', { settings }).catch(() => {});
}
