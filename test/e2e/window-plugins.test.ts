/** Plugins in the window: from a packet to a dissector that is saved and at work; a plugin that never ends; what goes wrong, by line. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, type RunningApp, startApp } from './start-app.ts';
import { goTo, ROOT, rowsOf, sidebar, testCapture } from './views.ts';

/** What the engine has a part in. */
const SLOWLY = { timeout: 15_000 };

describe.skipIf(browserPath === null)('plugins (skipped without a browser)', () => {
  let app: RunningApp;
  let page: Page;
  let folder: string;
  beforeAll(async () => {
    app = await startApp({ capture: testCapture('plugins/vendor-log.pcap') });
    page = app.page;
    page.setDefaultTimeout(15_000);
    folder = join(app.folder, 'config/earshot/plugins');
    await page.getByText('Read 7 packets').waitFor();
  });
  afterAll(() => app?.close());

  const editor = () => page.locator('.code-editor');
  const live = () => page.getByRole('region', { name: 'Live result' });
  const list = () => page.getByRole('listbox', { name: 'Plugins' });
  const problems = () => page.getByRole('region', { name: 'What is wrong' });
  const protocols = () => page.getByRole('grid', { name: 'Packets', exact: true }).locator('.proto');
  /** Once the capture was read again. */
  const protocolOfFirst = () => expect.poll(() => protocols().first().textContent(), { timeout: 15_000 });

  /**
   * Puts a text in place of a part of what is in the editor, as a person does: found, selected, typed over. A quote in the
   * first place would be put around what is selected.
   */
  const replace = async (before: string, after: string): Promise<void> => {
    await editor().locator('.view-lines').click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('Control+F');
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText(before);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.keyboard.insertText(after);
  };

  it('says what a plugin is where there is none', async () => {
    await page.keyboard.press('Alt+0');
    await page.getByRole('heading', { name: /^A plugin is one TypeScript file/ }).waitFor();
    expect(await page.getByRole('list', { name: 'Examples' }).getByRole('button').allTextContents()).toEqual([
      'vpn-rtp.ts',
      'vendor-log.ts',
      'flag-header.ts',
    ]);
  });

  it('begins a dissector from a packet, and shows at once what it makes of it', async () => {
    await goTo(page, 'Packets');
    expect(await protocols().first().textContent()).toBe('UDP');
    await rowsOf(page, 'Packets').nth(1).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'New dissector from this packet' }).click();
    await editor().getByText("id: 'proto-24243'").waitFor();
    await live().getByText('#2', { exact: true }).waitFor();
    await live().getByText('takes it').waitFor();
    await live()
      .getByRole('treeitem', { name: /Magic\s*VLOG/ })
      .waitFor();
    await sidebar(page).getByRole('img', { name: 'not saved' }).waitFor();
  });

  it('what is written shows in the tree before it is saved', async () => {
    await replace("magic', 'Magic'", "magic', 'Company'");
    await live()
      .getByRole('treeitem', { name: /Company\s*VLOG/ })
      .waitFor();
    expect(await protocols().first().textContent()).toBe('UDP');
  });

  it('another packet is tried in its place', async () => {
    await rowsOf(page, 'Packets').nth(0).click();
    await live().getByText('#1', { exact: true }).waitFor();
    await live().getByText('Protocol on 24243  44 octets').waitFor();
    await page.keyboard.press('Alt+ArrowDown');
    await live().getByText('Protocol on 24243  64 octets').waitFor();
    await page.keyboard.press('Alt+ArrowUp');
    await live().getByText('Protocol on 24243  44 octets').waitFor();
  });

  it('the types of the contract are known', async () => {
    await editor().getByText('data.u32(0)').first().waitFor();
    await replace('return Verdict.Ok;', 'return Verdict.Okay;');
    // TypeScript's own words: esbuild knows nothing of types.
    await problems()
      .getByText(/Property 'Okay' does not exist on type/)
      .waitFor({ timeout: 40_000 });
    await replace('return Verdict.Okay;', 'return Verdict.Ok;');
    await expect.poll(() => problems().getByRole('button').count(), SLOWLY).toBe(0);
    await replace('return Verdict.Ok;', 'return Verdict.');
    await page.keyboard.press('Control+Space');
    // Whatever is a member of the contract's Verdict.
    for (const member of ['Malformed', 'NeedMore', 'Ok', 'Reject']) {
      await page.locator('.suggest-widget .label-name').getByText(member, { exact: true }).waitFor();
    }
    await page.keyboard.press('Escape');
    await page.keyboard.insertText('Ok;');
  });

  it('what does not compile is marked, and told by its line', async () => {
    await replace('return Verdict.Ok;', 'return Verdict.Ok +;');
    await live()
      .getByText(/^It does not compile: line \d+/)
      .waitFor();
    const button = problems().getByRole('button').first();
    const line = Number(/line (\d+)/.exec((await button.textContent()) ?? '')?.[1]);
    await button.click();
    await expect.poll(() => page.locator('.line-numbers.active-line-number').textContent(), SLOWLY).toBe(String(line));
    await replace('return Verdict.Ok +;', 'return Verdict.Ok;');
    await live().getByText('takes it').waitFor();
  });

  it('saved, it is at work: the packet list has its protocol', async () => {
    await page.keyboard.press('Control+S');
    await protocolOfFirst().toBe('PROTO 24243');
    expect(readFileSync(join(folder, 'proto-24243.ts'), 'utf8')).toContain("'Company', 0, 4");
    await list()
      .getByRole('option', { name: /proto-24243\.ts.*1 dissector/ })
      .waitFor();
    expect(await sidebar(page).getByRole('img', { name: 'not saved' }).count()).toBe(0);
  });

  it('Escape leaves the editor, and Ctrl+K is the palette there too', async () => {
    await editor().locator('.view-lines').click();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent), SLOWLY).toBe('Saved');
    await editor().locator('.view-lines').click();
    await page.keyboard.press('Control+K');
    await page.getByRole('dialog', { name: 'Command palette' }).waitFor();
    await page.keyboard.press('Escape');
  });

  it('another plugin is opened only after asking about what is not saved', async () => {
    await replace("magic', 'Company'", "magic', 'Maker'");
    await page.getByRole('button', { name: 'New…' }).click();
    await page.getByRole('menuitem', { name: /^vendor-log\.ts/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Save proto-24243.ts?' });
    await dialog.getByRole('button', { name: 'Discard' }).click();
    await editor().getByText('const MAGIC = 0x564c4f47').waitFor();
    expect(readFileSync(join(folder, 'proto-24243.ts'), 'utf8')).toContain("'Company'");
    await live().getByRole('region', { name: 'Dissector vendor-log' }).getByText('takes it').waitFor();
    await live()
      .getByRole('treeitem', { name: /Text\s*registration of alice accepted/ })
      .waitFor();
    // Rows of a dissector that is not at work yet are in no capture: its export has none to write.
    await live().getByRole('region', { name: 'Export log-text' }).getByText('has nothing to write yet').waitFor();
  });

  it('switched off, its protocol is gone again', async () => {
    await page.getByRole('button', { name: 'New…' }).click();
    await page.getByRole('menuitem', { name: /^flag-header\.ts/ }).click();
    await page.getByRole('button', { name: 'Discard' }).click();
    await list()
      .getByRole('option', { name: /proto-24243/ })
      .click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Switch off' }).click();
    await protocolOfFirst().toBe('UDP');
    await list()
      .getByRole('option', { name: /switched off/ })
      .waitFor();
  });

  it('exports of plugins are commands', async () => {
    mkdirSync(folder, { recursive: true });
    // Another program writes the file: the folder is watched.
    writeFileSync(join(folder, 'vendor-log.ts'), readFileSync(join(ROOT, 'resources/plugins/vendor-log.ts')));
    await protocolOfFirst().toMatch(/^vendor log$/i);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+K');
    await page.getByRole('combobox', { name: 'Command' }).fill('Export: Log lines');
    const download = page.waitForEvent('download');
    await page.keyboard.press('Enter');
    const file = await download;
    expect(file.suggestedFilename()).toBe('vendor-log-log-text.log');
    const text = readFileSync((await file.path()) ?? '', 'utf8');
    expect(text.split('\n').filter(Boolean)).toHaveLength(7);
  });

  it('one that never ends is named with its line, and the window goes on', async () => {
    const text = readFileSync(join(ROOT, 'resources/plugins/vendor-log.ts'), 'utf8');
    const lines = text.split('\n');
    const at = lines.findIndex((line) => line.startsWith('function dissect'));
    lines.splice(at + 1, 0, '  for (;;) {}');
    writeFileSync(join(folder, 'vendor-log.ts'), lines.join('\n'));
    const option = list().getByRole('option', { name: /vendor-log\.ts.*line \d+/ });
    await option.waitFor({ timeout: 30_000 });
    await expect
      .poll(() =>
        sidebar(page)
          .getByRole('button', { name: /^Plugins/ })
          .textContent(),
      )
      .toContain('failed');
    await option.click();
    await page.getByRole('button', { name: 'Discard' }).click();
    // The function's, or the loop's.
    await problems()
      .getByRole('button', { name: new RegExp(`line (${at + 1}|${at + 2})\\b`) })
      .first()
      .waitFor();
    await goTo(page, 'Packets');
    await rowsOf(page, 'Packets').nth(3).click();
    await page.getByRole('region', { name: 'Packet', exact: true }).getByRole('treeitem').first().waitFor();
    await goTo(page, 'Plugins');
  });

  it('removing asks, and the list is empty again', async () => {
    for (const file of ['vendor-log.ts', 'proto-24243.ts']) {
      await list()
        .getByRole('option', { name: new RegExp(file) })
        .click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'Remove…' }).click();
      await page
        .getByRole('dialog', { name: `Remove ${file}?` })
        .getByRole('button', { name: 'Remove' })
        .click();
      await expect
        .poll(() =>
          list()
            .getByRole('option', { name: new RegExp(file) })
            .count(),
        )
        .toBe(0);
    }
    await page.getByRole('heading', { name: /^A plugin is one TypeScript file/ }).waitFor();
  });

  it('and the page has nothing to complain of', () => {
    expect(app.faults).toEqual([]);
  });
});
