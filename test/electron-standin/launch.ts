import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import Module from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, chromium, type Page } from 'playwright-core';
import { type ElectronModule, makeElectron } from './electron-module.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const main = join(root, 'dist/electron/main.cjs');

export interface LaunchOptions {
  /** What follows the app on the command line. */
  readonly args?: readonly string[];
  /** The user's settings; two launches with the same are two starts of the same user. */
  readonly folder?: string;
  readonly executablePath: string;
}

/** The part of Playwright's ElectronApplication that the specs use. */
export interface ElectronApp {
  readonly isStandIn: boolean;
  firstWindow(): Promise<Page>;
  /** Runs in the main process; what it takes and gives must be plain data. */
  evaluate<R, A>(run: (electron: ElectronModule, argument: A) => R | Promise<R>, argument: A): Promise<R>;
  close(): Promise<void>;
}

/** The runtime of the installed electron package, or null. Looking is safe; requiring the package would download it. */
export function electronRuntime(): string | null {
  const folder = join(root, 'node_modules/electron');
  const named = join(folder, 'path.txt');
  if (!existsSync(named)) return null;
  const runtime = join(folder, 'dist', readFileSync(named, 'utf8').trim());
  return existsSync(runtime) ? runtime : null;
}

/** Starts the built app: in Electron where its runtime is there, else stood in for by Chromium. */
export async function launch(options: LaunchOptions): Promise<ElectronApp> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'earshot-app-'));
  const runtime = electronRuntime();
  return runtime === null ? launchStandIn(options, folder) : launchReal(options, folder, runtime);
}

async function launchReal({ args = [] }: LaunchOptions, folder: string, executablePath: string): Promise<ElectronApp> {
  const env = { ...process.env, XDG_CONFIG_HOME: folder } as Record<string, string>;
  const app = await _electron.launch({ executablePath, args: [main, `--user-data-dir=${folder}`, ...args], env });
  return {
    isStandIn: false,
    firstWindow: () => app.firstWindow(),
    evaluate: (run, argument) => app.evaluate(run as never, argument as never) as never,
    close: () => app.close(),
  };
}

async function launchStandIn({ args = [], executablePath }: LaunchOptions, folder: string): Promise<ElectronApp> {
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
  });
  const context = await browser.newContext({ viewport: null });
  const firstPage = new Promise<Page>((resolve) => context.once('page', resolve));
  const argv = [process.execPath, main, ...args];
  const electron = makeElectron(context, folder, argv);
  runMain(electron, argv, folder);
  return {
    isStandIn: true,
    firstWindow: () => firstPage,
    evaluate: async (run, argument) => await run(electron, argument),
    close: async () => {
      for (const window of electron.BrowserWindow.all.slice()) window.destroy();
      electron.app.quit();
      await browser.close();
    },
  };
}

/** Loads main.cjs afresh with `electron` replaced and the process's arguments as given. */
function runMain(electron: ElectronModule, argv: string[], folder: string): void {
  // What `require` calls, the one place where a module can be put in another's stead.
  const loader = Module as unknown as Record<'_load', (name: string, ...rest: unknown[]) => unknown>;
  const load = loader['_load'];
  const before = { argv: process.argv, config: process.env['XDG_CONFIG_HOME'] };
  loader['_load'] = (name, ...rest) => (name === 'electron' ? electron : load.call(loader, name, ...rest));
  process.argv = argv;
  process.env['XDG_CONFIG_HOME'] = folder;
  try {
    const require = Module.createRequire(import.meta.url);
    delete require.cache[main];
    require(main);
  } finally {
    loader['_load'] = load;
    process.argv = before.argv;
    if (before.config === undefined) delete process.env['XDG_CONFIG_HOME'];
    else process.env['XDG_CONFIG_HOME'] = before.config;
  }
}
