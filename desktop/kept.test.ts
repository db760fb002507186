import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Kept } from './kept.ts';

let parent = '';
let folder = '';
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'earshot-kept-'));
  folder = join(parent, 'earshot');
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const recent = (path: string) => ({ path, bytes: 10, calls: 1, errors: 0, warnings: 2, openedTime: 1_700_000_000 });

describe('settings', () => {
  it('are merged, outlive the process, and go with null', async () => {
    const kept = new Kept(folder);
    expect(await kept.settings()).toEqual({});
    await kept.keepSettings({ theme: 'dark', layout: { a: [1] }, gone: 1 });
    await kept.keepSettings({ theme: 'light', gone: null });
    expect(await new Kept(folder).settings()).toEqual({ theme: 'light', layout: { a: [1] } });
  });

  it('lie in a file that nobody else reads', async () => {
    await new Kept(folder).keepSettings({ a: 1 });
    expect(statSync(join(folder, 'earshot.json')).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readdirSync(folder)).toEqual(['earshot.json']);
  });

  it('lose nothing where many are kept at once, in one process and from two', async () => {
    const kept = new Kept(folder);
    await Promise.all(Array.from({ length: 20 }, (_, i) => kept.keepSettings({ [`k${i}`]: i })));
    await new Kept(folder).keepSettings({ other: 1 });
    await kept.keepSettings({ last: 1 });
    expect(Object.keys(await kept.settings())).toHaveLength(22);
  });

  it('too large are refused, and what was kept stays', async () => {
    const kept = new Kept(folder);
    await kept.keepSettings({ a: 1 });
    await expect(kept.keepSettings({ b: 'x'.repeat(5 << 20) })).rejects.toThrow('too large');
    expect(await kept.settings()).toEqual({ a: 1 });
    await kept.keepSettings({ c: 1 });
    expect(await kept.settings()).toEqual({ a: 1, c: 1 });
  });

  it('cannot reach a prototype', async () => {
    const kept = new Kept(folder);
    await kept.keepSettings(JSON.parse('{"__proto__":{"polluted":1},"a":1}'));
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect((await kept.settings())['a']).toBe(1);
  });
});

describe('a damaged file', () => {
  it.each([
    ['nothing', ''],
    ['half', '{"settings":{"a":'],
    ['a list', '[]'],
    ['null', 'null'],
    ['octets', '\u0000\u0001'],
    ['other types', '{"settings":[1],"recents":{"0":1},"lastFolder":5}'],
    [
      'recents that are none',
      '{"recents":[null,1,{"path":"relative"},{"path":"/a","bytes":"x"},{"path":"/a\\u0000"}]}',
    ],
  ])('with %s in it counts as empty and can be replaced', async (_name, text) => {
    const kept = new Kept(folder);
    await kept.keepSettings({});
    writeFileSync(join(folder, 'earshot.json'), text);
    expect(await kept.settings()).toEqual({});
    expect(await kept.recents()).toEqual([]);
    expect(await kept.lastFolder()).toBeNull();
    await kept.keepSettings({ a: 1 });
    expect(JSON.parse(readFileSync(join(folder, 'earshot.json'), 'utf8'))).toMatchObject({ settings: { a: 1 } });
  });

  // Root may write into any folder.
  it.skipIf(process.getuid?.() === 0)('in a folder that cannot be written says so', async () => {
    const kept = new Kept(folder);
    await kept.keepSettings({});
    chmodSync(folder, 0o500);
    await expect(kept.keepSettings({ a: 1 })).rejects.toMatchObject({ code: 'EACCES' });
    chmodSync(folder, 0o700);
  });
});

describe('recent captures', () => {
  it('come latest first, each once, no more than twenty', async () => {
    const kept = new Kept(folder);
    for (let i = 0; i < 25; i++) await kept.addRecent(recent(`/captures/${i}.pcap`));
    await kept.addRecent(recent('/captures/10.pcap'));
    const paths = (await kept.recents()).map(({ path }) => path);
    expect(paths).toHaveLength(20);
    expect(paths.slice(0, 3)).toEqual(['/captures/10.pcap', '/captures/24.pcap', '/captures/23.pcap']);
    await kept.clearRecents();
    expect(await kept.recents()).toEqual([]);
  });

  it('say what they are called, where they lie, and whether they are gone', async () => {
    const kept = new Kept(folder);
    const here = join(parent, 'here.pcap');
    writeFileSync(here, '');
    await kept.addRecent(recent(join(parent, 'gone.pcap')));
    await kept.addRecent(recent(here));
    expect(await kept.recents()).toEqual([
      { ...recent(here), name: 'here.pcap', folder: parent, isMissing: false },
      { ...recent(join(parent, 'gone.pcap')), name: 'gone.pcap', folder: parent, isMissing: true },
    ]);
  });

  it.each([
    null,
    {},
    { ...recent('relative.pcap') },
    { ...recent('/a'), calls: Number.NaN },
    { ...recent('/a'), bytes: '1' },
  ])('are not %j', async (entry) => {
    await expect(new Kept(folder).addRecent(entry)).rejects.toThrow('recent');
  });
});
