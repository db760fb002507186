/** The built command with captures so large that a thread reads them, which is begun before the program (cli/begin-reading.ts). */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const SMALL = join(ROOT, 'resources/samples/two-party-call.pcap');
const HEADER = 24;

let folder = '';
let large = '';
let copies = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-large-'));
  large = join(folder, 'large.pcap');
  const sample = readFileSync(SMALL);
  copies = Math.ceil((34 << 20) / (sample.length - HEADER));
  const records = Array.from({ length: copies }, () => sample.subarray(HEADER));
  writeFileSync(large, Buffer.concat([sample.subarray(0, HEADER), ...records]));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function earshot(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(ROOT, 'dist/cli/earshot.mjs'), ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    cwd: folder,
  });
}

function packetsOf(path: string): number {
  const { status, stdout } = earshot('info', path, '--json');
  expect(status).toBe(0);
  return (JSON.parse(stdout) as { capture: { packets: number } }).capture.packets;
}

it('has every packet', () => {
  expect(packetsOf(large)).toBe(copies * packetsOf(SMALL));
});

it('reads the capture where another large file is named first', () => {
  const wav = join(folder, 'call.wav');
  expect(earshot('wav', SMALL, '-o', wav).status).toBe(0);
  const expected = readFileSync(wav);
  const other = join(folder, 'other.wav');
  writeFileSync(other, readFileSync(large));
  expect(earshot('wav', '-o', other, SMALL)).toMatchObject({ status: 0, stderr: '' });
  expect(statSync(other).size).toBe(expected.length);
  expect(readFileSync(other).equals(expected)).toBe(true);
});

it('says in one sentence what is wrong with a large file that is no capture', () => {
  const path = join(folder, 'no-capture.bin');
  writeFileSync(path, Buffer.alloc(33 << 20, 0x5a));
  const { status, stderr } = earshot('info', path);
  expect(status).toBe(3);
  expect(stderr).toMatch(/^earshot: [^\n]+\.\n$/);
});

it('takes words that cannot be the name of a file', () => {
  const filter = `sip.Call-ID == "${'a'.repeat(5000)}"`;
  for (const path of [SMALL, large]) {
    expect(earshot('packets', path, '--filter', filter)).toMatchObject({ status: 0, stderr: '' });
    expect(earshot('packets', '--filter', filter, path)).toMatchObject({ status: 0, stderr: '' });
  }
});

it('ends at once where nothing is read', () => {
  expect(earshot('help', 'info', large).status).toBe(2);
  expect(earshot('nonsense', large).status).toBe(2);
});
