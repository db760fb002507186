/**
 * Entries that have room at first in what grows with a capture. Few, though thousands may come: V8 takes a field that was written
 * once for a constant, and throws away all code compiled so when growing writes it again. So that happens early, before there is any.
 */
export const FIRST_ROOM = 16;
