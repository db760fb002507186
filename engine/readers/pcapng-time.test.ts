import { describe, expect, it } from 'vitest';
import { FrameBatch } from './frame-batch.ts';
import { makeClock, storeTime } from './pcapng-time.ts';

const batch = new FrameBatch();

function timeOf(value: bigint, resolution: number, offsetSeconds = 0): { fits: boolean; time: string } {
  const clock = makeClock(resolution, offsetSeconds);
  const fits = storeTime(batch, 0, Number(value >> 32n), Number(value & 0xffffffffn), clock);
  return { fits, time: `${batch.seconds[0]}.${String(batch.nanoseconds[0]).padStart(9, '0')}` };
}

describe('pcapng time', () => {
  it.each([
    [1_700_000_000_123_456n, 6, '1700000000.123456000'],
    [1_700_000_000_123_456_789n, 9, '1700000000.123456789'],
    // Doubles would give …790.
    [1_799_999_999_999_999_999n, 9, '1799999999.999999999'],
    [1_700_000_000n, 0, '1700000000.000000000'],
    [17_000_000_001n, 1, '1700000000.100000000'],
    [1_700_000_000_123_456_789_9n, 10, '1700000000.123456789'],
    // 2^-10: 512/1024 of a second; 2^-1: one half.
    [(1_700_000_000n << 10n) | 512n, 0x8a, '1700000000.500000000'],
    [(1_700_000_000n << 1n) | 1n, 0x81, '1700000000.500000000'],
    [(1_700_000_000n << 32n) | 1n, 0xa0, '1700000000.000000000'],
    [(1_700_000_000n << 32n) | 0x80000000n, 0xa0, '1700000000.500000000'],
  ])('%s at resolution %i is %s', (value, resolution, time) => {
    expect(timeOf(value, resolution)).toEqual({ fits: true, time });
  });

  it('is exact for every resolution and any value that fits', () => {
    let state = 12345n;
    for (let i = 0; i < 4000; i++) {
      state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
      const digits = i % 13;
      const units = 10n ** BigInt(digits);
      const value = (state % (0x100000000n * units)) & 0xffffffffffffffffn;
      const nanoseconds = ((value % units) * 1_000_000_000n) / units;
      const time = `${value / units}.${String(nanoseconds).padStart(9, '0')}`;
      expect(timeOf(value, digits)).toEqual({ fits: true, time });
    }
  });

  it('adds the offset', () => {
    expect(timeOf(5_000_001n, 6, 1_700_000_000).time).toBe('1700000005.000001000');
    expect(timeOf(5_000_001n, 6, -2).time).toBe('3.000001000');
  });

  it.each([
    [5_000_000n, 6, -9, '0.000000000'],
    [0xffffffffffffffffn, 6, 0, '4294967295.000000000'],
    [5n, 6, 9e18, '4294967295.000000000'],
  ])('keeps to what fits for %s at %i with offset %i', (value, resolution, offset, time) => {
    expect(timeOf(value, resolution, offset)).toEqual({ fits: false, time });
  });

  it('does not mind resolutions beyond all sense', () => {
    expect(timeOf(0xffffffffffffffffn, 127)).toEqual({ fits: true, time: '0.000000000' });
    expect(timeOf(0xffffffffffffffffn, 0xff)).toEqual({ fits: true, time: '0.000000000' });
  });
});
