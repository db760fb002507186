import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isNewEnough, needsBuild, needsInstall } from './bootstrap.mjs';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'earshot-bootstrap-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A file last changed at `seconds`. */
function put(path: string, seconds: number): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  utimesSync(file, seconds, seconds);
}

describe('needsInstall', () => {
  it('holds for a fresh clone and for a changed lock file only', () => {
    put('package-lock.json', 100);
    expect(needsInstall(root)).toBe(true);
    put('node_modules/.package-lock.json', 101);
    expect(needsInstall(root)).toBe(false);
    put('package-lock.json', 102);
    expect(needsInstall(root)).toBe(true);
  });
});

describe('needsBuild', () => {
  it('holds where the command is missing or older than a source, however deep', () => {
    put('engine/readers/pcap.ts', 100);
    expect(needsBuild(root)).toBe(true);
    put('dist/cli/earshot.mjs', 101);
    expect(needsBuild(root)).toBe(false);
    put('engine/readers/pcap.ts', 102);
    expect(needsBuild(root)).toBe(true);
  });

  it('does not care for tests', () => {
    put('dist/cli/earshot.mjs', 100);
    put('engine/readers/pcap.test.ts', 200);
    put('test/fuzz/fuzz.ts', 200);
    expect(needsBuild(root)).toBe(false);
  });
});

describe('isNewEnough', () => {
  it.each([
    ['20.19.0', true],
    ['20.20.2', true],
    ['22.1.0', true],
    ['20.18.3', false],
    ['18.20.0', false],
  ])('%s: %s', (version, expected) => {
    expect(isNewEnough(version)).toBe(expected);
  });
});
