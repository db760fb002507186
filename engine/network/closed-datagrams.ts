/** UDP payloads that nobody can open, but whose shape says what they are. */
import { Protocol } from '../store/protocol-list.ts';
import { Tunnel } from '../store/tunnel-names.ts';

const ESP_PORT = 4500;

/** Octets of the WireGuard messages with a fixed length: initiation, response, cookie reply. */
const WIREGUARD_LENGTHS = [0, 148, 92, 64];
const WIREGUARD_DATA = 4;
const WIREGUARD_DATA_BYTES = 32;

/**
 * The protocol of a payload that no dissector took: WireGuard (its whitepaper, section 5.4) on any port, ESP in UDP
 * (RFC 3948) on its own; else plain UDP. `wireLength` is what it had on the wire.
 */
export function closedProtocol(
  bytes: Uint8Array,
  at: number,
  length: number,
  wireLength: number,
  sourcePort: number,
  destinationPort: number,
): number {
  if (length < 8) return Protocol.Udp;
  const type = bytes[at];
  if (type >= 1 && type <= WIREGUARD_DATA && (bytes[at + 1] | bytes[at + 2] | bytes[at + 3]) === 0) {
    // Data are padded to 16 octets.
    const fits =
      type === WIREGUARD_DATA
        ? wireLength >= WIREGUARD_DATA_BYTES && wireLength % 16 === 0
        : wireLength === WIREGUARD_LENGTHS[type];
    if (fits) return Protocol.WireGuard;
  }
  // Zeros in place of the SPI mark IKE.
  const isIke = (bytes[at] | bytes[at + 1] | bytes[at + 2] | bytes[at + 3]) === 0;
  const hasEspPort = sourcePort === ESP_PORT || destinationPort === ESP_PORT;
  return hasEspPort && !isIke ? Protocol.Tunnel + Tunnel.Esp : Protocol.Udp;
}
