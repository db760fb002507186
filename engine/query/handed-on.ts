import { Octets } from '../../base/octets.ts';
import { StringTable } from '../../base/string-table.ts';
import { type ColumnSpec, Table } from '../../base/table.ts';
import type { DissectContext, Encapsulation } from '../../dissectors/dissector.ts';
import type { Capture } from '../capture.ts';
import { describeFrameLayers, describeReassembledLayers, type FrameLayers } from '../network/describe/frame-layers.ts';
import type { DetailSource } from './packet-detail.ts';
import type { PacketTree } from './detail-tree.ts';
import type { PacketMessage } from './packet-messages.ts';

const RAW_IP = 101;
const UDP = 17;
const NO_LAYERS: FrameLayers = {
  payload: 'other',
  at: 0,
  length: 0,
  wireLength: 0,
  source: '',
  destination: '',
  sourcePort: 0,
  destinationPort: 0,
  protocol: -1,
  addressSum: 0,
  destinationSum: 0,
};

/** Shows the headers of the packet that a message handed on, between the message and what the packet holds. */
export function describeHandedOn(
  capture: Capture,
  message: PacketMessage,
  tree: PacketTree,
  source: DetailSource['id'],
): void {
  const { flows } = capture.store;
  const { dissector, octets } = message;
  if (!flows.carriers.some((carrier) => carrier?.protocol === dissector.id)) return;
  const inside = handedOn(capture, message);
  if (inside === null || inside.as === 'payload') return;
  const packet = new Octets(octets.bytes, octets.start + inside.at, inside.length);
  tree.within(source, Math.max(0, message.frameAt) + inside.at, () => {
    if (inside.as === 'ip') describeFrameLayers(RAW_IP, packet, tree);
    else describeReassembledLayers(UDP, packet, tree, NO_LAYERS);
  });
}

/** What a message handed on as the hot pass saw it: the dissector is asked once more. */
function handedOn(
  capture: Capture,
  { dissector, octets, transport, sourcePort, destinationPort, truncated, flow }: PacketMessage,
): { as: Encapsulation['as']; at: number; length: number } | null {
  let inside: { as: Encapsulation['as']; at: number; length: number } | null = null;
  const context: DissectContext = {
    transport,
    sourcePort,
    destinationPort,
    truncated,
    encapsulation: encapsulationOf(capture, flow),
    strings: new StringTable(),
    consumed: 0,
    child: () => {},
    packet: (as, at, length) => {
      if (at >= 0 && length > 0 && at + length <= octets.length) inside = { as, at, length };
    },
    issue: () => {},
  };
  try {
    dissector.dissect(octets, new Table<ColumnSpec>(dissector.columns), context);
  } catch {
    return null;
  }
  return inside;
}

/** What a rule says of the payloads of a flow. */
export function encapsulationOf(capture: Capture, flow: number): Encapsulation | null {
  return flow === 0 ? null : (capture.pass.rules.of(flow)?.encapsulation ?? null);
}
