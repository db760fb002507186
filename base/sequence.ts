/** Serial-number arithmetic (RFC 1982, RFC 3550 appendix A.1) for counters that wrap. */

/** The signed step from `from` to `to` for 16-bit counters, -32768…32767. */
export function sequenceStep(from: number, to: number): number {
  return ((to - from) << 16) >> 16;
}

/** The signed step from `from` to `to` for 32-bit counters, -2^31…2^31-1. */
export function timestampStep(from: number, to: number): number {
  return (to - from) | 0;
}

/** The extended sequence number nearest to `reference` (extended) whose low 16 bits are `sequence`. */
export function extendSequence(reference: number, sequence: number): number {
  return reference + sequenceStep(reference & 0xffff, sequence);
}

/** The extended timestamp nearest to `reference` (extended, may pass 2^32) whose low 32 bits are `timestamp`. */
export function extendTimestamp(reference: number, timestamp: number): number {
  // A step's 32 bits are those of the difference, whatever is above them.
  return reference + timestampStep(reference, timestamp);
}
