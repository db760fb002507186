import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listFolder, looksLikeCapture } from './list-folder.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-list-'));
  for (const name of ['b', 'A', '.hidden']) mkdirSync(join(folder, name));
  for (const name of ['call10.pcap', 'call9.pcap', 'notes.md', '.quiet.pcapng.gz'])
    writeFileSync(join(folder, name), 'xyz');
  symlinkSync(join(folder, 'call9.pcap'), join(folder, 'link.pcap'));
  symlinkSync(join(folder, 'nowhere'), join(folder, 'broken.pcap'));
  symlinkSync(folder, join(folder, 'round.pcap'));
  if (process.platform !== 'win32') execFileSync('mkfifo', [join(folder, 'pipe.pcap')]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('listFolder', () => {
  it('gives folders, then captures, by name and number, and only what can be opened', async () => {
    const { entries, path, parent, isCut } = await listFolder(folder, false, '/home/someone');
    expect(entries.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      'folder .hidden',
      'folder A',
      'folder b',
      'folder round.pcap',
      'file .quiet.pcapng.gz',
      'file call9.pcap',
      'file call10.pcap',
      'file link.pcap',
    ]);
    expect({ path, parent, isCut }).toEqual({ path: folder, parent: tmpdir(), isCut: false });
    expect(entries.filter(({ isHidden }) => isHidden).map(({ name }) => name)).toEqual(['.hidden', '.quiet.pcapng.gz']);
    expect(entries.at(-1)).toMatchObject({ bytes: 3, path: join(folder, 'link.pcap') });
  });

  it('gives all files where all are wanted', async () => {
    const { entries } = await listFolder(folder, true);
    expect(entries.map(({ name }) => name)).toContain('notes.md');
    expect(entries.map(({ name }) => name)).not.toContain('pipe.pcap');
  });

  it('knows home, and that the root has no parent', async () => {
    expect(await listFolder('~', false, folder)).toMatchObject({ path: folder, home: folder });
    expect(await listFolder('~/b', false, folder)).toMatchObject({ path: join(folder, 'b'), entries: [] });
    expect((await listFolder('/', false)).parent).toBeNull();
  });

  it('says in a sentence what is wrong', async () => {
    await expect(listFolder(join(folder, 'no'), false)).rejects.toThrow(`${join(folder, 'no')}: it is not there.`);
    await expect(listFolder(join(folder, 'notes.md'), false)).rejects.toThrow(
      `${join(folder, 'notes.md')}: it is no folder.`,
    );
    await expect(listFolder('/tmp/\0', false)).rejects.toThrow(/cannot be read|ERR_INVALID_ARG_VALUE/);
  });

  it('stops at 5000 entries and says so', async () => {
    const many = join(folder, 'b', 'many');
    mkdirSync(many);
    for (let i = 0; i < 5001; i++) writeFileSync(join(many, `${i}.pcap`), '');
    const { entries, isCut } = await listFolder(many, false);
    expect([entries.length, isCut]).toEqual([5000, true]);
    rmSync(join(many, '0.pcap'));
    expect(await listFolder(many, false)).toMatchObject({ isCut: false });
    rmSync(many, { recursive: true });
  });
});

describe('looksLikeCapture', () => {
  it.each(['a.pcap', 'a.PCAPNG', 'a.cap', 'a.pcap.gz', 'a.pcapng.gz', 'trace.pcap12', 'x.dmp'])('%s does', (name) => {
    expect(looksLikeCapture(name)).toBe(true);
  });
  it.each(['pcap', 'a.md', 'a.gz', 'a.pcap.zip', 'a.pcapx', 'a.wav', ''])('%s does not', (name) => {
    expect(looksLikeCapture(name)).toBe(false);
  });
});
