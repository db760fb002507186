import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { Readable } from 'node:stream';
import { protocol, type Session } from 'electron';
import { contentPolicy } from '../desktop/content-policy.ts';
import { answerRange } from '../shared/byte-range.ts';
import type { EngineTap } from '../shared/engine-tap.ts';
import { APP_ORIGIN, APP_SCHEME } from './addresses.ts';
import { originOf } from './window-pipe.ts';

/** Octets of audio asked of the engine at once. */
const PIECE = 256 * 1024;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
};

/** To be called before the app is ready: makes the scheme a secure origin of its own. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ]);
}

/** Answers `earshot://app/…`: files of the bundle, and the audio of the engine at hand. */
export function serveApp(session: Session, bundle: string, engine: () => EngineTap | null): void {
  session.protocol.handle(APP_SCHEME, async (request) => {
    const { pathname } = new URL(request.url);
    if (originOf(request.url) !== APP_ORIGIN) return plain(404);
    if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405);
    const audio = /^\/audio\/([\w-]+)\.wav$/.exec(pathname);
    return audio === null ? fileAnswer(bundle, pathname) : audioAnswer(engine(), audio[1], request);
  });
}

/** A file of the bundle; whatever resolves to a place outside it is not found. */
async function fileAnswer(bundle: string, pathname: string): Promise<Response> {
  try {
    const root = await realpath(bundle);
    const file = await realpath(join(root, decodeURIComponent(pathname)));
    if (!file.startsWith(root + sep)) return plain(404);
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    return new Response(new Uint8Array(await readFile(file)), { headers: headersWith({ 'Content-Type': type }) });
  } catch {
    return plain(404);
  }
}

function audioAnswer(tap: EngineTap | null, id: string, request: Request): Response {
  const length = tap?.wavBytes(id) ?? null;
  if (tap === null || length === null) return plain(404);
  const answer = answerRange(length, request.headers.get('range'), request.headers.get('if-range'));
  const headers = headersWith({ ...answer.headers, 'Content-Type': 'audio/wav', 'Cache-Control': 'no-store' });
  if (request.method === 'HEAD' || answer.from === answer.to)
    return new Response(null, { status: answer.status, headers });
  const body = Readable.toWeb(Readable.from(pieces(tap, id, answer.from, answer.to))) as ReadableStream;
  return new Response(body, { status: answer.status, headers });
}

/** Asked for as the player takes them, so a seek leaves at most one piece unused. */
async function* pieces(tap: EngineTap, id: string, from: number, to: number): AsyncGenerator<Uint8Array> {
  for (let at = from; at < to; ) {
    const bytes = await tap.own.call('audio.wav', { id, at, length: Math.min(PIECE, to - at) });
    if (bytes.length === 0) return;
    yield bytes;
    at += bytes.length;
  }
}

function plain(status: number): Response {
  return new Response(null, { status, headers: headersWith({}) });
}

function headersWith(headers: Record<string, string>): Record<string, string> {
  return {
    ...headers,
    'Content-Security-Policy': contentPolicy(),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
  };
}
