import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { protocol, type Session } from 'electron';
import { Bundle } from '../desktop/bundle.ts';
import { contentPolicy } from '../desktop/content-policy.ts';
import { answerRange } from '../shared/byte-range.ts';
import type { EngineTap } from '../shared/engine-tap.ts';
import { APP_ORIGIN, APP_SCHEME } from './addresses.ts';
import { originOf } from './window-pipe.ts';

/** Octets of audio asked of the engine at once. */
const PIECE = 256 * 1024;

/** To be called before the app is ready: makes the scheme a secure origin of its own. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ]);
}

/** Answers `earshot://app/…`: files of the bundle, and the audio of the engine at hand. */
export function serveApp(session: Session, folder: string, engine: () => EngineTap | null): void {
  const bundle = new Bundle(folder);
  session.protocol.handle(APP_SCHEME, async (request) => {
    const { pathname } = new URL(request.url);
    if (originOf(request.url) !== APP_ORIGIN) return plain(404);
    if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405);
    const audio = /^\/audio\/([\w-]+)\.wav$/.exec(pathname);
    return audio === null ? fileAnswer(bundle, pathname) : audioAnswer(engine(), audio[1], request);
  });
}

async function fileAnswer(bundle: Bundle, pathname: string): Promise<Response> {
  const file = bundle.find(pathname);
  if (file === null) return plain(404);
  return new Response(new Uint8Array(await readFile(file.path)), {
    headers: headersWith({ 'Content-Type': file.type }),
  });
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
