import { expect, test } from 'vitest';
import { codec, decodeInRun } from '../../test/codecs/fixtures.ts';

async function noise(payload: Uint8Array, samples = 16_000): Promise<Int16Array> {
  return decodeInRun(await codec('CN', 8000).open(), [payload], samples);
}

function decibels(samples: Int16Array): number {
  return 20 * Math.log10(Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length) / 32_768);
}

/** The correlation of neighbouring samples: above 0 where low frequencies prevail. */
function tilt(samples: Int16Array): number {
  let both = 0;
  let all = 0;
  for (let i = 1; i < samples.length; i++) {
    both += samples[i] * samples[i - 1];
    all += samples[i] ** 2;
  }
  return both / all;
}

test.each([30, 40, 50, 60, 70])(
  'noise is at the %i dB below overload that the payload says (RFC 3389 section 3.1)',
  async (level) => {
    expect(decibels(await noise(Uint8Array.of(level)))).toBeCloseTo(-level, 0);
    // Whatever its spectrum: k = -0.5, then k = 0.25.
    expect(Math.abs(decibels(await noise(Uint8Array.of(level, 63, 159))) + level)).toBeLessThan(1);
  },
);

// A source of the first order whose neighbours correlate by r has the reflection coefficient −r; 258 · (N − 127) in Q15.
test.each([0.8, 0.5, -0.5, -0.8])('its spectrum has the tilt %f that the payload says (section 3.2)', async (r) => {
  const octet = 127 + Math.round((-r * 32_768) / 258);
  expect(tilt(await noise(Uint8Array.of(40, octet)))).toBeCloseTo(r, 1);
});

test('no payload, however absurd, makes it louder than full scale or longer than its room', async () => {
  for (const octet of [0, 127, 254, 255]) {
    const samples = await noise(new Uint8Array(200).fill(octet), 4000);
    expect(samples.length).toBe(4000);
    expect(samples.every((s) => Math.abs(s) <= 32_768)).toBe(true);
  }
  expect((await noise(new Uint8Array(0))).every((s) => s === 0)).toBe(true);
});
