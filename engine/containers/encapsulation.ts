// What the packets of a dump begin with is nowhere said. Each is looked at for what only a header of a kind has.

const ETHERNET_HEADER_BYTES = 14;
const VLAN_TAG_BYTES = 4;
const COOKED_HEADER_BYTES = 16;
/** Ethernet's padding, and a check sequence. */
const MAX_TRAILER_BYTES = 64;
const STUN_COOKIE = 0x2112a442;
const SIP_START = /^(?:SIP\/2\.0 \d{3}|[A-Z]{3,16} (?:sips?|tel):\S+ SIP\/2\.0)/;
const SIP_LOOK_BYTES = 512;

export const Encapsulation = {
  Ethernet: 'ethernet',
  Cooked: 'cooked',
  Ip: 'ip',
  Sip: 'sip',
  Media: 'media',
} as const;
export type Encapsulation = (typeof Encapsulation)[keyof typeof Encapsulation];

/** What a packet begins with, as far as it shows; undefined where nothing tells. */
export function encapsulationOf(packet: Uint8Array): Encapsulation | undefined {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  if (isEthernet(view)) return Encapsulation.Ethernet;
  if (isCooked(view)) return Encapsulation.Cooked;
  if (isIp(view, 0)) return Encapsulation.Ip;
  if (SIP_START.test(String.fromCharCode(...packet.subarray(0, SIP_LOOK_BYTES)))) return Encapsulation.Sip;
  return isMedia(view) ? Encapsulation.Media : undefined;
}

/** The EtherType of what is known by its own look, behind up to two VLAN tags. */
function isEthernet(view: DataView): boolean {
  let at = ETHERNET_HEADER_BYTES;
  for (let tags = 0; tags < 2 && view.byteLength >= at; tags++) {
    const type = view.getUint16(at - 2);
    if (type !== 0x8100 && type !== 0x88a8) break;
    at += VLAN_TAG_BYTES;
  }
  return view.byteLength >= at && isOfType(view, at, view.getUint16(at - 2));
}

/** Linux's cooked header (LINKTYPE_LINUX_SLL): packet type, ARPHRD_ type, address length, address, EtherType. */
function isCooked(view: DataView): boolean {
  if (view.byteLength < COOKED_HEADER_BYTES || view.getUint16(0) > 4 || view.getUint16(4) > 8) return false;
  return isOfType(view, COOKED_HEADER_BYTES, view.getUint16(14));
}

function isOfType(view: DataView, at: number, type: number): boolean {
  if (type === 0x0800 || type === 0x86dd) return isIp(view, at);
  // ARP over Ethernet for IPv4.
  return (
    type === 0x0806 &&
    view.byteLength >= at + 8 &&
    view.getUint32(at) === 0x00010800 &&
    view.getUint16(at + 4) === 0x0604
  );
}

function isIp(view: DataView, at: number): boolean {
  const left = view.byteLength - at;
  if (left < 20) return false;
  const first = view.getUint8(at);
  if (first >>> 4 === 6) {
    const whole = 40 + view.getUint16(at + 4);
    return left >= 40 && whole <= left && left - whole <= MAX_TRAILER_BYTES;
  }
  const headerBytes = 4 * (first & 15);
  const whole = view.getUint16(at + 2);
  if (first >>> 4 !== 4 || headerBytes < 20 || headerBytes > left || whole < headerBytes) return false;
  // A dump may hold a frame that was cut: then the checksum has to tell.
  return (whole <= left && left - whole <= MAX_TRAILER_BYTES) || isSumRight(view, at, headerBytes);
}

function isSumRight(view: DataView, at: number, lengthBytes: number): boolean {
  let sum = 0;
  for (let i = 0; i < lengthBytes; i += 2) sum += view.getUint16(at + i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum === 0xffff;
}

/** RTP, RTCP, STUN or DTLS as one port carries them (RFC 7983). */
function isMedia(view: DataView): boolean {
  const length = view.byteLength;
  if (length < 8) return false;
  const first = view.getUint8(0);
  if (first >>> 6 === 2) {
    const type = view.getUint8(1);
    // The address of many a network card begins with the same two bits; mixers that name their sources are rarer.
    if (type < 192 || type > 223) return length >= 12 && (first & 15) === 0;
    return 4 * (view.getUint16(2) + 1) <= length;
  }
  if (first < 2) return length >= 20 && view.getUint32(4) === STUN_COOKIE;
  return first >= 20 && first <= 24 && length >= 13 && view.getUint8(1) === 0xfe && view.getUint8(2) >= 0xfc;
}
