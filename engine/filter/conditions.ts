/** A condition, decided for a block of packets from what the hot pass stored. */
import { ABSENT, type FilterField, UNKNOWN } from '../../base/filter-field.ts';
import type { Dissector } from '../../dissectors/dissector.ts';
import type { Capture } from '../capture.ts';
import type { LayerTable } from '../store/layer-table.ts';
import { FIRST_DISSECTOR, Protocol } from '../store/protocol-list.ts';
import type { Leaf } from './check.ts';
import { entryBlock, type EntryRows } from './entry-conditions.ts';
import type { Field, FieldSource, Value } from './field.ts';
import { eventCarriers } from './event-carriers.ts';
import { iceBlock } from './ice-conditions.ts';
import { allOf, anyOf, Failed, Maybe, No, Yes } from './ternary.ts';

/**
 * Writes what is known of the packets `from`…`to` (0-based, `to` left out) to `out`, which counts from `from` and holds
 * zeros.
 */
export type Block = (from: number, to: number, out: Uint8Array) => void;

/** What of a condition says which values pass. */
type Condition = Pick<Leaf, 'mode' | 'test' | 'equals'>;
const PRESENT: Condition = { mode: 'any', test: null, equals: null };

type SourceOf<K extends FieldSource['kind']> = Extract<FieldSource, { kind: K }>;

/** A condition made ready for a capture: what is decided once for a flow, a text or a call is decided here. */
export function blockOf(capture: Capture, leaf: Leaf, rows: EntryRows): Block {
  const { field } = leaf;
  switch (field.source.kind) {
    case 'frame':
      return frameBlock(capture, leaf, field.source);
    case 'flow':
      return searched(leaf, flowBlock(capture, leaf, field.source));
    case 'rows':
      return searched(leaf, rowsBlock(capture, leaf, field.source));
    case 'dissector':
      return searched(leaf, scopeOfDissector(capture, field.source.dissector));
    case 'entry':
      return entryBlock(capture, leaf, field.source, rows);
    case 'ice':
      return iceBlock(capture, leaf, field.source);
    default:
      return treeBlock(capture, leaf);
  }
}

/** What is looked for inside a protocol is in the packet: that the protocol is there says no more than maybe. */
function searched(leaf: Leaf, block: Block): Block {
  return leaf.field.type === 'protocol' && leaf.test !== null ? weakened(block) : block;
}

function weakened(block: Block): Block {
  return (from, to, out) => {
    block(from, to, out);
    for (let i = 0; i < to - from; i++) if (out[i] === Yes) out[i] = Maybe;
  };
}

function frameBlock(capture: Capture, { test }: Condition, { read }: SourceOf<'frame'>): Block {
  return (from, to, out) => {
    for (let frame = from; frame < to; frame++) {
      if (test === null || test(read(capture, frame))) out[frame - from] = Yes;
    }
  };
}

/** Decided once for each flow. A packet without flow may hold anything but for ARP; one in a tunnel, what is around it. */
function flowBlock(capture: Capture, { mode, test }: Condition, { read }: SourceOf<'flow'>): Block {
  const { flows, frames } = capture.store;
  const known = new Uint8Array(flows.count + 1);
  known[0] = Maybe;
  for (let flow = 1; flow < known.length; flow++) {
    known[flow] = flows.carrier(flow) === null ? stateOf(read(flows, flow), mode, test) : Maybe;
  }
  return (from, to, out) => {
    for (let frame = from; frame < to; frame++) {
      const flow = frames.flow.get(frame);
      const isArp = flow === 0 && frames.protocol.get(frame) === Protocol.Arp;
      out[frame - from] = isArp ? No : known[flow];
    }
  };
}

/** What the values of one packet come to. */
export function stateOf(values: readonly Value[], mode: Leaf['mode'], test: Leaf['test']): typeof No | typeof Yes {
  if (values.length === 0) return No;
  if (test === null) return Yes;
  return (mode === 'any' ? values.some((value) => test(value)) : values.every((value) => test(value))) ? Yes : No;
}

