import { expect, test } from 'vitest';
import { takeSampleMemory } from '../simd/sample-memory.ts';
import { G711Decoder } from './g711.ts';
import { A_LAW, MU_LAW, PCMA, PCMU } from './g711-laws.ts';

// What `sox -t raw -e mu-law -r 8000 -c 1 - -t raw -e signed -b 16 -` (and `-e a-law`) makes of the octets 0 … 127.
const SOX_MU_LAW = [
  -32124, -31100, -30076, -29052, -28028, -27004, -25980, -24956, -23932, -22908, -21884, -20860, -19836, -18812,
  -17788, -16764, -15996, -15484, -14972, -14460, -13948, -13436, -12924, -12412, -11900, -11388, -10876, -10364, -9852,
  -9340, -8828, -8316, -7932, -7676, -7420, -7164, -6908, -6652, -6396, -6140, -5884, -5628, -5372, -5116, -4860, -4604,
  -4348, -4092, -3900, -3772, -3644, -3516, -3388, -3260, -3132, -3004, -2876, -2748, -2620, -2492, -2364, -2236, -2108,
  -1980, -1884, -1820, -1756, -1692, -1628, -1564, -1500, -1436, -1372, -1308, -1244, -1180, -1116, -1052, -988, -924,
  -876, -844, -812, -780, -748, -716, -684, -652, -620, -588, -556, -524, -492, -460, -428, -396, -372, -356, -340,
  -324, -308, -292, -276, -260, -244, -228, -212, -196, -180, -164, -148, -132, -120, -112, -104, -96, -88, -80, -72,
  -64, -56, -48, -40, -32, -24, -16, -8, 0,
];
const SOX_A_LAW = [
  -5504, -5248, -6016, -5760, -4480, -4224, -4992, -4736, -7552, -7296, -8064, -7808, -6528, -6272, -7040, -6784, -2752,
  -2624, -3008, -2880, -2240, -2112, -2496, -2368, -3776, -3648, -4032, -3904, -3264, -3136, -3520, -3392, -22016,
  -20992, -24064, -23040, -17920, -16896, -19968, -18944, -30208, -29184, -32256, -31232, -26112, -25088, -28160,
  -27136, -11008, -10496, -12032, -11520, -8960, -8448, -9984, -9472, -15104, -14592, -16128, -15616, -13056, -12544,
  -14080, -13568, -344, -328, -376, -360, -280, -264, -312, -296, -472, -456, -504, -488, -408, -392, -440, -424, -88,
  -72, -120, -104, -24, -8, -56, -40, -216, -200, -248, -232, -152, -136, -184, -168, -1376, -1312, -1504, -1440, -1120,
  -1056, -1248, -1184, -1888, -1824, -2016, -1952, -1632, -1568, -1760, -1696, -688, -656, -752, -720, -560, -528, -624,
  -592, -944, -912, -1008, -976, -816, -784, -880, -848,
];

test('µ-law is what sox decodes, for every octet', () => {
  expect([...MU_LAW.subarray(0, 128)]).toEqual(SOX_MU_LAW);
  // Table 2a mirrors 2b: the top bit is the sign.
  for (let octet = 0; octet < 128; octet++) expect(MU_LAW[octet + 128]).toBe(0 - MU_LAW[octet]);
});

test('A-law is what sox decodes, for every octet', () => {
  expect([...A_LAW.subarray(0, 128)]).toEqual(SOX_A_LAW);
  for (let octet = 0; octet < 128; octet++) expect(A_LAW[octet + 128]).toBe(0 - A_LAW[octet]);
});

test('the digital milliwatt (G.711 table 5) is a sine of 1 kHz', () => {
  // One period of eight samples in µ-law: RMS 0 dBm0, 3.17 dB below the peak of the code.
  const period = [0x1e, 0x0b, 0x0b, 0x1e, 0x9e, 0x8b, 0x8b, 0x9e].map((octet) => MU_LAW[octet]);
  const rms = Math.sqrt(period.reduce((sum, sample) => sum + sample * sample, 0) / 8);
  // The overload point is 8159 of 8192 quarter steps.
  expect(20 * Math.log10((rms * Math.SQRT2) / (8159 * 4))).toBeCloseTo(-3.17, 1);
});

