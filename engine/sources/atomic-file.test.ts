import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { discardUnfinishedFiles, openAtomicFile, writeAtomically } from './atomic-file.ts';

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);
let folder = '';
const path = (name: string): string => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-atomic-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a file that appears whole', () => {
  it('is not there until it is committed', async () => {
    const file = await openAtomicFile(path('a.wav'));
    await file.write(octets('....first'));
    expect(existsSync(path('a.wav'))).toBe(false);
    await file.write(octets(' second'));
    await file.patch?.(0, octets('HEAD'));
    expect(file.lengthBytes).toBe(16);
    await file.commit();
    expect(readFileSync(path('a.wav'), 'utf8')).toBe('HEADfirst second');
    expect(readdirSync(folder)).toEqual(['a.wav']);
  });

  it('leaves what stood there when filling fails', async () => {
    writeFileSync(path('a.wav'), 'old');
    const filling = writeAtomically(path('a.wav'), async (file) => {
      await file.write(octets('half'));
      throw new Error('no more');
    });
    await expect(filling).rejects.toThrow('no more');
    expect(readFileSync(path('a.wav'), 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['a.wav']);
  });

  it('replaces what stood there, and gives what filling gave', async () => {
    writeFileSync(path('a.wav'), 'a much longer old file');
    const result = await writeAtomically(path('a.wav'), async (file) => {
      await file.write(octets('new'));
      return 42;
    });
    expect(result).toBe(42);
    expect(readFileSync(path('a.wav'), 'utf8')).toBe('new');
  });

  it('writes through a symbolic link and keeps it', async () => {
    writeFileSync(path('real.wav'), 'old');
    symlinkSync('real.wav', path('link.wav'));
    await writeAtomically(path('link.wav'), (file) => file.write(octets('new')));
    expect(lstatSync(path('link.wav')).isSymbolicLink()).toBe(true);
    expect(readFileSync(path('real.wav'), 'utf8')).toBe('new');
  });

  it('removes unfinished files when told that the process ends', async () => {
    const file = await openAtomicFile(path('a.wav'));
    await file.write(octets('half'));
    expect(readdirSync(folder)).toHaveLength(1);
    discardUnfinishedFiles();
    expect(readdirSync(folder)).toEqual([]);
    await file.discard();
  });

  it('never replaces a device', async () => {
    await writeAtomically('/dev/null', async (file) => {
      expect(file.patch).toBeUndefined();
      await file.write(octets('gone'));
    });
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it.each([
    ['a missing folder', 'missing/a.wav', 'ENOENT'],
    ['a folder', '.', 'EISDIR'],
  ])('rejects for %s with the code of the system', async (_, name, code) => {
    await expect(openAtomicFile(path(name))).rejects.toMatchObject({ code });
    expect(readdirSync(folder)).toEqual([]);
  });

  // Root may write everything.
  it.skipIf(process.getuid?.() === 0)('does not replace a file that may not be written', async () => {
    writeFileSync(path('kept.wav'), 'old');
    chmodSync(path('kept.wav'), 0o444);
    await expect(openAtomicFile(path('kept.wav'))).rejects.toMatchObject({ code: 'EACCES' });
  });
});