function rowsBlock(capture: Capture, condition: Condition, { dissector, field }: SourceOf<'rows'>): Block {
  const layer = layerOf(capture, dissector);
  if (layer === null || field.column === undefined) return () => {};
  const { columns } = layer.rows;
  const decide = deciderOf(capture, condition, field);
  return rowBlock(capture, layer, condition.mode, (row) => {
    const value = field.column?.(columns, row) ?? UNKNOWN;
    return value === ABSENT ? No : value === UNKNOWN ? Maybe : decide(value);
  });
}

/**
 * Goes through the rows of a block. Rows count where a dissector kept the packet: what only looked like RTP and was
 * given back did not. `ofRow` gives `No` for a row that has no value.
 */
export function rowBlock(
  { store: { frames } }: Capture,
  layer: LayerTable,
  mode: Leaf['mode'],
  ofRow: (row: number) => number,
): Block {
  const combine = mode === 'any' ? anyOf : allOf;
  return (from, to, out) => {
    for (let row = layer.firstRowOf(from); row < layer.count; row++) {
      const frame = layer.frame.get(row);
      if (frame >= to) break;
      const state = ofRow(row);
      if (state === No || frames.protocol.get(frame) < FIRST_DISSECTOR) continue;
      out[frame - from] = combine(out[frame - from], state);
    }
    if (mode === 'all') settle(out, to - from);
  };
}

function settle(out: Uint8Array, count: number): void {
  for (let i = 0; i < count; i++) if (out[i] === Failed) out[i] = No;
}

/** Says of a stored value whether it passes. Texts are decided once each. */
function deciderOf(
  { store: { strings } }: Capture,
  { mode, test, equals }: Condition,
  { type, names }: FilterField,
): (value: number) => number {
  const refused = mode === 'all' ? Failed : No;
  if (test === null) return () => Yes;
  if (names !== undefined) {
    const passes = names.map((name) => (test(name) ? Yes : refused));
    return (value) => passes[value] ?? Maybe;
  }
  if (type !== 'text') return (value) => (test(value) ? Yes : refused);
  const wanted = equals === null ? null : new TextEncoder().encode(equals);
  const passes = (id: number): boolean => {
    if (wanted === null) return test(strings.text(id));
    const octets = strings.octets(id);
    return octets.length === wanted.length && wanted.every((octet, i) => octet === octets.u8(i));
  };
  const known = new Uint8Array(strings.size);
  return (id) => {
    if (id >= known.length) return passes(id) ? Yes : refused;
    if (known[id] === 0) known[id] = passes(id) ? 1 : 2;
    return known[id] === 1 ? Yes : refused;
  };
}

/** What is only in the packet: `Maybe` wherever the protocol it belongs to is. */
function treeBlock(capture: Capture, leaf: Leaf): Block {
  const { field } = leaf;
  if (field.id === 'frame') return leaf.test === null ? everywhere(Yes) : everywhere(Maybe);
  if (field.id === 'frame.comment') return commentBlock(capture);
  const scope = scopeOf(capture, field);
  return field.id === field.owner && leaf.test === null ? scope : weakened(scope);
}

function everywhere(state: number): Block {
  return (from, to, out) => out.fill(state, 0, to - from);
}

function commentBlock({ reader }: Capture): Block {
  return (from, to, out) => {
    for (const { frame } of reader.extras.comments) if (frame >= from && frame < to) out[frame - from] = Maybe;
  };
}

/** Link types of the layers that only those have. */
const LINK_TYPES: Readonly<Record<string, readonly number[]>> = { eth: [1], sll: [113, 276], null: [0, 108] };
/** Layers of packets without a UDP or TCP flow, by the protocol that the hot pass saw. */
const FLOWLESS: Readonly<Record<string, number>> = { arp: Protocol.Arp, icmp: Protocol.Icmp, icmpv6: Protocol.IcmpV6 };

/** Where the owner of a field is. */
function scopeOf(capture: Capture, { owner }: Field): Block {
  const linkTypes = LINK_TYPES[owner];
  if (linkTypes !== undefined) return linkBlock(capture, linkTypes);
  const protocol = FLOWLESS[owner];
  if (protocol !== undefined) return flowlessBlock(capture, protocol);
  const { flows } = capture.store;
  switch (owner) {
    case 'ip':
      return flowScope(capture, (flow) => !flows.isIPv6(flow));
    case 'ipv6':
      return flowScope(capture, (flow) => flows.isIPv6(flow));
    case 'udp':
      return flowScope(capture, (flow) => !flows.isTcp(flow));
    case 'tcp':
      return flowScope(capture, (flow) => flows.isTcp(flow));
    default:
      return capture.store.dissectorIds.includes(owner) ? scopeOfDissector(capture, owner) : everywhere(Maybe);
  }
}

