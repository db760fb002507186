import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeWindowFolder } from './window-folder.ts';

let parent = '';
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'earshot-window-'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

describe('takeWindowFolder', () => {
  it('keeps one folder from start to start', () => {
    const first = takeWindowFolder(parent, parent);
    first.release();
    const second = takeWindowFolder(parent, parent);
    expect(second.profileFolder).toBe(first.profileFolder);
    expect(statSync(join(parent, 'window')).mode & 0o777).toBe(0o700);
    second.release();
  });

  it('gives a second host another, which goes with it', () => {
    const first = takeWindowFolder(parent, parent);
    const second = takeWindowFolder(parent, parent);
    expect(second.profileFolder).not.toBe(first.profileFolder);
    second.release();
    expect(existsSync(join(second.profileFolder, '..'))).toBe(false);
    first.release();
    expect(existsSync(join(parent, 'window'))).toBe(true);
  });

  it('does without a place to keep it', () => {
    writeFileSync(join(parent, 'file'), '');
    const folder = takeWindowFolder(join(parent, 'file'), parent);
    expect(folder.profileFolder.startsWith(join(parent, 'window-folder-'))).toBe(true);
    folder.release();
  });

  it('is not held by a process that is gone, nor by nonsense', () => {
    const kept = takeWindowFolder(parent, parent);
    kept.release();
    for (const holder of ['4194999', '', 'x', '-1']) {
      writeFileSync(join(parent, 'window/in-use-by'), holder);
      const folder = takeWindowFolder(parent, parent);
      expect(folder.profileFolder, holder).toBe(kept.profileFolder);
      folder.release();
    }
  });

  it('writes the page with the token for its user alone, and removes it', () => {
    const folder = takeWindowFolder(parent, parent);
    const path = fileURLToPath(folder.writeBootPage('http://127.0.0.1:1/boot?token=x'));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toContain('url=http://127.0.0.1:1/boot?token=x"');
    folder.removeBootPage();
    expect(existsSync(path)).toBe(false);
    folder.release();
  });
});
