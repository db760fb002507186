/** Every capture there is through every command: what the command promises holds for all of them. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../../cli/run.ts';
import { keep } from '../../cli/testing.ts';
import { capturesIn, FOREIGN_CAPTURES, OWN_CAPTURES } from './capture-files.ts';

const files = [OWN_CAPTURES, FOREIGN_CAPTURES].flatMap((folder) =>
  capturesIn(folder).map((name) => join(folder, name)),
);
/** Audio and copies of larger ones would take the time and show nothing new. */
const EXPORTED_BELOW_BYTES = 1_000_000;

let folder = '';
let unreadable: ReadonlySet<string> = new Set();
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-every-'));
  unreadable = new Set(files.filter((file) => !isCapture(file)));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** By the first octets alone: a whole pcap file header (24 octets), or the first fields of a section header block (12). */
function isCapture(file: string): boolean {
  let bytes = readFileSync(file);
  if (bytes.length > 1 && bytes.readUInt16BE(0) === 0x1f8b) bytes = gunzipSync(bytes);
  if (bytes.length < 12) return false;
  if (bytes.readUInt32BE(0) === 0x0a0d0d0a) return [0x1a2b3c4d, 0x4d3c2b1a].includes(bytes.readUInt32BE(8));
  // Microseconds, nanoseconds, Kuznetzov's, in either byte order.
  const magics = [0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34];
  return bytes.length >= 24 && (magics.includes(bytes.readUInt32BE(0)) || magics.includes(bytes.readUInt32LE(0)));
}

interface Ran {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function earshot(...args: string[]): Promise<Ran> {
  const [stdout, stderr] = [keep(), keep()];
  const exit = await run(args, {
    stdout: stdout.stream,
    stderr: stderr.stream,
    environment: {},
    signal: new AbortController().signal,
  });
  return { exit, stdout: stdout.chunks.join(''), stderr: stderr.chunks.join('') };
}

/** Everything but line feeds that a terminal may obey, and what turns the direction of text. */
// oxlint-disable-next-line no-control-regex -- these are what is looked for
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** What is wrong with an answer; nothing where all is as promised. */
function complaints({ exit, stdout, stderr }: Ran, isJson: boolean, exits: readonly number[]): string[] {
  const found: string[] = [];
  if (!exits.includes(exit)) found.push(`exit ${exit}`);
  if (exit !== 0 && stdout !== '') found.push('an answer beside a failure');
  if (/internal error|dissector.bug|dissector failed/.test(stdout + stderr)) found.push('an internal error');
  const sentences = stderr.split('\n').slice(0, -1);
  if (sentences.some((line) => !/^earshot: .+[.?]$/.test(line))) found.push('not a sentence');
  if (exit !== 0 && sentences.length !== 1) found.push(`${sentences.length} sentences for a failure`);
  if (CONTROL.test(stderr)) found.push('control characters on standard error');
  if (exit === 0 && isJson) found.push(...jsonComplaints(stdout));
  else if (CONTROL.test(stdout)) found.push('control characters');
  return found.map((what) => `${what}: ${stderr.slice(0, 200)}`);
}

function jsonComplaints(text: string): string[] {
  try {
    const { capture, warnings } = JSON.parse(text);
    return typeof capture === 'object' && Array.isArray(warnings) ? [] : ['no capture and warnings'];
  } catch {
    return ['not JSON'];
  }
}

/** A command line on `file`, and how it may end where the file can be read. */
const COMMANDS: readonly (readonly [string, (file: string) => string[], readonly number[]])[] = [
  ['info', (file) => ['info', file], [0]],
  ['packets', (file) => ['packets', file, '--limit', '300'], [0]],
  // Exit 1: an empty capture has no first packet, one without SIP no first call.
  ['packets --detail', (file) => ['packets', file, '--detail', '1'], [0, 1]],
  ['calls', (file) => ['calls', file, '--all'], [0]],
  ['flow', (file) => ['flow', file, '--call', 'c1'], [0, 1]],
  ['streams', (file) => ['streams', file], [0]],
  ['ice', (file) => ['ice', file], [0]],
  ['quality', (file) => ['quality', file], [0]],
  ['dtmf', (file) => ['dtmf', file], [0]],
  ['keys', (file) => ['keys', file], [0, 1]],
  ['wav', (file) => ['wav', file, '-o', join(folder, 'out.wav')], [0, 1]],
  ['split', (file) => ['split', file, '-d', join(folder, 'streams')], [0, 1]],
  ['decrypt', (file) => ['decrypt', file, '-o', join(folder, 'plain.pcapng')], [0, 1]],
];

it.each(COMMANDS)('%s', async (name, lineFor, exits) => {
  const wrong: string[] = [];
  const isExport = name === 'wav' || name === 'split' || name === 'decrypt';
  let done = 0;
  for (const file of files) {
    if (isExport && statSync(file).size > EXPORTED_BELOW_BYTES) continue;
    const expected = unreadable.has(file) ? [3] : exits;
    const plain = await earshot(...lineFor(file));
    const json = await earshot(...lineFor(file), '--json');
    const found = [...complaints(plain, false, expected), ...complaints(json, true, expected)];
    if (plain.exit !== json.exit) found.push(`exit ${plain.exit} without --json, ${json.exit} with it`);
    wrong.push(...found.map((what) => `${file}: ${what}`));
    if (plain.exit === 0) done++;
  }
  expect(wrong).toEqual([]);
  expect(done).toBeGreaterThan(20);
});
