/** What the host and a plugin's thread say to each other, one message at a time, each way by its own bell. */

/** Places in the shared array: counted up and rung with every message that way. */
export const Bell = { toThread: 0, toHost: 1 } as const;

/** About as long as a sandbox takes for a packet: a message that comes within it needs nobody to be woken. */
const SPIN_MS = 0.06;

/** Waits until a bell is not at `seen` any more, at most so long. */
export function awaitBell(bells: Int32Array, bell: number, seen: number, mostMs: number): void {
  const until = performance.now() + Math.min(SPIN_MS, mostMs);
  while (performance.now() < until) if (Atomics.load(bells, bell) !== seen) return;
  Atomics.wait(bells, bell, seen, mostMs);
}

export interface ThreadData {
  readonly port: unknown;
  readonly bells: Int32Array;
}

export type ToThread =
  | { readonly kind: 'load'; readonly runtime: string; readonly code: string; readonly deadlineMs: number }
  | {
      readonly kind: 'enter';
      readonly name: string;
      readonly input: string;
      readonly octets: Uint8Array | null;
      readonly deadlineMs: number;
    }
  | { readonly kind: 'answer'; readonly text: string };

export type ToHost =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly text: string; readonly octets: Uint8Array | null }
  /** `isLost`: the sandbox itself is not sound any more, and the thread ends. */
  | { readonly kind: 'fault'; readonly message: string; readonly stack: string; readonly isLost: boolean }
  | { readonly kind: 'ask'; readonly text: string };

/** What a plugin's own script is called in stacks. */
export const SCRIPT = 'plugin';
