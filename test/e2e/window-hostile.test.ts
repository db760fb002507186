/** A capture whose every text is written by somebody who means harm: it is shown as text, and nothing of it acts. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Datagram, udpPcap } from '../integration/udp-capture.ts';
import { browserPath, type RunningApp, startApp } from './start-app.ts';
import { applyFilter, goTo, rowsOf, showPane } from './views.ts';

const ALICE = '10.9.0.1:5060';
const BOB = '10.9.0.2:5060';
/** Would run, load, open or reach out, wherever a browser took it for HTML, an address or a style. */
const ATTACKS = [
  '<script>attack()</script>',
  '<img src=http://203.0.113.9/x onerror=attack()>',
  '<svg/onload=attack()>',
  '"><iframe src=http://203.0.113.9/frame>',
  "javascript:attack()//'",
  '<style>*{display:none}</style>',
  '</textarea></title><base href=http://203.0.113.9/>',
  '&lt;b&gt;&#60;b&#62;',
  '{{attack()}}${attack()}',
] as const;
const NAME = ATTACKS[1];
const CONTROLS = '\u0007\u001b]0;owned\u0007\u202e\u0000end';
const LONG = 'x'.repeat(12_000);

describe.skipIf(browserPath === null)('a hostile capture (skipped without a browser)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-hostile-'));
  let app: RunningApp;
  let page: Page;
  const requests: string[] = [];
  const dialogs: string[] = [];
  beforeAll(async () => {
    // The file's name is theirs, too.
    const capture = join(folder, '<img src=x onerror=attack()>.pcap');
    writeFileSync(capture, hostileCapture());
    app = await startApp({ capture });
    page = app.page;
    page.setDefaultTimeout(10_000);
    app.context.on('request', (request) => requests.push(request.url()));
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    await page.evaluate(() => {
      (globalThis as Record<string, unknown>)['attacked'] = 0;
      (globalThis as Record<string, unknown>)['attack'] = () => {
        (globalThis as unknown as { attacked: number }).attacked++;
      };
    });
    await page.getByText(/^Read \d+ packets/).waitFor();
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const text = (selector: string): Promise<string> =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => element.textContent ?? '');

  it('the overview, and the name of the file', async () => {
    await page.locator('.toolbar-file').getByText('<img src=x onerror=attack()>.pcap').waitFor();
    await page.getByRole('button', { name: 'Copy summary' }).waitFor();
    expect(await injected(page)).toEqual([]);
  });

  it('the calls: the display name as it was written', async () => {
    await goTo(page, 'Calls');
    const rows = rowsOf(page, 'Calls');
    await rows.first().click();
    await expect.poll(() => rows.first().textContent()).toContain(NAME);
    expect(await injected(page)).toEqual([]);
  });

  it('the ladder: names of endpoints and reasons', async () => {
    const ladder = page.getByRole('region', { name: /^Ladder of/ });
    await ladder
      .getByRole('option', { name: /INVITE/ })
      .first()
      .waitFor();
    const said = await ladder
      .getByRole('option')
      .evaluateAll((options) => options.map((option) => option.getAttribute('aria-label') ?? '').join('\n'));
    expect(said).toContain(ATTACKS[0]);
    // Neither a bell nor a change of direction reaches a title, a name or the clipboard of a ladder.
    expect(said.replaceAll('\n', ' ')).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(await injected(page)).toEqual([]);
  });

  it('the message: every header and the description, in the editor', async () => {
    await page
      .getByRole('region', { name: /^Ladder of/ })
      .getByRole('option', { name: /INVITE/ })
      .first()
      .click();
    await showPane(page, 'Message');
    await page.locator('.message-editor .view-line').first().waitFor();
    await expect
      .poll(async () => (await text('.message-editor .view-lines')).replaceAll('\u00a0', ' '))
      .toContain(`X-Attack-0: ${ATTACKS[0]}`);
    expect(await injected(page)).toEqual([]);
  });

  it('the comparison of two', async () => {
    const compare = page.getByRole('combobox', { name: 'Compare with' });
    await compare.locator('option').nth(1).waitFor({ state: 'attached' });
    await compare.selectOption({ index: 1 });
    await page.locator('.message-editor .line-insert').first().waitFor();
    expect(await injected(page)).toEqual([]);
    await compare.selectOption('');
  });

  it('the fields and the octets', async () => {
    await showPane(page, 'Packet');
    const tree = page.getByRole('tree', { name: 'Fields' });
    await tree.getByRole('treeitem').first().click();
    // Opens whatever there is, level after level.
    for (let level = 0; level < 2; level++) {
      await tree.press('Home');
      await tree.press('*');
      for (let row = 0; row < 8; row++) {
        await tree.press('ArrowDown');
        await tree.press('*');
      }
    }
    expect(await injected(page)).toEqual([]);
    expect(await tree.getByRole('treeitem').count()).toBeGreaterThan(10);
  });

  it('the packets, the streams and the problems', async () => {
    await goTo(page, 'Packets');
    await rowsOf(page, 'Packets').first().waitFor();
    await expect.poll(() => text('.g-rows')).toContain('INVITE');
    await rowsOf(page, 'Packets').first().click({ button: 'right' });
    await page.getByRole('menu').waitFor();
    expect(await injected(page)).toEqual([]);
    await page.keyboard.press('Escape');
    for (const view of ['Streams', 'Problems'] as const) {
      await goTo(page, view);
      await page.getByRole('grid', { name: view }).waitFor();
      expect(await injected(page)).toEqual([]);
    }
  });

  it('a filter with it, kept and forgotten', async () => {
    await goTo(page, 'Packets');
    await applyFilter(page, `sip contains "${NAME}"`);
    await page.getByText(/^Shown \d+ of/).waitFor();
    await page.getByRole('button', { name: 'Save this filter' }).click();
    await page.getByRole('button', { name: /^Forget the filter/ }).waitFor();
    expect(await injected(page)).toEqual([]);
    await page.getByRole('button', { name: /^Forget the filter/ }).click();
  });

  it('nothing ran, nothing was asked of another place, nothing spoke up', async () => {
    expect(await page.evaluate(() => (globalThis as unknown as { attacked: number }).attacked)).toBe(0);
    expect(requests.filter((url) => !/^(data|blob):/.test(url) && new URL(url).origin !== app.origin)).toEqual([]);
    expect(dialogs).toEqual([]);
    expect(app.context.pages()).toHaveLength(1);
    expect(app.faults).toEqual([]);
  });
});

