import { expect, it } from 'vitest';
import { etherTypeName, ipProtocolName, linkTypeName, pppProtocolName } from './protocol-names.ts';

it('names numbers, and keeps those it has no name for', () => {
  expect(linkTypeName(1)).toBe('Ethernet');
  expect(linkTypeName(276)).toBe('Linux cooked v2');
  expect(linkTypeName(999)).toBe('Link type 999');
  expect(etherTypeName(0x86dd)).toBe('IPv6');
  expect(etherTypeName(0x12)).toBe('Ethertype 0x0012');
  expect(ipProtocolName(17)).toBe('UDP');
  expect(ipProtocolName(200)).toBe('IP protocol 200');
  expect(pppProtocolName(0xc021)).toBe('LCP');
});
