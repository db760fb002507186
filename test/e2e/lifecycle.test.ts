/** The host and the browser it starts, from first to last; a script stands in for the browser. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOST_SCRIPT } from './start-app.ts';

let folder = '';
let host: ChildProcess | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-life-'));
});
afterEach(() => {
  host?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the host with `script` for a browser, which finds the folder in FOLDER and writes what it saw to saw.json there. */
function start(script: string): { ended: Promise<number | null>; said: () => string } {
  const browser = join(folder, 'browser.mjs');
  writeFileSync(
    browser,
    `#!${process.execPath}\nimport fs from 'node:fs';\nconst args = process.argv.slice(2);\n${script}\n`,
  );
  chmodSync(browser, 0o755);
  const child = spawn(process.execPath, [HOST_SCRIPT], {
    env: {
      ...process.env,
      EARSHOT_BROWSER: browser,
      EARSHOT_NO_BROWSER: '',
      DISPLAY: ':0',
      FOLDER: folder,
      XDG_CONFIG_HOME: join(folder, 'config'),
      TMPDIR: folder,
    },
  });
  host = child;
  let text = '';
  child.stdout.on('data', (data: Buffer) => (text += data.toString()));
  child.stderr.on('data', (data: Buffer) => (text += data.toString()));
  return { ended: new Promise((resolve) => child.once('exit', resolve)), said: () => text };
}

const READ_PAGE = `
const page = new URL(args.find((word) => word.startsWith('--app=')).slice('--app='.length));
const text = fs.readFileSync(page, 'utf8');
const address = /url=([^"]+)"/.exec(text)[1];
const mode = fs.statSync(page).mode & 0o777;
const boot = await fetch(address);
const saw = { args, mode, status: boot.status, isPageGone: !fs.existsSync(page) };
fs.writeFileSync(process.env.FOLDER + '/saw.json', JSON.stringify(saw));
`;

function saw(): { args: string[]; mode: number; status: number; isPageGone: boolean } {
  return JSON.parse(readFileSync(join(folder, 'saw.json'), 'utf8')) as ReturnType<typeof saw>;
}

describe('the host with a browser', () => {
  it('ends with it, and nothing of its own is left', async () => {
    const { ended, said } = start(READ_PAGE);
    expect(await ended, said()).toBe(0);
    const { args, mode, status, isPageGone } = saw();
    expect({ mode, status, isPageGone }).toEqual({ mode: 0o600, status: 200, isPageGone: true });
    // The token is nowhere that other users' `ps` could show it.
    expect(args.join(' ')).not.toMatch(/token|[0-9a-f]{32}/);
    expect(args).toContain(`--user-data-dir=${join(folder, 'config/earshot/window/profile')}`);
    expect(readdirSync(folder).filter((name) => name.startsWith('earshot-'))).toEqual([]);
    expect(readdirSync(join(folder, 'config/earshot/window'))).toEqual([]);
  });

  it('ends the browser where it is ended itself', async () => {
    const { ended } = start(`${READ_PAGE}
      process.on('SIGTERM', () => { fs.writeFileSync(process.env.FOLDER + '/told', ''); process.exit(0); });
      setInterval(() => {}, 1000);`);
    await expect.poll(() => existsSync(join(folder, 'saw.json')), { timeout: 20_000 }).toBe(true);
    host?.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(existsSync(join(folder, 'told'))).toBe(true);
    expect(readdirSync(folder).filter((name) => name.startsWith('earshot-'))).toEqual([]);
  });

  it('prints an address where the browser does not get as far as showing it', async () => {
    const { said, ended } = start('process.exit(1);');
    await expect
      .poll(said, { timeout: 20_000 })
      .toMatch(/^The browser ended before.*\nhttp:\/\/127\.0\.0\.1:\d+\/boot\?token=[0-9a-f]{64}\n$/m);
    const address = /^http:\S+/m.exec(said())?.[0] ?? '';
    expect((await fetch(address)).status).toBe(200);
    host?.kill('SIGTERM');
    expect(await ended).toBe(0);
  });
});
