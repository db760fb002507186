import { useSyncExternalStore } from 'react';

/** Calls back when the theme of the page changes; gives the unsubscribe function. */
export function onThemeChange(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}

/** The theme shown: what is drawn outside CSS is drawn anew when it changes. */
export function useShownTheme(): 'light' | 'dark' {
  return useSyncExternalStore(onThemeChange, () =>
    document.documentElement.dataset.theme === 'light' ? 'light' : 'dark',
  );
}

/** The value of a token (`--accent`) in the theme shown. */
export function tokenValue(token: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(token).trim();
}

/** The colour of a token as `#rrggbb`, however the style sheet came to write it (`#fff`, a name). */
export function tokenColour(token: string): string {
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) return tokenValue(token);
  context.fillStyle = tokenValue(token);
  return context.fillStyle;
}
