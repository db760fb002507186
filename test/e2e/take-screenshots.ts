/** Pictures of every view, to be looked at, and what can be told of them without eyes. */
import type { Page } from 'playwright-core';
import { type RunningApp, startApp } from './start-app.ts';
import { SAMPLE, type Screen, SCREENS, START_SCREENS } from './views.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Screenshot {
  /** `calls-message` */
  readonly name: string;
  readonly theme: 'dark' | 'light';
  readonly png: Buffer;
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

/** A screen in both themes; the next one can be shown afterwards. */
export async function takeScreenshots(page: Page, { name, show, leave }: Screen): Promise<Screenshot[]> {
  await show(page);
  const taken: Screenshot[] = [];
  for (const theme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    // Canvases are drawn anew two frames after the theme, charts after their data.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 60))));
    taken.push({ name, theme, png: await page.screenshot({ caret: 'hide' }) });
  }
  await leave?.(page);
  return taken;
}

/** Colours of a picture, and which part of it (0..1) the commonest fills; `page` is an empty one. */
export async function coloursOf(page: Page, png: Buffer): Promise<{ colours: number; commonest: number }> {
  return page.evaluate(async (base64) => {
    const blob = await (await fetch(`data:image/png;base64,${base64}`)).blob();
    const image = await createImageBitmap(blob);
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
    if (context === null) throw new Error('There is no canvas.');
    context.drawImage(image, 0, 0);
    const pixels = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
    const counts = new Map<number, number>();
    for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
    return { colours: counts.size, commonest: Math.max(...counts.values()) / pixels.length };
  }, png.toString('base64'));
}
