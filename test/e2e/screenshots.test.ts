/** Every view at the smallest size that is meant to work: something is drawn, and all of it fits. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, type RunningApp } from './start-app.ts';
import { ALL_SCREENS, coloursOf, startForScreenshots, takeScreenshots } from './take-screenshots.ts';

describe.skipIf(browserPath === null)('every view is drawn (skipped without a browser)', () => {
  let app: RunningApp;
  let empty: Page;
  beforeAll(async () => {
    app = await startForScreenshots({ width: 1280, height: 800 });
    empty = await app.context.newPage();
    await app.page.bringToFront();
  });
  afterAll(() => app?.close());

  it.each(ALL_SCREENS)('$name', async (screen) => {
    const taken = await takeScreenshots(app.page, screen);
    for (const { theme, png } of taken) {
      const { colours, commonest } = await coloursOf(empty, png);
      // An empty page has one colour, one with the toolbar and without a view 97 % of one.
      expect(colours, theme).toBeGreaterThan(50);
      expect(commonest, theme).toBeLessThan(0.96);
    }
    expect(taken[0].png.equals(taken[1].png), 'both themes look alike').toBe(false);
    expect(await overflow(app.page)).toEqual([]);
  });

  it('and the page has nothing to complain of', () => {
    expect(app.faults).toEqual([]);
  });
});

/** Toolbars and headers whose content is wider than they are, and the page itself. */
async function overflow(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('html, .toolbar, .status, .ph, .side, .sheet, .menu')]
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1)
      .map(({ className, tagName, scrollWidth, clientWidth }) => `${tagName}.${className} ${scrollWidth}>${clientWidth}`),
  );
}
