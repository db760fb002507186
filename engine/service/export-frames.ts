import type { Dissector } from '../../dissectors/dissector.ts';
import type { Capture } from '../capture.ts';
import { checkFilter, filterPackets } from '../filter/index.ts';
import { callId, findCall } from '../query/call-rows.ts';
import type { LayerTable } from '../store/layer-table.ts';
import { CodedError, notFound } from './coded-error.ts';

/**
 * Frames (0-based, ascending) of the packets of a call that pass a filter, and of all fragments and segments they came
 * together from. Rejects with the code `bad-filter` or `not-found`.
 */
export async function exportFrames(
  capture: Capture,
  call: string | null,
  filter: string,
  dissectors: readonly Dissector[],
  signal: AbortSignal,
): Promise<Uint32Array> {
  const passed = await filtered(capture, filter, dissectors, signal);
  if (call === null) return passed === null ? allFrames(capture) : withPieces(capture, new Set(passed));
  const entry = findCall(capture, call);
  if (entry === null) throw notFound(`call ${call}`);
  // The filter's own notion of what belongs to a call, so that the file holds what the window shows.
  const ofCall = await filtered(capture, `call.id == ${callId(entry).slice(1)}`, dissectors, signal);
  const kept = passed === null ? null : new Set(passed);
  return withPieces(capture, new Set(kept === null ? ofCall : ofCall?.filter((frame) => kept.has(frame))));
}

function withPieces(capture: Capture, frames: Set<number>): Uint32Array {
  addPieces(capture.calls.sip, frames);
  addPieces(capture.streams.rtp, frames);
  return Uint32Array.from(frames).toSorted();
}

/** null: all. */
async function filtered(
  capture: Capture,
  filter: string,
  dissectors: readonly Dissector[],
  signal: AbortSignal,
): Promise<Uint32Array | null> {
  if (filter.trim() === '') return null;
  const checked = checkFilter(filter, 'packets', dissectors);
  if (!checked.ok) throw new CodedError('bad-filter', checked.error.message);
  return filterPackets(capture, checked.filter, { signal });
}

function allFrames(capture: Capture): Uint32Array {
  return Uint32Array.from({ length: capture.store.frames.count }, (_, frame) => frame);
}

function addPieces(layer: LayerTable, frames: Set<number>): void {
  for (const [row, pieces] of layer.pieces) {
    if (frames.has(layer.frame.get(row))) for (const { frame } of pieces) frames.add(frame);
  }
}
