import type { Capture } from '../engine/capture.ts';
import type { ReadOptions } from '../engine/engine.ts';
import type { CommandSpec } from './args.ts';
import type { Options } from './options.ts';
import type { Page } from './page.ts';
import type { Rows } from './json.ts';

/** What a command has to work with: a capture that was read, and where its answer goes. */
export interface Session {
  readonly capture: Capture;
  /** As named on the command line. */
  readonly path: string;
  readonly options: Options;
  /** Where tables go. Not for `--json`. */
  readonly page: Page;
  /** Aborted when the user wants no more of it. */
  readonly signal: AbortSignal;
  /** Writes the document of `--json`: the capture, the warnings, and the lists by name. */
  json(lists: Readonly<Record<string, Rows>>): Promise<void>;
  /** One sentence on standard error that is no failure. */
  note(sentence: string): void;
}

/** One command: how it is called, and what it does. Files in cli/commands/ hold one each. */
export type Command = ReadingCommand | StartingCommand;

export interface CommandAbout extends CommandSpec {
  /** What it tells, for the list of commands. */
  readonly summary: string;
  /** Command lines that work as they stand. */
  readonly examples: readonly string[];
  /** What else is to be known to use it: lines of its help, none longer than the others there. */
  readonly remarks?: readonly string[];
}

/** Says something of a capture, which is read before it runs. */
export interface ReadingCommand extends CommandAbout {
  /** Looks, before a large capture is read, whether the answer can be written; throws a `Failure` where not. */
  prepare?(path: string, options: Options, dissectors: ReadOptions['dissectors']): Promise<void>;
  run(session: Session): Promise<void>;
}

/** Starts a program and gives its exit status; the capture ('' where none is named) is that program's to read. */
export interface StartingCommand extends CommandAbout {
  start(capture: string, options: Options, signal: AbortSignal): Promise<number>;
}
