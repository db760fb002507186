/** Writes test/golden anew from test/captures: look at the diff before it is committed. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capturesIn, OWN_CAPTURES } from '../integration/capture-files.ts';
import { GOLDEN_FOLDER, goldenPath, goldenTextOf } from './golden-files.ts';

const captures = capturesIn(OWN_CAPTURES);
let changed = 0;
let lengthBytes = 0;
for (const capture of captures) {
  const text = await goldenTextOf(capture);
  lengthBytes += Buffer.byteLength(text);
  if (text === readIfThere(goldenPath(capture))) continue;
  writeFileSync(goldenPath(capture), text);
  console.log(`written  ${capture}.txt`);
  changed++;
}
const wanted = new Set(captures.map((capture) => `${capture}.txt`));
for (const name of readdirSync(GOLDEN_FOLDER)) {
  if (!name.endsWith('.txt') || wanted.has(name)) continue;
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
