/** Writes test/golden anew from test/captures: look at the diff before it is committed. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GOLDEN_FOLDER, goldenCaptures, goldenPath, goldenTextOf, goldenTexts } from './golden-files.ts';

const captures = goldenCaptures();
let changed = 0;
let lengthBytes = 0;
for (const capture of captures) {
  const text = await goldenTextOf(capture);
  lengthBytes += Buffer.byteLength(text);
  if (text === readIfThere(goldenPath(capture))) continue;
  mkdirSync(dirname(goldenPath(capture)), { recursive: true });
  writeFileSync(goldenPath(capture), text);
  console.log(`written  ${capture}.txt`);
  changed++;
}
const wanted = new Set(captures.map((capture) => `${capture}.txt`));
for (const name of goldenTexts()) {
  if (wanted.has(name)) continue;
  rmSync(join(GOLDEN_FOLDER, name));
  console.log(`removed  ${name}`);
  changed++;
}
console.log(`${captures.length} captures, ${changed} changes, ${Math.round(lengthBytes / 1024)} KiB`);

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
