/** Key logs and SRTP keys: every way to them, what they open, and that they are not shown unasked. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, type RunningApp, startApp } from './start-app.ts';
import {
  dropFiles,
  goTo,
  keyDialog,
  openByChooser,
  rowsOf,
  runByPalette,
  showPane,
  sidebar,
  testCapture,
} from './views.ts';

const CAPTURE = 'srtp-dtls-speech.pcap';
const log = { name: 'call.keys', octets: readFileSync(testCapture('srtp-dtls-speech.keys')) };
/** What the calling programs wrote down. */
const facts = JSON.parse(readFileSync(testCapture('srtp-dtls-speech.json'), 'utf8')) as {
  streams: { ssrc: string; keys: { key: string; rtpPackets: number }[] }[];
};
const mediaKeys = facts.streams.map(({ ssrc, keys }) => {
  const [media] = keys.filter(({ rtpPackets }) => rtpPackets > 0);
  return { ssrc, ...media };
});

describe.skipIf(browserPath === null)('keys (skipped without a browser)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-keys-'));
  let app: RunningApp;
  let page: Page;
  beforeAll(async () => {
    app = await startApp({ capture: testCapture(CAPTURE) });
    page = app.page;
    page.setDefaultTimeout(10_000);
    await keysEntry(page).getByText('0 of 2').waitFor();
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('without a key a call says what would open it, and its figures stay', async () => {
    await goTo(page, 'Calls');
    await rowsOf(page, 'Calls').first().click();
    await showPane(page, 'Streams');
    await page.getByRole('heading', { name: 'These 2 streams have no key: add a key log.' }).waitFor();
    expect(await page.getByRole('contentinfo').textContent()).toContain('SRTP 0 of 2 streams decrypted');
    await rowsOf(page, 'Streams of the call').first().getByText('no key').waitFor();
    await rowsOf(page, 'Streams of the call').first().click();
    await page.getByRole('region', { name: 'Stream', exact: true }).getByText('This stream has no key').waitFor();
    expect(await page.locator('.stream-figures').first().textContent()).toContain('Expected215');
  });

  it('a key log that is dropped opens it, and the person stays where they are', async () => {
    await dropFiles(page, [log]);
    await keysEntry(page).getByText('2 of 2').waitFor();
    await page.locator('.player[data-state="ready"]').waitFor();
    const streams = rowsOf(page, 'Streams of the call');
    await streams.first().getByText('by DTLS').waitFor();
    expect(await streams.first().getAttribute('aria-selected')).toBe('true');
    const about = page.locator('.stream-about');
    await about.getByText('215 authenticated, 0 failed').waitFor();
    expect(await page.getByRole('contentinfo').textContent()).toContain(
      'Key log call.keys added. 2 of 2 encrypted streams opened.',
    );
    expect(await page.locator('[aria-current="page"]').textContent()).toContain('Calls');
  });

  it('its keys are masked, shown when asked for, and nowhere else', async () => {
    await keysEntry(page).click();
    const rows = rowsOf(page, 'SRTP keys');
    await rows.first().waitFor();
    for (const { key } of mediaKeys) expect(await page.content()).not.toContain(key);
    const shown: string[] = [];
    for (let at = 0; at < (await rows.count()); at++) {
      const row = rows.nth(at);
      await row.click();
      await page.getByRole('button', { name: 'Show key' }).click();
      // The column may be narrower than the key; the text is there.
      const cell = row.locator('[data-column="key"]');
      await expect.poll(() => cell.textContent()).not.toContain('•');
      shown.push((await cell.textContent()) ?? '');
      await page.getByRole('button', { name: 'Hide key' }).click();
      await expect.poll(() => cell.textContent()).toMatch(/^•+$/);
    }
    expect(shown).toEqual(expect.arrayContaining(mediaKeys.map(({ key }) => key)));
  });

  it('the list of what is at hand forgets it, and the streams are shut again', async () => {
    const hand = page.getByRole('list', { name: 'Secrets at hand' });
    await hand.getByText('2 CLIENT_RANDOM').waitFor();
    await hand.getByRole('button', { name: 'Forget call.keys' }).click();
    await keysEntry(page).getByText('0 of 2').waitFor();
    await page.getByRole('heading', { name: '2 streams are encrypted, without a key.' }).waitFor();
  });

  it('connections say what would open them, and lead to their handshake', async () => {
    const connection = page.locator('.keys-connection').first();
    await connection.getByText('no secret').waitFor();
    const link = connection.getByRole('button').first();
    const packet = await link.textContent();
    await link.click();
    await page
      .getByRole('region', { name: 'Packet' })
      .getByText(packet ?? '', { exact: true })
      .waitFor();
    await page.getByRole('treeitem', { name: /DTLS/ }).first().waitFor();
  });

  describe('a key by hand', () => {
    const [{ ssrc, key, rtpPackets }] = mediaKeys;

    it('is tried while it is typed: wrong in form, wrong, right', async () => {
      await runByPalette(page, 'enter srtp key');
      const dialog = keyDialog(page);
      const field = dialog.getByLabel('Key', { exact: true });
      await expect.poll(() => field.evaluate((element) => element === document.activeElement)).toBe(true);
      await page.keyboard.type(key.slice(0, 20));
      await dialog.getByRole('alert').getByText('wants 30 octets').waitFor();
      expect(await field.getAttribute('aria-invalid')).toBe('true');
      expect(await dialog.getByRole('button', { name: /^Use/ }).isDisabled()).toBe(true);
      await page.keyboard.type(`${key.slice(20, -1)}${key.endsWith('A') ? 'B' : 'A'}`);
      await dialog.getByText('Authentication failed on').waitFor();
      await page.keyboard.press('Backspace');
      await page.keyboard.type(key.slice(-1));
      await dialog.getByText(`${rtpPackets} of ${rtpPackets} packets authenticate.`).waitFor();
      expect(await dialog.getByRole('list').textContent()).toContain(ssrc);
    });

    it('as key and salt apart, in hexadecimal, for one stream alone', async () => {
      const dialog = keyDialog(page);
      const octets = Buffer.from(key, 'base64');
      await dialog.getByLabel('Key', { exact: true }).fill(octets.subarray(0, 16).toString('hex'));
      await dialog.getByLabel('Salt').fill(octets.subarray(16).toString('hex'));
      await dialog.getByText(`${rtpPackets} of ${rtpPackets} packets authenticate.`).waitFor();
      await dialog.getByLabel('For').selectOption(mediaKeys[1].ssrc);
      await dialog.getByText('Authentication failed on').waitFor();
      await dialog.getByLabel('For').selectOption(ssrc);
      await dialog.getByText(`${rtpPackets} of ${rtpPackets} packets authenticate.`).waitFor();
    });

    it('Enter uses it', async () => {
      await keyDialog(page).getByLabel('Salt').press('Enter');
      await expect.poll(() => keyDialog(page).count()).toBe(0);
      await keysEntry(page).getByText('1 of 2').waitFor();
      expect(await page.getByRole('contentinfo').textContent()).toContain('1 without a key');
      const hand = page.getByRole('list', { name: 'Secrets at hand' });
      await hand.getByText(`SRTP key for ${ssrc}`).waitFor();
      await expect.poll(() => page.content()).not.toContain(key);
    });
  });

  it('what is no key log is refused by its content, with a sentence', async () => {
    const choosing = page.waitForEvent('filechooser');
    await page.keyboard.press('Control+Shift+L');
    await (await choosing).setFiles({
      name: 'notes.log',
      mimeType: 'text/plain',
      buffer: Buffer.from('not a secret\n'),
    });
    await page.getByRole('status').getByText('notes.log is not a key log').waitFor();
    await keysEntry(page).getByText('1 of 2').waitFor();
  });

  it('a key log and a capture dropped together: the one is read with the other', async () => {
    await dropFiles(page, [
      { name: 'whatever.bin', octets: readFileSync(testCapture('srtp-tls13.keys')) },
      { name: 'tls.pcap', octets: readFileSync(testCapture('srtp-tls13.pcap')) },
    ]);
    await page.locator('.toolbar-file').getByText('tls.pcap', { exact: true }).waitFor();
    // SIP was inside TLS, the keys of the media inside SIP.
    await keysEntry(page).getByText('2 of 2').waitFor();
    await expect.poll(() => sidebar(page).getByRole('button').nth(1).textContent()).toBe('Calls1');
  });

  it('on the start page they wait for the next capture', async () => {
    await runByPalette(page, 'close the capture');
    await page.getByText('Opens with it').waitFor();
    for (const what of ['key logs', 'SRTP keys'])
      await page.getByRole('button', { name: `Forget the ${what}` }).click();
    await expect.poll(() => page.getByRole('button', { name: /^Forget/ }).count()).toBe(0);
    const path = join(folder, 'later.log');
    writeFileSync(path, log.octets);
    const choosing = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Add key log…' }).click();
    await (await choosing).setFiles(path);
    await page.locator('.start-with').getByTitle('later.log').getByText('1 log').waitFor();
    await openByChooser(page, testCapture(CAPTURE));
    await keysEntry(page).getByText('2 of 2').waitFor();
  });

  it('and the page has nothing to complain of', () => {
    expect(app.faults).toEqual([]);
  });
});

function keysEntry(page: Page) {
  return sidebar(page).getByRole('button', { name: /^Keys/ });
}
