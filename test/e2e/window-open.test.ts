/** Every way to a capture, and what the window says where one is damaged, none, or not wanted any more. */
import { mkdirSync, mkdtempSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, type RunningApp, startApp } from './start-app.ts';
import { dropFiles, goTo, openByChooser, rowsOf, runByPalette, SAMPLE, sidebar, testCapture } from './views.ts';

/** Packets of `SAMPLE`, as tshark counts them. */
const SAMPLE_PACKETS = 956;

describe.skipIf(browserPath === null)('opening captures (skipped without a browser)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-open-'));
  let app: RunningApp;
  let page: Page;
  beforeAll(async () => {
    app = await startApp({ capture: SAMPLE });
    page = app.page;
    page.setDefaultTimeout(10_000);
    mkdirSync(join(folder, 'captures/older'), { recursive: true });
    copyFileSync(testCapture('cancelled.pcap'), join(folder, 'captures/cancelled.pcap'));
    copyFileSync(testCapture('rejected.pcap'), join(folder, 'captures/rejected.pcap'));
    writeFileSync(join(folder, 'captures/notes.md'), 'no capture');
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('by argument: it is open when the window is', async () => {
    await isOpen(page, 'two-party-call.pcap', SAMPLE_PACKETS);
    expect(await page.title()).toBe('two-party-call.pcap · Earshot');
    await expect
      .poll(() => sidebarCounts(page))
      .toEqual(['Calls1', 'Streams2', 'ICE/TURN0', 'Problems2', 'Packets956']);
  });

  it('by the chooser, with the keyboard alone', async () => {
    await page.keyboard.press('Control+o');
    const chooser = page.getByRole('dialog', { name: 'Open a capture' });
    // The list has the focus, and what was listed first is there: nothing is typed into a window on its way.
    await chooser.getByRole('listbox').and(page.locator(':focus')).waitFor();
    await expect.poll(() => chooser.getByLabel('Folder or file').inputValue()).not.toBe('');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Control+a');
    await page.keyboard.type(join(folder, 'captures'));
    await page.keyboard.press('Enter');
    await chooser.getByRole('option', { name: 'cancelled.pcap' }).waitFor();
    // Folders first; what is no capture is not listed.
    expect(await chooser.getByRole('option').locator('.trunc').allTextContents()).toEqual([
      'older',
      'cancelled.pcap',
      'rejected.pcap',
    ]);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await isOpen(page, 'cancelled.pcap', packetsOf(testCapture('cancelled.pcap')));
  });

  it('by the chooser, with the mouse; it begins where it was', async () => {
    await page.getByRole('button', { name: 'Open…', exact: true }).click();
    const chooser = page.getByRole('dialog', { name: 'Open a capture' });
    await chooser.getByRole('option', { name: 'older' }).dblclick();
    await chooser.getByText('No folders or captures here.').waitFor();
    await chooser.getByRole('button', { name: 'Folder above' }).click();
    await chooser.getByRole('option', { name: 'rejected.pcap' }).click();
    await chooser.getByRole('button', { name: 'Open', exact: true }).click();
    await isOpen(page, 'rejected.pcap', packetsOf(testCapture('rejected.pcap')));
    expect(await chooser.count()).toBe(0);
  });

  it('Escape closes the chooser and leaves all as it was', async () => {
    await page.keyboard.press('Control+o');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await isOpen(page, 'rejected.pcap', packetsOf(testCapture('rejected.pcap')));
  });

  it('by drop, of a file whose path the browser does not tell: read through the window, with the same counts', async () => {
    await dropFiles(page, [{ name: 'dropped.pcap', octets: readFileSync(SAMPLE) }]);
    await isOpen(page, 'dropped.pcap', SAMPLE_PACKETS);
    await expect
      .poll(() => sidebarCounts(page))
      .toEqual(['Calls1', 'Streams2', 'ICE/TURN0', 'Problems2', 'Packets956']);
    // A packet near the end is fetched through the window, too.
    await goTo(page, 'Packets');
    await rowsOf(page, 'Packets').first().waitFor();
    await page.getByRole('grid', { name: 'Packets' }).press('End');
    await packetShown(page, 956);
  });

  it('a file that is no capture: says what it is, and there is a way on and a way back', async () => {
    await openByChooser(page, SAMPLE);
    await isOpen(page, 'two-party-call.pcap', SAMPLE_PACKETS);
    await dropFiles(page, [{ name: 'login.pcap', octets: Buffer.from('<!doctype html><title>Log in</title>') }]);
    const failed = page.locator('.failed');
    await failed.getByRole('heading', { name: 'login.pcap is not a capture: it is an HTML page.' }).waitFor();
    // What it begins with, and what a capture would.
    await expect.poll(() => failed.textContent()).toContain('3c 21 64 6f 63 74 79 70');
    expect(await failed.textContent()).toContain('d4 c3 b2 a1');
    await failed.getByRole('button', { name: 'Open another…' }).click();
    await page.getByRole('dialog', { name: 'Open a capture' }).waitFor();
    await page.keyboard.press('Escape');
    await failed.getByRole('button', { name: 'Back to two-party-call.pcap' }).click();
    await isOpen(page, 'two-party-call.pcap', SAMPLE_PACKETS);
  });

  it('a file that is not there', async () => {
    await openByChooser(page, join(folder, 'gone.pcap'));
    await page.getByRole('heading', { name: /gone\.pcap cannot be read/ }).waitFor();
  });

  it('a capture that breaks off: what came before is shown, and leads to the last good packet', async () => {
    await openByChooser(page, testCapture('way-cut-off.pcap'));
    const banner = page.getByRole('note');
    await banner.getByText('The 169 packets before that are shown.').waitFor();
    await banner.getByRole('button', { name: '#169' }).click();
    await packetShown(page, 169);
    expect(await page.locator('[aria-current="page"]').textContent()).toContain('Packets');
    await banner.getByRole('button', { name: 'Dismiss' }).click();
    await expect.poll(() => banner.count()).toBe(0);
  });

  describe('a capture that takes long to read', () => {
    const large = join(folder, 'large.pcap.gz');
    beforeAll(() => writeLarge(large));

    it('shows rows meanwhile, and what was read stays when it is stopped', async () => {
      await openByChooser(page, large);
      const stop = page.getByRole('button', { name: 'Stop and keep what was read' });
      await stop.waitFor();
      await page.getByRole('progressbar', { name: 'Reading the capture' }).waitFor();
      await goTo(page, 'Packets');
      await rowsOf(page, 'Packets').nth(10).waitFor();
      expect(await stop.count(), 'it was read before it could be looked at').toBe(1);
      await stop.click();
      await page.getByRole('note').getByText('Reading was stopped.').waitFor();
      const kept = await packetCount(page);
      expect(kept).toBeGreaterThan(0);
      expect(kept).toBeLessThan(LARGE_PACKETS);
      await page.getByRole('grid', { name: 'Packets' }).press('End');
      await packetShown(page, kept);
    });

    it('gives way at once to the next', async () => {
      await openByChooser(page, large);
      await page.getByRole('button', { name: 'Stop and keep what was read' }).waitFor();
      const started = performance.now();
      await openByChooser(page, SAMPLE);
      await isOpen(page, 'two-party-call.pcap', SAMPLE_PACKETS);
      expect(performance.now() - started).toBeLessThan(3000);
      await expect
        .poll(() => sidebarCounts(page))
        .toEqual(['Calls1', 'Streams2', 'ICE/TURN0', 'Problems2', 'Packets956']);
      expect(await page.getByRole('note').count()).toBe(0);
    });
  });

  it('closing leads to the start page, which lists what was open, newest first, and the samples', async () => {
    await runByPalette(page, 'close the capture');
    await page.getByText('Drop a capture to open it').waitFor();
    expect(await page.title()).toBe('Earshot');
    const recents = page.getByRole('table').first().locator('tbody tr');
    const names = (): Promise<string[]> => recents.locator('button').allTextContents();
    await expect.poll(async () => (await names()).slice(0, 2)).toEqual(['two-party-call.pcap', 'large.pcap.gz']);
    // A dropped file has no path to open it by again.
    expect(await names()).not.toContain('dropped.pcap');
    await recents.getByRole('button', { name: 'rejected.pcap' }).click();
    await isOpen(page, 'rejected.pcap', packetsOf(testCapture('rejected.pcap')));
    await runByPalette(page, 'close the capture');
    await page.getByRole('button', { name: 'Two-party call' }).click();
    await isOpen(page, 'two-party-call.pcap', SAMPLE_PACKETS);
  });

  it('and the page has nothing to complain of', () => {
    expect(app.faults).toEqual([]);
  });
});

