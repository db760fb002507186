import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { extractAll, listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'earshot-package-'));
const out = join(folder, 'out');
const isLinux = process.platform === 'linux';

/** The sentinel that @electron/fuses looks for, the wire's version, its length, and nine fuses as Electron ships them. */
const FUSES = Buffer.concat([
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
  Buffer.from([1, 9]),
  Buffer.from('011001010'),
]);

/** What electron-builder wants of an Electron distribution: a program with fuses, a version, languages. */
function makeFakeDistribution(): string {
  const dist = join(folder, 'dist');
  mkdirSync(join(dist, 'locales'), { recursive: true });
  const program = join(dist, 'electron');
  copyFileSync('/bin/true', program);
  writeFileSync(program, Buffer.concat([readFileSync(program), FUSES]));
  chmodSync(program, 0o755);
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules/electron/package.json'), 'utf8')) as {
    version: string;
  };
  writeFileSync(join(dist, 'version'), version);
  writeFileSync(join(dist, 'locales/en-US.pak'), '');
  return dist;
}

describe.skipIf(!isLinux)('the packed app (the fake distribution is a Linux one)', () => {
  const app = join(out, 'linux-unpacked');

  beforeAll(() => {
    const dist = makeFakeDistribution();
    const builder = join(root, 'node_modules/electron-builder/cli.js');
    const args = ['--linux', 'dir', '--publish', 'never', `-c.electronDist=${dist}`, `-c.directories.output=${out}`];
    const run = spawnSync(process.execPath, [builder, ...args], { cwd: root, encoding: 'utf8' });
    expect(run.status, run.stdout + run.stderr).toBe(0);
  }, 120_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('holds what runs, and neither sources nor packages', () => {
    const files = listPackage(join(app, 'resources/app.asar'), { isPack: false });
    for (const file of [
      'dist/electron/main.cjs',
      'dist/electron/preload.cjs',
      'dist/electron/engine-process.cjs',
      'dist/cli/earshot.mjs',
      'dist/codecs/decode-worker.cjs',
      'dist/codecs/ffmpeg-core.wasm',
      'dist/renderer/index.html',
      'LICENSE',
    ]) {
      expect(files).toContain(`/${file}`);
    }
    // What compiles plugins starts a program of its own, which no bundle can hold.
    const bundled = files.filter((file) => !/^\/node_modules(\/@?esbuild(\/|$)|$)/.test(file));
    const strange = bundled.filter((file) => /\.(ts|tsx|map|tsbuildinfo)$|node_modules|\/test\//.test(file));
    expect(strange).toEqual([]);
  });

  test('has what compiles plugins beside its archive', () => {
    const modules = join(app, 'resources/app.asar.unpacked/node_modules');
    expect(readdirSync(modules).toSorted()).toEqual(['@esbuild', 'esbuild']);
    const [platform] = readdirSync(join(modules, '@esbuild'));
    const program = join(modules, '@esbuild', platform, 'bin/esbuild');
    const { version } = JSON.parse(readFileSync(join(root, 'node_modules/esbuild/package.json'), 'utf8')) as {
      version: string;
    };
    expect(execFileSync(program, ['--version'], { encoding: 'utf8' }).trim()).toBe(version);
  });

  test('has the decoders of their own thread beside its archive', () => {
    expect(readdirSync(join(app, 'resources/app.asar.unpacked/dist/codecs'))).toContain('decode-worker.cjs');
  });

  test('has its samples beside it', () => {
    expect(readdirSync(join(app, 'resources/samples'))).toContain('samples.json');
  });

  test('is fused: no debugger, no NODE_OPTIONS, only the checked archive, no privileges for file:', async () => {
    const wire = await getCurrentFuseWire(join(app, 'earshot-app'));
    // The wire's own letters: '0' for off, '1' for on.
    const state = (fuse: FuseV1Options): string => String.fromCharCode(wire[fuse] ?? 0);
    expect(state(FuseV1Options.EnableNodeCliInspectArguments)).toBe('0');
    expect(state(FuseV1Options.EnableNodeOptionsEnvironmentVariable)).toBe('0');
    expect(state(FuseV1Options.EnableEmbeddedAsarIntegrityValidation)).toBe('1');
    expect(state(FuseV1Options.OnlyLoadAppFromAsar)).toBe('1');
    expect(state(FuseV1Options.EnableCookieEncryption)).toBe('1');
    expect(state(FuseV1Options.GrantFileProtocolExtraPrivileges)).toBe('0');
  });

  test('runs the command out of its archive', () => {
    const unpacked = join(folder, 'unpacked');
    extractAll(join(app, 'resources/app.asar'), unpacked);
    const sample = join(app, 'resources/samples/two-party-call.pcap');
    const text = execFileSync(process.execPath, [join(unpacked, 'dist/cli/earshot.mjs'), 'calls', sample, '--json'], {
      encoding: 'utf8',
    });
    const { calls } = JSON.parse(text) as { calls: { state: string }[] };
    expect(calls.map(({ state }) => state)).toEqual(['completed']);
  });
});

describe('the configuration of packages that only other systems can build', () => {
  interface Config {
    fileAssociations: { ext: string }[];
    linux: { target: string[]; icon: string };
    mac: { target: string[]; icon: string };
    win: { target: string[]; icon: string };
  }
  const config = JSON.parse(readFileSync(join(root, 'electron-builder.json'), 'utf8')) as Config;

  test('captures of every kind open with it', () => {
    const extensions = config.fileAssociations.map(({ ext }) => ext);
    expect(extensions).toEqual(['pcap', 'pcapng', 'cap', 'pcap.gz', 'pcapng.gz', 'cap.gz']);
  });

  test('every system has its package and its icon', () => {
    expect(config.linux.target).toEqual(['AppImage', 'deb']);
    expect(config.mac.target).toEqual(['dmg']);
    expect(config.win.target).toEqual(['nsis']);
    for (const { icon } of [config.linux, config.mac, config.win])
      expect(existsSync(join(root, icon)), icon).toBe(true);
  });

  test('the icons are what they claim to be', () => {
    const start = (file: string): string =>
      readFileSync(join(root, 'resources/icons', file))
        .subarray(0, 4)
        .toString('latin1');
    expect(start('icon.png')).toBe('\x89PNG');
    expect(start('icon.icns')).toBe('icns');
    expect(start('icon.ico')).toBe('\x00\x00\x01\x00');
  });
});
