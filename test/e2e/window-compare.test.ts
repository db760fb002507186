/** The same streams at two capture points. What was lost is what the relay between them dropped (test/captures/loss-jitter.json). */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, type RunningApp, startApp } from './start-app.ts';
import { goTo, openByChooser, rowsOf, runByPalette, SAMPLE, sidebar, testCapture } from './views.ts';

interface Lane {
  readonly ssrc: string;
  readonly packets: readonly (readonly [sequence: number, fate: string, ms: number])[];
}
const lanes: readonly Lane[] = Object.values(JSON.parse(readFileSync(testCapture('loss-jitter.json'), 'utf8')).lanes);

function droppedOf(ssrc: string): string[] {
  const lane = lanes.find((each) => each.ssrc === ssrc);
  return lane?.packets.filter(([, fate]) => fate === 'dropped').map(([sequence]) => String(sequence)) ?? [];
}

describe.skipIf(browserPath === null)('compare (skipped without a browser)', () => {
  let app: RunningApp;
  let page: Page;
  beforeAll(async () => {
    app = await startApp({ capture: testCapture('relay-both-legs.pcap') });
    page = app.page;
    page.setDefaultTimeout(10_000);
    await page.getByText(/^Read \d/).waitFor();
  });
  afterAll(() => app?.close());

  const view = () => page.getByRole('region', { name: 'Compare', exact: true });
  const packet = () => page.getByRole('region', { name: 'Packet', exact: true });
  const cell = (row: number, column: string) =>
    rowsOf(page, 'Packets that differ').nth(row).locator(`[data-column="${column}"]`);
  const entry = () => sidebar(page).getByRole('button', { name: /^Compare/ });

  /** The sequence numbers in the list, which is short enough to be drawn as a whole. */
  async function sequences(): Promise<string[]> {
    return rowsOf(page, 'Packets that differ').locator('[data-column="sequence"]').allTextContents();
  }

  it('is not offered before it was asked for; the palette asks', async () => {
    expect(await entry().count()).toBe(0);
    await runByPalette(page, 'compare capture points in');
    await expect.poll(() => entry().textContent()).toBe('Compare2');
    await view()
      .getByRole('heading', { name: /^11 packets were lost between the two points; 9/ })
      .waitFor();
  });

  it('both points stand side by side, with what was changed', async () => {
    const points = view().getByRole('table', { name: 'Both points' });
    const text = await points.innerText();
    expect(text).toMatch(/10\.77\.0\.2:40040 → 10\.77\.0\.3:30002\s+10\.77\.0\.3:30000 → 10\.77\.0\.1:40022/);
    // tshark -q -z rtp,streams: 311 before the relay; 310 behind it; by the relay's log ten of them are doubled.
    expect(text).toMatch(/Packets\s+311\s+310 10 of them repeats/);
    await view().getByText('DSCP was 46 and became 0.').waitFor();
    await expect.poll(() => view().locator('.compare-charts canvas').count()).toBe(2);
  });

  it('the list has exactly the packets that the relay dropped', async () => {
    await view().getByRole('button', { name: /^lost/ }).click();
    await expect.poll(() => cell(0, 'kind').textContent()).toBe('lost');
    const ssrc = await rowsOf(page, 'Streams seen twice').first().locator('[data-column="ssrc"]').textContent();
    await expect.poll(sequences).toEqual(droppedOf(ssrc ?? ''));
  });

  it('another stream by keyboard, and a row leads to its packet', async () => {
    await rowsOf(page, 'Streams seen twice').first().click();
    await page.keyboard.press('ArrowDown');
    await view()
      .getByRole('heading', { name: /^11 packets were lost between the two points; 11/ })
      .waitFor();
    await view().getByRole('button', { name: /^all/ }).waitFor();
    const grid = page.getByRole('grid', { name: 'Packets that differ' });
    await cell(0, 'kind').waitFor();
    await grid.focus();
    await page.keyboard.press('Home');
    const number = await cell(0, 'A').textContent();
    await packet().getByText(`#${number}`, { exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('[aria-current="page"]').textContent()).toMatch(/^Packets/);
    await page.keyboard.press('Alt+ArrowLeft');
    await view()
      .getByRole('heading', { name: /^11 packets were lost between the two points; 11/ })
      .waitFor();
  });

  it('two rows of the streams are compared by their menu; those that are not the same say so', async () => {
    await goTo(page, 'Streams');
    const streams = rowsOf(page, 'Streams');
    await streams.nth(0).click();
    await streams.nth(2).click({ modifiers: ['Control'] });
    await streams.nth(0).click({ button: 'right' });
    await page.getByRole('menuitem', { name: /^Compare these two/ }).click();
    await view().getByText('the two that were chosen').waitFor();
    await expect.poll(() => entry().textContent()).toBe('Compare1');

    await goTo(page, 'Streams');
    await streams.nth(0).click();
    await streams.nth(1).click({ modifiers: ['Control'] });
    await streams.nth(0).click({ button: 'right' });
    await page.getByRole('menuitem', { name: /^Compare these two/ }).click();
    await view().getByRole('heading', { name: 'These two streams are not the same.' }).waitFor();
  });

  it('a stream is offered those with its SSRC first', async () => {
    await goTo(page, 'Streams');
    await rowsOf(page, 'Streams').first().click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Compare with…' }).click();
    const choice = page.getByRole('dialog', { name: 'Compare a stream' });
    await expect.poll(() => choice.getByRole('option').count()).toBe(3);
    expect(await choice.getByRole('option').first().textContent()).toMatch(/same SSRC$/);
    expect(await choice.getByText('same SSRC').count()).toBe(1);
    await page.keyboard.press('Enter');
    await expect.poll(() => entry().textContent()).toBe('Compare1');
    await view()
      .getByRole('heading', { name: /^11 packets were lost/ })
      .waitFor();
  });

  it('a capture in which nothing was seen twice says what to do; with a second one it is compared', async () => {
    await openByChooser(page, testCapture('loss-jitter-caller.pcap'));
    await page.getByText(/^Read \d/).waitFor();
    expect(await entry().count()).toBe(0);
    await runByPalette(page, 'compare capture points in');
    await view().getByRole('heading', { name: 'No stream is in this capture twice.' }).waitFor();
    await view().getByRole('button', { name: 'Compare with another capture…' }).click();
    await chooseSecond('loss-jitter.pcap');
    await view().getByText('here and in loss-jitter.pcap').waitFor();
    await view()
      .getByText(/^Two captures have two clocks/)
      .waitFor();
    await expect.poll(() => view().getByText('beyond the fastest packet; two clocks').count()).toBeGreaterThan(1);
    await view().getByRole('button', { name: /^lost/ }).click();
    const ssrc = await rowsOf(page, 'Streams seen twice').first().locator('[data-column="ssrc"]').textContent();
    await expect.poll(sequences).toEqual(droppedOf(ssrc ?? ''));
    await rowsOf(page, 'Packets that differ').first().click();
    await packet()
      .getByText(`#${await cell(0, 'A').textContent()}`, { exact: true })
      .waitFor();
  });

  it('a second file that is none is one sentence, and the capture is as it was', async () => {
    await runByPalette(page, 'compare with another');
    await chooseSecond('loss-jitter.json', { isListed: true });
    await view().getByRole('heading', { name: 'loss-jitter.json is not a capture: it is a JSON document.' }).waitFor();
    await view().getByRole('button', { name: 'Another file…' }).click();
    await page.keyboard.press('Escape');
    await runByPalette(page, 'compare with another');
    await chooseSecond('g711u-dtmf.pcap');
    await view()
      .getByRole('heading', { name: 'No stream of loss-jitter-caller.pcap is in g711u-dtmf.pcap.' })
      .waitFor();
  });

  it('can be cancelled, and asked again', async () => {
    // Long enough that nobody misses the button: its packets, many times over.
    const octets = readFileSync(testCapture('loss-jitter.pcap'));
    const path = join(app.folder, 'long.pcap');
    writeFileSync(path, Buffer.concat([octets, ...Array.from({ length: 400 }, () => octets.subarray(24))]));
    await runByPalette(page, 'compare with another');
    const chooser = page.getByRole('dialog', { name: 'Compare with another capture' });
    await chooser.getByRole('textbox', { name: 'Folder or file' }).fill(path);
    await page.keyboard.press('Enter');
    await view().getByRole('heading', { name: 'Reading long.pcap' }).waitFor();
    await view().getByRole('button', { name: 'Cancel' }).click();
    await view().getByRole('heading', { name: 'Compare the same streams at two capture points' }).waitFor();
    await view().getByRole('button', { name: 'Look in this capture' }).click();
    await view().getByRole('heading', { name: 'No stream is in this capture twice.' }).waitFor();
  });

  it('goes with its capture', async () => {
    await openByChooser(page, SAMPLE);
    await page.getByText('Read 956 packets').waitFor();
    expect(await entry().count()).toBe(0);
    await page.keyboard.press('Alt+9');
    await view().getByRole('heading', { name: 'Compare the same streams at two capture points' }).waitFor();
  });

  it('and the page has nothing to complain of', () => {
    expect(app.faults).toEqual([]);
  });

  /** By its path, or, where the path is none of a capture, from the list of its folder. */
  async function chooseSecond(name: string, { isListed = false } = {}): Promise<void> {
    const chooser = page.getByRole('dialog', { name: 'Compare with another capture' });
    await chooser.getByRole('textbox', { name: 'Folder or file' }).fill(testCapture(isListed ? '' : name));
    await page.keyboard.press('Enter');
    if (!isListed) return;
    await chooser.getByLabel('All files').check();
    await chooser.getByRole('option', { name: new RegExp(`^${name}`) }).dblclick();
  }
});
