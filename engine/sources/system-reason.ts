/** Why the system refused something, in words. */

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
