export { codeOf, reasonOf } from '../engine/sources/system-reason.ts';

/** The exit codes that scripts rely on. */
export const Exit = {
  Done: 0,
  /** What was asked for is not in the capture. */
  NotFound: 1,
  Usage: 2,
  /** The input cannot be read, or the output not be written. */
  Unreadable: 3,
  /** 128 + SIGINT, as shells count. */
  Interrupted: 130,
} as const;
export type Exit = (typeof Exit)[keyof typeof Exit];

/** Ends the command with one sentence on standard error. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exit: Exit;

  constructor(exit: Exit, sentence: string) {
    super(sentence);
    this.exit = exit;
  }
}

/** Whoever read the output wants no more of it (`| head`): not a failure. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}