function flowScope(capture: Capture, passes: (flow: number) => boolean): Block {
  return flowBlock(capture, PRESENT, { kind: 'flow', read: (_, flow) => (passes(flow) ? [1] : []) });
}

/** A packet of a flow is neither ARP nor ICMP, and neither is one of another protocol that was made out. */
function flowlessBlock({ store: { frames } }: Capture, protocol: number): Block {
  return (from, to, out) => {
    for (let frame = from; frame < to; frame++) {
      if (frames.flow.get(frame) === 0) out[frame - from] = frames.protocol.get(frame) === protocol ? Yes : Maybe;
    }
  };
}

/** Another link type may carry the layer inside (Ethernet over GRE), but not below a flow on the wire. */
function linkBlock({ reader, store: { flows, frames } }: Capture, linkTypes: readonly number[]): Block {
  return (from, to, out) => {
    for (let frame = from; frame < to; frame++) {
      const { linkType } = reader.interfaces[frames.interfaceIndex.get(frame)];
      const flow = frames.flow.get(frame);
      const inside = flow === 0 || flows.carrier(flow) !== null ? Maybe : No;
      out[frame - from] = linkTypes.includes(linkType) ? Yes : inside;
    }
  };
}

/** Protocols whose packets are shown as what they carry. */
const CARRYING = new Set(['hep', 'http', 'stun', 'tls', 'websocket']);

/** The packets a dissector took, or that hold a body it takes. */
function scopeOfDissector(capture: Capture, id: string): Block {
  const { dissectors, frames } = capture.store;
  const index = dissectors.findIndex((dissector) => dissector.id === id);
  const dissector = dissectors[index];
  if (dissector === undefined) return () => {};
  const own: Block = (from, to, out) => {
    for (let frame = from; frame < to; frame++) {
      if (frames.protocol.get(frame) === FIRST_DISSECTOR + index) out[frame - from] = Yes;
    }
  };
  if (CARRYING.has(id) || capture.store.flows.carriers.some((carrier) => carrier?.protocol === id)) {
    const rows = rowBlock(capture, capture.store.layers[index], 'any', () => Yes);
    return (from, to, out) => {
      rows(from, to, out);
      own(from, to, out);
    };
  }
  const bodies = bodyBlock(capture, dissector);
  if (bodies === null) return own;
  return (from, to, out) => {
    bodies(from, to, out);
    own(from, to, out);
  };
}

/** The packets that hold a body a dissector takes; null where it takes none. */
function bodyBlock(capture: Capture, { id, claims }: Dissector): Block | null {
  if (!claims.some((claim) => claim.kind === 'media-type')) return null;
  const { store, streams } = capture;
  const stored = store.dissectors.flatMap(({ id: of, fields = [] }) =>
    fields.filter((field) => field.id === id && field.column !== undefined).map((field) => ({ dissector: of, field })),
  );
  if (stored.length > 0) {
    const blocks = stored.map((source) => rowsBlock(capture, PRESENT, { kind: 'rows', ...source }));
    return (from, to, out) => blocks.forEach((block) => block(from, to, out));
  }
  // What RTP carries is told by the stream; any other message may hold a body.
  const isCarrier = eventCarriers(capture);
  const rtp = rowBlock(capture, streams.rtp, 'any', (row) => (isCarrier(row) ? Maybe : No));
  const rtpProtocol = FIRST_DISSECTOR + store.dissectorIds.indexOf('rtp');
  return (from, to, out) => {
    if (claims.some((claim) => claim.kind === 'media-type' && claim.type.startsWith('audio/')))
      return rtp(from, to, out);
    for (let frame = from; frame < to; frame++) {
      const protocol = store.frames.protocol.get(frame);
      if (protocol >= FIRST_DISSECTOR && protocol !== rtpProtocol) out[frame - from] = Maybe;
    }
  };
}

function layerOf({ store }: Capture, dissector: string): LayerTable | null {
  return store.layers[store.dissectorIds.indexOf(dissector)] ?? null;
}
