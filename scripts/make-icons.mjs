// Draws resources/icons/icon.svg in every size the systems want and packs them: icon.png, icon.ico, icon.icns. Run by hand
// when the drawing changes (`node scripts/make-icons.mjs`); needs an installed Chromium.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const folder = fileURLToPath(new URL('../resources/icons/', import.meta.url));
const svg = readFileSync(`${folder}icon.svg`, 'utf8');
const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024];

/** @type {Map<number, Buffer>} */
const images = new Map();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
for (const size of sizes) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
  images.set(size, await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();

writeFileSync(`${folder}icon.png`, image(512));
writeFileSync(`${folder}icon.ico`, ico([16, 24, 32, 48, 64, 128, 256]));
writeFileSync(`${folder}icon.icns`, icns());

/** @param {number} size */
function image(size) {
  const found = images.get(size);
  if (found === undefined) throw new Error(`no image of ${size} pixels`);
  return found;
}

/**
 * A Windows icon of PNG images: a directory of 16-octet entries, then the images.
 * @param {number[]} wanted
 */
function ico(wanted) {
  const head = Buffer.alloc(6 + 16 * wanted.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(wanted.length, 4);
  let at = head.length;
  wanted.forEach((size, i) => {
    const entry = 6 + 16 * i;
    // 0 stands for 256.
    head.writeUInt8(size % 256, entry);
    head.writeUInt8(size % 256, entry + 1);
    head.writeUInt16LE(1, entry + 4);
    head.writeUInt16LE(32, entry + 6);
    head.writeUInt32LE(image(size).length, entry + 8);
    head.writeUInt32LE(at, entry + 12);
    at += image(size).length;
  });
  return Buffer.concat([head, ...wanted.map(image)]);
}

/** An Apple icon: blocks of type, length and PNG. */
function icns() {
  /** @type {[string, number][]} */
  const types = [
    ['ic11', 32],
    ['ic12', 64],
    ['ic07', 128],
    ['ic08', 256],
    ['ic09', 512],
    ['ic10', 1024],
  ];
  const blocks = types.map(([type, size]) => block(type, image(size)));
  return block('icns', Buffer.concat(blocks));
}

/**
 * @param {string} type four letters
 * @param {Buffer} contents
 */
function block(type, contents) {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32BE(contents.length + 8, 4);
  return Buffer.concat([head, contents]);
}
