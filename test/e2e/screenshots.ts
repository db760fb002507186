/** Writes `out/screenshots/<view>-<theme>-<width>.png`, every view at three sizes: npm run screenshots [part of a name] */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_SCREENS, startForScreenshots, takeScreenshots } from './take-screenshots.ts';
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
  try {
    for (const screen of ALL_SCREENS) {
      for (const { name, theme, png } of await takeScreenshots(app.page, screen)) {
        if (name.includes(wanted)) writeFileSync(join(folder, `${name}-${theme}-${size.width}.png`), png);
      }
    }
  } finally {
    await app.close();
  }
}
console.log(`${ALL_SCREENS.length} views are in ${folder}`);
