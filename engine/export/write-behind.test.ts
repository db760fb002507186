import { describe, expect, it } from 'vitest';
import { WriteBehind } from './write-behind.ts';

/** A sink that takes its time, and keeps what it got. */
function slowSink(failAt = Infinity) {
  let got = Buffer.alloc(0);
  let writes = 0;
  return {
    octets: () => got,
    write: async (bytes: Uint8Array) => {
      const copy = Buffer.from(bytes);
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (++writes >= failAt) throw new Error('disk full');
      // Read again after the wait: a buffer that was filled anew too early would show.
      expect(copy.equals(bytes)).toBe(true);
      got = Buffer.concat([got, copy]);
    },
    patch: async (at: number, bytes: Uint8Array) => {
      got.set(bytes, at);
    },
  };
}

describe('WriteBehind', () => {
  it('writes all octets in order, small and large, and copies what it is given', async () => {
    const sink = slowSink();
    const behind = new WriteBehind(sink);
    const expected: Buffer[] = [];
    const block = new Uint8Array(300_000);
    for (let round = 0; round < 9; round++) {
      block.fill(round);
      await behind.write(block);
      expected.push(Buffer.from(block));
    }
    const large = new Uint8Array((1 << 20) + 17).fill(77);
    await behind.write(large);
    await behind.write(Uint8Array.of(1, 2, 3));
    await behind.finish();
    expect(sink.octets().equals(Buffer.concat([...expected, large, Buffer.of(1, 2, 3)]))).toBe(true);
  });

  it('patches after everything is written', async () => {
    const sink = slowSink();
    const behind = new WriteBehind(sink);
    await behind.write(Uint8Array.of(0, 0, 9));
    await behind.patch?.(0, Uint8Array.of(5, 6));
    expect([...sink.octets()]).toEqual([5, 6, 9]);
  });

  it('a failed write rejects what comes after it', async () => {
    const behind = new WriteBehind(slowSink(1));
    const block = new Uint8Array(1 << 20);
    await behind.write(block);
    await behind.write(block);
    await expect(behind.finish()).rejects.toThrow('disk full');
  });
});
