/** Every view, sheet and menu of the window, and how a person comes to it: for the tests that look at all of them. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

export const ROOT = process.env['EARSHOT_ROOT'] ?? fileURLToPath(new URL('../..', import.meta.url));
/** One call with loss, digits and both sides heard. */
export const SAMPLE = join(ROOT, 'resources/samples/two-party-call.pcap');

export function testCapture(name: string): string {
  return join(ROOT, 'test/captures', name);
}

export type ViewTitle =
  | 'Overview'
  | 'Calls'
  | 'Streams'
  | 'ICE/TURN'
  | 'Problems'
  | 'Packets'
  | 'Agents'
  | 'Compare'
  | 'Keys'
  | 'Plugins';

/** Goes to a view by the sidebar. */
export async function goTo(page: Page, title: ViewTitle): Promise<void> {
  await sidebar(page)
    .getByRole('button', { name: new RegExp(`^${title}`) })
    .first()
    .click();
}

export function sidebar(page: Page) {
  return page.getByRole('navigation', { name: 'Views' });
}

/** Chooses the tab of a docked pane; behind its title stands a count. */
export async function showPane(page: Page, title: string): Promise<void> {
  await page.getByRole('tab', { name: new RegExp(`^${title}( \\d+)?$`) }).click();
}

/** Rows of a grid without its header. */
export function rowsOf(page: Page, grid: string) {
  return page.getByRole('grid', { name: grid, exact: true }).locator('.g-rows [role="row"]');
}

export async function openByChooser(page: Page, path: string): Promise<void> {
  await page.getByRole('button', { name: 'Open…', exact: true }).click();
  await page.getByRole('textbox', { name: 'Folder or file' }).fill(path);
  await page.keyboard.press('Enter');
  await page.locator('.toolbar-file').getByText(basename(path), { exact: true }).waitFor();
}

export async function applyFilter(page: Page, filter: string): Promise<void> {
  const field = page.getByRole('combobox', { name: 'Display filter' });
  await field.fill(filter);
  await field.press('Enter');
}

/** Drops files as a browser does: with their octets, without their paths. */
export async function dropFiles(page: Page, files: readonly { name: string; octets: Buffer }[]): Promise<void> {
  const data = await page.evaluateHandle(
    (dropped) => {
      const transfer = new DataTransfer();
      for (const { base64, name } of dropped) {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        transfer.items.add(new File([bytes], name));
      }
      return transfer;
    },
    files.map(({ name, octets }) => ({ base64: octets.toString('base64'), name })),
  );
  await page.dispatchEvent('main', 'dragenter', { dataTransfer: data });
  await page.getByText('Drop to open').waitFor();
  await page.dispatchEvent('main', 'dragover', { dataTransfer: data });
  await page.dispatchEvent('main', 'drop', { dataTransfer: data });
  await data.dispose();
}

/** The dialog that an SRTP key is entered in. */
export function keyDialog(page: Page) {
  return page.getByRole('dialog', { name: 'Enter an SRTP key' });
}

export interface Screen {
  readonly name: string;
  /** From whatever the screen before it left; the capture is `SAMPLE`. */
  readonly show: (page: Page) => Promise<void>;
  /** Back to a window without sheets and menus. */
  readonly leave?: (page: Page) => Promise<void>;
  /** What lies over a view that is a screen of its own. */
  readonly over?: string;
}

const MENU = '[role="menu"]';
const SHEET = '[role="dialog"]';

/** Right in form; nothing was ever encrypted with it. */
const KEY_OF_NOBODY = Buffer.alloc(30, 7).toString('base64');

const escape = (page: Page): Promise<void> => page.keyboard.press('Escape');

async function showCall(page: Page, pane: 'Packet' | 'Message' | 'Stream'): Promise<void> {
  await goTo(page, 'Calls');
  await rowsOf(page, 'Calls').first().click();
  await page
    .getByRole('option', { name: /INVITE/ })
    .first()
    .click();
  if (pane === 'Stream') await page.getByRole('option', { name: /RTP/ }).first().click();
  await showPane(page, pane);
}