async function isOpen(page: Page, name: string, packets: number): Promise<void> {
  await page.locator('.toolbar-file').getByText(name, { exact: true }).waitFor();
  await expect.poll(() => packetCount(page), { timeout: 10_000 }).toBe(packets);
}

/** Of the status bar. */
async function packetCount(page: Page): Promise<number> {
  const said = (await page.getByRole('contentinfo').textContent()) ?? '';
  return Number(/^Read ([\d\s,]+) packets/.exec(said)?.[1].replaceAll(/\D/g, '') ?? -1);
}

function packetShown(page: Page, packet: number): Promise<void> {
  return page.getByRole('region', { name: 'Packet' }).getByText(`#${packet}`, { exact: true }).waitFor();
}

async function sidebarCounts(page: Page): Promise<string[]> {
  const entries = await sidebar(page).getByRole('button').allTextContents();
  // The overview has no count; below the views is the selected call.
  return entries.slice(1, 6);
}

/** Packet records of a little-endian pcap. */
function packetsOf(path: string): number {
  const octets = readFileSync(path);
  let count = 0;
  for (let at = 24; at < octets.length; at += 16 + octets.readUInt32LE(at + 8)) count++;
  return count;
}

const REPEATS = 600;
const MEMBERS = 16;
const REPEATED = 128;
const LARGE_PACKETS = REPEATED * REPEATS * MEMBERS;

/** The first packets of the sample over and over: a small file that takes seconds to read. */
function writeLarge(path: string): void {
  const sample = readFileSync(SAMPLE);
  let end = 24;
  for (let i = 0; i < REPEATED; i++) end += 16 + sample.readUInt32LE(end + 8);
  const member = gzipSync(Buffer.concat(Array<Buffer>(REPEATS).fill(sample.subarray(24, end))));
  writeFileSync(path, Buffer.concat([gzipSync(sample.subarray(0, 24)), ...Array<Buffer>(MEMBERS).fill(member)]));
}
