/** Starts the built host as a user would, and a browser on it: what every test of the window begins with. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { findBrowser } from '../../host/browser.ts';

const root = process.env['EARSHOT_ROOT'] ?? fileURLToPath(new URL('../..', import.meta.url));

/** The built host. */
export const HOST_SCRIPT = join(root, 'dist/host/main.mjs');

/** The browser that tests of the window need; null where none is installed, and they skip. */
export const browserPath: string | null = findBrowser();

export interface RunningHost {
  /** Lets one browser in, once. */
  readonly bootAddress: string;
  readonly origin: string;
  readonly process: ChildProcess;
  /** XDG_CONFIG_HOME, TMPDIR and nothing else are below it. */
  readonly folder: string;
  /** Ends it as Ctrl-C does, and gives its exit status. */
  close(): Promise<number | null>;
}

export interface RunningApp extends RunningHost {
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the page complained of: uncaught errors, and `console.error`, refusals by the content security policy among them. */
  readonly faults: string[];
}

/** The host alone, without a browser; `capture` is opened by the first window. */
export async function startHost({ capture }: { capture?: string } = {}): Promise<RunningHost> {
  if (!existsSync(HOST_SCRIPT)) throw new Error('The host is not built: npm run build.');
  const folder = mkdtempSync(join(tmpdir(), 'earshot-e2e-'));
  const child = spawn(process.execPath, [HOST_SCRIPT, '--no-open', ...(capture === undefined ? [] : ['--', capture])], {
    env: { ...process.env, XDG_CONFIG_HOME: join(folder, 'config'), TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const bootAddress = await new Promise<string>((resolve, reject) => {
    const hear = (data: Buffer): void => {
      said += data.toString();
      const address = /^http:\S+$/m.exec(said);
      if (address !== null && said.endsWith('\n')) resolve(address[0]);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', (status) => reject(new Error(`The host ended with ${status}: ${said}`)));
  }).catch((error: unknown) => {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  return {
    bootAddress,
    origin: new URL(bootAddress).origin,
    process: child,
    folder,
    close: async () => {
      const status =
        child.exitCode ??
        (await new Promise<number | null>((resolve) => {
          child.once('exit', resolve);
          child.kill('SIGINT');
        }));
      rmSync(folder, { recursive: true, force: true });
      return status;
    },
  };
}

/** The host and a page that shows the window. Close it in any case: `afterAll(() => app?.close())`. */
export async function startApp(
  options: { capture?: string; width?: number; height?: number } = {},
): Promise<RunningApp> {
  if (browserPath === null) throw new Error('There is no browser to show the window.');
  const host = await startHost(options);
  const browser = await chromium.launch({
    executablePath: browserPath,
    chromiumSandbox: process.getuid?.() !== 0,
  });
  try {
    const { width = 1440, height = 900 } = options;
    const context = await browser.newContext({ viewport: { width, height }, acceptDownloads: true });
    // Whoever listens keeps the browser's own dialog away. Begun only when a test wants one, that now and then comes too late.
    context.on('page', (each) => each.on('filechooser', () => {}));
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    await page.goto(host.bootAddress);
    // The first page goes on by itself.
    await page.waitForURL((url) => url.pathname !== '/boot');
    const close = async (): Promise<number | null> => {
      await browser.close();
      return host.close();
    };
    return { ...host, browser, context, page, faults, close };
  } catch (error) {
    await browser.close();
    await host.close();
    throw error;
  }
}
