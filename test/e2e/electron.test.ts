import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { type ElectronApp, launch } from '../electron-standin/launch.ts';
import { browserPath as browser } from './start-app.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const captures = join(root, 'test/captures');
const call = join(captures, 'g711a-call.pcap');
const running: ElectronApp[] = [];

async function start(args: readonly string[], folder?: string): Promise<ElectronApp> {
  const app = await launch({ args, executablePath: browser ?? '', ...(folder === undefined ? {} : { folder }) });
  running.push(app);
  return app;
}

afterEach(async () => {
  for (const app of running.splice(0)) await app.close();
});

describe.skipIf(browser === null)('the built app, in Electron or on its stand-in (skipped without a browser)', () => {
  test('a capture on the command line is open when the window is', async () => {
    const page = await (await start([call])).firstWindow();
    await page.getByText('g711a-call.pcap').first().waitFor();
    await callsEntry(page).waitFor();
  });

  test('without a capture it shows the start page with the samples', async () => {
    const page = await (await start([])).firstWindow();
    await page.getByRole('button', { name: 'One-way audio' }).click();
    await page.getByText('one-way-audio.pcap').first().waitFor();
  });

  test('a file the system hands over before the window is there is not lost', async () => {
    const app = await start([]);
    // As macOS does on a double-click that starts the app.
    await app.evaluate(({ app: electronApp }, path) => {
      electronApp.emit('open-file', { preventDefault: () => {} }, path);
    }, call);
    const page = await app.firstWindow();
    await page.getByText('g711a-call.pcap').first().waitFor();
  });

  test('a file handed over later is opened in the same window', async () => {
    const app = await start([call]);
    const page = await app.firstWindow();
    await page.getByText('g711a-call.pcap').first().waitFor();
    await app.evaluate(
      ({ app: electronApp }, path) => {
        electronApp.emit('open-file', { preventDefault: () => {} }, path);
      },
      join(captures, 'one-way.pcap'),
    );
    await page.getByText('one-way.pcap').first().waitFor();
  });

  test('a second start hands its capture to the first and goes away', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'earshot-twice-'));
    const page = await (await start([call], folder)).firstWindow();
    await page.getByText('g711a-call.pcap').first().waitFor();
    const second = await start([join(captures, 'one-way.pcap')], folder);
    await page.getByText('one-way.pcap').first().waitFor();
    expect(await second.evaluate(({ BrowserWindow }) => BrowserWindow.all.length, null)).toBe(0);
  });

  test("the open dialog's answer is opened, and listed as recent by window and system", async () => {
    const app = await start([]);
    const page = await app.firstWindow();
    await app.evaluate(({ backstage }, path) => {
      backstage.dialogAnswers.push(path);
    }, call);
    await page.getByRole('button', { name: 'Open capture…' }).click();
    await callsEntry(page).waitFor();
    await expect.poll(() => app.evaluate(({ backstage }) => backstage.recentDocuments, null)).toEqual([call]);
    await runMenu(app, 'capture.close');
    await page.getByRole('button', { name: 'g711a-call.pcap' }).waitFor();
  });

  test('key logs chosen in the system’s dialog open the capture', async () => {
    const app = await start([join(captures, 'srtp-dtls-speech.pcap')]);
    const page = await app.firstWindow();
    const keys = page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: /^Keys/ });
    await keys.getByText('0 of 2').waitFor();
    await app.evaluate(
      ({ backstage }, path) => {
        backstage.dialogAnswers.push(null, path);
      },
      join(captures, 'srtp-dtls-speech.keys'),
    );
    // Thought better of, then chosen.
    await runMenu(app, 'keys.addLog');
    await expect.poll(() => app.evaluate(({ backstage }) => backstage.dialogAnswers.length, null)).toBe(1);
    await runMenu(app, 'keys.addLog');
    await keys.getByText('2 of 2').waitFor();
  });

  test('menu entries run the commands of the window', async () => {
    const app = await start([call]);
    const page = await app.firstWindow();
    await callsEntry(page).waitFor();
    await runMenu(app, 'go.packets');
    await expect.poll(() => page.locator('[aria-current="page"]').textContent()).toContain('Packets');
  });

  test('the page has neither Node nor eval, cannot leave, open windows or ask for the microphone', async () => {
    const app = await start([call]);
    const page = await app.firstWindow();
    await callsEntry(page).waitFor();
    const inside = await page.evaluate(() => ({
      node: typeof (globalThis as Record<string, unknown>)['require'],
      bridge: Object.keys((globalThis as unknown as { earshotBridge: object }).earshotBridge).toSorted(),
    }));
    expect(inside).toEqual({ node: 'undefined', bridge: ['onClose', 'onMessage', 'pathOfFile', 'post'] });
    const policy = await page.evaluate(async () => (await fetch('index.html')).headers.get('content-security-policy'));
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
    const address = page.url();
    await page.evaluate(() => location.assign('https://example.com/'));
    await page.waitForTimeout(300);
    expect(page.url()).toBe(address);
    const opened = await app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.all;
      return window.webContents.openHandler?.({ url: 'https://example.com/' }).action;
    }, null);
    expect(opened).toBe('deny');
    const asked = await app.evaluate(({ backstage }) => {
      const answers: Record<string, boolean> = {};
      for (const permission of ['media', 'geolocation', 'clipboard-sanitized-write']) {
        backstage.permissionRequest?.(null, permission, (isAllowed) => (answers[permission] = isAllowed));
      }
      return answers;
    }, null);
    expect(asked).toEqual({ media: false, geolocation: false, 'clipboard-sanitized-write': true });
  });

  test('a port is given to the own page only', async () => {
    const app = await start([call]);
    const page = await app.firstWindow();
    await callsEntry(page).waitFor();
    const given = await app.evaluate(({ ipcMain, BrowserWindow }) => {
      const { webContents } = BrowserWindow.all[0];
      let count = 0;
      const frame = (url: string) => ({ url, postMessage: () => count++ });
      // A frame inside the page, another origin, and contents that are no window of ours.
      ipcMain.emit('earshot:connect', { sender: webContents, senderFrame: frame('earshot://app/index.html') });
      ipcMain.emit('earshot:connect', { sender: webContents, senderFrame: frame('https://example.com/') });
      ipcMain.emit('earshot:connect', { sender: {}, senderFrame: webContents.mainFrame });
      return count;
    }, null);
    expect(given).toBe(0);
    await page.getByRole('button', { name: 'Packets' }).first().click();
  });

  test('the window says so when the engine process is gone', async () => {
    const app = await start([call]);
    const page = await app.firstWindow();
    await callsEntry(page).waitFor();
    await app.evaluate(({ utilityProcesses }) => {
      for (const engine of utilityProcesses) engine.kill();
    }, null);
    await page.getByText('The engine has stopped').waitFor();
  });

  test('the window comes back where it was', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'earshot-place-'));
    const first = await start([], folder);
    await (await first.firstWindow()).getByText('Drop a capture to open it').waitFor();
    await first.evaluate(({ BrowserWindow }) => BrowserWindow.all[0].close(), null);
    const kept = (): string => readFileSync(join(folder, 'earshot/earshot.json'), 'utf8');
    await expect.poll(() => kept(), { timeout: 5000 }).toContain('"isMaximized": false');
    await first.close();
    const second = await start([], folder);
    await second.firstWindow();
    const bounds = await second.evaluate(({ BrowserWindow }) => BrowserWindow.all[0].options, null);
    expect(bounds).toMatchObject({ x: 10, y: 20, width: 1440, height: 900 });
  });

  test('the audio of a call is served by range, and what is written by dialog is what the command writes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'earshot-wav-'));
    const copy = join(folder, 'call.pcap');
    copyFileSync(call, copy);
    const expected = join(folder, 'command.wav');
    execFileSync(process.execPath, [join(root, 'dist/cli/earshot.mjs'), 'wav', copy, '-o', expected]);
    const app = await start([copy]);
    const page = await app.firstWindow();
    await callsEntry(page).click();
    await page.locator('.player[data-state=ready]').waitFor();
    await page.waitForFunction(() =>
      performance.getEntriesByType('resource').some(({ name }) => name.includes('/audio/')),
    );
    const answer = await page.evaluate(async () => {
      // The element is not in the page; what it fetched is on record.
      const fetched = performance.getEntriesByType('resource').map(({ name }) => name);
      const address = fetched.find((name) => name.includes('/audio/')) ?? '';
      const response = await fetch(address, { headers: { Range: 'bytes=44-143' } });
      const octets = [...new Uint8Array(await response.arrayBuffer())];
      return { status: response.status, range: response.headers.get('content-range'), octets };
    });
    const wav = readFileSync(expected);
    expect(answer.status).toBe(206);
    expect(answer.range).toBe(`bytes 44-143/${wav.length}`);
    expect(answer.octets).toEqual([...wav.subarray(44, 144)]);
    const target = join(folder, 'window.wav');
    await app.evaluate(({ backstage }, path) => {
      backstage.dialogAnswers.push(path);
    }, target);
    await runMenu(app, 'player.export');
    await expect.poll(() => sizeOf(target), { timeout: 10_000 }).toBe(wav.length);
    expect(readFileSync(target).equals(wav)).toBe(true);
  });
});

/** The entry of the sidebar, when one call was found. */
function callsEntry(page: Page): Locator {
  return page.getByRole('navigation').getByRole('button', { name: 'Calls 1' });
}

function sizeOf(path: string): number {
  try {
    return readFileSync(path).length;
  } catch {
    return -1;
  }
}

/** Chooses an entry of the native menu by its id. */
async function runMenu(app: ElectronApp, id: string): Promise<void> {
  await app.evaluate(({ backstage }, wanted) => {
    const entries = (backstage.menu ?? []).flatMap(({ submenu }) => submenu ?? []);
    const entry = entries.find((item) => item.id === wanted);
    if (entry?.click === undefined) throw new Error(`the menu has no ${wanted}`);
    entry.click();
  }, id);
}
