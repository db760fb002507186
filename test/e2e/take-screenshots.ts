/** Pictures of every view, to be looked at, and what can be told of them without eyes. */
import type { Page } from 'playwright-core';
import { type RunningApp, startApp } from './start-app.ts';
import { SAMPLE, type Screen, SCREENS, START_SCREENS } from './views.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The window with the sample read, as large as asked for, and nothing in it moving. */
export async function startForScreenshots({ width, height }: Size): Promise<RunningApp> {
  const app = await startApp({ capture: SAMPLE, width, height });
  app.page.setDefaultTimeout(10_000);
  await app.page.emulateMedia({ reducedMotion: 'reduce' });
  await app.page.getByText('Read 956 packets').waitFor();
  return app;
}

export const ALL_SCREENS: readonly Screen[] = [...SCREENS, ...START_SCREENS];

/** Draws all in this theme. */
export async function showTheme(page: Page, theme: 'dark' | 'light'): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  // Canvases are drawn anew in the next frame, charts in the one after it.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 60))));
}

export function takeScreenshot(page: Page): Promise<Buffer> {
  return page.screenshot({ caret: 'hide' });
}

/** Colours of a picture, and which part of it (0..1) the commonest fills, from every seventh pixel; `page` is an empty one. */
export async function coloursOf(page: Page, png: Buffer): Promise<{ colours: number; commonest: number }> {
  return page.evaluate(async (base64) => {
    const blob = await (await fetch(`data:image/png;base64,${base64}`)).blob();
    const image = await createImageBitmap(blob);
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
    if (context === null) throw new Error('There is no canvas.');
    context.drawImage(image, 0, 0);
    const pixels = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
    const counts = new Map<number, number>();
    for (let i = 0; i < pixels.length; i += 7) counts.set(pixels[i], (counts.get(pixels[i]) ?? 0) + 1);
    return { colours: counts.size, commonest: (Math.max(...counts.values()) * 7) / pixels.length };
  }, png.toString('base64'));
}
