/** What the describing functions of the layers share. */
import type { Octets } from '../../../base/octets.ts';
import type { TreeBuilder } from '../../../dissectors/dissector.ts';

/** How deep tunnels are followed: a crafted frame could nest hundreds of headers. */
export const MAX_LAYERS = 32;

/** What a frame was found to carry; all offsets are in the frame. */
export interface FrameLayers {
  /** `fragment`: part of an IP datagram; the transport header may lie in another frame. */
  payload: 'udp' | 'tcp' | 'fragment' | 'other';
  /** Where the payload lies: after the UDP or TCP header; else what no layer here described. */
  at: number;
  /** Octets of it that were captured. */
  length: number;
  /** Octets of it on the wire, as the headers say. */
  wireLength: number;
  /** Addresses of the innermost IP header, '' before there was one. */
  source: string;
  destination: string;
  sourcePort: number;
  destinationPort: number;
  /** IP protocol of the innermost IP header (after IPv6 extension headers), -1 before there was one. */
  protocol: number;
  /** Sum of the 16-bit words of both addresses, for the checksum of what is above. */
  addressSum: number;
  /** The destination's part of `addressSum`. */
  destinationSum: number;
}

/** One walk up the layers of a frame. */
export interface LayerWalk {
  readonly octets: Octets;
  readonly tree: TreeBuilder;
  readonly layers: FrameLayers;
  /** Layers entered so far. */
  depth: number;
}

/** A walk over `octets` that has found nothing yet. */
export function newWalk(octets: Octets, tree: TreeBuilder): LayerWalk {
  const layers: FrameLayers = {
    payload: 'other',
    at: 0,
    length: octets.length,
    wireLength: octets.length,
    source: '',
    destination: '',
    sourcePort: 0,
    destinationPort: 0,
    protocol: -1,
    addressSum: 0,
    destinationSum: 0,
  };
  return { octets, tree, layers, depth: 0 };
}

/** A range of the frame: `at`…`end` was captured; on the wire it went up to `wireEnd` (≥ `end`). */
export interface Range {
  readonly at: number;
  readonly end: number;
  readonly wireEnd: number;
}

/** What no layer here describes: the rest is the payload. */
export function leaveRest(walk: LayerWalk, range: Range): void {
  walk.layers.at = range.at;
  walk.layers.length = Math.max(0, range.end - range.at);
  walk.layers.wireLength = Math.max(walk.layers.length, range.wireEnd - range.at);
}

/**
 * True where `length` octets of the header `label` were captured; else shows what there is and the fault, and leaves
 * the rest. Cut by the capture and ended too early are told apart.
 */
export function hasHeader(walk: LayerWalk, range: Range, length: number, label: string): boolean {
  if (range.at + length <= range.end) return true;
  const there = Math.max(0, range.end - range.at);
  const isCut = range.at + length <= range.wireEnd;
  const message = `${label} header has ${length} octets, ${there} ${isCut ? 'were captured' : 'are there'}`;
  walk.tree.fault(isCut ? 'truncated' : 'header-too-short', message, range.at, there);
  leaveRest(walk, range);
  return false;
}

/** Goes one layer up unless that is absurdly deep already. */
export function enterLayer(walk: LayerWalk, range: Range): boolean {
  walk.depth++;
  if (walk.depth <= MAX_LAYERS) return true;
  walk.tree.fault('too-many-layers', `More than ${MAX_LAYERS} layers`, range.at, Math.max(0, range.end - range.at));
  leaveRest(walk, range);
  return false;
}

/** `0x0800`, for fields read in hexadecimal. */
export function hexText(value: number, digits: number): string {
  return `0x${value.toString(16).padStart(digits, '0')}`;
}

/** The names of the set bits, high to low, for a flags field. */
export function flagText(value: number, flags: readonly (readonly [number, string])[]): string {
  const set = flags.filter(([bit]) => (value & bit) !== 0).map(([, name]) => name);
  return set.length > 0 ? set.join(', ') : 'none';
}
