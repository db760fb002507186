/** What TURN carries (RFC 8656 sections 11 and 12), taken out in the hot pass: datagrams with addresses of their own. */
import { StunClass, type StunColumns, stunColumns, StunKind } from '../../dissectors/stun/columns.ts';
import { StunMethod } from '../../dissectors/stun/methods.ts';
import type { Dispatcher } from '../classify/dispatcher.ts';
import { Unwrapper } from '../pass/unwrapper.ts';
import { parseIPv4, parseIPv6 } from '../store/addresses.ts';
import type { CaptureStore } from '../store/capture-store.ts';
import { FlowKind } from '../store/flow-table.ts';
import type { LayerTable } from '../store/layer-table.ts';

/** Relays, peers and channels remembered: a hostile capture must not fill memory. */
const MAX_REMEMBERED = 1 << 18;

/** How a carried flow came: packets in ChannelData and in indications. */
export interface CarriedCount {
  channel: number;
  indication: number;
}

/** One side of a flow table's key. */
interface End {
  readonly isIPv6: boolean;
  /** As the flow table keeps it. */
  readonly address: number;
  readonly port: number;
}

/** An allocation, as far as the way of what it carries depends on it. Flows are those of the client's requests. */
interface Relay {
  /** Marks the kind of flows that it carries. */
  readonly bits: number;
  /** Text id of the relayed address, 0 before it is known. */
  relayed: number;
}

/**
 * Follows TURN allocations just as far as needed to say whose datagram a Send or Data indication, ChannelData or a frame of
 * ICE-TCP carries, and has it dissected as a packet of its own: from the relayed address to the peer, or back. Where the
 * capture does not show who the peer or what the relayed address is, the ends of the connection itself stand in.
 */
export class TurnRelays extends Unwrapper {
  /** By carried flow. */
  readonly counts = new Map<number, CarriedCount>();
  private readonly stun: LayerTable<StunColumns> | null;
  /** By the client's flow. */
  private readonly relays = new Map<number, Relay>();
  /** Text ids of peers, by `clientFlow × 65536 + channel`. */
  private readonly channels = new Map<number, number>();
  /** Transport addresses, by their text's id; null where it is none. */
  private readonly ends = new Map<number, End | null>();
  /** Carried flows, by the flow that carries, then by peer and relayed address. */
  private readonly carried = new Map<number, Map<number, number>>();

  constructor(store: CaptureStore, dispatcher: Dispatcher) {
    super(store, dispatcher, 'stun');
    this.stun = store.layer('stun', stunColumns);
  }

  protected payloadAt(row: number): number {
    return this.stun?.rows.columns.dataAt.get(row) ?? 0;
  }

  protected payloadLength(row: number): number {
    return this.stun?.rows.columns.dataLength.get(row) ?? 0;
  }

  /** Takes note of what a message says of relays; the flow of what it carries, 0 where it carries nothing. */
  protected carriedFlow(row: number, flow: number): number {
    if (this.stun === null) return 0;
    const c = this.stun.rows.columns;
    const kind = c.kind.get(row);
    if (kind === StunKind.ChannelData) return this.channelFlow(flow, c.channel.get(row), c.dataLength.get(row));
    // Frames of RFC 4571 are between the ends of the connection.
    if (kind === StunKind.Frame) return c.dataLength.get(row) === 0 ? 0 : this.plainFlow(flow, 0);
    if (kind !== StunKind.Message) return 0;
    const messageClass = c.class.get(row);
    const method = c.method.get(row);
    if (messageClass === StunClass.Indication) {
      if (c.dataLength.get(row) === 0 || c.peerAddress.get(row) === 0) return 0;
      if (method === StunMethod.Send) return this.count(this.flowTo(flow, flow, c.peerAddress.get(row)), 'indication');
      if (method === StunMethod.Data) {
        return this.count(this.flowTo(flow, this.store.flows.reverse[flow], c.peerAddress.get(row)), 'indication');
      }
    } else if (method === StunMethod.Allocate && messageClass === StunClass.Success) {
      const relay = this.relayOf(this.store.flows.reverse[flow]);
      if (relay !== null) relay.relayed = c.relayedAddress.get(row);
    } else if (method === StunMethod.ConnectionBind && messageClass === StunClass.Success) {
      // From here on the connection carries the peer's octets as they are (RFC 6062 section 4.4).
      const { dissector, reverse } = this.store.flows;
      dissector[flow] = 0;
      dissector[reverse[flow]] = 0;
    } else if (method === StunMethod.ChannelBind && messageClass === StunClass.Request) {
      if (this.channels.size < MAX_REMEMBERED && c.peerAddress.get(row) !== 0) {
        this.channels.set(flow * 0x10000 + c.channel.get(row), c.peerAddress.get(row));
      }
    }
    return 0;
  }

