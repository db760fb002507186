/** What was opened is not a capture this version can read. `message` is one sentence for a person. */
export class UnreadableCaptureError extends Error {
  override readonly name = 'UnreadableCaptureError';
}
