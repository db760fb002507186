import { describe, expect, it } from 'vitest';
import { asciiOf, cArrayText, dumpText, hexMove, hexText, offsetText, plainText } from './hex-format.ts';

const bytes = Uint8Array.from({ length: 300 }, (_, i) => (i * 37) & 255);

/** The first octets of a SIP header, as the design's picture shows them. */
const via = new TextEncoder().encode('\r\nVia: SIP/2.0/UDP 10.20.4.31');

describe('hexText', () => {
  it('parts octets by blanks', () => {
    expect(hexText(via.subarray(0, 6))).toBe('0d 0a 56 69 61 3a');
    expect(hexText(new Uint8Array())).toBe('');
  });
});

describe('dumpText', () => {
  it('has offset, octets and characters, the last row as wide as the others', () => {
    expect(dumpText(via).split('\n')).toEqual([
      '0000  0d 0a 56 69 61 3a 20 53 49 50 2f 32 2e 30 2f 55  ··Via: SIP/2.0/U',
      '0010  44 50 20 31 30 2e 32 30 2e 34 2e 33 31           DP 10.20.4.31',
    ]);
  });
});

describe('cArrayText', () => {
  it('holds every octet once and a name that C takes', () => {
    const text = cArrayText(bytes, 'sip.Call-ID');
    expect(text).toMatch(/^static const unsigned char sip_call_id\[300\] = \{\n {2}0x00, 0x25, /);
    expect(text.match(/0x[\da-f]{2}/g)?.map(Number)).toEqual([...bytes]);
    expect(cArrayText(bytes, '3gpp')).toContain(' _3gpp[');
  });
});

describe('characters', () => {
  it('shows printable ASCII, and a dot for the rest', () => {
    expect([0x1f, 0x20, 0x41, 0x7e, 0x7f, 0xe4].map(asciiOf).join('')).toBe('· A~··');
    expect(plainText(Uint8Array.from([0x68, 0xc3, 0xa4, 0xff]))).toBe('hä\ufffd');
  });
  it('writes offsets with as many digits as the last one needs', () => {
    expect(offsetText(0xb0, 563)).toBe('00b0');
    expect(offsetText(0, 0x10000)).toBe('0000');
    expect(offsetText(0, 0x10001)).toBe('00000');
  });
});

/** In forty octets, two rows a page. */
const go = (key: string, at: number, isControl = false) => hexMove(key, at, 40, 2, isControl);

describe('hexMove', () => {
  it('walks octets and rows', () => {
    expect([go('ArrowRight', 39), go('ArrowLeft', 0), go('ArrowDown', 8), go('ArrowUp', 24)]).toEqual([39, 0, 24, 8]);
    expect([go('ArrowDown', 30), go('ArrowUp', 5)]).toEqual([30, 5]);
    expect([go('Home', 20), go('End', 20), go('End', 35)]).toEqual([16, 31, 39]);
    expect([go('Home', 20, true), go('End', 20, true)]).toEqual([0, 39]);
    expect([go('PageDown', 0), go('PageUp', 39), go('PageDown', 39)]).toEqual([32, 7, 39]);
  });
  it('leaves other keys and empty sources alone', () => {
    expect(go('a', 3)).toBeNull();
    expect(hexMove('Home', 0, 0, 2, false)).toBeNull();
  });
});
