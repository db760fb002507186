import { builtIns } from '../dissectors/index.ts';
import type { Capture } from '../engine/capture.ts';
import { parseDecodeAs, type DecodeAsRule } from '../engine/classify/decode-as.ts';
import { readCapture, type ReadOptions } from '../engine/engine.ts';
import { UnreadableCaptureError } from '../engine/readers/unreadable-capture-error.ts';
import { openSource } from '../engine/sources/open-source.ts';
import { parseCodecOptions } from './codec-option.ts';
import { Exit, Failure, reasonOf } from './failure.ts';
import type { Options } from './options.ts';

/** What reading takes from the options, given all dissectors that a rule may name; throws a `Failure` where a rule is wrong. */
export function readOptionsOf(
  options: Options,
  dissectors: ReadOptions['dissectors'] = builtIns,
): Pick<ReadOptions, 'dissectors' | 'decodeAs' | 'codecs'> {
  const ids = dissectors.map(({ id }) => id);
  const decodeAs: DecodeAsRule[] = [];
  for (const text of options.decodeAs) {
    const rule = parseDecodeAs(text, ids);
    if (typeof rule === 'string') throw new Failure(Exit.Usage, `--decode-as: ${rule}`);
    decodeAs.push(rule);
  }
  const codecs = parseCodecOptions(options.codecs);
  if (typeof codecs === 'string') throw new Failure(Exit.Usage, `--codec: ${codecs}`);
  return { dissectors: builtIns, decodeAs, codecs };
}

/** Reads a capture; throws a `Failure` that says why it cannot be read. Cancelling rejects with an AbortError. */
export async function openCapture(path: string, options: ReadOptions): Promise<Capture> {
  const name = path === '-' ? 'standard input' : path;
  if (path === '-' && process.stdin.isTTY) {
    throw new Failure(
      Exit.Usage,
      'standard input is a terminal; lead a capture into it, as in "tcpdump -w - | earshot info -".',
    );
  }
  try {
    const source = await openSource(path);
    try {
      return await readCapture(source, options);
    } catch (error) {
      await source.close();
      throw error;
    }
  } catch (error) {
    throw asFailure(error, name);
  }
}

function asFailure(error: unknown, name: string): unknown {
  if (error instanceof UnreadableCaptureError) return new Failure(Exit.Unreadable, `${name}: ${error.message}`);
  // A call to the system that failed, not a slip of ours.
  if (error instanceof Error && 'syscall' in error) {
    return new Failure(Exit.Unreadable, `cannot read ${name}: ${reasonOf(error)}.`);
  }
  return error;
}
