import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { codeCacheOf, compileProgram, startProgram } from './program.ts';

let folder = '';
let address = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-program-'));
  address = pathToFileURL(join(folder, '/')).href;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a program that says what it was given, and says `word`. */
function start(word: string): { said: unknown; refused: boolean | undefined } {
  writeFileSync(
    join(folder, 'program.cjs'),
    `(function(require,load,url){"use strict";globalThis.said=[require("node:path").sep,load("node:os"),url,"${word}"]})`,
  );
  const script = compileProgram(address);
  startProgram(script, address);
  return { said: (globalThis as { said?: unknown }).said, refused: script.cachedDataRejected };
}

it('runs a program that nothing was compiled of before', async () => {
  const { said, refused } = start('plain');
  expect(said).toEqual([sep, expect.any(Promise), `${address}program.cjs`, 'plain']);
  expect(await (said as unknown[])[1]).toHaveProperty('EOL');
  expect(refused).toBeUndefined();
});

it('takes what was compiled before', () => {
  start('once');
  writeFileSync(codeCacheOf(address), compileProgram(address).createCachedData());
  expect(start('once')).toMatchObject({ refused: false });
});

it('compiles anew where what was compiled before is of another program, cut short or no such thing', () => {
  start('once');
  const cache = compileProgram(address).createCachedData();
  // A text that V8 still has in memory is not compiled again: none comes twice.
  for (const [word, bytes] of [
    ['longer', cache],
    ['then', cache.subarray(0, cache.length >> 1)],
    ['next', Buffer.alloc(cache.length, 0x5a)],
    ['last', Buffer.alloc(0)],
  ] as const) {
    writeFileSync(codeCacheOf(address), bytes);
    const { said, refused } = start(word);
    expect(said).toContain(word);
    expect(refused).toBe(true);
  }
});
