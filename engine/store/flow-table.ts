import { FIRST_ROOM } from '../../base/first-room.ts';
import { StringTable } from '../../base/string-table.ts';
import type { TunnelName } from '../../shared/api.ts';
import { formatEndpoint, formatIPv4, formatIPv6 } from './addresses.ts';

/** What a flow's addresses and transport are. What stands above these bits of the key is its carrier's number. */
export const FlowKind = { Udp4: 1, Tcp4: 2, Udp6: 3, Tcp6: 4 } as const;
export type FlowKind = (typeof FlowKind)[keyof typeof FlowKind];

const KIND_BITS = 3;

/**
 * Something that carries whole datagrams with addresses of their own: a TURN relay, all capture agents, all tunnels of a
 * kind, or all payloads of a dissector that hands packets on.
 */
export interface Carrier {
  /** `turn`, the name of a tunnel, or the id of the dissector. */
  readonly protocol: 'turn' | 'hep' | TunnelName | (string & Record<never, never>);
  /** A flow of what carries, either direction; 0 where there are several, and of tunnels. */
  readonly flow: number;
}

/**
 * Every one-way transport 5-tuple, numbered from 1 in order of appearance. Addresses are IPv4 as numbers, or ids of
 * interned IPv6 octets. The other direction is `reverse`, 0 until it is seen. The same 5-tuple in another carrier is another
 * flow.
 */
export class FlowTable {
  count = 0;
  /** Four words a flow, side by side because they are always read together: source, destination, ports, kind. */
  private keys = new Uint32Array(4 * FIRST_ROOM);
  reverse = new Uint32Array(FIRST_ROOM);
  /** Dissector (index + 1) the flow has proved to be, or was bound or set to; 0 while unknown. */
  dissector = new Uint8Array(FIRST_ROOM);
  /** Of a flow whose octets were decrypted: the dissector (index + 1) of what is inside; 0 while unknown. */
  inner = new Uint8Array(FIRST_ROOM);
  /** 1 where the user's Decode As fixed `dissector`. */
  fixed = new Uint8Array(FIRST_ROOM);
  /** For trackers: the last stream seen on this flow (id + 1). */
  lastStream = new Uint32Array(FIRST_ROOM);
  /** What carries flows that are not on the wire themselves, numbered from 1. */
  readonly carriers: (Carrier | null)[] = [null];
  private slots = new Uint32Array(4 * FIRST_ROOM);
  private readonly ipv6 = new StringTable();

  /** The id under which 16 octets of IPv6 address are kept. */
  ipv6Id(bytes: Uint8Array, at: number): number {
    return this.ipv6.intern(bytes, at, 16);
  }

  /** The flow's number; a new one is added. */
  lookup(kind: number, source: number, destination: number, ports: number): number {
    const slot = this.slotOf(kind, source, destination, ports);
    const flow = this.slots[slot];
    return flow === 0 ? this.insert(kind, source, destination, ports, slot) : flow;
  }

  /** Like `lookup`, but 0 where the flow was not seen. */
  find(kind: number, source: number, destination: number, ports: number): number {
    return this.slots[this.slotOf(kind, source, destination, ports)];
  }

  kind(flow: number): FlowKind {
    return (this.keys[flow * 4 + 3] & ((1 << KIND_BITS) - 1)) as FlowKind;
  }

  /** What carries a flow; null where it is on the wire itself. */
  carrier(flow: number): Carrier | null {
    return this.carriers[this.keys[flow * 4 + 3] >>> KIND_BITS];
  }

  /** Adds a carrier and gives the bits that mark a kind as carried by it. */
  addCarrier(carrier: Carrier): number {
    return (this.carriers.push(carrier) - 1) << KIND_BITS;
  }

  /** The flow with the addresses of `flow`, over UDP, in the carrier with these bits; its ports are those of `flow` or given. */
  carriedTwin(flow: number, bits: number, ports = this.keys[flow * 4 + 2]): number {
    const source = this.keys[flow * 4];
    const destination = this.keys[flow * 4 + 1];
    return this.lookup((this.isIPv6(flow) ? FlowKind.Udp6 : FlowKind.Udp4) | bits, source, destination, ports);
  }

