/** What a payload type number means without signalling. */
export interface StaticPayloadType {
  /** Encoding name as registered. */
  readonly name: string;
  /** RTP clock rate, Hz. */
  readonly clockRate: number;
  readonly channels: number;
}

function audio(name: string, clockRate: number, channels = 1): StaticPayloadType {
  return { name, clockRate, channels };
}

function video(name: string): StaticPayloadType {
  return { name, clockRate: 90_000, channels: 1 };
}

/**
 * By payload type: RFC 3551 section 6, tables 4 (audio) and 5 (video and combined). The list is closed: numbers that
 * are not in it are reserved, unassigned, or dynamic.
 */
export const STATIC_PAYLOAD_TYPES: ReadonlyMap<number, StaticPayloadType> = new Map([
  [0, audio('PCMU', 8000)],
  [3, audio('GSM', 8000)],
  [4, audio('G723', 8000)],
  [5, audio('DVI4', 8000)],
  [6, audio('DVI4', 16_000)],
  [7, audio('LPC', 8000)],
  [8, audio('PCMA', 8000)],
  // G.722 samples at 16 kHz; its RTP clock is 8000 by a mistake that was kept (RFC 3551 section 4.5.2).
  [9, audio('G722', 8000)],
  [10, audio('L16', 44_100, 2)],
  [11, audio('L16', 44_100)],
  [12, audio('QCELP', 8000)],
  [13, audio('CN', 8000)],
  [14, audio('MPA', 90_000)],
  [15, audio('G728', 8000)],
  [16, audio('DVI4', 11_025)],
  [17, audio('DVI4', 22_050)],
  [18, audio('G729', 8000)],
  [25, video('CelB')],
  [26, video('JPEG')],
  [28, video('nv')],
  [31, video('H261')],
  [32, video('MPV')],
  [33, video('MP2T')],
  [34, video('H263')],
]);