test('decodes in place, and never past either end', () => {
  const decoder = new G711Decoder(PCMU, 8000, 1);
  const into = new Int16Array(6).fill(7);
  expect(decoder.decode(Uint8Array.of(9, 9, 0x00, 0x80, 0xff), 2, 3, into, 1)).toBe(3);
  expect([...into]).toEqual([7, -32124, 32124, 0, 7, 7]);
  expect(decoder.decode(new Uint8Array(4), 2, 100, into, 0)).toBe(2);
  expect(decoder.decode(new Uint8Array(100), 0, 100, into, 4)).toBe(2);
  expect(decoder.decode(new Uint8Array(4), 9, 4, into, 0)).toBe(0);
});

test('two channels are interleaved, and half a frame is left out', () => {
  const decoder = new G711Decoder(PCMA, 8000, 2);
  const into = new Int16Array(8);
  expect(decoder.samplesIn(5)).toBe(2);
  expect(decoder.decode(Uint8Array.of(0xd5, 0x55, 0xd5, 0x55, 0xd5), 0, 5, into, 0)).toBe(2);
  expect([...into]).toEqual([8, -8, 8, -8, 0, 0, 0, 0]);
});

test('every octet decodes by the table, wherever the samples and the buffer begin', () => {
  const octets = Uint8Array.from({ length: 256 }, (_, i) => (i * 37) & 0xff);
  const memory = new ArrayBuffer(1024);
  const decoder = new G711Decoder(PCMU, 8000, 1);
  for (const byteOffset of [0, 2, 4, 6]) {
    const into = new Int16Array(memory, byteOffset, 300);
    for (const at of [0, 1, 2]) {
      for (const length of [0, 1, 2, 3, 160, 253, 254]) {
        for (const intoAt of [0, 1, 2, 3, 45]) {
          into.fill(9);
          const expected = Array.from({ length: 300 }, (_, i) =>
            i < intoAt || i >= intoAt + length ? 9 : MU_LAW[octets[at + i - intoAt]],
          );
          expect(decoder.decode(octets, at, length, into, intoAt)).toBe(length);
          expect([...into]).toEqual(expected);
        }
      }
    }
  }
  const none = new Int16Array(memory, 1022, 0);
  expect(decoder.decode(octets, 0, 9, none, 0)).toBe(0);
  expect(decoder.decode(octets, 0, 9, new Int16Array(memory, 1022, 1), 0)).toBe(1);
});

test.each(['in the memory of vectors', 'anywhere'])('decodes many pieces as it does one by one, %s', (where) => {
  const decoder = new G711Decoder(PCMU, 8000, 1);
  // Of every length from none on, and more than are expanded at once.
  const count = 700;
  const lengths = Uint32Array.from({ length: count }, (_, i) => i % 40);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const memory = where === 'anywhere' ? null : takeSampleMemory([total, 2 * total]);
  const bytes = memory?.bytes ?? new Uint8Array(total);
  const from = memory?.room(total) ?? 0;
  const into = memory?.samples(total) ?? new Int16Array(total);
  for (let i = 0; i < total; i++) bytes[from + i] = i * 37;
  const at = new Uint32Array(count);
  const intoAt = new Uint32Array(count);
  const expected = new Int16Array(total);
  for (let i = 0, used = 0; i < count; used += lengths[i++]) {
    at[i] = from + used;
    intoAt[i] = total - used - lengths[i];
    decoder.decode(bytes, at[i], lengths[i], expected, intoAt[i]);
  }
  decoder.decodePieces?.(bytes, { count, at, length: lengths, intoAt }, into);
  expect(into).toEqual(expected);
  memory?.release();
});

test('several channels are not decoded in pieces', () => {
  expect(new G711Decoder(PCMA, 8000, 2).decodePieces).toBeUndefined();
});
