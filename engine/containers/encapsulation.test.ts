import { expect, it } from 'vitest';
import { encapsulationOf } from './encapsulation.ts';

it.each([
  ['Ethernet and IPv4, cut', '02000000000102000000000208004500002800000000ff1137c1c0000201c0000202', 'ethernet'],
  ['two VLAN tags and ARP', '02000000000102000000000288a800018100000208060001080006040001', 'ethernet'],
  [
    "Linux's cooked header and IPv6",
    `00000001000602000000000100008 6dd6000000000001140${'00'.repeat(32)}`.replace(' ', ''),
    'cooked',
  ],
  ['IPv6', `6000000000003b40${'00'.repeat(32)}`, 'ip'],
  ['SIP', Buffer.from('SIP/2.0 200 OK\r\n').toString('hex'), 'sip'],
  ['RTP', '80000001000000020000000300', 'media'],
  ['RTCP', '80c8000100000000', 'media'],
  ['STUN', '000100002112a442000000000000000000000000', 'media'],
  ['DTLS', '16fefd00000000000000000000', 'media'],
  ['IPv4 cut, with a checksum that is wrong', '4500ffff0000000000110000c0000201c0000202', undefined],
  ['a network card whose address begins like RTP', 'aa0004006904aa0004001d0490000000', undefined],
  ['RTCP that says it is longer', '80c8000900000000', undefined],
  ['nothing', '', undefined],
])('%s is told by its own header', (_, octets, found) => {
  expect(encapsulationOf(Uint8Array.from(Buffer.from(octets, 'hex')))).toBe(found);
});
