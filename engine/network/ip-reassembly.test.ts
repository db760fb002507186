import { describe, expect, it } from 'vitest';
import { type IpFragment, IpReassembly, ipv4FragmentKey, ipv6FragmentKey, type Reassembled } from './ip-reassembly.ts';

const KEY = ipv4FragmentKey(0x0a000001, 0x0a000002, 17, 0x1234);

/** A fragment whose octets are the characters of `text`, in a frame with 34 octets before them. */
function fragment(frame: number, fragmentOffset: number, text: string, more: boolean, over: Partial<IpFragment> = {}) {
  const bytes = new Uint8Array(34 + text.length);
  for (let i = 0; i < text.length; i++) bytes[34 + i] = text.charCodeAt(i);
  return {
    key: KEY,
    frame,
    seconds: 100,
    bytes,
    at: 34,
    length: text.length,
    fragmentOffset,
    moreFragments: more,
    frameAt: 34,
    protocol: 17,
    ...over,
  };
}

function textOf(datagram: Reassembled | null): string | null {
  return datagram && String.fromCharCode(...datagram.bytes.subarray(0, datagram.length));
}

/** Keys of different datagrams. */
function key(id: number): string {
  return ipv4FragmentKey(1, 2, 17, id);
}

const A = 'aaaaaaaa';
const B = 'bbbbbbbb';
const C = 'ccc';

