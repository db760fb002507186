import { keep } from './settings.ts';
import { getState, subscribe, type Theme, update } from './store.ts';

export function isTheme(value: unknown): value is Theme {
  return value === 'system' || value === 'light' || value === 'dark';
}

/** Puts the theme on the page and keeps it there, following the system where that is wanted. */
export function showTheme(): void {
  const light = matchMedia('(prefers-color-scheme: light)');
  const apply = (): void => {
    const { theme } = getState();
    const wanted = theme === 'system' ? (light.matches ? 'light' : 'dark') : theme;
    if (document.documentElement.dataset.theme !== wanted) document.documentElement.dataset.theme = wanted;
  };
  light.addEventListener('change', apply);
  subscribe(apply);
  apply();
}

/** System → the other of what it shows → … : one button goes through dark and light. */
export function toggleTheme(): void {
  const theme: Theme = document.documentElement.dataset.theme === 'light' ? 'dark' : 'light';
  update({ theme });
  keep({ theme });
}
