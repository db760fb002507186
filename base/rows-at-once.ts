/**
 * Rows, frames or packets that a loop of a hot path goes through before it returns. V8 compiles a loop that runs long a second time, to get
 * into the middle of it, and throws that away at its end; a short one is compiled once.
 */
export const ROWS_AT_ONCE = 512;
