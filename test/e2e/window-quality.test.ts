/** How streams sounded, in the window: MOS and why there is none, charts, playout by several clocks, spectrogram, digits by road. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, type RunningApp, startApp } from './start-app.ts';
import { showTheme } from './take-screenshots.ts';
import { goTo, openByChooser, ROOT, rowsOf, runByPalette, showPane, testCapture } from './views.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const COMMAND = join(ROOT, 'dist/cli/earshot.mjs');
const CAPTURE = testCapture('loss-jitter.pcap');

interface Counts {
  late: number;
  concealed: number;
}

describe.skipIf(browserPath === null)('quality (skipped without a browser)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-quality-'));
  let app: RunningApp;
  let page: Page;
  beforeAll(async () => {
    app = await startApp({ capture: CAPTURE });
    page = app.page;
    page.setDefaultTimeout(10_000);
    await page.getByText('Read 636 packets').waitFor();
    // By the debugger: the page's own policy lets no foreign script in.
    await page.evaluate(AXE);
    await goTo(page, 'Calls');
    await rowsOf(page, 'Calls').first().click();
    await player().getByRole('button', { name: 'Mute alice' }).waitFor();
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const player = (): Locator => page.getByRole('region', { name: 'Player' });
  const panel = (): Locator => page.getByRole('region', { name: 'Stream', exact: true });
  const depth = (): Locator => player().getByRole('slider', { name: /^Depth/ });
  const marks = (): Locator => player().getByRole('group', { name: 'Marks' });

  /** By lane: as they stand beside the slider. */
  async function shownCounts(): Promise<Counts[]> {
    const text = await player().getByRole('status').innerText();
    return Array.from(text.matchAll(/(\d+) late, (\d+) concealed/g), ([, late, concealed]) => ({
      late: Number(late),
      concealed: Number(concealed),
    }));
  }

  /** The same by the command, with the samples. */
  function byCommand(mode: string): { counts: Counts[]; wav: Buffer } {
    const target = join(folder, `${mode}.wav`);
    const args = ['wav', CAPTURE, '--call', 'c1', '--mode', mode, '-o', target, '--json'];
    const { stdout } = spawnSync(process.execPath, [COMMAND, ...args], { encoding: 'utf8' });
    const { wav } = JSON.parse(stdout) as { wav: { jitterBuffer?: Counts[] }[] };
    const counts = (wav[0].jitterBuffer ?? []).map(({ late, concealed }) => ({ late, concealed }));
    return { counts, wav: readFileSync(target) };
  }

  /** What the lanes look like: wavesurfer draws in a tree of its own. */
  const picture = (): Promise<string> =>
    page.evaluate(() => {
      const host = document.querySelector('.player-surfer > div');
      const canvases = host?.shadowRoot?.querySelectorAll('canvas') ?? [];
      return Array.from(canvases, (canvas) => canvas.toDataURL()).join();
    });

  /** It is drawn anew in the frame after the peaks came. */
  async function pictureOtherThan(before: string): Promise<string> {
    await expect.poll(async () => (await picture()) !== before).toBe(true);
    await page.waitForTimeout(300);
    return picture();
  }

  async function setDepth(ms: number): Promise<void> {
    await depth().fill(String(ms));
    await expect.poll(() => player().locator('.player-ms').innerText()).toBe(`${ms} ms`);
  }

  async function exported(): Promise<Buffer> {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      runByPalette(page, 'export what is heard as wav'),
    ]);
    return readFileSync(await download.path());
  }

  it('the calls have a MOS by side, which says where it comes from', async () => {
    const cell = rowsOf(page, 'Calls').first().locator('[title*="E-model"]');
    expect(await cell.allTextContents()).toEqual(['4.0', '4.4']);
    expect(await cell.first().getAttribute('title')).toBe('R 79.3, by the E-model of ITU-T G.107 (narrowband)');
  });

  it('a stream says how it sounded as the command does, and where packets were lost', async () => {
    await showPane(page, 'Streams');
    await rowsOf(page, 'Streams of the call').filter({ hasText: 'alice → bob' }).click();
    const { stdout } = spawnSync(process.execPath, [COMMAND, 'quality', CAPTURE, '--stream', 's2', '--json'], {
      encoding: 'utf8',
    });
    const { quality } = JSON.parse(stdout) as {
      quality: { rating: { value: number; r: number }; sentences: string[]; reported: object | null }[];
    };
    const [known] = quality;
    const head = panel().getByRole('region', { name: 'How it sounded' });
    await expect.poll(() => head.innerText()).toContain(`R ${known.rating.r.toFixed(1)}`);
    const text = await head.innerText();
    expect(text).toContain(known.rating.value.toFixed(2));
    expect(known.sentences.length).toBeGreaterThan(0);
    for (const sentence of known.sentences) expect(text).toContain(sentence);
    expect(text).toMatch(/packets of 311 were lost before this capture point/);
  });

  it('what RTCP reported stands beside what was measured', async () => {
    await rowsOf(page, 'Streams of the call').filter({ hasText: 'bob → alice' }).click();
    const table = panel().getByRole('region', { name: 'Quality' }).getByRole('table');
    await expect.poll(() => table.getByRole('columnheader').allInnerTexts()).toEqual(['', 'Measured here', 'Reported']);
    const jitter = table.getByRole('row', { name: /Jitter, max/ });
    expect(await jitter.getByRole('cell').allInnerTexts()).toHaveLength(2);
    const link = table.getByRole('button', { name: /^#\d+$/ }).first();
    const number = await link.innerText();
    await link.click();
    await page.getByRole('region', { name: 'Packet', exact: true }).getByText(number, { exact: true }).waitFor();
    await page
      .getByRole('treeitem', { name: /RTCP|Receiver|Sender/ })
      .first()
      .waitFor();
    await showPane(page, 'Stream');
    await rowsOf(page, 'Streams of the call').filter({ hasText: 'alice → bob' }).click();
  });

  it('what the audio is like is measured, with levels over time', async () => {
    const audio = panel().getByRole('region', { name: 'Audio' });
    await audio.getByRole('row', { name: /Speech level/ }).waitFor();
    const cells = await audio.getByRole('row', { name: /Peak/ }).getByRole('cell').allInnerTexts();
    // Of the samples that the command writes.
    const loudest = [0, 1].map((channel) => peakDb(byCommand('timestamp').wav, channel).toFixed(1));
    expect(cells).toEqual(loudest);
    await panel()
      .getByRole('img', { name: /^Level over time/ })
      .waitFor();
    expect(
      await panel()
        .getByRole('img', { name: /^MOS over time: lowest 3\.\d/ })
        .count(),
    ).toBe(1);
  });

  it('a stretch dragged over a chart is what the player shows, and where it stands', async () => {
    const chart = panel().getByRole('img', { name: /^Loss over time/ });
    await chart.scrollIntoViewIfNeeded();
    const plot = await chart.locator('.u-over').boundingBox();
    if (plot === null) throw new Error('There is no chart.');
    const y = plot.y + plot.height / 2;
    await page.mouse.move(plot.x + plot.width * 0.5, y);
    await page.mouse.down();
    await page.mouse.move(plot.x + plot.width * 0.75, y, { steps: 4 });
    await page.mouse.up();
    await panel().getByRole('button', { name: 'Whole stream' }).waitFor();
    const seconds = async (): Promise<number> => {
      const [minutes, rest] = (await player().getByTestId('position').innerText()).split(':');
      return Number(minutes) * 60 + Number(rest);
    };
    await expect.poll(seconds).toBeGreaterThan(2.8);
    expect(await seconds()).toBeLessThan(3.4);
    await player()
      .getByText(/^1\.\d s shown$/)
      .waitFor();
    // The cursor of the player stands in every chart.
    expect(await panel().locator('.chart-cursor:visible').count()).toBeGreaterThan(3);
    await panel().getByRole('button', { name: 'Whole stream' }).click();
    // And the other way, by keys: what the player shows is what the charts show.
    await runByPalette(page, 'zoom in');
    await panel().getByRole('button', { name: 'As the player' }).focus();
    await page.keyboard.press('Enter');
    await panel().getByRole('button', { name: 'Whole stream' }).click();
    await runByPalette(page, 'show all of the audio');
  });

  it('a smaller depth of the jitter buffer has more late packets and another wave, as the command has it', async () => {
    const sent = await picture();
    await player().getByRole('button', { name: 'Jitter buffer' }).click();
    await setDepth(60);
    await expect.poll(shownCounts).toEqual(byCommand('jitter-buffer=60').counts);
    const deep = await pictureOtherThan(sent);
    expect((await exported()).equals(byCommand('jitter-buffer=60').wav)).toBe(true);

    await setDepth(0);
    const { counts, wav } = byCommand('jitter-buffer=0');
    await expect.poll(shownCounts).toEqual(counts);
    expect(counts[0].late).toBeGreaterThan(byCommand('jitter-buffer=60').counts[0].late);
    await pictureOtherThan(deep);
    expect((await exported()).equals(wav)).toBe(true);
    await expect.poll(() => marks().innerText()).toContain(`Late ${counts[0].late}`);
    await expect.poll(() => marks().innerText()).toContain(`Concealed ${counts[0].concealed}`);
  });

  it('another depth is heard at once: what plays goes on, from the audio of that depth', async () => {
    await player().getByRole('button', { name: 'Play', exact: true }).click();
    const pause = player().getByRole('button', { name: 'Pause', exact: true });
    await pause.waitFor();
    const [response] = await Promise.all([
      page.waitForResponse((answer) => /\/audio\/[0-9a-f]+\.wav$/.test(answer.url())),
      setDepth(40),
    ]);
    const { wav } = byCommand('jitter-buffer=40');
    expect(response.headers()['content-range'] ?? '').toContain(`/${wav.length}`);
    const position = player().getByTestId('position');
    const before = await position.innerText();
    await expect.poll(() => position.innerText()).not.toBe(before);
    await pause.click();
    await setDepth(0);
  });

  it('the depth goes by keys, and the place stays', async () => {
    const position = player().getByTestId('position');
    const before = await position.innerText();
    await depth().focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => player().locator('.player-ms').innerText()).toBe('10 ms');
    await rowsOf(page, 'Calls').first().focus();
    await page.keyboard.press('Shift+ArrowUp');
    await expect.poll(() => player().locator('.player-ms').innerText()).toBe('20 ms');
    await expect.poll(shownCounts).toEqual(byCommand('jitter-buffer=20').counts);
    expect(Math.abs(Number((await position.innerText()).slice(2)) - Number(before.slice(2)))).toBeLessThan(0.1);
  });

  it('an adaptive buffer and the file’s timing are as the command has them', async () => {
    await player().getByRole('button', { name: 'Adaptive' }).click();
    await expect.poll(shownCounts).toEqual(byCommand('jitter-buffer=adaptive').counts);
    expect((await exported()).equals(byCommand('jitter-buffer=adaptive').wav)).toBe(true);
    await player().getByRole('button', { name: 'File timing' }).click();
    await expect
      .poll(() =>
        player()
          .getByRole('slider', { name: /^Depth/ })
          .count(),
      )
      .toBe(0);
    await page.waitForTimeout(300);
    expect((await exported()).equals(byCommand('file').wav)).toBe(true);
    await runByPalette(page, 'play as it was sent');
    await expect
      .poll(() => player().getByRole('button', { name: 'RTP timestamps' }).getAttribute('aria-pressed'))
      .toBe('true');
  });

  it('the spectrogram is of both lanes, and another one where it is zoomed', async () => {
    const wave = await picture();
    await runByPalette(page, 'waveform or spectrogram');
    await player().getByRole('group', { name: 'Spectrograms' }).waitFor();
    await pictureOtherThan(wave);
    await expect.poll(() => coloursOfLanes(page)).toEqual([true, true]);
    const whole = await picture();
    await runByPalette(page, 'zoom in');
    await pictureOtherThan(whole);
    await runByPalette(page, 'show all of the audio');
  });

  it.each(['dark', 'light'] as const)('axe has nothing to say of it, %s', async (theme) => {
    await showTheme(page, theme);
    await player().getByRole('button', { name: 'Jitter buffer' }).click();
    expect(await violations(page)).toEqual([]);
    await player().getByRole('button', { name: 'RTP timestamps' }).click();
  });

  it('digits are marked by the road they came by', async () => {
    await player().getByRole('button', { name: 'Waveform' }).click();
    await openByChooser(page, testCapture('digit-roads.pcap'));
    await goTo(page, 'Calls');
    await rowsOf(page, 'Calls').first().click();
    await expect.poll(() => marks().innerText()).toMatch(/DTMF tones 4\s+DTMF in SIP INFO 3/);
  });

  it('a codec without published values has no MOS, and says why', async () => {
    await openByChooser(page, testCapture('opus-call.pcap'));
    await goTo(page, 'Streams');
    const none = rowsOf(page, 'Streams').first().locator('[title^="Not rated"]').first();
    expect(await none.innerText()).toBe('—');
    await rowsOf(page, 'Streams').first().click();
    await showPane(page, 'Stream');
    await panel().getByText('Not rated: ITU-T G.113 publishes no impairment factor for opus.').waitFor();
    expect(await panel().getByRole('img', { name: /^MOS/ }).count()).toBe(0);
  });

  it('a locked stream is not offered to be measured', async () => {
    await openByChooser(page, testCapture('srtp-dtls-speech.pcap'));
    await goTo(page, 'Streams');
    await rowsOf(page, 'Streams').first().click();
    await panel().getByText('Without its key the stream cannot be heard').waitFor();
    expect(await panel().getByRole('button', { name: 'Measure the audio' }).count()).toBe(0);
  });

  it('and the page has nothing to complain of', () => {
    expect(app.faults).toEqual([]);
  });
});

