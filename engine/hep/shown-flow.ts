import type { CaptureStore } from '../store/capture-store.ts';
import { FIRST_DISSECTOR } from '../store/protocol-list.ts';

/** The flow that a frame is listed with: that of the packet which a capture agent reports in it or a dissector handed on, else its own; 0 for none. */
export function shownFlow({ frames, flows, layers }: CaptureStore, frame: number): number {
  const own = frames.flow.get(frame);
  const index = frames.protocol.get(frame) - FIRST_DISSECTOR;
  if (index < 0 || flows.carriers.length === 1) return own;
  const layer = layers[index];
  const row = layer.firstRowOf(frame);
  if (row >= layer.count || layer.frame.get(row) !== frame) return own;
  const carried = layer.flow.get(row);
  const carrier = carried === 0 ? null : flows.carrier(carried);
  return carrier !== null && carrier.protocol !== 'turn' ? carried : own;
}
