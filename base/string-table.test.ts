import { describe, expect, it } from 'vitest';
import { StringTable } from './string-table.ts';

describe('StringTable', () => {
  it('gives equal octets equal ids, wherever they lie', () => {
    const table = new StringTable();
    const bytes = new TextEncoder().encode('abc--abc-abd');
    const first = table.intern(bytes, 0, 3);
    expect(table.intern(bytes, 5, 3)).toBe(first);
    expect(table.intern(bytes, 9, 3)).not.toBe(first);
    expect(table.internText('abc')).toBe(first);
    expect(table.size).toBe(3);
  });

  it('knows the empty string as 0, and unknown ids as empty', () => {
    const table = new StringTable();
    expect(table.intern(new Uint8Array(4), 2, 0)).toBe(0);
    expect(table.internText('')).toBe(0);
    expect([0, -1, 1, 1e9].map((id) => table.text(id))).toEqual(['', '', '', '']);
  });

  it('copies: what is interned outlives its buffer', () => {
    const table = new StringTable();
    const bytes = new TextEncoder().encode('call-id@host');
    const id = table.intern(bytes, 0, bytes.length);
    bytes.fill(0);
    expect(table.text(id)).toBe('call-id@host');
  });

  it('keeps octets that are no text, and tells NUL from nothing', () => {
    const table = new StringTable();
    const id = table.intern(Uint8Array.of(0, 0xff, 0), 0, 3);
    const view = table.octets(id);
    expect([...view.bytes.subarray(view.start, view.start + view.length)]).toEqual([0, 255, 0]);
    expect(table.intern(Uint8Array.of(0), 0, 1)).not.toBe(table.intern(Uint8Array.of(0, 0), 0, 2));
    expect(table.text(id)).toBe('\u0000\ufffd\u0000');
  });

  it('keeps all of many strings apart while it grows', () => {
    const table = new StringTable();
    const reference = new Map<string, number>();
    for (let i = 0; i < 20_000; i++) {
      // Same length, same beginning, and now and then one seen before.
      const text = `tag-${(i * 7919) % 15_000}`.padEnd(24, 'x');
      const id = table.internText(text);
      expect(reference.get(text) ?? id).toBe(id);
      reference.set(text, id);
    }
    expect(new Set(reference.values()).size).toBe(15_000);
    expect(table.size).toBe(15_001);
    const wrong = [...reference].filter(([text, id]) => table.text(id) !== text);
    expect(wrong).toEqual([]);
  });

  it('takes a string larger than everything before it', () => {
    const table = new StringTable();
    const small = table.internText('small');
    const large = 'y'.repeat(300_000);
    const id = table.internText(large);
    expect(table.text(id) === large).toBe(true);
    expect(table.text(small)).toBe('small');
    expect(table.internText('next')).toBe(id + 1);
    expect(table.text(id + 1)).toBe('next');
  });
});