  private channelFlow(flow: number, channel: number, length: number): number {
    if (length === 0) return 0;
    const own = this.channels.get(flow * 0x10000 + channel);
    if (own !== undefined) return this.count(this.flowTo(flow, flow, own), 'channel');
    const reverse = this.store.flows.reverse[flow];
    const others = this.channels.get(reverse * 0x10000 + channel);
    if (others !== undefined) return this.count(this.flowTo(flow, reverse, others), 'channel');
    // Bound before the capture began: the channel stands for the peer, and the connection's ends for its addresses.
    return this.count(this.plainFlow(flow, channel), 'channel');
  }

  private count(flow: number, way: keyof CarriedCount): number {
    if (flow === 0) return 0;
    let count = this.counts.get(flow);
    if (count === undefined) this.counts.set(flow, (count = { channel: 0, indication: 0 }));
    count[way]++;
    return flow;
  }

  /** The flow of a datagram on `flow`, by way of the relay of `client`, whose peer is the text `peer`. */
  private flowTo(flow: number, client: number, peer: number): number {
    const relay = this.relayOf(client === 0 ? flow : client);
    if (relay === null) return 0;
    // Text ids stay below 2^26 in captures of any size, so the sum is exact.
    const name = peer * 0x4000000 + relay.relayed;
    let ofFlow = this.carried.get(flow);
    if (ofFlow === undefined) this.carried.set(flow, (ofFlow = new Map()));
    let carried = ofFlow.get(name);
    if (carried === undefined) {
      carried = this.lookup(flow, client === flow, relay, peer);
      if (ofFlow.size < MAX_REMEMBERED) ofFlow.set(name, carried);
    }
    return carried;
  }

  private lookup(flow: number, isToPeer: boolean, relay: Relay, peer: number): number {
    const peerEnd = this.endOf(peer);
    const relayEnd = relay.relayed === 0 ? this.clientEnd(flow, isToPeer) : this.endOf(relay.relayed);
    if (peerEnd === null || relayEnd === null || peerEnd.isIPv6 !== relayEnd.isIPv6) return this.plainFlow(flow, 0);
    const [source, destination] = isToPeer ? [relayEnd, peerEnd] : [peerEnd, relayEnd];
    const kind = (peerEnd.isIPv6 ? FlowKind.Udp6 : FlowKind.Udp4) | relay.bits;
    const ports = ((source.port << 16) | destination.port) >>> 0;
    return this.store.flows.lookup(kind, source.address, destination.address, ports);
  }

  /** The client's end of the connection, of its own flow or the server's. */
  private clientEnd(flow: number, isClients: boolean): End | null {
    const { flows, strings } = this.store;
    const text = isClients ? flows.sourceEndpoint(flow) : flows.destinationEndpoint(flow);
    return this.endOf(strings.internText(text));
  }

  private plainFlow(flow: number, channel: number): number {
    const { flows } = this.store;
    const reverse = flows.reverse[flow];
    const client = reverse === 0 ? flow : Math.min(flow, reverse);
    const relay = this.relayOf(client, channel);
    return relay === null ? 0 : flows.carriedTwin(flow, relay.bits);
  }

  /** The relay of a client's flow; of a channel whose peer is not known, one of its own. */
  private relayOf(client: number, channel = 0): Relay | null {
    const name = client * 0x10000 + channel;
    let relay = this.relays.get(name);
    if (relay === undefined) {
      if (this.relays.size >= MAX_REMEMBERED || client === 0) return null;
      relay = { bits: this.store.flows.addCarrier({ protocol: 'turn', flow: client }), relayed: 0 };
      this.relays.set(name, relay);
    }
    return relay;
  }

  /** `10.0.0.1:4000` or `[2001:db8::1]:4000` by its text id; the first where several are listed; null where it is neither. */
  private endOf(text: number): End | null {
    let end = this.ends.get(text);
    if (end === undefined) {
      end = this.parseEnd(this.store.strings.text(text).split(' ')[0]);
      if (this.ends.size < MAX_REMEMBERED) this.ends.set(text, end);
    }
    return end;
  }

  private parseEnd(text: string): End | null {
    const colon = text.lastIndexOf(':');
    const port = Number(text.slice(colon + 1));
    const address = text.slice(0, colon);
    if (address.startsWith('[')) {
      const octets = parseIPv6(address);
      return octets === null ? null : { isIPv6: true, address: this.store.flows.ipv6Id(octets, 0), port };
    }
    const v4 = parseIPv4(address);
    return v4 < 0 ? null : { isIPv6: false, address: v4, port };
  }
}
