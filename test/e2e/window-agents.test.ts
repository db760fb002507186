/** Capture agents (HEP): who they are, what leads to their packets, and what they logged of a call. See test/recording/hep-agents.sh. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, type RunningApp, startApp } from './start-app.ts';
import { goTo, openByChooser, rowsOf, SAMPLE, showPane, sidebar, testCapture } from './views.ts';

describe.skipIf(browserPath === null)('agents (skipped without a browser)', () => {
  let app: RunningApp;
  let page: Page;
  beforeAll(async () => {
    app = await startApp({ capture: testCapture('hep-agents.pcap') });
    page = app.page;
    page.setDefaultTimeout(10_000);
    await page.getByText(/^Read \d+ packets/).waitFor();
  });
  afterAll(() => app?.close());

  it('the list says what each saw, and whether its clock is right', async () => {
    await goTo(page, 'Agents');
    const rows = page.getByRole('region', { name: 'Agents' }).locator('tbody tr');
    await expect.poll(() => rows.count()).toBe(3);
    // id, clock and key as hep-agents.sh gives them.
    await expect.poll(() => rows.nth(0).textContent()).toMatch(/edge \(101\)10\.77\.0\.1:\d+.*••••••••$/);
    await expect.poll(() => rows.nth(1).textContent()).toMatch(/core \(102\).*\+0\.250correctednone$/);
    await expect.poll(() => rows.nth(2).textContent()).toMatch(/^3103.*SIP 6.*−7200\.000ignorednone$/);
  });

  it('an agent leads to its packets', async () => {
    await page.getByRole('button', { name: '103', exact: true }).click();
    await page.getByText('Shown 6 of').waitFor();
    await expect.poll(() => page.getByRole('combobox', { name: 'Display filter' }).inputValue()).toBe('hep.agent == 3');
  });

  it('a message says who saw it, once; logs and reports stand between the messages', async () => {
    await goTo(page, 'Calls');
    await rowsOf(page, 'Calls').first().click();
    await showPane(page, 'Ladder');
    const option = (name: RegExp) => page.getByRole('option', { name });
    await option(/ INVITE from alice to bob, .* seen by edge \(101\) and core \(102\) and 103/).waitFor();
    await option(/Log by edge \(101\): BYE received/).waitFor();
    await option(/Quality reported by edge \(101\): MOS 4\.3/).click();
    await page.getByRole('treeitem', { name: /HEP/ }).first().waitFor();
  });

  it('is not offered where nobody reports', async () => {
    await openByChooser(page, SAMPLE);
    await page.getByText('Read 956 packets').waitFor();
    expect(
      await sidebar(page)
        .getByRole('button', { name: /^Agents/ })
        .count(),
    ).toBe(0);
  });

  it('and the page has nothing to complain of', () => {
    expect(app.faults).toEqual([]);
  });
});
