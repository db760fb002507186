import { spawnSync } from 'node:child_process';
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type WavFormat, type WavSink, WavWriter } from './wav.ts';

const SAMPLES = Int16Array.of(1, -2, 32767, -32768, 256, -257);

/** A file in memory; without `patch` where `isPipe`. */
function memory(isPipe = false): { sink: WavSink; bytes: number[] } {
  const bytes: number[] = [];
  const patch = (at: number, part: Uint8Array): void => void bytes.splice(at, part.length, ...part);
  return { bytes, sink: { write: (part) => void bytes.push(...part), ...(isPipe ? {} : { patch }) } };
}

async function written(format: WavFormat, isPipe = false): Promise<{ bytes: number[]; headerIsTrue: boolean }> {
  const { sink, bytes } = memory(isPipe);
  const writer = new WavWriter(sink, format);
  await writer.write(SAMPLES.subarray(0, 4));
  await writer.write(SAMPLES.subarray(4));
  return { bytes, headerIsTrue: (await writer.finish()).headerIsTrue };
}

const ascii = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));
const DATA = [1, 0, 0xfe, 0xff, 0xff, 0x7f, 0, 0x80, 0, 1, 0xff, 0xfe];
// fmt: 16 octets, PCM, 2 channels, 8000 Hz, 32000 octets a second, 4 octets a frame, 16 bits.
const FMT = [...ascii('fmt '), 16, 0, 0, 0, 1, 0, 2, 0, 0x40, 0x1f, 0, 0, 0, 0x7d, 0, 0, 4, 0, 16, 0];

test('a known length gives the plain header of 44 octets at once', async () => {
  const { bytes, headerIsTrue } = await written({ sampleRate: 8000, channels: 2, frames: 3 }, true);
  expect(headerIsTrue).toBe(true);
  const riff = [...ascii('RIFF'), 48, 0, 0, 0, ...ascii('WAVE')];
  expect(bytes).toEqual([...riff, ...FMT, ...ascii('data'), 12, 0, 0, 0, ...DATA]);
});

test('an unknown length is patched at the end', async () => {
  const { bytes, headerIsTrue } = await written({ sampleRate: 8000, channels: 2 });
  expect(headerIsTrue).toBe(true);
  const riff = [...ascii('RIFF'), 84, 0, 0, 0, ...ascii('WAVE')];
  const junk = [...ascii('JUNK'), 28, 0, 0, 0, ...Array.from({ length: 28 }, () => 0)];
  expect(bytes).toEqual([...riff, ...junk, ...FMT, ...ascii('data'), 12, 0, 0, 0, ...DATA]);
});

test('a wrong announcement is put right where it can be', async () => {
  expect(await written({ sampleRate: 8000, channels: 2, frames: 99 })).toEqual(
    await written({ sampleRate: 8000, channels: 2, frames: 3 }),
  );
  expect((await written({ sampleRate: 8000, channels: 2, frames: 99 }, true)).headerIsTrue).toBe(false);
});

test('no samples make a file nonetheless', async () => {
  const { sink, bytes } = memory();
  expect(await new WavWriter(sink, { sampleRate: 8000, channels: 1 }).finish()).toEqual({
    frames: 0,
    headerIsTrue: true,
  });
  expect(bytes.length).toBe(80);
  expect(bytes.slice(76)).toEqual([0, 0, 0, 0]);
});

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;

describe.skipIf(!has('sox') || !has('ffprobe'))('as other programs read it (needs sox and ffprobe)', () => {
  let folder = '';
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'wav-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('both read the samples of a patched file and of a pipe', async () => {
    for (const isPipe of [false, true]) {
      const { bytes } = await written({ sampleRate: 8000, channels: 2 }, isPipe);
      const path = join(folder, `${isPipe}.wav`);
      const file = openSync(path, 'w');
      writeSync(file, Uint8Array.from(bytes));
      closeSync(file);
      const raw = ['-t', 'raw', '-e', 'signed', '-b', '16', '-L', '-'];
      expect([...spawnSync('sox', ['-V1', '--ignore-length', path, ...raw]).stdout]).toEqual(DATA);
      const pcm = ['-v', 'error', '-i', path, '-f', 's16le', '-'];
      expect([...spawnSync('ffmpeg', pcm).stdout]).toEqual(DATA);
    }
  });

  test('both read RF64 of more than 4 GiB', async () => {
    // A sparse file: only the header and the first samples are written.
    const frames = 0x5000_0000;
    const path = join(folder, 'long.wav');
    const file = openSync(path, 'w+');
    const beginning: number[] = [];
    const writer = new WavWriter(
      { write: (bytes) => void beginning.push(...bytes) },
      { sampleRate: 48000, channels: 2, frames },
    );
    await writer.write(SAMPLES);
    writeSync(file, Uint8Array.from(beginning));
    ftruncateSync(file, 80 + frames * 4);
    closeSync(file);
    const entries = 'stream=duration_ts,channels,sample_rate';
    const shown = spawnSync('ffprobe', ['-v', 'error', '-show_entries', entries, path], { encoding: 'utf8' }).stdout;
    expect(shown).toContain(`duration_ts=${frames}`);
    expect(shown).toContain('channels=2');
    expect(shown).toContain('sample_rate=48000');
    // sox looks for chunks behind the samples by reading all of them, a minute's work; from a pipe it does not.
    const toRaw = ['-V1', '-t', 'wav', '-', '-t', 'raw', '-e', 'signed', '-b', '16', '-L', '-'];
    expect([...spawnSync('sox', toRaw, { input: Uint8Array.from(beginning) }).stdout]).toEqual(DATA);
  });
});

test('a length unknown beforehand becomes RF64 once it is past 4 GiB', async () => {
  const header: number[] = [];
  let patched = new Uint8Array(0);
  const sink: WavSink = {
    write: (bytes) => void (header.length === 0 && header.push(...bytes)),
    patch: (_, bytes) => void (patched = Uint8Array.from(bytes)),
  };
  const writer = new WavWriter(sink, { sampleRate: 8000, channels: 1 });
  const block = new Int16Array(1 << 24);
  for (let i = 0; i < 129; i++) await writer.write(block);
  expect(await writer.finish()).toEqual({ frames: 129 * (1 << 24), headerIsTrue: true });
  expect(header.length).toBe(80);
  const view = new DataView(patched.buffer);
  expect([...patched.subarray(0, 4)]).toEqual(ascii('RF64'));
  expect([...patched.subarray(12, 16)]).toEqual(ascii('ds64'));
  expect(view.getUint32(4, true)).toBe(0xffffffff);
  expect(view.getBigUint64(20, true)).toBe(129n * 2n ** 25n + 72n);
  expect(view.getBigUint64(28, true)).toBe(129n * 2n ** 25n);
  expect(view.getBigUint64(36, true)).toBe(129n * 2n ** 24n);
  expect(view.getUint32(76, true)).toBe(0xffffffff);
});
