// Measures the window in a real browser: `npm run bench:window -- MEDIA.pcap [HOUR.pcap]` (make them with
// test/perf/generate.ts). Times include what the test driver itself takes; script time a frame is measured in the page.
import { existsSync } from 'node:fs';
import type { CDPSession, Page } from 'playwright-core';
import { type RunningApp, startApp } from './start-app.ts';

const [media, hour] = process.argv.slice(2);
if (media === undefined || (media !== '-' && !existsSync(media))) {
  console.error('bench:window: name a capture, as in `npm run bench:window -- media.pcap hour.pcap`');
  process.exit(2);
}

const rows: [string, string, string][] = [];
const note = (what: string, figure: string, asked: string): void => void rows.push([what, figure, asked]);
const ms = (value: number): string => `${Math.round(value)} ms`;

if (media !== '-') await measureMedia(media);
if (hour !== undefined) await measureHour(hour);
for (const [what, figure, asked] of rows) console.log(`${what.padEnd(58)} ${figure.padStart(12)}   asked ${asked}`);

async function measureMedia(capture: string): Promise<void> {
  const app = await startApp();
  const { page } = app;
  try {
    const cdp = await app.context.newCDPSession(page);
    await page.getByText('Drop a capture to open it').waitFor();
    const begun = Date.now();
    await open(page, capture);
    await page
      .getByRole('button', { name: /^Packets/ })
      .first()
      .click();
    await page.locator('.g-rows [role=row] >> nth=5').waitFor();
    note('first rows after opening', ms(Date.now() - begun), 'under 1 s');
    await page.getByText(/^Read .* packets in/).waitFor({ timeout: 120_000 });
    note('whole capture read', ms(Date.now() - begun), '–');
    await page.waitForTimeout(1000);
    await measureScroll(page, cdp);
    await measureFilter(page, 'rtp.ssrc == 0x1', 'a filter over all packets, nothing found');
    await measureFilter(page, 'ip.addr == 10.0.0.1 && udp.port > 20000', 'a filter of two conditions');
    await measureFilter(page, 'sip.Method == "INVITE"', 'a filter on SIP');
    await page.keyboard.press('Escape');
    await measureSelection(page);
    await page
      .getByRole('button', { name: /^Calls/ })
      .first()
      .click();
    await page.waitForTimeout(500);
    await measureMemory(app, cdp);
  } finally {
    await app.close();
  }
}

/** By the in-app chooser, as a person does where there is no dialog. */
async function open(page: Page, capture: string): Promise<void> {
  await page.keyboard.press('Control+o');
  await page.getByLabel('Folder or file').fill(capture);
  await page.keyboard.press('Enter');
}

/** Script time of each frame while the grid is scrolled from end to end by wheel and by its bar. */
async function measureScroll(page: Page, cdp: CDPSession): Promise<void> {
  const tasks = async (): Promise<number> => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? 0;
  };
  await cdp.send('Performance.enable');
  const frames: number[] = [];
  const before = await tasks();
  const count = 240;
  const spans = await page.evaluate(async (steps) => {
    const box = [...document.querySelectorAll<HTMLElement>('[role=grid] *, [role=grid]')].find(
      (element) => element.scrollHeight > element.clientHeight * 20,
    );
    if (box === undefined) throw new Error('nothing scrolls');
    const spent: number[] = [];
    const channel = new MessageChannel();
    for (let step = 0; step <= steps; step++) {
      box.scrollTop = ((box.scrollHeight - box.clientHeight) * step) / steps;
      const start = performance.now();
      await new Promise<void>((resolve) => {
        requestAnimationFrame(() => {
          // What frame callbacks and scroll listeners take lies between here and the next task.
          channel.port1.onmessage = () => resolve();
          channel.port2.postMessage(null);
        });
      });
      spent.push(performance.now() - start);
    }
    return spent;
  }, count);
  const script = ((await tasks()) - before) * 1000;
  frames.push(...spans);
  frames.sort((a, b) => a - b);
  note(
    'scrolling the packets end to end, script a frame (mean)',
    `${(script / count).toFixed(1)} ms`,
    'p95 under 8 ms',
  );
  note('  frame to frame, p95', `${frames[Math.floor(frames.length * 0.95)].toFixed(1)} ms`, '–');
}

