import { describe, expect, it } from 'vitest';
import { octetsOfHex } from '../../base/octet-text.ts';
import { Octets } from '../../base/octets.ts';
import { stunSamples } from '../../dissectors/stun/samples.ts';
import { isIntact } from './check-integrity.ts';

/** RFC 5769, section 2. */
const PASSWORD = 'VOkJxbRl1RmTxUk/WvJxBt';

function message(name: 'request' | 'responseIPv4' | 'responseIPv6'): Octets {
  return new Octets(octetsOfHex(stunSamples[name].replaceAll(' ', '')) ?? new Uint8Array(0));
}

/** Where the attribute of type 0x0008 begins: before a FINGERPRINT of eight octets, itself of twenty-four. */
const placeOf = (octets: Octets): number => octets.length - 8 - 24;

describe('isIntact', () => {
  it.each(['request', 'responseIPv4', 'responseIPv6'] as const)(
    'proves the %s of RFC 5769 with its password',
    (name) => {
      const octets = message(name);
      expect(octets.u16(placeOf(octets))).toBe(0x0008);
      expect(isIntact(octets, placeOf(octets), PASSWORD)).toBe(true);
      expect(isIntact(octets, placeOf(octets), `${PASSWORD}.`)).toBe(false);
    },
  );

  it('disproves what was changed, and takes any place', () => {
    const octets = message('request');
    const at = placeOf(octets);
    octets.bytes[30] ^= 1;
    expect(isIntact(octets, at, PASSWORD)).toBe(false);
    for (const place of [0, 19, octets.length - 1, octets.length, 65_535]) {
      expect(isIntact(octets, place, PASSWORD)).toBe(false);
    }
  });
});
