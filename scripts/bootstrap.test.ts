import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isNewEnough, needsInstall } from './bootstrap.mjs';
import { parts, staleParts } from './parts.mjs';

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

describe('staleParts', () => {
  it('names a part that is missing or older than a source, however deep', () => {
    put('cli/main.ts', 100);
    put('engine/readers/pcap.ts', 100);
    expect(staleParts(root)).toEqual(['cli']);
    put('dist/cli/earshot.mjs', 101);
    expect(staleParts(root)).toEqual([]);
    put('engine/readers/pcap.ts', 102);
    expect(staleParts(root)).toEqual(['cli']);
  });

  it('names all that share a source, and no others', () => {
    for (const { entry, output } of parts) {
      put(entry, 100);
      put(output, 200);
    }
    expect(staleParts(root)).toEqual([]);
    put('shared/channel.ts', 300);
    expect(staleParts(root)).toEqual(['cli', 'host', 'electron', 'renderer']);
    put('shared/channel.ts', 100);
    put('desktop/kept.ts', 300);
    expect(staleParts(root)).toEqual(['host', 'electron']);
    put('desktop/kept.ts', 100);
    put('renderer/styles/base.css', 300);
    expect(staleParts(root)).toEqual(['renderer']);
  });

  it('does not care for tests, nor for what there is no source of', () => {
    put('cli/main.ts', 50);
    put('dist/cli/earshot.mjs', 100);
    put('engine/readers/pcap.test.ts', 200);
    put('renderer/widgets/grid.test.tsx', 200);
    put('test/fuzz/fuzz.ts', 200);
    expect(staleParts(root)).toEqual([]);
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
