/** Which mode a codec runs in, told from the length of its payloads. */

/** Octets of a frame of G.723.1 (RFC 3551 section 4.5.3), and its rate. */
const G723_FRAMES: readonly (readonly [number, number])[] = [
  [24, 6.3],
  [20, 5.3],
];

/** Bits of a frame of speech of AMR-WB's modes (3GPP TS 26.201 table 2), and their rate. */
const AMR_WB_FRAMES: readonly (readonly [number, number])[] = [
  [132, 6.6],
  [177, 8.85],
  [253, 12.65],
  [285, 14.25],
  [317, 15.85],
  [365, 18.25],
  [397, 19.85],
  [461, 23.05],
  [477, 23.85],
];
/** More frames than this in a packet are not looked for: lengths of different modes would be alike. */
const MOST_FRAMES = 4;
const FRAME_MS = { G723: 30, 'AMR-WB': 20 } as const;

/** Encodings whose name does not tell the mode. */
export function hasModes(encoding: string): boolean {
  return encoding.toUpperCase() in FRAME_MS;
}

/**
 * The rate in kbit/s that a payload of `length` octets has, where all its frames have the same; null where it is none (comfort
 * noise, several modes). `ptimeMs` is how much speech is in it; `parameters` are those of the SDP.
 */
export function modeOf(encoding: string, length: number, ptimeMs: number, parameters: string): number | null {
  const key = encoding.toUpperCase();
  if (key !== 'G723' && key !== 'AMR-WB') return null;
  const frames = Math.round(ptimeMs / FRAME_MS[key]);
  if (frames < 1 || frames > MOST_FRAMES) return null;
  if (key === 'G723') return G723_FRAMES.find(([octets]) => octets * frames === length)?.[1] ?? null;
  // RFC 4867 sections 4.3 and 4.4; with interleaving, CRC or robust sorting the lengths are others.
  if (/(?:^|[;\s])(?:interleaving|crc|robust-sorting)=(?!0)/i.test(parameters)) return null;
  const isAligned = /(?:^|[;\s])octet-align=1/i.test(parameters);
  for (const [bits, kbps] of AMR_WB_FRAMES) {
    const octets = isAligned ? 1 + frames * (1 + Math.ceil(bits / 8)) : Math.ceil((4 + frames * (6 + bits)) / 8);
    if (octets === length) return kbps;
  }
  return null;
}
