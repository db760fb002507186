/** Every view, sheet and menu against axe's rules for WCAG 2 A and AA, in both themes. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, type RunningApp, startApp } from './start-app.ts';
import { SAMPLE, SCREENS, START_SCREENS } from './views.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES: RunOptions = {
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] },
  resultTypes: ['violations'],
};
/** The other theme differs in its colours alone. */
const COLOURS: RunOptions = { runOnly: { type: 'rule', values: ['color-contrast'] }, resultTypes: ['violations'] };

describe.skipIf(browserPath === null)('what axe finds (skipped without a browser)', () => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await startApp({ capture: SAMPLE });
    await app.page.emulateMedia({ reducedMotion: 'reduce' });
    app.page.setDefaultTimeout(10_000);
    await app.page.getByText('Read 956 packets').waitFor();
    await loadAxe(app.page);
  });
  afterAll(() => app?.close());

  it.each([...SCREENS, ...START_SCREENS])('$name', async ({ show, leave }) => {
    const { page } = app;
    await show(page);
    const dark = await violations(page, 'dark', RULES);
    const light = await violations(page, 'light', COLOURS);
    await leave?.(page);
    expect({ dark, light }).toEqual({ dark: [], light: [] });
  });

  it('and the page has nothing to complain of', () => {
    expect(app.faults).toEqual([]);
  });
});

/** By the debugger: the page's own policy lets no foreign script in. */
async function loadAxe(page: Page): Promise<void> {
  await page.evaluate(AXE);
}

/** `color-contrast: .x (why)`, one for each element. */
async function violations(page: Page, colorScheme: 'dark' | 'light', rules: RunOptions): Promise<string[]> {
  await page.emulateMedia({ colorScheme });
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  const results = await page.evaluate(
    (options) => (globalThis as unknown as { axe: { run(o: RunOptions): Promise<AxeResults> } }).axe.run(options),
    rules,
  );
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} (${failureSummary?.replaceAll('\n', ' ')})`),
  );
}
