import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A program to measure: what is run, through the shell where it is a chain of programs. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Files it writes. They are removed before each run: replacing a large file takes as long as the disk needs to forget it. */
  readonly writes?: readonly string[];
}

export interface Run {
  readonly seconds: number;
  /** Largest resident set of any one process of the command, in megabytes; null where it cannot be told. */
  readonly peakMegabytes: number | null;
}

/** The median time and the largest memory of several runs, or why there are none. */
export type Measured = Run | { readonly missing: string };

const timeLimitMs = 900_000;
const timeProgram = '/usr/bin/time';

/** Is there a program of this name on the search path? */
export function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/** Runs a command once, its output thrown away. */
export function runOnce(command: Command): Measured {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-measure-'));
  const figures = join(folder, 'peak');
  const timed = existsSync(timeProgram);
  const [program, args] = timed
    ? [timeProgram, ['-f', '%M', '-o', figures, command.program, ...command.args]]
    : [command.program, command.args];
  for (const path of command.writes ?? []) rmSync(path, { force: true });
  try {
    const started = performance.now();
    const run = spawnSync(program, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
      timeout: timeLimitMs,
      env: environment(),
    });
    const seconds = (performance.now() - started) / 1000;
    if (run.error) return { missing: run.error.message };
    if (run.status !== 0) return { missing: `exit ${run.status}: ${lastLine(run.stderr)}` };
    const peak = timed ? Number(lastLine(readFileSync(figures, 'utf8'))) / 1024 : Number.NaN;
    return { seconds, peakMegabytes: Number.isFinite(peak) ? peak : null };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs commands in turn, `rounds` times: A B A B …, so that a machine that gets slower or faster meanwhile does so for all.
 * A command that fails once is not run again.
 */
export function runInTurn(commands: readonly Command[], rounds: number): Measured[] {
  const runs: Run[][] = commands.map(() => []);
  const failures: (Measured | undefined)[] = commands.map(({ program }) =>
    isInstalled(program) || existsSync(program) ? undefined : { missing: `${program} is not installed` },
  );
  for (let round = 0; round < rounds; round++) {
    commands.forEach((command, at) => {
      if (failures[at]) return;
      const run = runOnce(command);
      if ('missing' in run) failures[at] = run;
      else runs[at].push(run);
    });
  }
  return commands.map((_, at) => failures[at] ?? summary(runs[at]));
}

function summary(runs: readonly Run[]): Run {
  const peaks = runs.map((run) => run.peakMegabytes).filter((peak) => peak !== null);
  return {
    seconds: median(runs.map((run) => run.seconds)),
    peakMegabytes: peaks.length > 0 ? Math.max(...peaks) : null,
  };
}

/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Reads a file once so that the first command measured does not pay for the disk alone. */
export function warm(path: string): void {
  const buffer = Buffer.allocUnsafe(1 << 20);
  const file = openSync(path, 'r');
  while (readSync(file, buffer) > 0);
  closeSync(file);
}

/** Lines up columns: the first to the left, the others to the right. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  ');
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [line(rows[0]), rule, ...rows.slice(1).map(line)].join('\n');
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

/** Without what makes every start of Node slower on some machines and has nothing to do with the program. */
function environment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, TERM: process.env['TERM'] || 'xterm' };
  for (const name of ['NODE_EXTRA_CA_CERTS', 'NODE_OPTIONS']) delete env[name];
  return env;
}
