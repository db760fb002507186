/** The programs these tests compare with: tshark reads the packets, sox decodes payloads and reads WAV files back. */
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll } from 'vitest';
import { builtIns } from '../../../dissectors/index.ts';
import type { Capture } from '../../../engine/capture.ts';
import { readCapture } from '../../../engine/engine.ts';
import { openSource } from '../../../engine/sources/open-source.ts';

const run = promisify(execFile);
const captures = fileURLToPath(new URL('../../captures/', import.meta.url));

/** Where a recorded capture of the project lies. */
export function capturePath(name: string): string {
  return join(captures, name);
}

/** The third-party captures; they are not part of the project and may be missing. */
export const thirdParty = fileURLToPath(new URL('../../../../shared/captures/', import.meta.url));

async function isInstalled(program: string, argument: string): Promise<boolean> {
  return run(program, [argument]).then(
    () => true,
    (fault: { code?: unknown }) => fault.code !== 'ENOENT',
  );
}

/** Says once what is missing; the tests that need it are skipped. */
export async function areInstalled(...programs: readonly (readonly [string, string])[]): Promise<boolean> {
  const found = await Promise.all(programs.map(([program, argument]) => isInstalled(program, argument)));
  const missing = programs.filter((_, i) => !found[i]).map(([program]) => program);
  if (missing.length > 0) console.warn(`skipped: ${missing.join(' and ')} not installed`);
  return missing.length === 0;
}

/** A folder that is removed when the tests of the file are done. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'earshot-audio-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Reads a capture, gives it to `use`, and closes it. A dissector that throws fails the test. */
export async function withCapture<T>(path: string, use: (capture: Capture) => Promise<T> | T): Promise<T> {
  const source = await openSource(path);
  try {
    return await use(await readCapture(source, { dissectors: builtIns, fence: false }));
  } finally {
    await source.close();
  }
}

/** What a program writes to standard output when given `input`; rejects with its words where it fails. */
export function output(
  program: string,
  args: readonly string[],
  input: Uint8Array = new Uint8Array(0),
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args);
    const out: Buffer[] = [];
    let words = '';
    child.stdout.on('data', (part: Buffer) => out.push(part));
    child.stderr.on('data', (part: Buffer) => {
      words += part.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => {
      // tshark ends with an error at a capture that was cut off, after printing what is in it.
      if (code === 0 || words.includes('cut short in the middle of a packet')) resolve(Buffer.concat(out));
      else reject(new Error(`${program} ${args.join(' ')}: ${words}`));
    });
    // A program that ends before it has read everything is judged by its exit code.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** The fields of every packet that passes `filter`, as tshark prints them; only the first value of each field. */
export async function tsharkFields(
  path: string,
  filter: string,
  fields: readonly string[],
  more: readonly string[] = [],
): Promise<string[][]> {
  const args = ['-n', '-r', path, ...more, '-Y', filter, '-T', 'fields', '-E', 'occurrence=f'];
  const text = await output('tshark', [...args, ...fields.flatMap((field) => ['-e', field])]);
  return text
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
}

/** 16-bit samples from octets in the order of this machine. */
export function samplesOf(octets: Buffer): Int16Array {
  return new Int16Array(octets.buffer.slice(octets.byteOffset, octets.byteOffset + (octets.length & ~1)));
}

/** How sox is told what raw octets are. */
export const SOX_RAW = {
  PCMU: (rate: number) => ['-t', 'ul', '-r', `${rate}`, '-c', '1'],
  PCMA: (rate: number) => ['-t', 'al', '-r', `${rate}`, '-c', '1'],
  L16: (rate: number) => ['-t', 'raw', '-e', 'signed', '-b', '16', '-B', '-r', `${rate}`, '-c', '1'],
} as const;

/** Decodes octets of a codec with sox. */
export async function soxDecode(codec: keyof typeof SOX_RAW, rate: number, octets: Uint8Array): Promise<Int16Array> {
  if (octets.length === 0) return new Int16Array(0);
  const raw = ['-t', 'raw', '-e', 'signed', '-b', '16', '-'];
  return samplesOf(await output('sox', ['-D', ...SOX_RAW[codec](rate), '-', ...raw], octets));
}

/** A WAV file as sox reads it: rate, and the samples of each channel. AU is a header of six big-endian words. */
export async function soxReadWav(path: string): Promise<{ sampleRate: number; channels: Int16Array[] }> {
  const au = await output('sox', ['-D', path, '-t', 'au', '-e', 'signed', '-b', '16', '-']);
  const [headerBytes, sampleRate, count] = [au.readUInt32BE(4), au.readUInt32BE(16), au.readUInt32BE(20)];
  const all = samplesOf(Buffer.from(au.subarray(headerBytes)).swap16());
  const channels = Array.from({ length: count }, (_, channel) => all.filter((_sample, i) => i % count === channel));
  return { sampleRate, channels };
}