/** The largest sample of a channel of two, dB of full scale. */
function peakDb(wav: Buffer, channel: number): number {
  let most = 0;
  for (let at = wav.indexOf('data', 12, 'latin1') + 8 + 2 * channel; at + 2 <= wav.length; at += 4)
    most = Math.max(most, Math.abs(wav.readInt16LE(at)));
  return 20 * Math.log10(most / 32_768);
}

/** Whether each lane has more colours than a wave would. */
function coloursOfLanes(page: Page): Promise<boolean[]> {
  return page.evaluate(() => {
    const root = document.querySelector('.player-surfer > div')?.shadowRoot;
    const lanes = Array.from(root?.querySelectorAll<HTMLCanvasElement>('.canvases canvas') ?? []);
    return lanes.map((canvas) => {
      const image = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(image?.data.buffer ?? new ArrayBuffer(0))).size > 50;
    });
  });
}

interface Axe {
  run(part: string, options: object): Promise<AxeResults>;
}

async function violations(page: Page): Promise<string[]> {
  const options = {
    resultTypes: ['violations'],
    preload: false,
    runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] },
  };
  const results = await page.evaluate(
    (rules) => (globalThis as unknown as { axe: Axe }).axe.run('html', rules),
    options,
  );
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} (${failureSummary?.replaceAll('\n', ' ')})`),
  );
}
