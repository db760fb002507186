/** ICE: the verdict and its proof, pairs, states, candidates and the ladder. Packet numbers are tshark's. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, type RunningApp, startApp } from './start-app.ts';
import { goTo, openByChooser, rowsOf, showPane, sidebar, testCapture } from './views.ts';

describe.skipIf(browserPath === null)('ICE/TURN (skipped without a browser)', () => {
  let app: RunningApp;
  let page: Page;
  beforeAll(async () => {
    app = await startApp({ capture: testCapture('webrtc-chromium.pcapng') });
    page = app.page;
    page.setDefaultTimeout(10_000);
    await page.getByText('Read 300 packets').waitFor();
  });
  afterAll(() => app?.close());

  const packet = () => page.getByRole('region', { name: 'Packet', exact: true });

  it('the overview says what became of it, and leads there', async () => {
    const list = page.getByRole('region', { name: 'ICE and TURN' });
    await expect.poll(() => list.textContent()).toContain('Connected after 0.055 s, host to host');
    await list.getByRole('button', { name: 'ICE 1' }).click();
    await page.getByRole('heading', { name: 'Connected after 0.055 s, host to host' }).waitFor();
    await expect.poll(() => page.locator('[aria-current="page"]').textContent()).toBe('ICE/TURN1');
    await expect.poll(() => rowsOf(page, 'Sessions').first().getAttribute('aria-selected')).toBe('true');
  });

  it('the sidebar counts its packets', async () => {
    const context = sidebar(page);
    await context.getByText('ICE 1').waitFor();
    await expect.poll(() => context.getByRole('button', { name: /^Session/ }).textContent()).toBe('Session17');
    await expect.poll(() => context.getByRole('button', { name: /^Candidates/ }).textContent()).toBe('Candidates3');
  });

  it('the proof leads to its packet', async () => {
    await page.getByRole('button', { name: '#28', exact: true }).click();
    await packet().getByText('#28', { exact: true }).waitFor();
    await packet().getByRole('treeitem', { name: /STUN/ }).waitFor();
  });

  it('the selected pair is told from others, with what media did', async () => {
    const pair = page.getByRole('row', { name: /selected/ });
    const cells = (await pair.innerText()).trim().split(/\s+/);
    expect(cells).toEqual(['selected', 'host', '10.77.0.1:59039', 'host', '10.77.0.2:7000', '5', '5', '0.2']);
    expect(await page.getByRole('list', { name: 'Where media went' }).textContent()).toContain(
      'the way of the selected pair',
    );
    await pair.getByRole('button', { name: 'selected' }).click();
    await packet().getByText('#16', { exact: true }).waitFor();
  });

  it('the states are one tab stop; arrows go along and across, Enter shows the packet', async () => {
    const lanes = page.getByRole('group', { name: 'States over time' });
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
    expect(await lanes.locator('button[tabindex="0"]').count()).toBe(1);
    await lanes.locator('button[tabindex="0"]').focus();
    expect(await focused()).toMatch(/^ICE transport 0 /);
    for (let steps = 0; steps < 6 && !(await focused()).includes('connected'); steps++) {
      await page.keyboard.press('ArrowRight');
    }
    expect(await focused()).toContain('connected');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toMatch(/^DTLS transport 0 /);
    expect(await lanes.locator('button[tabindex="0"]').count()).toBe(1);
    const shown = /packet #(\d+)$/.exec(await focused())?.[1];
    if (shown !== undefined) {
      await page.keyboard.press('Enter');
      await packet().getByText(`#${shown}`, { exact: true }).waitFor();
    }
  });

  it('candidates of both sides, from SDP', async () => {
    await showPane(page, 'Candidates');
    const local = page.getByRole('table', { name: 'Local candidates' });
    expect(await local.getByRole('row').nth(1).textContent()).toContain('host10.77.0.1:59039');
    const remote = page.getByRole('table', { name: 'Remote candidates' });
    await expect.poll(() => remote.getByRole('row').count()).toBe(2);
  });

  it('the ladder has exactly these packets, and leads to them', async () => {
    await showPane(page, 'Ladder');
    const ladder = page.getByRole('region', { name: 'Ladder of ICE session 1' });
    await ladder.getByText('17 messages').waitFor();
    await ladder
      .getByRole('option', { name: /Server Hello/ })
      .first()
      .click();
    await packet().getByText('#20', { exact: true }).waitFor();
    await page.keyboard.press('Alt+ArrowDown');
    await packet().getByText('#21', { exact: true }).waitFor();
    // The packets of the session, not the next one of the capture.
    await page.keyboard.press('Alt+ArrowDown');
    await packet().getByText('#22', { exact: true }).waitFor();
    await page.keyboard.press('Alt+ArrowDown');
    await packet().getByText('#28', { exact: true }).waitFor();
  });

  it('its packets are a filter of the packets', async () => {
    await rowsOf(page, 'Sessions').first().click({ button: 'right' });
    await page.getByRole('menuitem', { name: /Show its packets/ }).click();
    await page.getByText('Shown 17 of 300 packets').waitFor();
    expect(await page.getByRole('combobox', { name: 'Display filter' }).inputValue()).toBe('ice.id == 1');
  });

  it('without ICE the view says so', async () => {
    await page.keyboard.press('Alt+ArrowLeft');
    await goTo(page, 'ICE/TURN');
    await showPane(page, 'Allocations');
    await page.getByRole('heading', { name: 'Nobody asked a TURN server for a relay in this capture.' }).waitFor();
  });

  it('TURN step by step: what failed, what was not tried, and the proof', async () => {
    await openByChooser(page, testCapture('turn-wrong-password.pcap'));
    await page.getByText('Read 8 packets').waitFor();
    await goTo(page, 'ICE/TURN');
    await showPane(page, 'Session');
    await page.getByRole('heading', { name: 'Allocate: credentials rejected' }).waitFor();
    const steps = page.getByRole('region', { name: 'TURN, step by step' }).getByRole('row');
    await steps.nth(4).waitFor();
    const texts = await steps.allTextContents();
    expect(
      texts
        .slice(1)
        .map((text) => /^(Server reachable|[A-Z][a-z]+( check| bind)?|with\w* credentials)/.exec(text)?.[0]),
    ).toEqual([
      'Server reachable',
      'Allocate',
      'without credentials',
      'with credentials',
      'Permission',
      'Connectivity check',
      'Channel bind',
      'Media',
    ]);
    const failed = steps.filter({ hasText: 'with credentials' });
    await failed.getByRole('img', { name: 'failed' }).waitFor();
    await failed.getByRole('button', { name: '#4' }).click();
    await packet().getByText('#4', { exact: true }).waitFor();
    await packet().getByText('RFC 8489 §9.2.4').waitFor();
  });

  it('and the page has nothing to complain of', () => {
    expect(app.faults).toEqual([]);
  });
});
