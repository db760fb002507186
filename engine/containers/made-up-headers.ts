// Headers for payloads that come without: IPv4 (RFC 791) and UDP (RFC 768), addresses for documentation (RFC 5737).

export const IP_HEADER_BYTES = 20;
export const UDP_HEADER_BYTES = 8;

/** 192.0.2.1, for the end that wrote the log. */
export const LOCAL_ADDRESS = 0xc0000201;
/** 198.51.100.1, for the other end. */
export const REMOTE_ADDRESS = 0xc6336401;
const LOCAL_PORT = 40000;
const REMOTE_PORT = 50000;
const SIP_PORT = 5060;
/** Pairs of ports kept apart; more share the last. */
const MAX_PAIRS = 1000;

/** Who sends to whom; IPv4 addresses as numbers. */
export interface Ends {
  readonly sourceAddress: number;
  readonly sourcePort: number;
  readonly targetAddress: number;
  readonly targetPort: number;
}

function ends(isOutbound: boolean, localPort: number, remotePort: number): Ends {
  return isOutbound
    ? { sourceAddress: LOCAL_ADDRESS, sourcePort: localPort, targetAddress: REMOTE_ADDRESS, targetPort: remotePort }
    : { sourceAddress: REMOTE_ADDRESS, sourcePort: remotePort, targetAddress: LOCAL_ADDRESS, targetPort: localPort };
}

/** The ends of what is no media: SIP on its port. */
export function sipEnds(isOutbound: boolean): Ends {
  return ends(isOutbound, SIP_PORT, SIP_PORT);
}

/** Ends that stay the same for each connection of a log, whatever the log calls it. */
export class MediaEnds {
  private readonly pairs = new Map<string, { readonly out: Ends; readonly in: Ends }>();

  of(connection: string, isOutbound: boolean): Ends {
    let pair = this.pairs.get(connection);
    if (pair === undefined) {
      const step = 2 * Math.min(this.pairs.size, MAX_PAIRS - 1);
      pair = {
        out: ends(true, LOCAL_PORT + step, REMOTE_PORT + step),
        in: ends(false, LOCAL_PORT + step, REMOTE_PORT + step),
      };
      if (this.pairs.size < MAX_PAIRS) this.pairs.set(connection, pair);
    }
    return isOutbound ? pair.out : pair.in;
  }
}

/** Writes an IPv4 header of 20 octets. `lengthBytes` counts it with what follows. */
export function putIpHeader(into: DataView, at: number, between: Ends, protocol: number, lengthBytes: number): void {
  into.setUint16(at, 0x4500);
  into.setUint16(at + 2, lengthBytes);
  // No identification and "don't fragment", as for packets that were never in parts (RFC 6864).
  into.setUint32(at + 4, 0x4000);
  into.setUint8(at + 8, 64);
  into.setUint8(at + 9, protocol);
  into.setUint16(at + 10, 0);
  into.setUint32(at + 12, between.sourceAddress);
  into.setUint32(at + 16, between.targetAddress);
  into.setUint16(at + 10, checksum(into, at, IP_HEADER_BYTES));
}

/** Writes a UDP header without a checksum. `lengthBytes` counts it with what follows. */
export function putUdpHeader(into: DataView, at: number, between: Ends, lengthBytes: number): void {
  into.setUint16(at, between.sourcePort);
  into.setUint16(at + 2, between.targetPort);
  into.setUint16(at + 4, lengthBytes);
  into.setUint16(at + 6, 0);
}

function checksum(view: DataView, at: number, lengthBytes: number): number {
  let sum = 0;
  for (let i = 0; i < lengthBytes; i += 2) sum += view.getUint16(at + i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
