/**
 * Entry of the thread that decodes files of frames: FFmpeg and the reference decoder of SILK, both as WebAssembly, which lie beside this
 * file when it is built. A thread of its own, because a file takes a while; and what a payload can break is here and can be ended.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import type { DecodedFile, FrameFile } from '../../media/codecs/frame-files.ts';
import type { DecodeAnswer, DecodeRequest } from './messages.ts';

/** The part of the package @ffmpeg/core that is used. */
interface FfmpegCore {
  readonly FS: {
    writeFile(path: string, bytes: Uint8Array): void;
    readFile(path: string): Uint8Array;
    unlink(path: string): void;
  };
  /** Gives FFmpeg's exit code. */
  exec(...args: string[]): number;
  reset(): void;
  setLogger(logger: (line: { message: string }) => void): void;
}

type CreateFfmpeg = (options: { wasmBinary: Uint8Array }) => Promise<FfmpegCore>;

interface Silk {
  decode(file: Uint8Array, sampleRate: number): Promise<{ data: Uint8Array }>;
}

/** Runs after which FFmpeg is loaded anew: it does not give back all it takes. */
const MOST_RUNS = 200;
const DECODERS: Partial<Record<FrameFile['format'], string>> = { ogg: 'speex' };

const QUIETLY = ['-nostdin', '-loglevel', 'quiet', '-threads', '1', '-protocol_whitelist', 'file'];

const port = parentPort;
if (port === null) throw new Error('files of frames are decoded in a thread');
let ffmpeg: FfmpegCore | null = null;
let runs = 0;

let last: Promise<void> = Promise.resolve();
port.on('message', (request: DecodeRequest) => {
  last = last.then(() => answer(request));
});

async function answer({ id, file }: DecodeRequest): Promise<void> {
  let said: DecodeAnswer;
  try {
    said = { id, decoded: file.format === 'silk' ? await decodeSilk(file) : await decodeByFfmpeg(file) };
  } catch (error) {
    ffmpeg = null;
    said = { id, error: error instanceof Error ? error.message : String(error), isBroken: true };
  }
  const moved = 'decoded' in said ? [said.decoded.samples.buffer, said.decoded.parts.buffer] : [];
  port?.postMessage(said, moved as ArrayBuffer[]);
}

async function decodeByFfmpeg({ format, bytes }: FrameFile): Promise<DecodedFile> {
  if (ffmpeg === null || ++runs > MOST_RUNS) {
    ffmpeg = await loadFfmpeg();
    runs = 0;
  }
  const { FS } = ffmpeg;
  const decoder = DECODERS[format];
  FS.writeFile('in', bytes);
  ffmpeg.reset();
  const input = ['-f', format, ...(decoder === undefined ? [] : ['-c:a', decoder]), '-i', 'in'];
  const output = ['-ac', '1', '-f', 's16le', 'out', '-ac', '1', '-f', 'framecrc', 'parts'];
  const code = ffmpeg.exec(...QUIETLY, ...input, ...output);
  if (code !== 0) {
    // It could make nothing of the file: not a fault that stays.
    if (code > 0) return { samples: new Int16Array(0), parts: new Uint32Array(0) };
    throw new Error(`FFmpeg ended with ${code}`);
  }
  const out = FS.readFile('out');
  const parts = partsOf(new TextDecoder().decode(FS.readFile('parts')));
  for (const name of ['in', 'out', 'parts']) FS.unlink(name);
  return { samples: samplesOf(out), parts };
}

/** Where each part of the samples belongs: a line has the stream, two timestamps in samples, the duration, and more. */
function partsOf(text: string): Uint32Array {
  const parts: number[] = [];
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, , at, , octets] = line.split(',').map(Number);
    parts.push(Math.max(0, at), octets / 2);
  }
  return Uint32Array.from(parts);
}

async function decodeSilk({ bytes, sampleRate }: FrameFile): Promise<DecodedFile> {
  const silk = load('silk.cjs') as Silk;
  const samples = samplesOf((await silk.decode(bytes, sampleRate)).data);
  return { samples, parts: Uint32Array.of(0, samples.length) };
}

/** Octets as samples, in memory of their own. */
function samplesOf(octets: Uint8Array): Int16Array {
  const copy = octets.slice(0, octets.length & ~1);
  return new Int16Array(copy.buffer, 0, copy.length / 2);
}

async function loadFfmpeg(): Promise<FfmpegCore> {
  // It is made for a browser's worker and asks where that lies.
  Object.assign(globalThis, { self: { location: { href: '' } } });
  const create = load('ffmpeg-core.cjs') as CreateFfmpeg;
  const core = await create({ wasmBinary: readFileSync(join(__dirname, 'ffmpeg-core.wasm')) });
  core.setLogger(() => {});
  return core;
}

function load(name: string): unknown {
  // As CommonJS, which this file is built to; the decoders are loaded when they are needed, and not bundled.
  // oxlint-disable-next-line typescript/no-require-imports
  return require(join(__dirname, name));
}
