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

/** The system's code of an error (`ENOENT`), or '' where it has none. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission is denied',
  EPERM: 'it is not permitted',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  ELOOP: 'its symbolic links go in a circle',
  ENAMETOOLONG: 'its name is too long',
  EMFILE: 'too many files are open',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EIO: 'the disk reports an input/output error',
  EEXIST: 'a file of that name is in the way',
  ENXIO: 'no device is there',
  ESPIPE: 'it is a pipe, which can only be written front to back',
};

/** Why a system call failed, as the end of a sentence without its full stop. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  return REASONS[code] ?? (code === '' ? message.replace(/\.$/, '') : `the system says ${code}`);
}
