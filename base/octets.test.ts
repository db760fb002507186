import { describe, expect, it } from 'vitest';
import { HEX, Octets } from './octets.ts';

const BYTES = Uint8Array.of(0xff, 0x80, 0x01, 0x02, 0x03, 0xfe, 0x99);

describe('Octets', () => {
  it('reads big-endian numbers, unsigned', () => {
    const view = new Octets(BYTES);
    expect([view.u8(0), view.u16(0), view.u24(0), view.u32(0)]).toEqual([0xff, 0xff80, 0xff8001, 0xff800102]);
    expect([view.u8(6), view.u16(5), view.u24(4), view.u32(3)]).toEqual([0x99, 0xfe99, 0x03fe99, 0x0203fe99]);
    expect(view.overrun).toBe(false);
  });

  it.each([
    ['u8', 5],
    ['u16', 4],
    ['u24', 3],
    ['u32', 2],
  ] as const)('%s past the end gives 0 and says so, though there are octets behind the view', (read, at) => {
    const view = new Octets(BYTES, 1, 5);
    expect(view[read](at - 1)).not.toBe(0);
    expect(view.overrun).toBe(false);
    expect(view[read](at)).toBe(0);
    expect(view.overrun).toBe(true);
    view.point(BYTES, 1, 5);
    expect(view.overrun).toBe(false);
    expect(view[read](-1)).toBe(0);
    expect(view.overrun).toBe(true);
  });

  it('sub clips to the view and says when it had to', () => {
    const view = new Octets(BYTES, 1, 5);
    const inside = view.sub(1, 2);
    expect([inside.start, inside.length, view.overrun]).toEqual([2, 2, false]);
    for (const [at, length] of [
      [3, 9],
      [9, 1],
      [-1, 2],
      [0, -1],
    ]) {
      view.point(BYTES, 1, 5);
      const part = view.sub(at, length);
      expect(view.overrun).toBe(true);
      expect(part.start).toBeGreaterThanOrEqual(1);
      expect(part.start + part.length).toBeLessThanOrEqual(6);
    }
  });

  it('hex and text read their part only', () => {
    const view = new Octets(BYTES, 1, 5);
    expect(view.hex()).toBe('80010203fe');
    expect(view.hex(1, 2)).toBe('0102');
    expect(new Octets(new TextEncoder().encode('<é€>'), 1, 5).text()).toBe('é€');
    expect(new Octets(Uint8Array.of(0x61, 0xc3)).text()).toBe('a\ufffd');
    expect([HEX[0], HEX[10], HEX[255]]).toEqual(['00', '0a', 'ff']);
  });
});
