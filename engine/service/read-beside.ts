import { type Progress, readCapture } from '../engine.ts';
import { Turns } from '../filter/turns.ts';
import { RunningPlugins } from '../plugins/running-plugins.ts';
import { throwIfAborted } from '../readers/abort.ts';
import { openSource } from '../sources/open-source.ts';
import { CodedError } from './coded-error.ts';
import { openFailure } from './open-failure.ts';
import { OpenedCapture } from './opened-capture.ts';
import { type CaptureSession, turnsOf } from './session.ts';

/** The event loop hears of the reading this often. */
const PROGRESS_MS = 100;

/**
 * Reads a second capture beside the open one, with the secrets, rules and plugins of now. Whoever asked closes it. Rejects
 * with an AbortError where `signal` aborts, else with a coded sentence.
 */
export async function readBeside(
  session: CaptureSession,
  path: string,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<OpenedCapture> {
  const opened = new OpenedCapture({ kind: 'path', path });
  const onAbort = (): void => opened.abort.abort();
  signal.addEventListener('abort', onAbort);
  try {
    throwIfAborted(signal);
    const reading = read(session, opened, path, onProgress);
    opened.done = reading;
    await reading;
    throwIfAborted(signal);
    return opened;
  } catch (error) {
    const failure = signal.aborted ? null : await openFailure(error, opened.name, opened.source);
    await opened.close();
    if (failure === null) throw new DOMException('Reading was cancelled.', 'AbortError');
    throw new CodedError(failure.code, failure.message);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

async function read(
  session: CaptureSession,
  opened: OpenedCapture,
  path: string,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  const { signal } = opened.abort;
  const secrets = await session.secrets.forReading(new Turns(signal));
  opened.source = await openSource(path);
  const loaded = await session.plugins?.loaded();
  if (loaded !== undefined && loaded.compiled.length > 0) {
    opened.plugins = await RunningPlugins.start(loaded, session.builtIns);
  }
  throwIfAborted(signal);
  const dissectors = [...session.builtIns, ...(opened.plugins?.dissectors ?? [])];
  let reported = -Infinity;
  opened.capture = await readCapture(opened.source, {
    dissectors: session.builtIns,
    ...(opened.plugins === null ? {} : { plugins: opened.plugins }),
    secrets,
    ...(await session.rules.forReading(dissectors.map(({ id }) => id))),
    signal,
    onProgress: (progress) => {
      if (performance.now() - reported < PROGRESS_MS) return;
      reported = performance.now();
      onProgress(progress);
    },
    goOn: turnsOf(opened, session.opened()),
  });
  opened.isReading = false;
}
