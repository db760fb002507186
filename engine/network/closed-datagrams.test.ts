import { expect, it } from 'vitest';
import { Protocol } from '../store/protocol-list.ts';
import { Tunnel } from '../store/tunnel-names.ts';
import { closedProtocol } from './closed-datagrams.ts';

/** A payload that begins with these octets and has so many. */
function protocolOf(first: readonly number[], length: number, port = 40_000, wireLength = length): number {
  const bytes = new Uint8Array(length + 3).fill(0x5a);
  bytes.set(first.slice(0, length), 3);
  return closedProtocol(bytes, 3, length, wireLength, port, 41_000);
}

it.each([
  ['initiation', 1, 148],
  ['response', 2, 92],
  ['cookie reply', 3, 64],
  ['keep-alive', 4, 32],
  ['data', 4, 1456],
])('knows the %s of WireGuard on any port by its length', (_name, type, length) => {
  expect(protocolOf([type, 0, 0, 0], length)).toBe(Protocol.WireGuard);
  expect(protocolOf([type, 0, 0, 0], length + 1)).toBe(Protocol.Udp);
  expect(protocolOf([type, 0, 1, 0], length)).toBe(Protocol.Udp);
  // Cut by the capture: what it was on the wire counts.
  expect(protocolOf([type, 0, 0, 0], 24, 40_000, length)).toBe(Protocol.WireGuard);
});

it('knows ESP in UDP by its port, and not the IKE and keep-alives beside it', () => {
  const esp = Protocol.Tunnel + Tunnel.Esp;
  expect(protocolOf([0x12, 0x34, 0x56, 0x78], 100, 4500)).toBe(esp);
  expect(protocolOf([0x12, 0x34, 0x56, 0x78], 100)).toBe(Protocol.Udp);
  expect(protocolOf([0, 0, 0, 0], 100, 4500)).toBe(Protocol.Udp);
  expect(protocolOf([0xff], 1, 4500)).toBe(Protocol.Udp);
});
