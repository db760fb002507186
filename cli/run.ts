import type { Writable } from 'node:stream';
import type { Capture } from '../engine/capture.ts';
import type { RunningPlugins } from '../engine/plugins/running-plugins.ts';
import { readAheadFrom } from '../engine/reading/ahead-reader.ts';
import type { BegunReading } from '../engine/reading/begun-reading.ts';
import { captureInfo } from '../engine/query/capture-info.ts';
import { warningsOf } from '../engine/query/warnings.ts';
import type { Warning } from '../shared/api.ts';
import { parseArgs } from './args.ts';
import type { Command, ReadingCommand, Session } from './command.ts';
import { commands } from './commands/index.ts';
import { Exit, Failure, OutputClosed } from './failure.ts';
import { formatCount } from './format.ts';
import { helpOf, overview } from './help.ts';
import { writeJson } from './json.ts';
import { openCapture, readOptionsOf } from './open-capture.ts';
import type { Options } from './options.ts';
import { Output } from './output.ts';
import { pageOn } from './page.ts';
import { dissectorsWith, startPlugins } from './plugins.ts';
import { ProgressLine } from './progress.ts';
import { safeText } from './safe-text.ts';
import { readSecrets } from './secrets.ts';
import { paintColours, paintNothing, wantsColour } from './style.ts';
import { VERSION } from './version.ts';

/** A stream that may be a terminal. */
export type Stream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** What surrounds the command: handed in, so that tests can. */
export interface Surroundings {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborted by SIGINT. */
  readonly signal: AbortSignal;
  /** A file that is being read already; perhaps the capture. */
  readonly begun?: BegunReading | null;
}

/** Warnings that are written out; a capture damaged all over has many thousands. */
const WARNINGS_SHOWN = 10;

/** Runs one command line (without the program's name) and gives the exit code. Never rejects. */
export async function run(args: readonly string[], around: Surroundings): Promise<number> {
  try {
    return await execute(args, around);
  } catch (error) {
    return exitFor(error, around);
  }
}

async function execute(args: readonly string[], around: Surroundings): Promise<number> {
  const output = new Output(around.stdout);
  const parsed = parseArgs<Command>(args, commands);
  if (parsed.kind === 'run') {
    if ('start' in parsed.command) return parsed.command.start(parsed.capture, parsed.options, around.signal);
    await runCommand(parsed.command, parsed.capture, parsed.options, output, around);
  } else if (parsed.kind === 'version') {
    await output.write(`earshot ${VERSION}\n`);
  } else {
    await output.write(parsed.command === null ? overview(commands) : helpOf(parsed.command));
  }
  await output.flush();
  return Exit.Done;
}

async function runCommand(
  command: ReadingCommand,
  path: string,
  options: Options,
  output: Output,
  around: Surroundings,
): Promise<void> {
  const plugins = await startPlugins(options);
  try {
    await runWith(plugins, command, path, options, output, around);
  } finally {
    plugins?.close();
  }
}

async function runWith(
  plugins: RunningPlugins | null,
  command: ReadingCommand,
  path: string,
  options: Options,
  output: Output,
  around: Surroundings,
): Promise<void> {
  const { stdout, stderr, environment, signal, begun = null } = around;
  const dissectors = dissectorsWith(plugins);
  const reading = readOptionsOf(options, dissectors);
  const { secrets, notes } = await readSecrets(options);
  await command.prepare?.(path, options, dissectors);
  const progress = stderr.isTTY === true ? new ProgressLine(stderr) : null;
  let capture: Capture;
  try {
    capture = await openCapture(path, {
      ...reading,
      ...(plugins === null ? {} : { plugins }),
      ...(begun === null ? {} : { readAhead: readAheadFrom(begun) }),
      secrets,
      signal,
      ...(progress === null ? {} : { onProgress: (state) => progress.report(state) }),
    });
  } finally {
    progress?.clear();
  }
  try {
    const isTerminal = stdout.isTTY === true;
    const paint = wantsColour(isTerminal, environment) ? paintColours : paintNothing;
    const say = (sentence: string): void => void stderr.write(`earshot: ${safeText(sentence)}\n`);
    const session: Session = {
      capture,
      path,
      options,
      page: pageOn(output, isTerminal ? (stdout.columns ?? 80) : null, paint),
      signal,
      json: (lists) => writeJson(output, captureInfo(capture), warningsOf(capture), lists),
      note: (sentence) => say(`note: ${sentence}`),
    };
    for (const note of notes) session.note(note);
    await command.run(session);
    await output.flush();
    if (!options.json) sayWarnings(warningsOf(capture), say);
  } finally {
    await capture.source.close();
  }
}

function sayWarnings(warnings: readonly Warning[], say: (sentence: string) => void): void {
  for (const { message, packet } of warnings.slice(0, WARNINGS_SHOWN)) {
    const isNamed = packet === undefined || message.includes(`packet ${packet}`);
    const sentence = message.replace(/\.$/, '');
    say(`warning: ${isNamed ? sentence : `${sentence} (packet ${packet})`}.`);
  }
  const more = warnings.length - WARNINGS_SHOWN;
  if (more > 0) say(`warning: ${formatCount(more)} more; --json has them all.`);
}

function exitFor(error: unknown, { stderr, environment, signal }: Surroundings): number {
  if (error instanceof OutputClosed) return Exit.Done;
  if (signal.aborted) return Exit.Interrupted;
  if (error instanceof Failure) {
    stderr.write(`earshot: ${safeText(error.message)}\n`);
    return error.exit;
  }
  const message = error instanceof Error ? error.message : String(error);
  stderr.write(`earshot: internal error: ${safeText(message)}\n`);
  if (environment['EARSHOT_DEBUG'] && error instanceof Error) stderr.write(`${error.stack}\n`);
  return Exit.Unreadable;
}