/** In this order, with a capture open. */
export const SCREENS: readonly Screen[] = [
  { name: 'overview', show: (page) => goTo(page, 'Overview') },
  {
    name: 'calls-packet',
    show: async (page) => {
      await showCall(page, 'Packet');
      await page.getByRole('treeitem').first().waitFor();
    },
  },
  {
    name: 'calls-message',
    show: async (page) => {
      await showCall(page, 'Message');
      await page.locator('.message-editor .view-line').first().waitFor();
    },
  },
  {
    name: 'calls-diff',
    show: async (page) => {
      const compare = page.getByRole('combobox', { name: 'Compare with' });
      await page
        .getByRole('option', { name: /200 OK/ })
        .first()
        .click();
      await compare.locator('option').nth(1).waitFor({ state: 'attached' });
      await compare.selectOption({ index: 1 });
      await page.locator('.message-editor .line-insert').first().waitFor();
    },
    leave: async (page) => {
      await page.getByRole('combobox', { name: 'Compare with' }).selectOption('');
    },
  },
  {
    name: 'ladder-menu',
    over: MENU,
    show: async (page) => {
      await page.getByRole('button', { name: 'Export the ladder' }).click();
      await page.getByRole('menu').waitFor();
    },
    leave: escape,
  },
  {
    name: 'endpoint-menu',
    over: MENU,
    show: async (page) => {
      await page.locator('.ladder-ep').first().click({ button: 'right' });
      await page.getByRole('menu').waitFor();
    },
    leave: escape,
  },
  {
    name: 'calls-stream',
    show: async (page) => {
      await showCall(page, 'Stream');
      await page.locator('.stream-charts canvas').first().waitFor();
    },
  },
  {
    name: 'calls-packets',
    show: async (page) => {
      await goTo(page, 'Calls');
      await rowsOf(page, 'Calls').first().click();
      await showPane(page, 'Packets');
    },
  },
  {
    name: 'player-menu',
    over: MENU,
    show: async (page) => {
      await page.getByRole('region', { name: 'Player' }).getByRole('button', { name: 'Export', exact: true }).click();
      await page.getByRole('menu').waitFor();
    },
    leave: escape,
  },
  { name: 'calls-streams', show: (page) => showPane(page, 'Streams') },
  { name: 'calls-registrations', show: (page) => showPane(page, 'Registrations and others') },
  {
    name: 'streams',
    show: async (page) => {
      await goTo(page, 'Streams');
      await rowsOf(page, 'Streams').first().click();
    },
  },
  {
    name: 'ice-none',
    show: async (page) => {
      await goTo(page, 'ICE/TURN');
      await page.getByRole('heading', { name: 'There is no ICE and no TURN in this capture.' }).waitFor();
    },
  },
  {
    name: 'problems',
    show: async (page) => {
      await goTo(page, 'Problems');
      await rowsOf(page, 'Problems').first().click();
    },
  },
  {
    name: 'packets',
    show: async (page) => {
      await goTo(page, 'Packets');
      await rowsOf(page, 'Packets').first().click();
    },
  },
  {
    name: 'field-menu',
    over: MENU,
    show: async (page) => {
      await page.getByRole('treeitem').nth(1).click({ button: 'right' });
      await page.getByRole('menu').waitFor();
    },
    leave: escape,
  },
  {
    name: 'filter-right',
    show: async (page) => {
      await applyFilter(page, 'sip.Method == "INVITE"');
      await page.getByText('Shown 1 of 956 packets').waitFor();
    },
  },
  { name: 'filter-wrong', show: (page) => applyFilter(page, 'sip.Method == ') },
  {
    name: 'filter-completion',
    over: '.filter',
    show: async (page) => {
      await page.getByRole('combobox', { name: 'Display filter' }).fill('sip.M');
      await page.getByRole('listbox', { name: 'Completions' }).waitFor();
    },
    leave: escape,
  },
  {
    name: 'row-menu',
    over: MENU,
    show: async (page) => {
      await rowsOf(page, 'Packets').first().click({ button: 'right' });
      await page.getByRole('menu').waitFor();
    },
    leave: escape,
  },
  {
    name: 'columns-menu',
    over: MENU,
    show: async (page) => {
      await page.getByRole('button', { name: 'Columns' }).click();
      await page.getByRole('menu', { name: 'Columns' }).waitFor();
    },
    leave: async (page) => {
      await escape(page);
      await applyFilter(page, '');
    },
  },
  {
    name: 'keys-none',
    show: async (page) => {
      await goTo(page, 'Keys');
      await page.getByRole('heading', { name: 'No stream in this capture is encrypted.' }).waitFor();
    },
  },
  {
    name: 'plugins-none',
    show: async (page) => {
      await goTo(page, 'Plugins');
      await page.getByRole('heading', { name: /^A plugin is one TypeScript file/ }).waitFor();
    },
  },
  {
    name: 'plugins-check',
    show: async (page) => {
      await page.getByRole('button', { name: 'flag-header.ts' }).click();
      await page.locator('.code-editor .view-line').first().waitFor();
      await page.getByText(/finds \d+ problem/).waitFor();
    },
  },
  {
    name: 'plugins-dissector',
    show: async (page) => {
      await page.keyboard.press('Control+S');
      await page.getByRole('button', { name: 'Saved', exact: true }).waitFor();
      await rowsOf(page, 'Packets').filter({ hasText: 'INVITE' }).first().click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'New dissector from this packet' }).click();
      await page.getByText('takes it').waitFor();
      await page.getByRole('region', { name: 'Live result' }).getByRole('treeitem').nth(2).click();
    },
  },
  {
    name: 'plugins-error',
    show: async (page) => {
      await page.locator('.code-editor .view-lines').click();
      await page.keyboard.press('Control+Home');
      await page.keyboard.type('export nothing;');
      await page.getByText(/^It does not compile/).waitFor();
    },
  },
  {
    name: 'plugins-menu',
    over: MENU,
    show: async (page) => {
      await page.getByRole('button', { name: 'New…' }).click();
      await page.getByRole('menu', { name: 'New plugin' }).waitFor();
    },
    leave: escape,
  },
  {
    name: 'plugins-unsaved',
    over: SHEET,
    show: async (page) => {
      await page.getByRole('option', { name: /flag-header/ }).click();
      await page.getByRole('dialog', { name: /^Save / }).waitFor();
    },
    leave: async (page) => {
      await page.getByRole('button', { name: 'Discard' }).click();
      // What it finds would stand among the problems of every capture to come.
      await page.getByRole('button', { name: 'Remove…' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
      await page.getByRole('heading', { name: /^A plugin is one TypeScript file/ }).waitFor();
    },
  },
  {
    name: 'decode-as',
    over: SHEET,
    show: async (page) => {
      await goTo(page, 'Packets');
      await rowsOf(page, 'Packets').filter({ hasText: 'INVITE' }).first().click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'Decode As…' }).click();
      await page.getByText(/of this capture match/).waitFor();
    },
    leave: escape,
  },
  {
    name: 'decode-as-none',
    over: SHEET,
    show: async (page) => {
      await sidebar(page)
        .getByRole('button', { name: /^Decode As/ })
        .click();
      await page.getByText('No rule yet.').waitFor();
    },
    leave: escape,
  },
  {
    name: 'codecs',
    over: SHEET,
    show: async (page) => {
      await goTo(page, 'Streams');
      await rowsOf(page, 'Streams').first().click({ button: 'right' });
      await page
        .getByRole('menuitem', { name: /^Codec of payload type/ })
        .first()
        .click();
      await page.getByText(/of this capture have this type/).waitFor();
    },
    leave: escape,
  },
  { name: 'palette', over: SHEET, show: (page) => page.keyboard.press('Control+k'), leave: escape },
  { name: 'shortcuts', over: SHEET, show: (page) => page.keyboard.press('?'), leave: escape },
  {
    name: 'chooser',
    over: SHEET,
    show: async (page) => {
      await page.keyboard.press('Control+o');
      const chooser = page.getByRole('dialog', { name: 'Open a capture' });
      await chooser.getByRole('textbox', { name: 'Folder or file' }).fill(testCapture(''));
      await page.keyboard.press('Enter');
      await chooser.getByRole('option').nth(10).waitFor();
    },
    leave: escape,
  },
];

