/**
 * The two laws of ITU-T G.711 (11/88), µ-law (PCMU) and A-law (PCMA): what each octet is worth. The 14-bit and 13-bit values of tables
 * 1a … 2b are scaled to 16 bits, as every 16-bit implementation does.
 */

/** One law. */
export interface Law {
  /** The 16-bit sample of every octet. */
  readonly table: Int16Array;
  /** The line carries bits inverted: of the low half of an octet, these. */
  readonly inverted: number;
}

/** The 16-bit sample of every µ-law octet (G.711 tables 2a and 2b, times 4). */
export const MU_LAW: Int16Array = Int16Array.from({ length: 256 }, (_, octet) => muLawSample(octet));

/** The 16-bit sample of every A-law octet (G.711 tables 1a and 1b, times 8). */
export const A_LAW: Int16Array = Int16Array.from({ length: 256 }, (_, octet) => aLawSample(octet));

export const PCMU: Law = { table: MU_LAW, inverted: 0x0f };
export const PCMA: Law = { table: A_LAW, inverted: 0x05 };

/** Laws by number. */
export const LAWS: readonly Law[] = [PCMU, PCMA];

/** Octets of `linesOf`. */
export const LINES_BYTES = 5 * 16;

/**
 * A law as the sixteen lines it is made of, one for each high half of an octet; the low half says how far along. Five times sixteen
 * octets: by the low half, how far; by the high half, the low and the high octet of the line's step, and those of its first sample.
 */
export function linesOf({ table, inverted }: Law): Uint8Array {
  const lines = new Uint8Array(LINES_BYTES);
  for (let half = 0; half < 16; half++) {
    const first = table[(half << 4) | inverted];
    const step = table[(half << 4) | (inverted ^ 1)] - first;
    const octets = [half ^ inverted, step, step >> 8, first, first >> 8];
    octets.forEach((octet, i) => (lines[16 * i + half] = octet));
  }
  return lines;
}

// The line carries every bit inverted. Segment s spans 2^s steps of 8, all offset by the bias of 132.
function muLawSample(octet: number): number {
  const code = ~octet & 0xff;
  const magnitude = ((((code & 0x0f) << 3) + 132) << ((code >> 4) & 7)) - 132;
  return code & 0x80 ? -magnitude : magnitude;
}

// The line carries the even bits inverted (0x55). The first two segments have the same step; each later one doubles.
function aLawSample(octet: number): number {
  const code = octet ^ 0x55;
  const segment = (code >> 4) & 7;
  const middle = ((code & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? middle : (middle + 256) << (segment - 1);
  return code & 0x80 ? magnitude : -magnitude;
}
