/** The player: what is heard is played by a real clock, and what is exported is what the command writes. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Download, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, type RunningApp, startApp } from './start-app.ts';
import { goTo, openByChooser, ROOT, rowsOf, runByPalette, SAMPLE, testCapture } from './views.ts';

describe.skipIf(browserPath === null)('the player (skipped without a browser)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-player-'));
  let app: RunningApp;
  let page: Page;
  let written: Buffer;
  beforeAll(async () => {
    const target = join(folder, 'command.wav');
    spawnSync(process.execPath, [join(ROOT, 'dist/cli/earshot.mjs'), 'wav', SAMPLE, '--call', 'c1', '-o', target]);
    written = readFileSync(target);
    app = await startApp({ capture: SAMPLE });
    page = app.page;
    page.setDefaultTimeout(10_000);
    // A window that is loaded again opens what it had open: not before it has.
    await page.getByText('Read 956 packets').waitFor();
    // The element that plays need not be in the document: every one that is made is kept.
    await page.addInitScript(() => {
      const made: HTMLAudioElement[] = [];
      (globalThis as Record<string, unknown>)['madeAudio'] = made;
      const Plain = globalThis.Audio;
      globalThis.Audio = class extends Plain {
        constructor(source?: string) {
          super(source);
          made.push(this);
        }
      };
    });
    await page.reload();
    await page.getByText('Read 956 packets').waitFor();
    await goTo(page, 'Calls');
    await rowsOf(page, 'Calls').first().click();
    await player().getByRole('button', { name: 'Mute alice' }).waitFor();
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const player = (): Locator => page.getByRole('region', { name: 'Player' });
  const waves = (): Locator => player().getByRole('group', { name: 'Waveforms' });
  const clock = async (): Promise<{ time: number; isPlaying: boolean; length: number }> =>
    page.evaluate(() => {
      const made = (globalThis as unknown as { madeAudio: HTMLAudioElement[] }).madeAudio;
      const audio = made.find(({ src }) => src !== '');
      return { time: audio?.currentTime ?? -1, isPlaying: audio?.paused === false, length: audio?.duration ?? -1 };
    });
  const isPlaying = async (): Promise<boolean> => (await clock()).isPlaying;
  /** Width of the lanes' meters, 0..1. */
  const levels = (): Promise<number[]> =>
    player()
      .locator('.lane-meter > span')
      .evaluateAll((bars) =>
        bars.map((bar) => Number(/scaleX\(([\d.]+)/.exec((bar as HTMLElement).style.transform)?.[1])),
      );

  async function clickWaves(share: number): Promise<void> {
    const box = await waves().boundingBox();
    if (box === null) throw new Error('There are no waves.');
    await page.mouse.click(box.x + box.width * share, box.y + 30);
  }

  it('has a lane for each side of the selected call, as long as the WAV of the command', async () => {
    expect(
      await player()
        .getByRole('button', { name: /^Mute / })
        .count(),
    ).toBe(2);
    await expect.poll(async () => (await clock()).length).toBeCloseTo(lengthOf(written), 2);
  });

  it('Space plays: the clock of the audio goes on by itself, about as fast as ours', async () => {
    await page.keyboard.press('Space');
    await expect.poll(isPlaying).toBe(true);
    await expect.poll(async () => (await clock()).time).toBeGreaterThan(0.1);
    const before = await clock();
    const started = performance.now();
    await page.waitForTimeout(600);
    const after = await clock();
    const passed = (performance.now() - started) / 1000;
    expect(after.time - before.time).toBeGreaterThan(0.4);
    expect(after.time - before.time).toBeLessThan(passed + 0.3);
    await page.keyboard.press('Space');
    await expect.poll(isPlaying).toBe(false);
    const held = (await clock()).time;
    await page.waitForTimeout(150);
    expect((await clock()).time).toBe(held);
  });

  it('a click goes to that place', async () => {
    const { length } = await clock();
    await clickWaves(0.5);
    await expect.poll(async () => (await clock()).time / length).toBeCloseTo(0.5, 1);
  });

  it('leads to the packet captured at its cursor', async () => {
    await clickWaves(0.5);
    await runByPalette(page, 'packet at the cursor');
    const { time } = await clock();
    // The sample's audio begins with its packet 10, at 01:34:13.482; the command tells which packet came first after it.
    const start = Date.UTC(2026, 10, 21, 1, 34, 13, 482) / 1000;
    const filter = `frame.time_epoch >= ${start + time - 0.03}`;
    const command = [
      join(ROOT, 'dist/cli/earshot.mjs'),
      'packets',
      SAMPLE,
      '--filter',
      filter,
      '--limit',
      '20',
      '--json',
    ];
    const { stdout } = spawnSync(process.execPath, command, { encoding: 'utf8', maxBuffer: 1 << 26 });
    const listed = JSON.parse(stdout) as { packets: { packet: number }[] };
    const header = page
      .locator('.workspace')
      .getByText(/^#\d+$/)
      .first();
    await header.waitFor();
    const shown = Number((await header.textContent())?.slice(1));
    expect(listed.packets.map(({ packet }) => packet)).toContain(shown);
  });

  it('mute and solo silence lanes while they play', async () => {
    const mute = player().getByRole('button', { name: 'Mute alice' });
    const solo = player().getByRole('button', { name: 'Solo alice' });
    await clickWaves(0.3);
    await page.keyboard.press('Space');
    await expect.poll(isPlaying).toBe(true);
    await expect.poll(async () => (await levels())[0]).toBeGreaterThan(0);
    await expect.poll(async () => (await levels())[1]).toBeGreaterThan(0);
    await mute.click();
    expect(await mute.getAttribute('aria-pressed')).toBe('true');
    await expect.poll(async () => (await levels())[0]).toBe(0);
    await mute.click();
    await solo.click();
    await expect.poll(async () => (await levels())[1]).toBe(0);
    await solo.click();
    await runByPalette(page, 'play or pause');
    await expect.poll(isPlaying).toBe(false);
  });

  it('a stretch is selected by dragging, and loops', async () => {
    const { length } = await clock();
    const box = await waves().boundingBox();
    if (box === null) throw new Error('There are no waves.');
    await page.mouse.move(box.x + box.width * 0.2, box.y + 30);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.24, box.y + 30, { steps: 4 });
    await page.mouse.up();
    await runByPalette(page, 'loop the selection');
    await runByPalette(page, 'play or pause');
    await expect.poll(isPlaying).toBe(true);
    const seen: number[] = [];
    for (let i = 0; i < 8; i++) {
      await page.waitForTimeout(120);
      seen.push((await clock()).time / length);
    }
    expect(Math.min(...seen)).toBeGreaterThan(0.18);
    expect(Math.max(...seen)).toBeLessThan(0.28);
    expect(
      seen.some((place, at) => at > 0 && place < seen[at - 1]),
      'it came round',
    ).toBe(true);
    await runByPalette(page, 'play or pause');
    await runByPalette(page, 'loop the selection');
  });

  it('the whole call is exported as the command writes it, octet for octet', async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      runByPalette(page, 'export what is heard as wav'),
    ]);
    expect((await octetsOf(download)).equals(written)).toBe(true);
  });

  it('the selected stretch is exported as the cut of it', async () => {
    await player().getByRole('button', { name: 'Export', exact: true }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'WAV of the selected range' }).click(),
    ]);
    const cut = await octetsOf(download);
    const samples = cut.subarray(dataAt(cut));
    const from = written.indexOf(samples) - dataAt(written);
    expect(from).toBeGreaterThan(0);
    const place = from / (written.length - dataAt(written));
    expect(place).toBeCloseTo(0.2, 1);
    const share = samples.length / (written.length - dataAt(written));
    expect(share).toBeGreaterThan(0.035);
    expect(share).toBeLessThan(0.05);
    // Whole samples of both channels.
    expect([from % 4, samples.length % 4]).toEqual([0, 0]);
    expect(cut.readUInt32LE(dataAt(cut) - 4)).toBe(samples.length);
  });

  it('a stream is exported alone, as the command writes it', async () => {
    const target = join(folder, 'stream.wav');
    const args = ['wav', SAMPLE, '--stream', '0x12e44203', '-o', target];
    spawnSync(process.execPath, [join(ROOT, 'dist/cli/earshot.mjs'), ...args]);
    await page.getByRole('option', { name: /RTP .* from alice/ }).click();
    const panel = page.getByRole('region', { name: 'Stream' });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      panel.getByRole('button', { name: 'Export' }).click(),
    ]);
    expect((await octetsOf(download)).equals(readFileSync(target))).toBe(true);
  });

  it('a call that cannot be heard says why', async () => {
    await openByChooser(page, testCapture('srtp-dtls.pcap'));
    await goTo(page, 'Calls');
    await rowsOf(page, 'Calls').first().click();
    await player().getByText('These 2 streams have no key').waitFor();
    expect(await isPlaying()).toBe(false);
  });

  it('and the page has nothing to complain of', () => {
    expect(app.faults).toEqual([]);
  });
});

async function octetsOf(download: Download): Promise<Buffer> {
  return readFileSync(await download.path());
}

/** Seconds, by the header of the file. */
function lengthOf(wav: Buffer): number {
  return (wav.length - dataAt(wav)) / wav.readUInt32LE(28);
}

function dataAt(wav: Buffer): number {
  return wav.indexOf('data', 12, 'latin1') + 8;
}
