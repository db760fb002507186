/**
 * Every view, sheet and menu at the smallest size that is meant to work, in both themes: axe's rules for WCAG 2.1 A and AA hold,
 * something is drawn, and headers have room for what is in them. `npm run screenshots` keeps the pictures.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, type RunningApp } from './start-app.ts';
import { ALL_SCREENS, coloursOf, showTheme, startForScreenshots, takeScreenshot } from './take-screenshots.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const QUICKLY: RunOptions = { resultTypes: ['violations'], preload: false };
const RULES: RunOptions = {
  ...QUICKLY,
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] },
};
/** The other theme differs in its colours alone. */
const COLOURS: RunOptions = { ...QUICKLY, runOnly: { type: 'rule', values: ['color-contrast'] } };

describe.skipIf(browserPath === null)('every view (skipped without a browser)', () => {
  let app: RunningApp;
  /** Where pictures are measured. */
  let empty: Page;
  beforeAll(async () => {
    app = await startForScreenshots({ width: 1280, height: 800 });
    empty = await app.context.newPage();
    await app.page.bringToFront();
    // By the debugger: the page's own policy lets no foreign script in.
    await app.page.evaluate(AXE);
  });
  afterAll(() => app?.close());

  it.each(ALL_SCREENS)('$name', async ({ show, leave, over = 'html' }) => {
    const { page } = app;
    await show(page);
    await showTheme(page, 'dark');
    const dark = { violations: await violations(page, over, RULES), picture: await takeScreenshot(page) };
    await showTheme(page, 'light');
    const light = { violations: await violations(page, over, COLOURS), picture: await takeScreenshot(page) };
    const tooNarrow = await tooNarrowFor(page);
    await leave?.(page);

    expect({ dark: dark.violations, light: light.violations }).toEqual({ dark: [], light: [] });
    expect(tooNarrow).toEqual([]);
    for (const { picture } of [dark, light]) {
      const { colours, commonest } = await coloursOf(empty, picture);
      // An empty page has one colour; the toolbar above nothing is nearly all of one.
      expect(colours).toBeGreaterThan(50);
      expect(commonest).toBeLessThan(0.96);
    }
    expect(dark.picture.equals(light.picture), 'both themes look alike').toBe(false);
  });

  it('and the page has nothing to complain of', () => {
    expect(app.faults).toEqual([]);
  });
});

interface Axe {
  run(part: string, options: RunOptions): Promise<AxeResults>;
}

/** `color-contrast: .x (why)`, one for each element. */
async function violations(page: Page, part: string, rules: RunOptions): Promise<string[]> {
  const results = await page.evaluate(
    ({ where, options }) => (globalThis as unknown as { axe: Axe }).axe.run(where, options),
    { where: part, options: rules },
  );
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} (${failureSummary?.replaceAll('\n', ' ')})`),
  );
}

/** Bars, headers and sheets whose content is wider than they are, and the page itself. */
async function tooNarrowFor(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('html, .toolbar, .status, .ph, .side, .sheet, .menu')]
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1)
      .map(({ className, scrollWidth, clientWidth }) => `${className}: ${scrollWidth} px in ${clientWidth}`),
  );
}