/** Where there is no capture to see, or not all of it; after `SCREENS`. */
export const START_SCREENS: readonly Screen[] = [
  {
    name: 'agents',
    show: async (page) => {
      await openByChooser(page, testCapture('hep-agents.pcap'));
      await goTo(page, 'Agents');
      await page.getByRole('button', { name: 'edge (101)' }).waitFor();
    },
  },
  {
    name: 'agents-ladder',
    show: async (page) => {
      await goTo(page, 'Calls');
      await showPane(page, 'Calls');
      await rowsOf(page, 'Calls').first().click();
      await showPane(page, 'Ladder');
      await page
        .getByRole('option', { name: /Quality reported/ })
        .first()
        .waitFor();
    },
  },
  {
    name: 'compare',
    show: async (page) => {
      await openByChooser(page, testCapture('relay-both-legs.pcap'));
      await page.getByText(/^Read 1\D273 packets/).waitFor();
      await runByPalette(page, 'compare capture points in');
      await page.locator('.compare-charts canvas').first().waitFor();
      await rowsOf(page, 'Packets that differ').nth(1).click();
      await page.getByRole('treeitem').first().waitFor();
    },
  },
  {
    name: 'compare-choice',
    over: SHEET,
    show: async (page) => {
      await goTo(page, 'Streams');
      await rowsOf(page, 'Streams').first().click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'Compare with…' }).click();
      await page.getByRole('dialog').getByText('same SSRC').waitFor();
    },
    leave: escape,
  },
  {
    name: 'compare-none',
    show: async (page) => {
      await openByChooser(page, testCapture('loss-jitter-caller.pcap'));
      await page.getByText('Read 639 packets').waitFor();
      await runByPalette(page, 'compare capture points in');
      await page.getByRole('heading', { name: 'No stream is in this capture twice.' }).waitFor();
    },
  },
  {
    name: 'compare-other',
    show: async (page) => {
      await page.getByRole('button', { name: 'Compare with another capture…' }).click();
      await page.getByRole('textbox', { name: 'Folder or file' }).fill(testCapture('loss-jitter.pcap'));
      await page.keyboard.press('Enter');
      await page.locator('.compare-charts canvas').first().waitFor();
    },
  },
  {
    name: 'locked-overview',
    show: async (page) => {
      await openByChooser(page, testCapture('srtp-tls13.pcap'));
      await page.getByText('connection opaque').waitFor();
    },
  },
  {
    name: 'locked-call',
    show: async (page) => {
      await openByChooser(page, testCapture('srtp-dtls-speech.pcap'));
      await page.getByText('0 of 2').first().waitFor();
      await goTo(page, 'Calls');
      await showPane(page, 'Calls');
      await rowsOf(page, 'Calls').first().click();
      await showPane(page, 'Streams');
      await rowsOf(page, 'Streams of the call').first().click();
      await page.getByRole('heading', { name: 'These 2 streams have no key: add a key log.' }).waitFor();
      await page.locator('.locked-wave canvas').first().waitFor();
    },
  },
  {
    name: 'locked-keys',
    show: async (page) => {
      await goTo(page, 'Keys');
      await page.locator('.keys-connection').first().waitFor();
    },
  },
  {
    name: 'srtp-key',
    over: SHEET,
    show: async (page) => {
      await page.getByRole('button', { name: 'Enter SRTP key…' }).first().click();
      await keyDialog(page).getByLabel('Key', { exact: true }).fill(KEY_OF_NOBODY);
      await keyDialog(page).getByText('Authentication failed').waitFor();
    },
  },
  {
    name: 'srtp-key-wrong',
    over: SHEET,
    show: async (page) => {
      await keyDialog(page).getByLabel('Key', { exact: true }).fill('0011');
      await keyDialog(page).getByRole('alert').waitFor();
    },
    leave: escape,
  },
  {
    name: 'unlocked-keys',
    show: async (page) => {
      const octets = readFileSync(testCapture('srtp-dtls-speech.keys'));
      await dropFiles(page, [{ name: 'call.keys', octets }]);
      await rowsOf(page, 'SRTP keys').first().click();
      await page.getByText('2 of 2').first().waitFor();
    },
  },
  {
    name: 'unlocked-streams',
    show: async (page) => {
      await goTo(page, 'Streams');
      await rowsOf(page, 'Streams').first().click();
      await showPane(page, 'Stream');
      await page.getByText('Authenticity').waitFor();
    },
  },
  {
    name: 'unlocked-packet',
    show: async (page) => {
      await rowsOf(page, 'Packets of the stream').nth(2).click();
      await showPane(page, 'Packet');
      await page.getByRole('tab', { name: /Decrypted/ }).waitFor();
    },
  },
  {
    name: 'ice-session',
    show: async (page) => {
      await openByChooser(page, testCapture('webrtc-chromium.pcapng'));
      await page.getByText('Read 300 packets').waitFor();
      await goTo(page, 'ICE/TURN');
      await page.getByRole('heading', { name: /^Connected after/ }).waitFor();
      await page.getByRole('button', { name: '#28', exact: true }).click();
      await page.getByRole('treeitem').first().waitFor();
    },
  },
  {
    name: 'ice-ladder',
    show: async (page) => {
      await showPane(page, 'Candidates');
      await showPane(page, 'Ladder');
      await page
        .getByRole('option', { name: /Client Hello/ })
        .first()
        .waitFor();
    },
  },
  {
    name: 'turn-steps',
    show: async (page) => {
      await openByChooser(page, testCapture('turn-wrong-password.pcap'));
      await page.getByText('Read 8 packets').waitFor();
      await goTo(page, 'ICE/TURN');
      await showPane(page, 'Session');
      await page.getByRole('heading', { name: 'Allocate: credentials rejected' }).waitFor();
    },
  },
  {
    name: 'cut-off',
    show: async (page) => {
      await openByChooser(page, testCapture('way-cut-off.pcap'));
      await page.getByRole('note').waitFor();
    },
  },
  {
    name: 'failed',
    show: async (page) => {
      const chooser = page.waitForEvent('filechooser');
      await page.keyboard.press('Control+o');
      await page.getByRole('button', { name: 'From the browser…' }).click();
      await (await chooser).setFiles({
        name: 'login.pcap',
        mimeType: 'application/octet-stream',
        buffer: Buffer.from('<!doctype html><title>Log in</title>'),
      });
      await page.getByRole('heading', { name: 'login.pcap is not a capture' }).waitFor();
    },
  },
  {
    name: 'start',
    show: async (page) => {
      await runByPalette(page, 'close the capture');
      await page.getByRole('button', { name: 'Two-party call' }).waitFor();
    },
  },
];

/** Runs the first command that has these words. */
export async function runByPalette(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Command' }).fill(words);
  await page.keyboard.press('Enter');
}
