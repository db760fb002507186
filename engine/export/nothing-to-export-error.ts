/** What was asked for is not in the capture, or cannot be heard. `message` is one sentence for a person. */
export class NothingToExportError extends Error {
  override readonly name = 'NothingToExportError';
}
