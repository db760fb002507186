/** What may lie at an offset in a payload, told from the octets there. All take the end of what was captured and of what was sent. */

const IP_ICMP = 1;
const IP_TCP = 6;
const IP_UDP = 17;
const IP_ESP = 50;
const IP_ICMPV6 = 58;
const IPV4_MIN = 20;
const IPV6_HEADER = 40;
const UDP_HEADER = 8;
/** Transports, and IPv6's hop-by-hop, routing, fragment and destination options. */
const IPV6_NEXT = new Set([IP_TCP, IP_UDP, IP_ICMPV6, IP_ESP, 0, 43, 44, 60]);
const IPV4_PROTOCOLS = new Set([IP_ICMP, 2, IP_TCP, IP_UDP, 47, IP_ESP, 51, 132]);
const STUN_COOKIE = 0x2112a442;
const NO_FIT = -1;

/** Octets sent behind a sound IPv4 header's packet (RFC 791 section 3.1; its checksum is right), -1 where there is none. */
export function ipv4Trailer(bytes: Uint8Array, at: number, end: number, sentEnd: number): number {
  if (at + IPV4_MIN > end || bytes[at] >>> 4 !== 4) return NO_FIT;
  const header = (bytes[at] & 15) * 4;
  const total = u16(bytes, at + 2);
  if (header < IPV4_MIN || at + header > end || total < header || at + total > sentEnd) return NO_FIT;
  if (!IPV4_PROTOCOLS.has(bytes[at + 9]) || bytes[at + 8] === 0 || (bytes[at + 6] & 0x80) !== 0) return NO_FIT;
  if (bytes[at + 12] === 0 || bytes[at + 12] >= 224 || bytes[at + 16] === 0) return NO_FIT;
  let sum = 0;
  for (let i = 0; i < header; i += 2) sum += u16(bytes, at + i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum === 0xffff ? sentEnd - at - total : NO_FIT;
}

/** As `ipv4Trailer`, of IPv6 (RFC 8200 section 3), which has no checksum of its own: where UDP is next, lengths must agree. */
export function ipv6Trailer(bytes: Uint8Array, at: number, end: number, sentEnd: number): number {
  if (at + IPV6_HEADER > end || bytes[at] >>> 4 !== 6) return NO_FIT;
  const length = u16(bytes, at + 4);
  const stop = at + IPV6_HEADER + length;
  const next = bytes[at + 6];
  if (length === 0 || stop > sentEnd || !IPV6_NEXT.has(next) || bytes[at + 7] === 0 || bytes[at + 8] === 0xff)
    return NO_FIT;
  // An address begins with the octets of a prefix that is in use, or is local.
  if (!isIPv6Prefix(bytes[at + 8]) || !(isIPv6Prefix(bytes[at + 24]) || bytes[at + 24] === 0xff)) return NO_FIT;
  if (next === IP_UDP && (at + IPV6_HEADER + 6 > end || u16(bytes, at + IPV6_HEADER + 4) !== length)) return NO_FIT;
  return sentEnd - stop;
}

/** As `ipv4Trailer`, of a UDP header (RFC 768): ports, and a length that fits. Weak by itself. */
export function udpTrailer(bytes: Uint8Array, at: number, end: number, sentEnd: number): number {
  if (at + UDP_HEADER > end || u16(bytes, at) === 0 || u16(bytes, at + 2) === 0) return NO_FIT;
  const length = u16(bytes, at + 4);
  return length >= UDP_HEADER && at + length <= sentEnd ? sentEnd - at - length : NO_FIT;
}

/** A protocol of sessions that shows a signature: STUN's cookie, a record of DTLS, a line of SIP; '' for none. */
export function signatureAt(bytes: Uint8Array, at: number, end: number, sentEnd: number): '' | 'STUN' | 'DTLS' | 'SIP' {
  if (at + 20 <= end && bytes[at] < 4 && u32(bytes, at + 4) === STUN_COOKIE) {
    const length = u16(bytes, at + 2);
    if (length % 4 === 0 && at + 20 + length <= sentEnd) return 'STUN';
  }
  if (at + 13 <= end && bytes[at] >= 20 && bytes[at] <= 25 && bytes[at + 1] === 0xfe && bytes[at + 2] >= 0xfd) {
    if (at + 13 + u16(bytes, at + 11) <= sentEnd && u16(bytes, at + 3) < 4) return 'DTLS';
  }
  return isSipStart(bytes, at, end) ? 'SIP' : '';
}

function isSipStart(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 16 > end || bytes[at] < 0x41 || bytes[at] > 0x5a) return false;
  const text = String.fromCharCode(...bytes.subarray(at, Math.min(end, at + 16)));
  return /^(SIP\/2\.0 [1-6]\d\d |(INVITE|ACK|BYE|CANCEL|OPTIONS|REGISTER|NOTIFY|SUBSCRIBE|PRACK|UPDATE|INFO|MESSAGE|REFER|PUBLISH) sips?:)/.test(
    text,
  );
}

function isIPv6Prefix(octet: number): boolean {
  return (octet >= 0x20 && octet <= 0x3f) || octet === 0xfc || octet === 0xfd || octet === 0xfe || octet === 0;
}

export function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 8) | bytes[at + 1];
}

export function u32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}