async function measureFilter(page: Page, filter: string, what: string): Promise<void> {
  await page.keyboard.press('Control+f');
  const field = page.getByLabel('Display filter');
  await field.fill(filter);
  await page.waitForTimeout(400);
  const begun = Date.now();
  await field.press('Enter');
  await page.locator('#filter-state .okc').waitFor({ timeout: 30_000 });
  note(`${what}: ${filter}`, ms(Date.now() - begun), 'under 1 s');
}

async function measureSelection(page: Page): Promise<void> {
  await page.locator('.filter-clear').click();
  await page.waitForTimeout(800);
  const spent: number[] = [];
  for (let at = 2; at < 22; at++) {
    spent.push(
      await page.evaluate(async (place) => {
        const row = document.querySelectorAll<HTMLElement>('.g-rows [role=row]')[place];
        const cells = [...row.querySelectorAll('[role=gridcell]')].map((cell) => cell.textContent?.trim() ?? '');
        const number = cells.find((text) => /^\d+$/.test(text)) ?? '';
        const start = performance.now();
        const { left, top } = row.getBoundingClientRect();
        for (const type of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click']) {
          row.dispatchEvent(
            new MouseEvent(type, { bubbles: true, clientX: left + 200, clientY: top + 5, button: 0, detail: 1 }),
          );
        }
        while (performance.now() - start < 2000) {
          if (
            [...document.querySelectorAll('[role=treeitem]')].some((item) =>
              item.textContent?.startsWith(`Frame${number},`),
            )
          )
            break;
          await new Promise((resolve) => requestAnimationFrame(resolve));
        }
        return performance.now() - start;
      }, at),
    );
  }
  spent.sort((a, b) => a - b);
  note('selecting a packet to its tree on screen, median', ms(spent[10]), 'under 50 ms');
  note('  the slowest of 20', ms(spent[19]), '–');
}

async function measureMemory(app: RunningApp, cdp: CDPSession): Promise<void> {
  await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = (await cdp.send('Runtime.getHeapUsage')) as { usedSize: number };
  note('renderer memory: JavaScript heap', `${Math.round(usedSize / 1e6)} MB`, 'all of it under 350 MB');
  const { readFileSync, readdirSync } = await import('node:fs');
  // The biggest renderer process of this browser: resident memory without what it shares with the others.
  const renderers = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
        if (!command.includes('--type=renderer')) return [];
        const status = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
        return [Number(/^Private_Dirty:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1000];
      } catch {
        return [];
      }
    });
  if (renderers.length > 0)
    note('renderer memory: private to the process', `${Math.round(Math.max(...renderers))} MB`, 'under 350 MB');
  void app;
}

async function measureHour(capture: string): Promise<void> {
  const app = await startApp({ capture });
  const { page } = app;
  try {
    await page.getByText(/^Read .* packets in/).waitFor({ timeout: 120_000 });
    const begun = Date.now();
    await page
      .getByRole('button', { name: /^Calls/ })
      .first()
      .click();
    await page.locator('.player[data-state=ready]').waitFor({ timeout: 30_000 });
    await waitForInk(page, 0);
    note("a one-hour call's waveform: its beginning on screen", ms(Date.now() - begun), 'under 1 s');
    await waitForInk(page, 0.97);
    note('  all of it', ms(Date.now() - begun), '–');
  } finally {
    await app.close();
  }
}

/** Waits until the overview strip shows a wave beyond that share of its width. */
async function waitForInk(page: Page, share: number): Promise<void> {
  await page.waitForFunction(
    (from) => {
      const canvas = document.querySelector<HTMLCanvasElement>('.player-overview canvas');
      const context = canvas?.getContext('2d');
      if (canvas === null || context == null || canvas.width === 0) return false;
      const left = Math.floor(canvas.width * from);
      const { data } = context.getImageData(left, 5, canvas.width - left, canvas.height - 5);
      return data.some((value, at) => at % 4 === 3 && value > 0);
    },
    share,
    { timeout: 30_000 },
  );
}
