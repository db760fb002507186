/** A failure that the window can tell from others: `code` for programs, the message is a sentence for people. */
export class CodedError extends Error {
  override readonly name = 'CodedError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** What every question meets while nothing is open. */
export function noCapture(): CodedError {
  return new CodedError('no-capture', 'No capture is open.');
}

/** A row, packet or stream that the capture does not have. */
export function notFound(what: string): CodedError {
  return new CodedError('not-found', `The capture has no ${what}.`);
}
