/**
 * Decode As: rules from a packet, suggestions, codecs of payload types, what was found behind unknown headers. The captures
 * are made here: RTP whose sequence numbers jump too often to be believed, and a recorded call behind twelve octets of noise.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { udpPcap } from '../integration/udp-capture.ts';
import { UNKNOWN_WAYS, wrapCapture } from '../recording/wrap.ts';
import { browserPath, type RunningApp, startApp } from './start-app.ts';
import { goTo, openByChooser, rowsOf, runByPalette, showPane, sidebar, testCapture } from './views.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'earshot-decode-as-'));
const LIKE_RTP = join(folder, 'like-rtp.pcap');
const WRAPPED = join(folder, 'wrapped.pcap');
const PACKETS = 1520;

/** Payload type 96, G.711's octets; every sixth number is far off. */
function likeRtp(): Uint8Array {
  return udpPcap(
    Array.from({ length: PACKETS }, (_, index) => {
      const payload = Buffer.alloc(172, 0x55);
      payload.writeUInt16BE(0x8060, 0);
      payload.writeUInt16BE(index % 6 === 3 ? index + 5000 : index, 2);
      payload.writeUInt32BE(index * 160, 4);
      payload.writeUInt32BE(0x1234, 8);
      return { seconds: index * 0.02, from: '10.0.0.1:5000', to: '10.0.0.2:6000', payload };
    }),
  );
}

