/** Entry of the loopback host: `node dist/host/main.mjs [--no-open] [CAPTURE]`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { captureArgument } from '../desktop/capture-argument.ts';
import { configFolder } from '../desktop/config-folder.ts';
import { Kept } from '../desktop/kept.ts';
import type { CaptureSource } from '../shared/engine-api.ts';
import { parseArguments } from './arguments.ts';
import { browserArguments, findBrowser, hasDisplay, isSnap } from './browser.ts';
import { type Host, startHost } from './server.ts';
import { shellHandlers } from './shell.ts';
import { showAddress } from './show-address.ts';
import { takeWindowFolder, type WindowFolder } from './window-folder.ts';

/** A browser that was started needs no longer to come; a person who copies an address does. */
const BROWSER_TOKEN_MS = 60_000;
const PRINTED_TOKEN_MS = 15 * 60_000;
/** Exit codes of the `earshot` command. */
const WRONG_USAGE = 2;
const UNREADABLE = 3;

const root = fileURLToPath(new URL('../..', import.meta.url));
const temporaryFolder = mkdtempSync(join(tmpdir(), 'earshot-'));
let windowFolder: WindowFolder | null = null;
let browser: ChildProcess | null = null;
let host: Host | null = null;
let isEnding = false;
let isBooted = false;

process.on('exit', cleanUp);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0));
process.on('uncaughtException', (error) => {
  process.stderr.write(`earshot: internal error: ${error.message}\n`);
  if (process.env['EARSHOT_DEBUG']) process.stderr.write(`${error.stack}\n`);
  process.exit(UNREADABLE);
});
await start();

async function start(): Promise<void> {
  const { capture, isBrowserWanted } = orFail(WRONG_USAGE, () => parseArguments(process.argv.slice(2)));
  const queued: CaptureSource[] = [];
  if (capture !== null) {
    const path = await captureArgument(capture, process.cwd()).catch((error: Error) => fail(UNREADABLE, error));
    queued.push({ kind: 'path', path });
  }
  const config = configFolder();
  const executable = isBrowserWanted && hasDisplay() ? findBrowser() : null;
  host = await startHost({
    rendererFolder: join(root, 'dist/renderer'),
    engineWorker: new URL('./engine-worker.mjs', import.meta.url),
    temporaryFolder,
    shell: shellHandlers({
      version: versionOf(root),
      kept: new Kept(config),
      samplesFolder: join(root, 'resources/samples'),
      queued,
      showAddress: isBrowserWanted ? showAddress : () => {},
    }),
    onBoot: () => {
      isBooted = true;
      windowFolder?.removeBootPage();
    },
    // On macOS a browser goes on without its window.
    ...(process.platform === 'darwin' ? { onCount: endWhenEmpty() } : {}),
  });
  if (executable === null) {
    const why = !isBrowserWanted
      ? ''
      : hasDisplay()
        ? 'No Chromium, Chrome, Edge or Brave is installed. '
        : 'There is no display here. ';
    printAddress(host, why);
    return;
  }
  openBrowser(executable, host, config);
}

function openBrowser(executable: string, running: Host, config: string): void {
  const parent = isSnap(executable)
    ? join(homedir(), 'snap', basename(executable).replace(/-browser$/, ''), 'common', 'earshot')
    : config;
  windowFolder = takeWindowFolder(parent, temporaryFolder);
  const page = windowFolder.writeBootPage(running.bootAddress(BROWSER_TOKEN_MS));
  const isRoot = process.getuid?.() === 0;
  browser = spawn(executable, browserArguments(page, windowFolder.profileFolder, isRoot), {
    stdio: 'ignore',
    // Chromium leaves a folder behind where it is ended; on macOS the path would be too long for its socket.
    env: process.platform === 'linux' ? { ...process.env, TMPDIR: temporaryFolder } : process.env,
  });
  process.stdout.write(`The window is shown by ${executable}.\n`);
  const onEnd = (): void => {
    browser = null;
    // One that ended before it showed anything could not start (no sandbox, no display that works).
    if (isBooted || isEnding) void end(0);
    else printAddress(running, 'The browser ended before it showed the window. ');
  };
  browser.once('error', onEnd);
  browser.once('exit', onEnd);
}

function printAddress(running: Host, why: string): void {
  process.stdout.write(`${why}Open this address in a browser (it works once); Ctrl-C ends Earshot:\n`);
  process.stdout.write(`${running.bootAddress(PRINTED_TOKEN_MS)}\n`);
}

/** Ends the host when the last window has been away for longer than a reload takes. */
function endWhenEmpty(): (open: number) => void {
  let timer: NodeJS.Timeout | undefined;
  return (open) => {
    clearTimeout(timer);
    if (open === 0) timer = setTimeout(() => void end(0), 3000);
  };
}

async function end(status: number): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  if (browser !== null && browser.exitCode === null && browser.signalCode === null) {
    const gone = new Promise((resolve) => browser?.once('exit', resolve));
    browser.kill();
    await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 3000))]);
  }
  await host?.close();
  process.exit(status);
}

function cleanUp(): void {
  if (browser !== null && browser.exitCode === null) browser.kill('SIGKILL');
  windowFolder?.release();
  rmSync(temporaryFolder, { recursive: true, force: true });
}

function versionOf(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
}

function orFail<T>(status: number, make: () => T): T {
  try {
    return make();
  } catch (error) {
    return fail(status, error as Error);
  }
}

function fail(status: number, error: Error): never {
  process.stderr.write(`earshot: ${error.message}\n`);
  process.exit(status);
}
