import { expect, test } from 'vitest';
import { modeOf } from './codec-mode.ts';
import { impairmentOf } from './impairment.ts';

const of = (encoding: string, clockRate = 8000, kbps: number | null = null, channels = 1) =>
  impairmentOf({ encoding, clockRate, channels, kbps });

// ITU-T G.113 (09/2024), tables I.1, I.4 and IV.1.
test.each([
  ['PCMU', 8000, null, 'G.107', 0, 25.1],
  ['pcma', 8000, null, 'G.107', 0, 25.1],
  ['G729', 8000, null, 'G.107', 11, 19],
  ['G723', 8000, 6.3, 'G.107', 15, 16.1],
  ['G723', 8000, 5.3, 'G.107', 19, null],
  ['GSM-EFR', 8000, null, 'G.107', 5, 10],
  ['GSM', 8000, null, 'G.107', 20, null],
  ['G726-32', 8000, null, 'G.107', 7, null],
  ['AAL2-G726-16', 8000, null, 'G.107', 50, null],
  ['G722', 8000, null, 'G.107.1', 13, null],
  ['AMR-WB', 16_000, 12.65, 'G.107.1', 13, null],
  ['AMR-WB', 16_000, 23.85, 'G.107.1', 8, null],
] as const)('%s/%d at %s', (encoding, clockRate, kbps, model, ie, bpl) => {
  expect(of(encoding, clockRate, kbps).impairment).toMatchObject({ model, ie, bpl });
});

test.each(['opus', 'speex', 'iLBC', 'SILK', 'AMR', 'EVS', 'L16', 'DVI4', 'x-unheard-of', ''])(
  '%s has no published value',
  (encoding) => {
    const { impairment, reason } = of(encoding);
    expect(impairment).toBeNull();
    expect(reason).toContain(`no impairment factor for ${encoding}`);
  },
);

test('a codec with modes needs to know which', () => {
  expect(of('AMR-WB', 16_000).reason).toContain('mode of AMR-WB cannot be told');
  expect(of('AMR-WB', 16_000, 7.1).reason).toContain('no impairment factor');
});

test('a codec out of the ordinary is not the one of the table', () => {
  expect(of('PCMU', 16_000).impairment).toBeNull();
  expect(of('PCMA', 8000, null, 2).impairment).toBeNull();
});

// RFC 4867 section 4.3: 12.65 kbit/s is 253 bits; with CMR (4) and the entry (6) 263 bits, 33 octets; octet-aligned 34.
test.each([
  ['AMR-WB', 33, 20, '', 12.65],
  ['AMR-WB', 34, 20, 'octet-align=1', 12.65],
  ['AMR-WB', 61, 20, 'mode-set=0,8', 23.85],
  ['AMR-WB', 66, 40, '', 12.65],
  ['AMR-WB', 7, 20, '', null],
  ['AMR-WB', 33, 20, 'octet-align=1; crc=1', null],
  ['G723', 24, 30, '', 6.3],
  ['G723', 40, 60, '', 5.3],
  ['G723', 4, 30, '', null],
  ['PCMU', 160, 20, '', null],
] as const)('%s with %d octets in %d ms (%s)', (encoding, length, ptime, parameters, kbps) => {
  expect(modeOf(encoding, length, ptime, parameters)).toBe(kbps);
});
