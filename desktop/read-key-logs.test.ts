import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readKeyLogs } from './read-key-logs.ts';

const folder = mkdtempSync(join(tmpdir(), 'earshot-logs-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test('the files’ names and texts, in order', async () => {
  const paths = [file('b.log', 'CLIENT_RANDOM 00 11\n'), file('a.txt', 'ü')];
  expect(await readKeyLogs(paths)).toEqual([
    { name: 'b.log', text: 'CLIENT_RANDOM 00 11\n' },
    { name: 'a.txt', text: 'ü' },
  ]);
});

test('what is not there, is no file, or is too much', async () => {
  await expect(readKeyLogs([join(folder, 'gone.log')])).rejects.toThrow(/gone\.log: it is not there\.$/);
  await expect(readKeyLogs([folder])).rejects.toThrow(/it is not a file\.$/);
  await expect(readKeyLogs(['/dev/zero'])).rejects.toThrow(/it is not a file\.$/);
  const half = file('half.log', '');
  truncateSync(half, (32 << 20) + 1);
  await expect(readKeyLogs([half, half])).rejects.toThrow('more than 64 MiB');
});
