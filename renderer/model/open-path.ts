const KEY = 'earshot.open';

/** The capture open in this window, for when its page is loaded anew; null forgets it. */
export function keepOpenPath(path: string | null): void {
  if (path === null) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, path);
}

export function openPath(): string | null {
  return sessionStorage.getItem(KEY);
}
