import type { CaptureIndex } from '../query/capture-index.ts';
import { CodedError, noCapture } from './coded-error.ts';
import type { OpenedCapture } from './opened-capture.ts';
import type { CaptureSession } from './session.ts';

/** A question about the open capture; `index` is of when it was asked. */
export type Question<Params, Result> = (
  opened: OpenedCapture & { readonly index: CaptureIndex },
  params: Params,
  signal: AbortSignal,
) => Promise<Result> | Result;

/**
 * A handler that answers for the open capture. Where the capture is closed while the answer is worked out, reading fails
 * in one way or another; the window is told that, and not how.
 */
export function answering<Params, Result>(
  session: CaptureSession,
  question: Question<Params, Result>,
): (params: Params, context: { readonly signal: AbortSignal }) => Promise<Result> {
  return async (params, { signal }) => {
    const opened = session.opened();
    if (opened.index === null) throw noCapture();
    opened.answering++;
    try {
      return await question(opened as OpenedCapture & { readonly index: CaptureIndex }, params, signal);
    } catch (error) {
      if (opened.abort.signal.aborted && !signal.aborted) throw new CodedError('no-capture', 'The capture was closed.');
      throw error;
    } finally {
      opened.answering--;
    }
  };
}