describe('IpReassembly', () => {
  it('joins fragments in every order, and says where the octets came from', () => {
    for (const order of [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ]) {
      const reassembly = new IpReassembly();
      const all = [fragment(7, 0, A, true), fragment(8, 8, B, true), fragment(9, 16, C, false)];
      const results = order.map((i) => reassembly.add(all[i]));
      expect(results.slice(0, 2)).toEqual([null, null]);
      expect(textOf(results[2])).toBe('aaaaaaaabbbbbbbbccc');
      expect(results[2]?.pieces).toEqual([
        { frame: 7, at: 34, length: 8 },
        { frame: 8, at: 34, length: 8 },
        { frame: 9, at: 34, length: 3 },
      ]);
      reassembly.finish();
      expect(reassembly.issues.list).toEqual([]);
      expect(reassembly.heldBytes).toBe(0);
    }
  });

  it('does not depend on the frame buffer afterwards', () => {
    const reassembly = new IpReassembly();
    const first = fragment(0, 0, A, true);
    reassembly.add(first);
    first.bytes.fill(0);
    expect(textOf(reassembly.add(fragment(1, 8, C, false)))).toBe('aaaaaaaaccc');
  });

  it('takes the protocol from the first fragment (RFC 8200 4.5)', () => {
    const reassembly = new IpReassembly();
    reassembly.add(fragment(0, 8, C, false, { protocol: 59 }));
    expect(reassembly.add(fragment(1, 0, A, true, { protocol: 6 }))?.protocol).toBe(6);
  });

  it('keeps datagrams with different identifications apart', () => {
    const reassembly = new IpReassembly();
    const other = ipv4FragmentKey(0x0a000001, 0x0a000002, 17, 0x1235);
    reassembly.add(fragment(0, 0, A, true));
    reassembly.add(fragment(1, 0, B, true, { key: other }));
    expect(textOf(reassembly.add(fragment(2, 8, C, false)))).toBe('aaaaaaaaccc');
    expect(textOf(reassembly.add(fragment(3, 8, C, false, { key: other })))).toBe('bbbbbbbbccc');
  });

  it('ignores a fragment captured twice', () => {
    const reassembly = new IpReassembly();
    const steps = [
      fragment(0, 0, A, true),
      fragment(1, 0, A, true),
      fragment(2, 8, C, false),
      fragment(3, 8, C, false),
    ];
    expect(steps.map((step) => textOf(reassembly.add(step)))).toEqual([null, null, 'aaaaaaaaccc', null]);
    reassembly.finish();
    expect(reassembly.issues.list).toEqual([]);
  });

  it('gives a datagram captured twice, twice, each from its own frames', () => {
    const reassembly = new IpReassembly();
    reassembly.add(fragment(0, 0, A, true));
    expect(textOf(reassembly.add(fragment(1, 8, C, false)))).toBe('aaaaaaaaccc');
    expect(reassembly.add(fragment(2, 8, C, false))).toBe(null);
    const second = reassembly.add(fragment(3, 0, A, true));
    expect(textOf(second)).toBe('aaaaaaaaccc');
    expect(second?.pieces.map((piece) => piece.frame)).toEqual([3, 2]);
  });

  it('does not mix a late duplicate into the next datagram with the same identification', () => {
    const reassembly = new IpReassembly();
    reassembly.add(fragment(0, 0, A, true));
    reassembly.add(fragment(1, 8, C, false));
    reassembly.add(fragment(2, 8, C, false));
    expect(reassembly.add(fragment(3, 0, B, true))).toBe(null);
    expect(textOf(reassembly.add(fragment(4, 8, 'ddd', false)))).toBe('bbbbbbbbddd');
    reassembly.finish();
    expect(reassembly.issues.list).toEqual([]);
  });

  it('lets the first octets win where fragments overlap, and tells once', () => {
    const reassembly = new IpReassembly();
    reassembly.add(fragment(0, 8, 'bbbbbbbb', true));
    reassembly.add(fragment(1, 0, 'aaaaaaaaXXXXXXXXcccccccc', true));
    expect(reassembly.issues.list.map((issue) => [issue.code, issue.frame])).toEqual([['ip-fragment-overlap', 1]]);
    const whole = reassembly.add(fragment(2, 16, 'YYYYYYYYd', false));
    expect(textOf(whole)).toBe('aaaaaaaabbbbbbbbccccccccd');
    expect(whole?.pieces).toEqual([
      { frame: 1, at: 34, length: 8 },
      { frame: 0, at: 34, length: 8 },
      { frame: 1, at: 50, length: 8 },
      { frame: 2, at: 42, length: 1 },
    ]);
    expect(reassembly.issues.total).toBe(1);
  });

  it('says nothing of an overlap with the same octets', () => {
    const reassembly = new IpReassembly();
    reassembly.add(fragment(0, 0, A + B, true));
    expect(textOf(reassembly.add(fragment(1, 8, B + C, false)))).toBe(A + B + C);
    expect(reassembly.issues.list).toEqual([]);
  });

  it('leaves out fragments that no datagram can have', () => {
    const reassembly = new IpReassembly();
    expect(reassembly.add(fragment(0, 65528, A, false))).toBe(null);
    expect(reassembly.add(fragment(1, 0, '', true))).toBe(null);
    expect(reassembly.add(fragment(2, 0, 'aaaaa', true))).toBe(null);
    expect(reassembly.issues.list.map((issue) => issue.code)).toEqual(Array(3).fill('ip-fragment-bad'));
    expect(reassembly.heldBytes).toBe(0);
    // 65528 + 7 is the largest datagram there is.
    expect(reassembly.add(fragment(3, 65528, 'aaaaaaa', false))).toBe(null);
    expect(reassembly.issues.total).toBe(3);
  });

  it('leaves out fragments that contradict the length', () => {
    const reassembly = new IpReassembly();
    reassembly.add(fragment(0, 8, B, false));
    expect(reassembly.add(fragment(1, 16, C, false))).toBe(null);
    expect(reassembly.add(fragment(2, 16, B, true))).toBe(null);
    expect(reassembly.add(fragment(3, 8, C, false))).toBe(null);
    expect(reassembly.issues.count('ip-fragment-bad')).toBe(3);
    expect(textOf(reassembly.add(fragment(4, 0, A, true)))).toBe(A + B);

    const early = new IpReassembly();
    early.add(fragment(0, 8, B, true));
    expect(early.add(fragment(1, 0, C, false))).toBe(null);
    expect(early.issues.count('ip-fragment-bad')).toBe(1);
  });

  it('never completes a datagram whose fragment was cut by the capture', () => {
    const reassembly = new IpReassembly();
    reassembly.add(fragment(0, 0, 'aaaaa', true, { wireLength: 8 }));
    expect(reassembly.add(fragment(1, 8, C, false))).toBe(null);
    reassembly.finish();
    expect(reassembly.issues.list[0]).toMatchObject({ code: 'ip-fragments-incomplete', frame: 0 });
    expect(reassembly.issues.list[0].message).toContain('8 octets seen, of 11');
  });

  it('gives a datagram up after 60 seconds of capture time', () => {
    const inTime = new IpReassembly();
    inTime.add(fragment(0, 0, A, true));
    expect(textOf(inTime.add(fragment(1, 8, C, false, { seconds: 160 })))).toBe(A + C);
    const late = new IpReassembly();
    late.add(fragment(0, 0, A, true));
    expect(late.add(fragment(1, 8, C, false, { seconds: 160.5 }))).toBe(null);
    expect(late.issues.list).toMatchObject([{ code: 'ip-fragments-incomplete', frame: 0 }]);
    late.finish();
    expect(late.issues.count('ip-fragments-incomplete')).toBe(2);
  });

  it('drops the oldest where too many wait', () => {
    const few = new IpReassembly({ maxDatagrams: 2 });
    for (let id = 0; id < 3; id++) few.add(fragment(id, 0, A, true, { key: key(id) }));
    expect(few.issues.list).toMatchObject([{ code: 'ip-reassembly-limit', frame: 2 }]);
    expect(few.add(fragment(3, 8, C, false, { key: key(0) }))).toBe(null);
    expect(textOf(few.add(fragment(4, 8, C, false, { key: key(2) })))).toBe(A + C);

    const small = new IpReassembly({ maxBytes: 10_000 });
    for (let id = 0; id < 1000; id++) {
      small.add(fragment(id, 0, A, true, { key: key(id) }));
      expect(small.heldBytes).toBeLessThanOrEqual(10_000);
    }
    expect(small.issues.count('ip-reassembly-limit')).toBeGreaterThan(900);
  });

  it('tells IPv6 datagrams apart by addresses and identification', () => {
    const header = Uint8Array.from({ length: 40 }, (_, i) => i);
    const other = header.slice();
    other[39] ^= 1;
    const keys = [ipv6FragmentKey(header, 8, 1), ipv6FragmentKey(header, 8, 2), ipv6FragmentKey(other, 8, 1)];
    expect(new Set(keys).size).toBe(3);
    expect(ipv6FragmentKey(header.slice(), 8, 1)).toBe(keys[0]);
  });
});
