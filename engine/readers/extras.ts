import type { CaptureExtras } from './frame-batch.ts';

/** Extras of a format, or a capture, that has none. */
export function noExtras(): CaptureExtras {
  return { comments: [], names: [], secrets: [], droppedFrames: null };
}