/** Elements that the window itself never makes, and addresses that are not its own. */
async function injected(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const foreign = [...document.querySelectorAll('iframe, frame, object, embed, base, marquee, form[action]')];
    const loud = [...document.querySelectorAll('*')].filter(
      (element) =>
        element.getAttributeNames().some((name) => name.startsWith('on')) ||
        (element instanceof HTMLScriptElement && !element.src.startsWith(location.origin)) ||
        /^(javascript|http:\/\/203)/.test(element.getAttribute('href') ?? element.getAttribute('src') ?? ''),
    );
    return [...foreign, ...loud].map((element) => element.outerHTML.slice(0, 200));
  });
}

function hostileCapture(): Uint8Array {
  const call = (n: number, name: string): Datagram[] => [
    { seconds: n, from: ALICE, to: BOB, payload: requestOf('INVITE', n, name) },
    { seconds: n + 0.1, from: BOB, to: ALICE, payload: answerOf(`180 ${ATTACKS[0]}`, 'INVITE', n, name) },
    { seconds: n + 0.2, from: BOB, to: ALICE, payload: answerOf(`200 ${CONTROLS}`, 'INVITE', n, name) },
    { seconds: n + 0.3, from: ALICE, to: BOB, payload: requestOf('ACK', n, name) },
    { seconds: n + 0.4, from: ALICE, to: BOB, payload: requestOf(ATTACKS[4].split('(')[0], n, name) },
    { seconds: n + 0.5, from: BOB, to: ALICE, payload: requestOf('BYE', n, name) },
    { seconds: n + 0.6, from: ALICE, to: BOB, payload: answerOf(`487 ${LONG}`, 'BYE', n, name) },
  ];
  return udpPcap([NAME, CONTROLS, LONG, ...ATTACKS].flatMap((name, n) => call(n + 1, name)));
}

/** Header fields that are the same in requests and answers. */
function common(method: string, n: number, name: string): string {
  const quoted = name.replaceAll(/[\\"]/g, String.raw`\$&`);
  const extra = [...ATTACKS, CONTROLS, LONG].map((attack, at) => `X-Attack-${at}: ${attack}\r\n`).join('');
  return (
    `Via: SIP/2.0/UDP ${name};branch=z9hG4bK${method}${n}\r\n` +
    `From: "${quoted}" <sip:${encodeURIComponent(name).slice(0, 300)}@10.9.0.1>;tag=${ATTACKS[2]}\r\n` +
    `To: "${quoted}" <sip:bob@10.9.0.2>;tag=b${n}\r\n` +
    `Call-ID: ${ATTACKS[6]}${n}\r\n` +
    `CSeq: ${n} ${method}\r\n` +
    `Contact: <${ATTACKS[4]}>\r\nUser-Agent: ${name}\r\nServer: ${name}\r\nSubject: ${name}\r\n` +
    `Reason: SIP;cause=500;text="${quoted}"\r\nWarning: 399 ${ATTACKS[2]} "${quoted}"\r\n${extra}`
  );
}

function requestOf(method: string, n: number, name: string): string {
  return `${method} sip:${ATTACKS[2]}@10.9.0.2 SIP/2.0\r\n${common(method, n, name)}${body(name)}`;
}

function answerOf(status: string, method: string, n: number, name: string): string {
  return `SIP/2.0 ${status}\r\n${common(method, n, name)}${body(name)}`;
}

function body(name: string): string {
  const sdp =
    `v=0\r\no=${name} 1 1 IN IP4 ${ATTACKS[1]}\r\ns=${name}\r\ni=${name}\r\nu=${ATTACKS[4]}\r\ne=${name}\r\n` +
    `c=IN IP4 10.9.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 96\r\na=rtpmap:96 ${ATTACKS[0]}/8000\r\na=${name}\r\n`;
  return `Content-Type: application/sdp\r\nContent-Length: ${sdp.length}\r\n\r\n${sdp}`;
}
