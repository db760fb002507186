import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { WebSocketServer } from 'ws';
import type { Handlers } from '../shared/channel.ts';
import type { ShellApi } from '../shared/shell-api.ts';
import { Bundle } from '../desktop/bundle.ts';
import { securityHeaders } from './headers.ts';
import { serveAudio } from './serve-audio.ts';
import { serveExport } from './serve-export.ts';
import { Session } from './session.ts';
import { Windows } from './windows.ts';

export interface HostOptions {
  /** Of the window's bundle. */
  readonly rendererFolder: string;
  /** Script of the engine's thread. */
  readonly engineWorker: URL;
  /** Private; what is left in it when the host closes is the caller's to remove. */
  readonly temporaryFolder: string;
  readonly shell: Handlers<ShellApi>;
  /** A browser has brought its token and got its cookie. */
  readonly onBoot?: () => void;
  /** How many windows are open now. */
  readonly onCount?: (open: number) => void;
}

export interface Host {
  /** `http://127.0.0.1:41234` */
  readonly origin: string;
  /** Where the window's page is, for who has the cookie: `/0123…/`. */
  readonly path: string;
  /** Lets one browser in, once, for so long. */
  bootAddress(lifeMs: number): string;
  close(): Promise<void>;
}

/** The largest message a window may send: an exported picture, a piece of a dropped file. */
const MOST_MESSAGE_BYTES = 64 << 20;
const HOST = '127.0.0.1';

/** A page that goes on to the window. */
function bootPage(path: string): string {
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=${path}"><title>Earshot</title>`;
}

/** Listens on a random port of 127.0.0.1. Rejects with the system's error. */
export async function startHost(options: HostOptions): Promise<Host> {
  const session = new Session();
  const bundle = new Bundle(options.rendererFolder);
  const windows = new Windows(options.engineWorker, options.temporaryFolder, options.shell, options.onCount);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MOST_MESSAGE_BYTES,
    perMessageDeflate: false,
    clientTracking: false,
  });
  const server = createServer((request, response) => {
    answer(request, response).catch(() => refuse(response, 500));
  });
  server.on('upgrade', (request, socket, head) => {
    const status = statusOfUpgrade(request);
    if (status === 101) sockets.handleUpgrade(request, socket, head, (open) => windows.add(open));
    else refuseUpgrade(socket, status);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, HOST, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const authority = `${HOST}:${port}`;
  const origin = `http://${authority}`;
  const headers = securityHeaders(port);

  /** The rules of every request, in this order. */
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const { method, url = '' } = request;
    // A page of another name that was made to point here (DNS rebinding) sends its own name.
    if (request.headers.host !== authority) return refuse(response, 421);
    if (method !== 'GET' && method !== 'HEAD')
      return refuse(response, 405, { Allow: 'GET, HEAD', Connection: 'close' });
    const [pathname, query = ''] = splitOnce(url, '?');
    if (pathname === '/boot') return boot(method, query, response);
    // Browsers ask for it by themselves, where no cookie of ours is sent; there is none, and that is no fault.
    if (pathname === '/favicon.ico') return void response.writeHead(204).end();
    if (!session.isKnown(request.headers.cookie, port)) return refuse(response, 403);
    // Another server of this machine is the same site to a browser, which SameSite does not keep out.
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none') return refuse(response, 403);

    if (!pathname.startsWith(session.path)) return refuse(response, 404);
    const path = pathname.slice(session.path.length - 1);
    const [, kind, name] = /^\/(audio|export)\/([^/]*)$/.exec(path) ?? [];
    if (kind === 'audio') return audio(request, response, name);
    if (kind === 'export') return download(method, response, name);
    const file = bundle.find(path);
    if (file === null) return refuse(response, 404);
    response.writeHead(200, { 'Content-Type': file.type });
    if (method === 'HEAD') response.end();
    else await pipeline(createReadStream(file.path), response).catch(() => response.destroy());
  }

  function boot(method: string, query: string, response: ServerResponse): void {
    // HEAD would use up the token of the GET that follows it.
    if (method !== 'GET') return refuse(response, 405, { Allow: 'GET' });
    if (!session.redeem(new URLSearchParams(query).get('token') ?? '')) return refuse(response, 403);
    // 200 and a page that goes on: a redirect after a `file:` address would leave a Strict cookie behind.
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Set-Cookie': session.cookie(port) });
    response.end(bootPage(session.path));
    options.onBoot?.();
  }

  async function audio(request: IncomingMessage, response: ServerResponse, name: string): Promise<void> {
    const id = name.endsWith('.wav') ? name.slice(0, -'.wav'.length) : '';
    const at = windows.find(({ engine }) => engine.wavBytes(id));
    if (at === null) return refuse(response, 404);
    await serveAudio(request, response, at.window.engine, id, at.found).catch(() => refuse(response, 404));
  }

  async function download(method: string, response: ServerResponse, id: string): Promise<void> {
    if (method !== 'GET') return refuse(response, 405, { Allow: 'GET' });
    const at = windows.find(({ engine }) => engine.takeExport(id));
    if (at === null) return refuse(response, 404);
    await serveExport(response, at.window.temporaryFolder, at.found).catch(() => refuse(response, 404));
  }

  function statusOfUpgrade({ headers: sent, url, method }: IncomingMessage): number {
    if (sent.host !== authority) return 421;
    if (method !== 'GET') return 405;
    if (sent.origin !== origin || !session.isKnown(sent.cookie, port)) return 403;
    if (url !== `${session.path}channel`) return 404;
    return windows.isFull ? 503 : 101;
  }

  return {
    origin,
    path: session.path,
    bootAddress: (lifeMs) => `${origin}/boot?token=${session.newToken(lifeMs)}`,
    close: async () => {
      await windows.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function refuse(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers });
  response.end(`${STATUS_CODES[status]}\n`);
}

function refuseUpgrade(socket: Duplex, status: number): void {
  socket.on('error', () => {});
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