describe.skipIf(browserPath === null)('Decode As (skipped without a browser)', () => {
  let app: RunningApp;
  let page: Page;
  beforeAll(async () => {
    writeFileSync(LIKE_RTP, likeRtp());
    writeFileSync(WRAPPED, wrapCapture(readFileSync(testCapture('g711u-dtmf.pcap')), UNKNOWN_WAYS['rtp-behind-12']));
    app = await startApp({ capture: LIKE_RTP });
    page = app.page;
    page.setDefaultTimeout(10_000);
    await page.getByText(/^Read 1\D?520 packets/).waitFor();
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const dialog = () => page.getByRole('dialog', { name: 'Decode As' });
  const codecs = () => page.getByRole('dialog', { name: 'Codec of a payload type' });
  const streams = () => sidebar(page).getByRole('button', { name: /^Streams/ });
  const inForce = () => sidebar(page).getByRole('button', { name: /^Decode As/ });
  const ruleNames = () => dialog().locator('.decode-name').allTextContents();
  const notice = () => page.getByRole('status').filter({ hasText: /now\./ });

  it('unclaimed traffic is told, and dismissed for good', async () => {
    const line = page.locator('.overview').getByText(/1\D?520 packets from 10\.0\.0\.1:5000 .* look like RTP/);
    await line.waitFor();
    await goTo(page, 'Packets');
    const note = page.locator('.packets-pane').getByRole('note');
    await note.getByText('look like RTP').waitFor();
    expect(await streams().textContent()).toContain('0');
    await note.getByRole('button', { name: /^Dismiss/ }).click();
    await expect.poll(() => note.count()).toBe(0);
    await goTo(page, 'Overview');
    expect(await page.getByRole('heading', { name: 'Unclaimed traffic' }).count()).toBe(0);
  });

  it('a rule begins with the packet that was selected, and says what it would match', async () => {
    await goTo(page, 'Packets');
    await rowsOf(page, 'Packets').first().click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Decode As…' }).click();
    const port = dialog().getByRole('textbox', { name: 'Port' });
    await expect.poll(() => port.inputValue()).toBe('6000');
    expect(await port.evaluate((element) => element === document.activeElement)).toBe(true);
    await dialog()
      .getByText(/^1\D?520 packets of this capture match/)
      .waitFor();
    await dialog().getByRole('button', { name: '5000', exact: true }).click();
    await expect.poll(ruleNames).toEqual(['udp.port==5000,rtp']);
    for (const [kind, rule] of [
      ['Address', 'ip.addr==10.0.0.1,rtp'],
      ['Endpoint', 'ip.addr==10.0.0.1 && udp.port==5000,rtp'],
      ['Flow', 'udp.flow==10.0.0.1:5000-10.0.0.2:6000,rtp'],
    ]) {
      await dialog().getByRole('radio', { name: kind }).check();
      await expect.poll(ruleNames).toEqual([rule]);
      await dialog()
        .getByText(/^1\D?520 packets of this capture match/)
        .waitFor();
    }
  });

  it('what is wrong is told at its field, and cannot be applied', async () => {
    await dialog().getByRole('radio', { name: 'Port' }).check();
    const port = dialog().getByRole('textbox', { name: 'Port' });
    await port.fill('70000');
    await dialog().getByRole('alert').getByText('Port 70000 is not between 1 and 65535.').waitFor();
    expect(await port.getAttribute('aria-invalid')).toBe('true');
    expect(await dialog().getByRole('button', { name: 'Apply' }).isDisabled()).toBe(true);
    await port.fill('7777');
    await dialog().getByText('No packet of this capture matches.').waitFor();
    await port.fill('6000');
    await dialog().getByRole('textbox', { name: 'Skip' }).fill('2000');
    await dialog().getByRole('alert').getByText('No more than 1024 octets can be skipped.').waitFor();
    await dialog().getByRole('textbox', { name: 'Skip' }).fill('');
  });

  it('the dialog is clean in both themes', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await axeFaults(page)).toEqual([]);
    }
  });

  it('by keyboard: the dissector is searched for, Enter applies, and the packets are RTP', async () => {
    await dialog().getByRole('combobox', { name: 'Dissector' }).focus();
    await page.keyboard.type('rtp');
    await page.keyboard.press('Enter');
    await expect.poll(() => dialog().count()).toBe(0);
    await expect.poll(() => streams().textContent()).toMatch(/1$/);
    await expect.poll(() => inForce().textContent()).toMatch(/1$/);
    await expect.poll(() => rowsOf(page, 'Packets').first().textContent()).toContain('RTP');
    await expect.poll(() => notice().count()).toBeGreaterThan(0);
  });

  it('of several rules the last counts; they are moved, switched off, and taken away', async () => {
    await inForce().click();
    await dialog().getByRole('button', { name: 'New rule' }).click();
    await dialog().getByRole('textbox', { name: 'Port' }).fill('6000');
    await dialog().getByRole('combobox', { name: 'Dissector' }).fill('nothing');
    await expect.poll(ruleNames).toEqual(['udp.port==6000,rtp', 'udp.port==6000,none']);
    await dialog().getByRole('button', { name: 'Apply' }).click();
    await expect.poll(() => streams().textContent()).toMatch(/0$/);

    await inForce().click();
    await dialog().getByRole('button', { name: 'Move up udp.port==6000,none' }).click();
    await expect.poll(ruleNames).toEqual(['udp.port==6000,none', 'udp.port==6000,rtp']);
    await dialog().getByRole('button', { name: 'Apply' }).click();
    await expect.poll(() => streams().textContent()).toMatch(/1$/);

    await inForce().click();
    await dialog().getByRole('checkbox', { name: 'In force: udp.port==6000,rtp' }).uncheck();
    await dialog().getByRole('button', { name: 'Apply' }).click();
    await expect.poll(() => streams().textContent()).toMatch(/0$/);
    await expect.poll(() => inForce().textContent()).toMatch(/1$/);

    // It rests, and is there.
    await inForce().click();
    expect(await dialog().getByRole('checkbox', { name: 'In force: udp.port==6000,rtp' }).isChecked()).toBe(false);
    await dialog().getByRole('checkbox', { name: 'In force: udp.port==6000,rtp' }).check();
    await dialog().getByRole('button', { name: 'Remove udp.port==6000,none' }).click();
    await dialog().getByRole('button', { name: 'Apply' }).click();
    await expect.poll(() => streams().textContent()).toMatch(/1$/);
  });

  it('a payload type gets a codec: shown, and heard', async () => {
    await goTo(page, 'Streams');
    await rowsOf(page, 'Streams').first().click();
    await page.getByText('no codec is known').or(page.locator('.player')).first().waitFor();
    await rowsOf(page, 'Streams').first().click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Codec of payload type 96…' }).click();
    await codecs().getByRole('combobox', { name: 'Codec' }).selectOption('PCMA/8000');
    await codecs()
      .getByText(/^1\D?520 packets of this capture have this type/)
      .waitFor();
    expect(await codecs().locator('code').textContent()).toBe('rtp.ssrc==0x00001234,96=PCMA/8000');
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await axeFaults(page)).toEqual([]);
    }
    await codecs().getByRole('button', { name: 'Apply' }).click();
    await expect.poll(() => rowsOf(page, 'Streams').first().textContent()).toContain('PCMA');
    await page.locator('.player[data-state="ready"]').waitFor();
    await page.locator('.player').getByText(/PCMA/).first().waitFor();
    // And back.
    await runByPalette(page, 'codec of a payload');
    await codecs().getByRole('button', { name: 'Remove rtp.ssrc==0x00001234,96=PCMA/8000' }).click();
    await expect.poll(() => rowsOf(page, 'Streams').first().textContent()).not.toContain('PCMA');
    await page.keyboard.press('Escape');
  });

  it('rules stay with their capture; an encapsulation is told with its evidence', async () => {
    await openByChooser(page, WRAPPED);
    await page.getByText('Read 872 packets').waitFor();
    await expect.poll(() => inForce().textContent()).toBe('Decode As');
    await goTo(page, 'Overview');
    const found = page.getByRole('region', { name: 'Found behind unknown headers' });
    await found.getByText('RTP behind 12 unknown octets').waitFor();
    expect(await found.textContent()).toMatch(/855 packets.*8 of 8 packets have, 12 octets in, an RTP header/);
    // Twelve octets of each of three packets.
    const [first] = await found.locator('.decode-hex mark').allTextContents();
    expect(first).toMatch(/^([\da-f]{2} ){11}[\da-f]{2}$/);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await axeFaults(page)).toEqual([]);
    }
  });

  it('the stream says so too; it is left wrapped, and kept', async () => {
    await goTo(page, 'Streams');
    await rowsOf(page, 'Streams').first().click();
    await showPane(page, 'Stream');
    const note = page.getByRole('region', { name: 'Stream', exact: true }).getByRole('note');
    await note.getByText('RTP behind 12 unknown octets').waitFor();
    await note.getByRole('button', { name: 'Undo (leave it wrapped)' }).click();
    await expect.poll(() => streams().textContent()).toMatch(/0$/);
    await inForce().click();
    await expect.poll(ruleNames).toEqual([expect.stringMatching(/^udp\.flow==10\.77\.0\..*,none$/)]);
    await dialog()
      .getByRole('button', { name: /^Remove/ })
      .click();
    await dialog().getByText('No rule yet.').waitFor();
    await dialog().getByRole('button', { name: 'Apply' }).click();
    await expect.poll(() => streams().textContent()).toMatch(/2$/);
    await goTo(page, 'Overview');
    await page.getByRole('button', { name: 'Keep as a rule' }).click();
    await expect.poll(() => inForce().textContent()).toMatch(/1$/);
    await expect.poll(() => page.getByRole('heading', { name: 'Found behind unknown headers' }).count()).toBe(0);
    expect(await streams().textContent()).toMatch(/2$/);
  });

  it("the header's node leads to a rule with its ends", async () => {
    await goTo(page, 'Packets');
    await rowsOf(page, 'Packets').nth(8).click();
    await showPane(page, 'Packet');
    await page.getByRole('treeitem', { name: /User Datagram/ }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Decode As…' }).click();
    await dialog().getByRole('radio', { name: 'Flow' }).check();
    await expect.poll(async () => (await ruleNames()).at(-1)).toBe('udp.flow==10.77.0.2:40036-10.77.0.1:40052,rtp');
    await page.keyboard.press('Escape');
    await expect.poll(() => dialog().count()).toBe(0);
  });

  it('what was set comes back with its capture, and what was dismissed stays so', async () => {
    await openByChooser(page, LIKE_RTP);
    await expect.poll(() => streams().textContent()).toMatch(/1$/);
    await inForce().click();
    await expect.poll(ruleNames).toEqual(['udp.port==6000,rtp']);
    await dialog()
      .getByRole('button', { name: /^Remove/ })
      .click();
    await dialog().getByRole('button', { name: 'Apply' }).click();
    await expect.poll(() => streams().textContent()).toMatch(/0$/);
    expect(await page.getByRole('note').count()).toBe(0);
  });

  it('and the page has nothing to complain of', () => {
    expect(app.faults).toEqual([]);
  });
});

/** Rules broken, and where. */
async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const results = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(where: unknown, options: unknown): Promise<AxeResults> } }).axe.run(
      document,
      {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
      },
    ),
  );
  return results.violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .map(({ html }) => html)
        .join(' ')
        .slice(0, 400)}`,
  );
}
