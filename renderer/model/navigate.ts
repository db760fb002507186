import type { Place } from './place.ts';
import { getState, update } from './store.ts';

const PLACES_KEPT = 200;

/** Goes somewhere: what `change` names differs from the place at hand. Back leads here again. */
export function go(change: Partial<Place>): void {
  const { place, back } = getState();
  const next = { ...place, ...change };
  if (isSame(place, next)) return;
  update({ place: next, back: [...back, place].slice(-PLACES_KEPT), forward: [] });
}

/** Moves without leaving a place behind: walking through rows by keyboard, or a tab. */
export function move(change: Partial<Place>): void {
  const { place } = getState();
  const next = { ...place, ...change };
  if (!isSame(place, next)) update({ place: next });
}

export function goBack(): void {
  const { place, back, forward } = getState();
  const to = back.at(-1);
  if (to !== undefined) update({ place: to, back: back.slice(0, -1), forward: [...forward, place] });
}

export function goForward(): void {
  const { place, back, forward } = getState();
  const to = forward.at(-1);
  if (to !== undefined) update({ place: to, forward: forward.slice(0, -1), back: [...back, place] });
}

function isSame(a: Place, b: Place): boolean {
  return (Object.keys(a) as (keyof Place)[]).every((key) => a[key] === b[key]);
}
