import { Octets } from '../../base/octets.ts';
import type { Capture } from '../capture.ts';
import { describeEspHeader, describeOpenedEsp, type FrameLayers } from '../network/describe/frame-layers.ts';
import { EspPayload, readEspTrailer } from '../network/esp.ts';
import { type FramePiece, pieceIn } from '../network/ip-issues.ts';
import type { FrameReader } from '../store/frame-reader.ts';
import type { PacketTree } from './detail-tree.ts';

/** What was opened of a frame's ESP: octets, and what they are called. */
export interface EspSource {
  readonly octets: Octets;
  readonly name: string;
}

/** Shows the header of ESP in UDP, whose port alone does not tell it. */
async function describeHeader(
  pieces: readonly FramePiece[],
  frame: number,
  layers: FrameLayers,
  reader: FrameReader,
  tree: PacketTree,
): Promise<void> {
  const only = pieceIn(pieces, frame);
  if (only === null || layers.payload !== 'udp' || layers.at !== only.at) return;
  const octets = await reader.pieces(pieces);
  tree.within(0, only.at, () => describeEspHeader(octets, tree));
}

/**
 * Shows the packets inside the ESP of a frame (0-based; `layers` is what it was shown as), as far as keys opened it: headers and the trailer, which point into
 * sources numbered from `firstSource`. Gives these.
 */
export async function describeEspInside(
  { pass: { esp } }: Capture,
  frame: number,
  layers: FrameLayers,
  reader: FrameReader,
  tree: PacketTree,
  firstSource: number,
): Promise<EspSource[]> {
  const sources: EspSource[] = [];
  for (const record of esp?.recordsOf(frame) ?? []) {
    const plain = await esp?.plaintext(record, (pieces) => reader.pieces(pieces));
    const payload = new EspPayload();
    if (plain === undefined || !readEspTrailer(plain, false, payload)) continue;
    const octets = new Octets(plain);
    await describeHeader(esp?.whereIs(record) ?? [], frame, layers, reader, tree);
    tree.within(firstSource + sources.length, 0, () => describeOpenedEsp(octets, payload, tree));
    sources.push({ octets, name: 'Decrypted ESP' });
  }
  return sources;
}
