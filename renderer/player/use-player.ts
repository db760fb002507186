import { useSyncExternalStore } from 'react';
import { player } from './player.ts';
import type { PlayerState } from './player-state.ts';

const subscribe = (listener: () => void): (() => void) => player.subscribe(listener);

/** A part of the player's state. */
export function usePlayer<T>(select: (state: PlayerState) => T): T {
  return useSyncExternalStore(subscribe, () => select(player.get()));
}
