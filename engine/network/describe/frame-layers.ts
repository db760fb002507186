/**
 * Describes everything of a frame below its payload: link layer, network layer, transport layer. The cold path, for
 * the packet a person opened. Never throws on any octets.
 */
import type { Octets } from '../../../base/octets.ts';
import type { TreeBuilder } from '../../../dissectors/dissector.ts';
import { linkTypeName } from '../protocol-names.ts';
import type { EspPayload } from '../esp.ts';
import { describeIp, describeIpPayload } from './ip-layers.ts';
import { type FrameLayers, leaveRest, newWalk } from './layer-walk.ts';
import { describeEspHeader as describeHeader, describeEspTrailer } from './tunnel-layers.ts';
import { describeCooked, describeEthernet, describeLoopback, describePpp, describePppoe } from './link-layers.ts';

export type { FrameLayers } from './layer-walk.ts';

/**
 * Describes a frame as captured; offsets in the tree and the result count from its first octet. `wireLength` is
 * what the frame had on the wire: what is missing up to there was cut by the capture and is no fault of the sender.
 */
export function describeFrameLayers(
  linkType: number,
  octets: Octets,
  tree: TreeBuilder,
  wireLength: number = octets.length,
): FrameLayers {
  const walk = newWalk(octets, tree);
  const range = { at: 0, end: octets.length, wireEnd: Math.max(wireLength, octets.length) };
  switch (linkType) {
    case 1:
      describeEthernet(walk, range);
      break;
    case 113:
      describeCooked(walk, 1, range);
      break;
    case 276:
      describeCooked(walk, 2, range);
      break;
    case 12:
    case 14:
    case 101:
    case 228:
    case 229:
      describeIp(walk, range);
      break;
    case 0:
      describeLoopback(walk, false, range);
      break;
    case 108:
      describeLoopback(walk, true, range);
      break;
    case 9:
    case 50:
      describePpp(walk, range);
      break;
    case 51:
      describePppoe(walk, range);
      break;
    default:
      tree.field('frame.link_type', 'Link type', 0, 0, linkType, `${linkTypeName(linkType)}, not decoded`);
      leaveRest(walk, range);
  }
  return walk.layers;
}

/**
 * Describes the payload of a reassembled IP datagram (its UDP or TCP header and what else may come first).
 * `fragment` is what `describeFrameLayers` gave for one of its frames: it holds the addresses. Offsets count in
 * `octets`. `protocol` is the datagram's, as reassembly gave it.
 */
export function describeReassembledLayers(
  protocol: number,
  octets: Octets,
  tree: TreeBuilder,
  fragment: FrameLayers,
): FrameLayers {
  const walk = newWalk(octets, tree);
  const { source, destination, addressSum, destinationSum } = fragment;
  Object.assign(walk.layers, { source, destination, addressSum, destinationSum });
  describeIpPayload(walk, protocol, { at: 0, end: octets.length, wireEnd: octets.length });
  return walk.layers;
}

/** Describes the header of an ESP packet that a key opened. */
export function describeEspHeader(octets: Octets, tree: TreeBuilder): void {
  describeHeader(newWalk(octets, tree));
}

/** Describes what ESP kept closed, `octets`: the packet inside, of which `payload` says where it is, and the ESP trailer. */
export function describeOpenedEsp(octets: Octets, payload: EspPayload, tree: TreeBuilder): FrameLayers {
  const walk = newWalk(octets, tree);
  const { protocol, at, end } = payload;
  describeEspTrailer(walk, payload);
  describeIpPayload(walk, protocol, { at, end, wireEnd: end });
  return walk.layers;
}
