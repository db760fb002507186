import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { builtIns } from '../../dissectors/index.ts';
import type { Exported, ExportRequest } from '../../shared/engine-api.ts';
import type { Capture } from '../capture.ts';
import { captureOf, rtpPacket, type TestDatagram } from '../pass/test-capture.ts';
import { exportHandlers } from './export-handlers.ts';

const PACKETS = 400;

/** A stream of G.711 without signalling; the octets of packet `i` are all `i & 0x7f`. */
function streamOf(sequences: readonly number[], ssrc: number, port: number): TestDatagram[] {
  return sequences.map((sequence, i) => ({
    at: i * 0.02,
    from: `10.0.0.1:${port}`,
    to: `10.0.0.2:${port}`,
    payload: rtpPacket({
      ssrc,
      sequence,
      timestamp: i * 160,
      payloadType: 0,
      payload: new Uint8Array(160).fill(i & 0x7f),
    }),
  }));
}

let folder = '';
let capture: Capture;

beforeAll(async () => {
  const count = Array.from({ length: PACKETS }, (_, i) => i);
  capture = await captureOf(
    [
      ...streamOf(
        count.map((i) => 1000 + i),
        0xaaaa,
        7000,
      ),
      // Begins anew after 100 packets.
      ...streamOf(
        count.map((i) => (i < 100 ? 200 : 40_000) + i),
        0xbbbb,
        7002,
      ),
    ].toSorted((a, b) => a.at - b.at),
    builtIns,
  );
});

const made: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-export-'));
  made.push(folder);
});

afterAll(() => Promise.all(made.map((path) => rm(path, { recursive: true, force: true }))));

// What comes over the channel need not be what the types say.
async function write(request: unknown, path: unknown, signal = new AbortController().signal): Promise<Exported> {
  const holder = { capture: () => capture, dissectors: builtIns, path: null };
  return exportHandlers(holder, { temporaryFolder: folder })['export.write'](
    { request: request as ExportRequest, path: path as string | null },
    { signal, progress: () => {} },
  );
}

const WAV = { kind: 'wav', selection: { streams: ['s1'] }, range: null };
const EACH = [
  WAV,
  { kind: 'raw', stream: 's1' },
  { kind: 'pcap', call: null, filter: 'rtp' },
  { kind: 'text', name: 'x.txt', text: 'x' },
  { kind: 'bytes', name: 'x.bin', bytes: Uint8Array.of(1) },
];

