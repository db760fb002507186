/** Writes `out/screenshots/<view>-<theme>-<width>.png`, every view at three sizes: npm run screenshots [part of a name] */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_SCREENS, showTheme, startForScreenshots, takeScreenshot } from './take-screenshots.ts';
import { ROOT } from './views.ts';

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];
const [wanted = ''] = process.argv.slice(2);
const folder = join(ROOT, 'out/screenshots');
mkdirSync(folder, { recursive: true });
for (const size of SIZES) {
  const app = await startForScreenshots(size);
  const { page } = app;
  try {
    for (const { name, show, leave } of ALL_SCREENS) {
      await show(page);
      for (const theme of name.includes(wanted) ? (['dark', 'light'] as const) : []) {
        await showTheme(page, theme);
        writeFileSync(join(folder, `${name}-${theme}-${size.width}.png`), await takeScreenshot(page));
      }
      await leave?.(page);
    }
  } finally {
    await app.close();
  }
}
console.log(`The views are in ${folder}`);
