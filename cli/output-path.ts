import { access, constants, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isStandardOutput } from '../engine/sources/atomic-file.ts';
import { codeOf, Exit, Failure, OutputClosed, reasonOf } from './failure.ts';

/**
 * Looks whether a file can be written before a large capture is read; throws a `Failure` where it cannot, or where it
 * would take the place of the capture.
 */
export async function checkOutput(output: string, capture: string): Promise<void> {
  if (isStandardOutput(output)) {
    if (process.stdout.isTTY)
      throw new Failure(Exit.Usage, 'standard output is a terminal; lead it into a file or a pipe.');
    return;
  }
  const target = resolve(output);
  if (output.endsWith('/')) throw new Failure(Exit.Usage, `the output ${output} is a folder, not a file.`);
  try {
    const existing = await stat(target).catch((error) => {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    });
    if (existing?.isDirectory() === true)
      throw new Failure(Exit.Usage, `the output ${output} is a folder, not a file.`);
    // A device or a pipe is written in place; everything else beside where it will stand.
    if (existing === null || existing.isFile()) await access(dirname(target), constants.W_OK);
    if (existing !== null) await access(target, constants.W_OK);
    if (capture !== '-' && existing !== null && (await isSame(target, capture))) {
      throw new Failure(Exit.Usage, `the output ${output} would take the place of the capture.`);
    }
  } catch (error) {
    throw outputFailure(error, output);
  }
}

async function isSame(target: string, capture: string): Promise<boolean> {
  const other = await realpath(capture).catch(() => null);
  return other !== null && other === (await realpath(target).catch(() => target));
}

/** What failed in the system while writing, as a `Failure`; anything else as it is. */
export function outputFailure(error: unknown, output: string): unknown {
  if (error instanceof Failure || codeOf(error) === '') return error;
  if (isStandardOutput(output) && codeOf(error) === 'EPIPE') return new OutputClosed();
  const reason = codeOf(error) === 'ENOENT' ? 'its folder is not there' : reasonOf(error);
  return new Failure(Exit.Unreadable, `cannot write ${output}: ${reason}.`);
}
