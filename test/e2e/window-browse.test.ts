/** Finding one's way: filter, call, ladder, packet, message, back again; by mouse and by keyboard. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, type RunningApp, startApp } from './start-app.ts';
import { applyFilter, goTo, ROOT, rowsOf, SAMPLE, showPane, sidebar } from './views.ts';

describe.skipIf(browserPath === null)('browsing a capture (skipped without a browser)', () => {
  let app: RunningApp;
  let page: Page;
  beforeAll(async () => {
    app = await startApp({ capture: SAMPLE });
    page = app.page;
    page.setDefaultTimeout(10_000);
    await app.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: app.origin });
    await page.getByText('Read 956 packets').waitFor();
  });
  afterAll(() => app?.close());

  const filterField = (): Locator => page.getByRole('combobox', { name: 'Display filter' });
  const shown = (): Promise<string | null> =>
    page
      .getByRole('contentinfo')
      .getByText(/^Shown/)
      .textContent();
  const clipboard = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
  const packetShown = (): Promise<string | null> =>
    page.getByRole('region', { name: 'Packet' }).locator('.ph .mono').first().textContent();

  describe('the display filter', () => {
    it('a right one picks the rows that the command picks', async () => {
      await goTo(page, 'Packets');
      await applyFilter(page, 'sip');
      await expect.poll(shown).toBe('Shown 6 of 956 packets');
      const told = command(['packets', SAMPLE, '--filter', 'sip', '--json']) as { packets: { packet: number }[] };
      await expect.poll(() => column(page, 'Packets', 0)).toEqual(told.packets.map(({ packet }) => String(packet)));
      expect(await filterField().getAttribute('aria-invalid')).toBe('false');
    });

    it('a wrong one is told in place, and the rows stay', async () => {
      const before = await column(page, 'Packets', 0);
      await applyFilter(page, 'sip.Method == ');
      await expect.poll(() => filterField().getAttribute('aria-invalid')).toBe('true');
      expect(await page.locator('#filter-state .err').textContent()).not.toBe('');
      await expect.poll(() => column(page, 'Packets', 0)).toEqual(before);
      expect(await shown()).toBe('Shown 6 of 956 packets');
    });

    it('completes by keyboard', async () => {
      await page.keyboard.press('Control+f');
      await page.keyboard.press('Control+a');
      await page.keyboard.type('sip.Metho');
      await page.getByRole('option', { name: /^sip\.Method/ }).waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await expect.poll(() => filterField().inputValue()).toMatch(/^sip\.Method/);
      await page.keyboard.press('Control+a');
      await page.keyboard.type('sip.Method == "BYE"');
      await page.keyboard.press('Enter');
      // No list of completions comes late and lies over the rows.
      await expect.poll(() => page.getByRole('listbox', { name: 'Completions' }).count()).toBe(0);
      await expect.poll(shown).toBe('Shown 1 of 956 packets');
      await expect.poll(() => column(page, 'Packets', 0)).toEqual(['951']);
    });

    it('is kept for later by its own words, and forgotten again', async () => {
      await page.getByRole('button', { name: 'Save this filter' }).click();
      await page.getByRole('button', { name: 'Clear the filter' }).first().click();
      await expect.poll(shown).toBe('Shown 956 of 956 packets');
      await sidebar(page).getByTitle('sip.Method == "BYE"').click();
      await expect.poll(shown).toBe('Shown 1 of 956 packets');
      await page.getByRole('button', { name: 'Forget the filter sip.Method == "BYE"' }).click();
      await page.getByRole('button', { name: 'Clear the filter' }).first().click();
      await expect.poll(() => page.getByText('Saved filters').count()).toBe(0);
    });
  });

  describe('from a call to its octets', () => {
    it('the ladder shows every message in order', async () => {
      await goTo(page, 'Calls');
      await rowsOf(page, 'Calls').first().click();
      const told = command(['flow', SAMPLE, '--call', 'c1', '--json']) as {
        flow: { rows: { kind: string; label: string }[] }[];
      };
      const messages = told.flow[0].rows.filter(({ kind }) => kind === 'message').map(({ label }) => label);
      expect(messages).toHaveLength(6);
      const names = await ladder(page).getByRole('option').evaluateAll(sortedNames);
      const said = names.filter((name) => messages.some((label) => name.includes(` ${label} from `)));
      expect(said.map((name) => / (.*) from /.exec(name)?.[1])).toEqual(messages);
    });

    it('an arrow leads to its packet, the fields and the octets lead to each other', async () => {
      await ladder(page)
        .getByRole('option', { name: /200 Answering/ })
        .click();
      await showPane(page, 'Packet');
      await expect.poll(packetShown).toBe('#7');
      const tree = page.getByRole('tree', { name: 'Fields' });
      await tree.getByRole('treeitem', { name: /^SIP/ }).click();
      const octets = page.getByRole('grid', { name: /^Octets of/ });
      // The message is what follows 14 octets of Ethernet, 20 of IPv4 and 8 of UDP.
      await expect.poll(() => selectedOctets(octets)).toEqual({ at: 42, text: 'SIP/2.0' });
      // The destination port.
      await octets.locator('i[data-at="36"]').click();
      await expect.poll(() => tree.locator('[aria-selected="true"]').textContent()).toMatch(/^Destination port\s*5060/);
      expect((await selectedOctets(octets)).at).toBe(36);
    });

    it('its message is readable as text, and compared with another', async () => {
      await ladder(page)
        .getByRole('option', { name: /INVITE/ })
        .first()
        .click();
      await showPane(page, 'Message');
      const lines = page.locator('.message-editor .view-line');
      await expect.poll(async () => plain(await lines.first().textContent())).toBe('INVITE sip:bob@10.77.0.2 SIP/2.0');
      await ladder(page)
        .getByRole('option', { name: /200 OK \(BYE\)/ })
        .click();
      await expect.poll(async () => plain(await lines.first().textContent())).toBe('SIP/2.0 200 OK');
      const compare = page.getByRole('combobox', { name: 'Compare with' });
      await compare.locator('option', { hasText: '#951 BYE' }).first().waitFor({ state: 'attached' });
      await compare.selectOption('previous');
      await page.locator('.message-editor .line-insert').first().waitFor();
      const added = page.locator('.message-editor .modified .view-line');
      await expect
        .poll(async () => (await added.allTextContents()).map(plain))
        .toContain('Server: baresip v1.0.0 (x86_64/linux)');
      await compare.selectOption('');
      await expect.poll(() => page.locator('.message-editor .line-insert').count()).toBe(0);
    });

    it('the ladder is walked by keyboard', async () => {
      const message = (): Promise<string | null> =>
        page.getByRole('region', { name: 'Message' }).getByRole('heading').textContent();
      const list = ladder(page).getByRole('listbox');
      await list.focus();
      await list.press('Home');
      await expect.poll(message).toBe('INVITE');
      await list.press('j');
      await expect.poll(message).toBe('180 Ringing (INVITE)');
      await list.press('k');
      await expect.poll(message).toBe('INVITE');
      expect(await list.locator('[aria-selected="true"]').getAttribute('aria-label')).toContain('packet 4');
    });
  });

  it('back and forward go through places', async () => {
    await goTo(page, 'Overview');
    await goTo(page, 'Streams');
    await goTo(page, 'Packets');
    const view = (): Promise<string | null> => page.locator('[aria-current="page"]').textContent();
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    expect(await view()).toContain('Streams');
    await page.keyboard.press('Alt+ArrowLeft');
    await expect.poll(view).toContain('Overview');
    await page.keyboard.press('Alt+ArrowRight');
    await page.getByRole('button', { name: 'Forward', exact: true }).click();
    await expect.poll(view).toContain('Packets');
    expect(await page.getByRole('button', { name: 'Forward', exact: true }).isDisabled()).toBe(true);
  });

  it('every view by its shortcut, and by the palette', async () => {
    const view = (): Promise<string | null> => page.locator('[aria-current="page"]').textContent();
    for (const [key, name] of ['Overview', 'Calls', 'Streams', 'ICE/TURN', 'Problems', 'Packets', 'Keys'].entries()) {
      await page.keyboard.press(`Alt+${key + 1}`);
      await expect.poll(view).toContain(name);
    }
    await page.keyboard.press('Control+k');
    await page.keyboard.type('go streams');
    await page.keyboard.press('Enter');
    await expect.poll(view).toContain('Streams');
  });

  it('the shortcuts have a sheet, which gives the keyboard back', async () => {
    const grid = page.getByRole('grid', { name: 'Streams' });
    await grid.focus();
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'All shortcuts' });
    await sheet.getByText('Command palette').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => sheet.count()).toBe(0);
    expect(await grid.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('] and [ walk the problems, with the packet that proves each', async () => {
    await goTo(page, 'Overview');
    await page.keyboard.press(']');
    await expect.poll(packetShown).toBe('#11');
    expect(await page.locator('[aria-current="page"]').textContent()).toContain('Calls');
    // The next is the note on voice that goes on during digits, whose first is in packet 430.
    await page.keyboard.press(']');
    await expect.poll(packetShown).toBe('#430');
    await page.keyboard.press('[');
    await expect.poll(packetShown).toBe('#11');
  });

  it('a time leads to the packet captured then; one past the end, or none, is told', async () => {
    await goTo(page, 'Packets');
    const field = page.getByRole('textbox', { name: /^Go to time/ });
    // tshark: packet 6 comes 1.209066 s after the first.
    await field.fill('+1.209');
    await field.press('Enter');
    await expect.poll(packetShown).toBe('#6');
    // And 947 is the first after 22.2 s.
    await field.fill('01:34:22.2');
    await field.press('Enter');
    await expect.poll(packetShown).toBe('#947');
    await field.fill('+60');
    await field.press('Enter');
    await expect.poll(() => field.getAttribute('aria-invalid')).toBe('true');
    await page.getByRole('status').getByText('The capture ends before that time.').waitFor();
    await field.fill('');
  });

  it('a column sorts both ways and back, by its head and by keyboard in the menu; a hidden one comes back', async () => {
    await goTo(page, 'Streams');
    const head = page.getByRole('columnheader', { name: /^Packets/ });
    const packets = (): Promise<string[]> => columnOf(page, 'Streams', head);
    await head.click();
    await expect.poll(packets).toEqual(['439', '499']);
    await head.click();
    await expect.poll(packets).toEqual(['499', '439']);
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    await head.click();
    expect(await head.getAttribute('aria-sort')).toBeNull();
    await page.getByRole('button', { name: 'Columns' }).click();
    const entry = page.getByRole('menuitemcheckbox', { name: 'Packets' }).first();
    await entry.click();
    await expect.poll(() => head.count()).toBe(0);
    await entry.click();
    await page.keyboard.press('Escape');
    await head.waitFor();
  });

  it('rows are copied as text, CSV, JSON and filter', async () => {
    await goTo(page, 'Packets');
    await applyFilter(page, 'sip');
    await expect.poll(shown).toBe('Shown 6 of 956 packets');
    const rows = rowsOf(page, 'Packets');
    // The status bar may be ahead of the grid, whose rows are used again in another order.
    await expect.poll(() => rows.count()).toBe(6);
    const [invite, ringing] = ['INVITE sip:bob', '180 Ringing'].map((text) => rows.filter({ hasText: text }).first());
    await invite.click();
    await expect.poll(packetShown).toBe('#4');
    await ringing.click({ modifiers: ['Shift'] });
    await expect.poll(() => page.locator('[role="row"][aria-selected="true"]').count()).toBe(2);
    const copyAs = async (entry: string): Promise<string> => {
      await page.evaluate(() => navigator.clipboard.writeText(''));
      await ringing.click({ button: 'right' });
      await page.getByRole('menuitem', { name: entry }).click();
      await expect.poll(clipboard).not.toBe('');
      return clipboard();
    };
    expect((await copyAs('Copy as text')).trim().split('\n').at(-1)).toMatch(/^5\s.*180 Ringing/);
    const csv = (await copyAs('Copy as CSV')).trim().split(/\r?\n/);
    expect(csv).toHaveLength(3);
    expect(csv[1]).toMatch(/^4,/);
    const json = JSON.parse(await copyAs('Copy as JSON')) as { packet: number; protocol: string }[];
    expect(json.map(({ packet }) => packet)).toEqual([4, 5]);
    await applyFilter(page, await copyAs('Copy as filter'));
    await expect.poll(shown).toBe('Shown 2 of 956 packets');
    await page.evaluate(() => navigator.clipboard.writeText(''));
    await invite.click();
    await page.keyboard.press('Control+c');
    await expect.poll(clipboard).toMatch(/^4\s|\n4\s/);
    await page.getByRole('button', { name: 'Clear the filter' }).first().click();
  });

  it('the theme is switched, and kept when the page is loaded anew', async () => {
    const theme = (): Promise<string | undefined> => page.evaluate(() => document.documentElement.dataset['theme']);
    const before = await theme();
    await page.getByRole('button', { name: /dark and light/ }).click();
    const other = before === 'dark' ? 'light' : 'dark';
    expect(await theme()).toBe(other);
    await page.reload();
    await page.getByText('Read 956 packets').waitFor();
    expect(await theme()).toBe(other);
  });

  it('and the page has nothing to complain of', () => {
    expect(app.faults).toEqual([]);
  });
});

function command(args: readonly string[]): unknown {
  const { stdout } = spawnSync(process.execPath, [join(ROOT, 'dist/cli/earshot.mjs'), ...args], { encoding: 'utf8' });
  return JSON.parse(stdout);
}

function ladder(page: Page): Locator {
  return page.getByRole('region', { name: /^Ladder/ });
}

/** Names of options in the order of their places; the list keeps its elements in another. */
function sortedNames(options: Element[]): string[] {
  const place = (option: Element): number => Number(option.getAttribute('aria-posinset'));
  return options.toSorted((a, b) => place(a) - place(b)).map((option) => option.getAttribute('aria-label') ?? '');
}

