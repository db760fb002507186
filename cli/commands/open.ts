import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Options } from '../options.ts';
import type { StartingCommand } from '../command.ts';
import { Exit, Failure } from '../failure.ts';

/** The same from cli/commands/ and, bundled, from dist/cli/. */
const root = fileURLToPath(new URL('../..', import.meta.url));

export const open: StartingCommand = {
  name: 'open',
  summary: 'the window, on a capture or on its start page',
  options: ['no-open'],
  common: ['help'],
  isCaptureOptional: true,
  examples: ['earshot open call.pcap', 'earshot open'],
  start: async (capture, options, signal) => {
    if (capture === '-') throw new Failure(Exit.Usage, 'the window cannot read standard input; name a file.');
    const { command, args, note } = program(root, options, process.platform, process.env);
    if (note !== '') process.stdout.write(`${note}\n`);
    return runToEnd(command, capture === '' ? args : [...args, '--', capture], signal);
  },
};

interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** What shows the window, where the program does not say so itself. */
  readonly note: string;
}

/**
 * What shows the window: Electron where its runtime is there, else the loopback host with an installed browser. The
 * package is not imported to find out: that would fetch the runtime.
 */
export function program(
  folder: string,
  { noOpen }: Pick<Options, 'noOpen'>,
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string | undefined>>,
): Program {
  const isForBrowser = noOpen || Boolean(environment['EARSHOT_NO_BROWSER']);
  const hasDisplay =
    platform === 'darwin' || platform === 'win32' || Boolean(environment['DISPLAY'] || environment['WAYLAND_DISPLAY']);
  const runtime = isForBrowser || !hasDisplay ? null : electronRuntime(folder);
  if (runtime !== null) {
    const isRoot = platform !== 'win32' && process.getuid?.() === 0;
    const args = [join(folder, 'dist/electron/main.cjs'), ...(isRoot ? ['--no-sandbox'] : [])];
    return { command: runtime, args, note: 'The window is shown by Electron.' };
  }
  const host = join(folder, 'dist/host/main.mjs');
  if (!existsSync(host)) throw new Failure(Exit.Unreadable, 'the window is not built; "npm run build" builds it.');
  return { command: process.execPath, args: [host, ...(noOpen ? ['--no-open'] : [])], note: '' };
}

function electronRuntime(folder: string): string | null {
  const packageFolder = join(folder, 'node_modules/electron');
  const named = join(packageFolder, 'path.txt');
  if (!existsSync(named) || !existsSync(join(folder, 'dist/electron/main.cjs'))) return null;
  const runtime = join(packageFolder, 'dist', readFileSync(named, 'utf8').trim());
  return existsSync(runtime) ? runtime : null;
}

/** Gives the program's exit status. Where we are to end, so is it. */
async function runToEnd(command: string, args: readonly string[], signal: AbortSignal): Promise<number> {
  // No other command needs it, and each would wait for it.
  const { spawn } = await import('node:child_process');
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit' });
    signal.addEventListener('abort', () => child.kill('SIGTERM'));
    child.on('error', (error) =>
      reject(new Failure(Exit.Unreadable, `the window cannot be started: ${error.message}.`)),
    );
    child.on('exit', (status) => resolve(status ?? Exit.Interrupted));
  });
}