describe.each(EACH)('$kind', (request) => {
  test('without a path: a private file in the folder for such', async () => {
    const { path, id, bytes } = await write(request, null);
    expect(path).toBe(join(folder, id));
    expect(await readdir(folder)).toEqual([id]);
    const about = await stat(path);
    expect(about.size).toBe(bytes);
    if (process.platform !== 'win32') expect(about.mode & 0o777).toBe(0o600);
  });

  test('cancelled before it began, or at any time while it is written: nothing is left', async () => {
    await expect(write(request, join(folder, 'x'), AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    await expect(write(request, null, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    for (const turns of [0, 1, 2, 4, 8, 16, 32]) {
      const abort = new AbortController();
      const writing = write(request, null, abort.signal).then(
        ({ path }) => rm(path),
        (error: unknown) => expect(error).toMatchObject({ name: 'AbortError' }),
      );
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      abort.abort();
      await writing;
    }
    expect(await readdir(folder)).toEqual([]);
  });

  test('to a place that cannot be: a code and a sentence, and nothing is left', async () => {
    const places: [unknown, string][] = [
      [`${folder}/a\0b`, 'bad-request'],
      [`${folder}/${'x'.repeat(300)}`, 'ENAMETOOLONG'],
      [`${folder}/${'ü'.repeat(200)}`, 'ENAMETOOLONG'],
      [`${folder}/no/such`, 'ENOENT'],
      [folder, 'EISDIR'],
      ['../x', 'bad-request'],
      ['', 'bad-request'],
      ['-', 'bad-request'],
      [undefined, 'bad-request'],
      [7, 'bad-request'],
    ];
    for (const [path, code] of places) {
      const error: unknown = await write(request, path).catch((fault: unknown) => fault);
      expect(error).toMatchObject({ code });
      expect((error as Error).message).toMatch(/^[^\0]*\.$/);
    }
    expect(await readdir(folder)).toEqual([]);
  });
});

test.each([
  null,
  undefined,
  {},
  { kind: 'exe' },
  { kind: '__proto__' },
  { kind: 'wav' },
  { ...WAV, selection: null },
  { ...WAV, selection: { streams: 's1' } },
  { ...WAV, selection: { calls: [7] } },
  { ...WAV, selection: { calls: Array.from({ length: 1e5 }, () => 'c1') } },
  { ...WAV, range: undefined },
  { ...WAV, range: {} },
  { ...WAV, range: { from: Number.NaN, to: 1 } },
  { ...WAV, range: { from: 0, to: Number.POSITIVE_INFINITY } },
  { kind: 'raw' },
  { kind: 'pcap', call: null },
  { kind: 'pcap', call: {}, filter: '' },
  { kind: 'text', name: 'x' },
  { kind: 'bytes', name: 'x', bytes: [1, 2] },
])('request %$ that is none is refused', async (request) => {
  await expect(write(request, null)).rejects.toMatchObject({ name: 'CodedError', code: 'bad-request' });
  expect(await readdir(folder)).toEqual([]);
});

test.each<[unknown, string]>([
  [{ ...WAV, selection: {} }, 'nothing-to-export'],
  [{ ...WAV, selection: { calls: ['c99'] } }, 'nothing-to-export'],
  [{ ...WAV, range: { from: 5, to: 5 } }, 'nothing-to-export'],
  [{ ...WAV, range: { from: 6, to: 5 } }, 'nothing-to-export'],
  [{ ...WAV, range: { from: 1e6, to: 1e7 } }, 'nothing-to-export'],
  [{ ...WAV, range: { from: -5, to: -1 } }, 'nothing-to-export'],
  [{ kind: 'raw', stream: 's-1' }, 'not-found'],
  [{ kind: 'raw', stream: '' }, 'not-found'],
  [{ kind: 'pcap', call: 'c0', filter: '' }, 'not-found'],
  [{ kind: 'pcap', call: null, filter: '(' }, 'bad-filter'],
  [{ kind: 'pcap', call: null, filter: 'sip' }, 'nothing-to-export'],
])('%j: %s', async (request, code) => {
  await expect(write(request, null)).rejects.toMatchObject({ code });
  expect(await readdir(folder)).toEqual([]);
});

test('a part that reaches beyond the audio ends with it', async () => {
  // 8 s of 8 kHz, 16 bits, after 44 octets.
  expect((await write(WAV, null)).bytes).toBe(44 + PACKETS * 160 * 2);
  expect((await write({ ...WAV, range: { from: -3, to: 1 } }, null)).bytes).toBe(44 + 16_000);
  expect((await write({ ...WAV, range: { from: 7.5, to: 1e9 } }, null)).bytes).toBe(44 + 8000);
});

test('the raw payload of a stream that began anew lacks no packet', async () => {
  const { streams } = capture.streams;
  const stream = streams.find(({ ssrc }) => ssrc === 0xbbbb);
  const { path } = await write({ kind: 'raw', stream: `s${(stream?.index ?? 0) + 1}` }, null);
  const octets = await readFile(path);
  const first = Array.from({ length: octets.length / 160 }, (_, i) => octets[i * 160]);
  expect(first).toEqual(Array.from({ length: PACKETS }, (_, i) => i & 0x7f));
});

test('given up when it was just written: the private file goes, for nobody learns where it lies', async () => {
  const abort = new AbortController();
  let looks = 0;
  const request = {
    kind: 'text',
    name: 'x',
    get text() {
      // Looked at when it is checked, and again when the file is open.
      if (++looks === 2) abort.abort();
      return 'x';
    },
  };
  await expect(write(request, null, abort.signal)).rejects.toMatchObject({ name: 'AbortError' });
  expect(looks).toBe(2);
  expect(await readdir(folder)).toEqual([]);
});

test('what stood there stays where an export fails', async () => {
  const path = join(folder, 'kept.txt');
  await write({ kind: 'text', name: 'x', text: 'before' }, path);
  await expect(write({ kind: 'pcap', call: null, filter: 'sip' }, path)).rejects.toMatchObject({
    code: 'nothing-to-export',
  });
  expect(await readFile(path, 'utf8')).toBe('before');
  expect(await readdir(folder)).toEqual(['kept.txt']);
});