/** Texts of a grid's column, from 0, in the order in which the rows are seen. */
async function column(page: Page, grid: string, at: number): Promise<string[]> {
  const rows = await rowsOf(page, grid).evaluateAll((elements) =>
    elements
      .toSorted((a, b) => Number(a.getAttribute('aria-rowindex')) - Number(b.getAttribute('aria-rowindex')))
      .map((row) => [...row.querySelectorAll('[role="gridcell"]')].map((cell) => cell.textContent ?? '')),
  );
  return rows.map((cells) => cells[at] ?? '');
}

async function columnOf(page: Page, grid: string, head: Locator): Promise<string[]> {
  return column(page, grid, Number(await head.getAttribute('aria-colindex')) - 1);
}

/** Where the selected octets begin, and the first seven as characters. */
function selectedOctets(octets: Locator): Promise<{ at: number; text: string }> {
  return octets.locator('i[aria-selected="true"]').evaluateAll((cells) => ({
    at: Number(cells[0]?.getAttribute('data-at') ?? -1),
    text: String.fromCharCode(...cells.slice(0, 7).map((cell) => Number.parseInt(cell.textContent ?? '', 16))),
  }));
}

/** The editor draws spaces without a break. */
function plain(text: string | null): string {
  return (text ?? '').replaceAll('\u00a0', ' ');
}
