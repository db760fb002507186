import type { Octets } from '../../base/octets.ts';
import { addWords, foldWords } from '../network/describe/checksum.ts';
import type { NetworkDecoder } from '../network/network-decoder.ts';

const IPV4_HEADER_BYTES = 20;
const IPV6_HEADER_BYTES = 40;
const IPV6_FRAGMENT = 44;
const IPV6_AUTHENTICATION = 51;
const UDP = 17;
const UDP_HEADER_BYTES = 8;
/** What the length fields of IP can say. */
const MAX_IP_BYTES = 0xffff;
/** Don't fragment, and the reserved bit before it: what stays of a fragment's flags and offset. */
const IPV4_FLAGS_KEPT = 0xc000;

/** Puts another payload into UDP frames. The outcome is in its fields, good until the next `replace`. */
export class PlainFrame {
  bytes = new Uint8Array(2048);
  /** Octets of the frame, from 0. */
  length = 0;

  /**
   * Builds the frame with `payload` in place of the one that `decoder` found in it: link header, IP header and whatever
   * follows the payload (padding, a frame check sequence) as they were, lengths and checksums (RFC 791, 768, 8200) as they
   * have to be; a UDP checksum of 0, which means none, stays in IPv4. A datagram that came in fragments becomes whole, with
   * the headers of the frame that completed it. False where the frame cannot hold it: it is longer than what was there, or
   * more than IP can carry.
   */
  replace(frame: Octets, decoder: NetworkDecoder, payload: Uint8Array): boolean {
    if (payload.length > decoder.length) return false;
    return decoder.pieces === null ? this.inPlace(frame, decoder, payload) : this.whole(frame, decoder, payload);
  }

  private inPlace({ bytes, start, length }: Octets, decoder: NetworkDecoder, payload: Uint8Array): boolean {
    const payloadEnd = decoder.at + decoder.length;
    const removed = decoder.length - payload.length;
    this.length = length - removed;
    this.makeRoom();
    const payloadAt = decoder.at - start;
    this.bytes.set(bytes.subarray(start, decoder.at));
    this.bytes.set(payload, payloadAt);
    this.bytes.set(bytes.subarray(payloadEnd, start + length), payloadAt + payload.length);
    const ipAt = decoder.networkAt - start;
    const lengthAt = this.isIpv4(ipAt) ? ipAt + 2 : ipAt + 4;
    const sent = this.u16(lengthAt);
    // 0 is what segmentation offload leaves: the frame's own length holds.
    if (sent !== 0) this.put16(lengthAt, sent - removed);
    this.finish(ipAt, payloadAt, payload.length);
    return true;
  }

  private whole({ bytes, start, length }: Octets, decoder: NetworkDecoder, payload: Uint8Array): boolean {
    const ipAt = decoder.networkAt - start;
    const isIpv4 = bytes[decoder.networkAt] >>> 4 === 4;
    const fragment = isIpv4 ? null : fragmentHeader(bytes, decoder.networkAt, start + length);
    if (!isIpv4 && fragment === null) return false;
    const udpAt = fragment === null ? ipAt + ((bytes[decoder.networkAt] & 15) << 2) : fragment.at - start;
    const payloadAt = udpAt + UDP_HEADER_BYTES;
    this.length = payloadAt + payload.length;
    const sent = this.length - ipAt - (isIpv4 ? 0 : IPV6_HEADER_BYTES);
    if (sent > MAX_IP_BYTES) return false;
    this.makeRoom();
    this.bytes.set(bytes.subarray(start, start + udpAt));
    this.bytes.set(decoder.bytes.subarray(decoder.at - UDP_HEADER_BYTES, decoder.at), udpAt);
    this.bytes.set(payload, payloadAt);
    this.put16(isIpv4 ? ipAt + 2 : ipAt + 4, sent);
    if (isIpv4) this.put16(ipAt + 6, this.u16(ipAt + 6) & IPV4_FLAGS_KEPT);
    if (fragment !== null) this.bytes[fragment.nextHeaderAt - start] = UDP;
    this.finish(ipAt, payloadAt, payload.length);
    return true;
  }

  /** The UDP length, and both checksums. */
  private finish(ipAt: number, payloadAt: number, payloadLength: number): void {
    const isIpv4 = this.isIpv4(ipAt);
    if (isIpv4) {
      const headerLength = Math.max(IPV4_HEADER_BYTES, (this.bytes[ipAt] & 15) << 2);
      this.put16(ipAt + 10, 0);
      this.put16(ipAt + 10, 0xffff ^ foldWords(addWords(0, this.bytes, ipAt, headerLength)));
    }
    const udpAt = payloadAt - UDP_HEADER_BYTES;
    const udpLength = UDP_HEADER_BYTES + payloadLength;
    this.put16(udpAt + 4, udpLength);
    if (isIpv4 && this.u16(udpAt + 6) === 0) return;
    this.put16(udpAt + 6, 0);
    // The pseudo-header: both addresses, the protocol, the length.
    const addresses = isIpv4
      ? addWords(UDP + udpLength, this.bytes, ipAt + 12, 8)
      : addWords(UDP + udpLength, this.bytes, ipAt + 8, 32);
    const sum = 0xffff ^ foldWords(addWords(addresses, this.bytes, udpAt, udpLength));
    // A sum of 0 is sent as all ones (RFC 768).
    this.put16(udpAt + 6, sum === 0 ? 0xffff : sum);
  }

  private isIpv4(ipAt: number): boolean {
    return this.bytes[ipAt] >>> 4 === 4;
  }

  private u16(at: number): number {
    return (this.bytes[at] << 8) | this.bytes[at + 1];
  }

  private put16(at: number, value: number): void {
    this.bytes[at] = value >>> 8;
    this.bytes[at + 1] = value;
  }

  private makeRoom(): void {
    if (this.bytes.length < this.length) this.bytes = new Uint8Array(2 * this.length);
  }
}

/** The fragment header of an IPv6 packet that is part of a larger one, and where the header before it names it. */
function fragmentHeader(bytes: Uint8Array, ipAt: number, end: number): { at: number; nextHeaderAt: number } | null {
  let nextHeaderAt = ipAt + 6;
  for (let at = ipAt + IPV6_HEADER_BYTES; at + 8 <= end; ) {
    const kind = bytes[nextHeaderAt];
    // Neither offset nor more to come: an atomic fragment (RFC 6946), whole by itself.
    const isPart = kind === IPV6_FRAGMENT && (((bytes[at + 2] << 8) | bytes[at + 3]) & 0xfff9) !== 0;
    if (isPart) return { at, nextHeaderAt };
    nextHeaderAt = at;
    if (kind === IPV6_FRAGMENT) at += 8;
    else at += 8 + bytes[at + 1] * (kind === IPV6_AUTHENTICATION ? 4 : 8);
  }
  return null;
}
