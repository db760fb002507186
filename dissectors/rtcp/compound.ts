/**
 * How RTCP packets follow one another in a datagram (RFC 3550, section 6.1; RFC 5506 where only one is sent), and how
 * an encrypted compound is told from a damaged one (RFC 3711, section 3.4). No reader here allocates.
 */
import type { Octets } from '../../base/octets.ts';

/** Whether an RTCP header can begin at `at`: version 2 and a packet type of RFC 5761's range, 192 to 223. */
export function isPacketAt(data: Octets, at: number): boolean {
  return at + 4 <= data.length && data.u8(at) >> 6 === 2 && data.u8(at + 1) >> 5 === 6;
}

/** Offset after the packet at `at` by its length field; may lie past the end of the view. */
export function packetEnd(data: Octets, at: number): number {
  return at + (data.u16(at + 2) + 1) * 4;
}

/** How far the view is RTCP packets on end: its length where it is a sound compound, 0 where not even the first fits. */
export function compoundEnd(data: Octets): number {
  let at = 0;
  while (isPacketAt(data, at)) {
    const next = packetEnd(data, at);
    if (next > data.length) return at;
    at = next;
  }
  return at;
}

/** Where in a datagram SRTCP's word of E bit and index can stand, counted from the end. */
const INDEX_FROM_END = [
  14, // 80-bit tag, the default
  4, // AEAD_AES_*_GCM: the tag is before the word (RFC 7714, section 9.2)
  8, // 32-bit tag
  15, // 80-bit tag after a key identifier of one octet
  18, // the same, of four octets
];
/** A GCM tag of 16 octets and the word. */
const GCM_TRAILER = 20;
/** The index counts packets from 0, so a session of hours stays far below; random octets do so once in 2048. */
const INDEX_LIMIT = 1 << 20;

/**
 * Where SRTCP's index word is, −1 where nothing speaks for SRTCP. The evidence: the header of the first packet is in
 * clear and its length fits, what follows it (`after`) does not read as RTCP, and near the end stands a word whose E bit
 * is `encrypted` and whose index is small. Asked only of datagrams that do not read as plain RTCP.
 */
export function srtcpIndexAt(data: Octets, after: number, encrypted: boolean): number {
  for (let i = 0; i < INDEX_FROM_END.length; i++) {
    const fromEnd = INDEX_FROM_END[i];
    const at = data.length - fromEnd;
    // Without encryption the compound was readable up to the word, or up to the tag before it.
    if (encrypted ? at < after : at !== after && !(fromEnd === 4 && at - 16 === after)) continue;
    if (fromEnd === 4 && data.length - after < GCM_TRAILER) continue;
    const word = data.u32(at);
    if (word >= 0x80000000 === encrypted && (word & 0x7fffffff) < INDEX_LIMIT) return at;
  }
  return -1;
}