  /** The same for flows with the same addresses and transport, whatever carries them. */
  endsKey(flow: number): string {
    const [source, destination, ports] = this.keys.subarray(flow * 4, flow * 4 + 3);
    return `${this.kind(flow)} ${source} ${destination} ${ports}`;
  }

  /** Whether two flows have the same addresses and transport, whatever carries them. */
  haveSameEnds(a: number, b: number): boolean {
    const { keys } = this;
    for (let word = 0; word < 3; word++) if (keys[a * 4 + word] !== keys[b * 4 + word]) return false;
    return this.kind(a) === this.kind(b);
  }

  sourcePort(flow: number): number {
    return this.keys[flow * 4 + 2] >>> 16;
  }

  destinationPort(flow: number): number {
    return this.keys[flow * 4 + 2] & 0xffff;
  }

  isTcp(flow: number): boolean {
    return this.kind(flow) === FlowKind.Tcp4 || this.kind(flow) === FlowKind.Tcp6;
  }

  isIPv6(flow: number): boolean {
    return this.kind(flow) >= FlowKind.Udp6;
  }

  /** `10.0.0.1` or `2001:db8::1`. */
  sourceAddress(flow: number): string {
    return this.addressText(flow, this.keys[flow * 4]);
  }

  destinationAddress(flow: number): string {
    return this.addressText(flow, this.keys[flow * 4 + 1]);
  }

  /** `10.0.0.1:5060` or `[2001:db8::1]:5060`. */
  sourceEndpoint(flow: number): string {
    return formatEndpoint(this.sourceAddress(flow), this.sourcePort(flow));
  }

  destinationEndpoint(flow: number): string {
    return formatEndpoint(this.destinationAddress(flow), this.destinationPort(flow));
  }

  private addressText(flow: number, address: number): string {
    if (!this.isIPv6(flow)) return formatIPv4(address);
    const octets = this.ipv6.octets(address);
    return formatIPv6(octets.bytes, octets.start);
  }

  private hash(kind: number, source: number, destination: number, ports: number): number {
    let hash = Math.imul(source, 0x9e3779b1) ^ kind;
    hash = Math.imul(hash ^ (hash >>> 15) ^ destination, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13) ^ ports, 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
  }

  /** The slot that holds the flow, or the free one where it belongs. */
  private slotOf(kind: number, source: number, destination: number, ports: number): number {
    const { slots, keys } = this;
    const mask = slots.length - 1;
    let slot = this.hash(kind, source, destination, ports) & mask;
    for (;;) {
      const flow = slots[slot];
      if (flow === 0) return slot;
      const key = flow * 4;
      if (keys[key] === source && keys[key + 1] === destination && keys[key + 2] === ports && keys[key + 3] === kind) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
  }

  private insert(kind: number, source: number, destination: number, ports: number, slot: number): number {
    const flow = ++this.count;
    if (flow >= this.reverse.length) this.grow();
    this.keys[flow * 4] = source;
    this.keys[flow * 4 + 1] = destination;
    this.keys[flow * 4 + 2] = ports;
    this.keys[flow * 4 + 3] = kind;
    this.slots[slot] = flow;
    if (this.count * 2 > this.slots.length) this.rehash();
    const reverse = this.find(kind, destination, source, ((ports << 16) | (ports >>> 16)) >>> 0);
    if (reverse !== 0) {
      this.reverse[flow] = reverse;
      this.reverse[reverse] = flow;
    }
    return flow;
  }

  private grow(): void {
    const length = this.reverse.length * 2;
    this.keys = grown32(this.keys, length * 4);
    this.dissector = grown8(this.dissector, length);
    this.inner = grown8(this.inner, length);
    this.fixed = grown8(this.fixed, length);
    this.reverse = grown32(this.reverse, length);
    this.lastStream = grown32(this.lastStream, length);
  }

  private rehash(): void {
    const { keys } = this;
    const slots = new Uint32Array(this.slots.length * 2);
    const mask = slots.length - 1;
    for (let flow = 1; flow <= this.count; flow++) {
      const key = flow * 4;
      let slot = this.hash(keys[key + 3], keys[key], keys[key + 1], keys[key + 2]) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = flow;
    }
    this.slots = slots;
  }
}

function grown8(array: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const next = new Uint8Array(length);
  next.set(array);
  return next;
}

function grown32(array: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const next = new Uint32Array(length);
  next.set(array);
  return next;
}
