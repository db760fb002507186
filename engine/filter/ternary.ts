/** What is known of a packet and a condition: an octet for each packet, combined a block at a time. */

export const No = 0;
export const Yes = 1;
/** The columns cannot tell. */
export const Maybe = 2;
/** While values of one packet come in one by one and all have to pass: one did not. Counts as `No`. */
export const Failed = 3;

/** What `out` becomes with one more value of the packet, where one value is enough. */
export function anyOf(before: number, now: number): number {
  return before === Yes || now === No || now === Failed ? before : now;
}

/** What `out` becomes with one more value of the packet, where all have to pass. */
export function allOf(before: number, now: number): number {
  if (before === Failed || now === Failed) return Failed;
  return before === Maybe || now === Maybe ? Maybe : Yes;
}

export function and(a: number, b: number): number {
  return a === No || b === No ? No : a === Yes && b === Yes ? Yes : Maybe;
}

export function or(a: number, b: number): number {
  return a === Yes || b === Yes ? Yes : a === No && b === No ? No : Maybe;
}

export function not(a: number): number {
  return a === Maybe ? Maybe : a === Yes ? No : Yes;
}
