import { describe, expect, it } from 'vitest';
import { STATIC_PAYLOAD_TYPES } from './static-payload-types.ts';

// The rows of RFC 3551 tables 4 and 5 as printed: PT, encoding name, media type, clock rate, channels (audio only).
const TABLES = `
  0   PCMU   A    8000  1
  3   GSM    A    8000  1
  4   G723   A    8000  1
  5   DVI4   A    8000  1
  6   DVI4   A   16000  1
  7   LPC    A    8000  1
  8   PCMA   A    8000  1
  9   G722   A    8000  1
  10  L16    A   44100  2
  11  L16    A   44100  1
  12  QCELP  A    8000  1
  13  CN     A    8000  1
  14  MPA    A   90000
  15  G728   A    8000  1
  16  DVI4   A   11025  1
  17  DVI4   A   22050  1
  18  G729   A    8000  1
  25  CelB   V   90000
  26  JPEG   V   90000
  28  nv     V   90000
  31  H261   V   90000
  32  MPV    V   90000
  33  MP2T   AV  90000
  34  H263   V   90000
`;

describe('static payload types', () => {
  it('are those of RFC 3551, all of them and no others', () => {
    const printed = TABLES.trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .map(([number, name, , clockRate, channels = '1']) => [
        Number(number),
        { name, clockRate: Number(clockRate), channels: Number(channels) },
      ]);
    expect([...STATIC_PAYLOAD_TYPES]).toEqual(printed);
  });
});
