/** ICMP's word that a datagram did not arrive (RFC 792, RFC 4443 section 3.1): it quotes the datagram. */
import { Octets } from '../../../base/octets.ts';
import type { Capture } from '../../capture.ts';
import type { Turns } from '../../filter/turns.ts';
import { parseIPv4, parseIPv6 } from '../../store/addresses.ts';
import type { FlowTable } from '../../store/flow-table.ts';
import { FrameReader } from '../../store/frame-reader.ts';
import { Protocol } from '../../store/protocol-list.ts';

export interface Unreachable {
  /** 0-based. */
  frame: number;
  /** `port unreachable`, … */
  reason: string;
}

/** What is asked for, by flow, and ICMP frames looked into. */
const MOST_FLOWS = 200;
const MOST_FRAMES = 10_000;
const FRAMES_TOGETHER = 256;
/** From a quoted header's start to its addresses, and from ICMP's own start to what it quotes. */
const IPV4 = { addressesAt: 12, type: 3 } as const;
const IPV6 = { addressesAt: 8, type: 1 } as const;
const ICMP_HEADER = 8;

const REASONS: Readonly<Record<string, string>> = {
  '4 0': 'network unreachable',
  '4 1': 'host unreachable',
  '4 3': 'port unreachable',
  '4 9': 'administratively prohibited',
  '4 10': 'administratively prohibited',
  '4 13': 'administratively prohibited',
  '6 0': 'no route',
  '6 1': 'administratively prohibited',
  '6 3': 'address unreachable',
  '6 4': 'port unreachable',
};

/** The first ICMP message about each of the flows, read back from the capture. Flows without one are not in the map. */
export async function findUnreachable(
  { store, source }: Capture,
  wanted: readonly number[],
  turns: Turns,
): Promise<Map<number, Unreachable>> {
  const found = new Map<number, Unreachable>();
  const quotes = wanted.slice(0, MOST_FLOWS).map((flow) => ({ flow, octets: quoteOf(store.flows, flow) }));
  const { protocol, count } = store.frames;
  const icmp: number[] = [];
  for (let frame = 0; frame < count && quotes.length > 0 && icmp.length < MOST_FRAMES; frame++) {
    const kind = protocol.get(frame);
    if (kind === Protocol.Icmp || kind === Protocol.IcmpV6) icmp.push(frame);
  }
  const reader = new FrameReader(source, store.frames);
  const octets = new Octets(new Uint8Array(0));
  for (let from = 0; from < icmp.length && found.size < quotes.length; from += FRAMES_TOGETHER) {
    const frames = icmp.slice(from, from + FRAMES_TOGETHER);
    await reader.load(frames);
    for (const frame of frames) {
      if (!reader.read(frame, octets)) continue;
      const bytes = octets.bytes.subarray(octets.start, octets.start + octets.length);
      for (const quote of quotes) {
        if (found.has(quote.flow)) continue;
        const reason = reasonIn(bytes, quote.octets, store.flows.isIPv6(quote.flow));
        if (reason !== null) found.set(quote.flow, { frame, reason });
      }
    }
    await turns.wait();
  }
  return found;
}

/** Addresses and ports as they stand in a datagram of a flow, where its header has no options. */
function quoteOf(flows: FlowTable, flow: number): Uint8Array {
  const addresses = [flows.sourceAddress(flow), flows.destinationAddress(flow)].flatMap(octetsOf);
  const ports = [flows.sourcePort(flow), flows.destinationPort(flow)].flatMap((port) => [port >> 8, port & 0xff]);
  return Uint8Array.from([...addresses, ...ports]);
}

function octetsOf(address: string): number[] {
  const v6 = parseIPv6(address);
  if (v6 !== null) return [...v6];
  const v4 = parseIPv4(address);
  return [v4 >>> 24, (v4 >>> 16) & 0xff, (v4 >>> 8) & 0xff, v4 & 0xff];
}

/** Why a datagram did not arrive, where the frame is ICMP that quotes it; else null. */
function reasonIn(frame: Uint8Array, quote: Uint8Array, isIPv6: boolean): string | null {
  const { addressesAt, type } = isIPv6 ? IPV6 : IPV4;
  const before = addressesAt + ICMP_HEADER;
  for (let at = before; at + quote.length <= frame.length; at++) {
    if (!isAt(frame, at, quote)) continue;
    const icmpAt = at - before;
    if (frame[icmpAt] !== type) continue;
    return REASONS[`${isIPv6 ? 6 : 4} ${frame[icmpAt + 1]}`] ?? 'unreachable';
  }
  return null;
}

function isAt(frame: Uint8Array, at: number, quote: Uint8Array): boolean {
  for (let i = 0; i < quote.length; i++) if (frame[at + i] !== quote[i]) return false;
  return true;
}
