import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { WebSocket } from 'ws';
import { Kept } from '../../desktop/kept.ts';
import { type Host, startHost } from '../../host/server.ts';
import { shellHandlers } from '../../host/shell.ts';
import { type ConnectedWindow, connectWindow, enter, openSocket } from './connect-window.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface FakeHost {
  readonly host: Host;
  readonly folder: string;
  readonly cookie: string;
  /** Sends exactly this path below the session's own, and the session's cookie unless headers say otherwise. */
  get(path: string, headers?: Record<string, string>, method?: string): Promise<Answer>;
  /** Sends exactly this path. */
  send(path: string, headers?: Record<string, string>, method?: string): Promise<Answer>;
  openSocket(headers?: Record<string, string>, path?: string): WebSocket;
  /** A window that is connected. */
  connect(): Promise<ConnectedWindow>;
  close(): Promise<void>;
}

/** The host with an engine that is none and a bundle of three files, in a folder of its own. */
export async function startFakeHost(): Promise<FakeHost> {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-host-test-'));
  const bundle = join(folder, 'bundle');
  await build({
    entryPoints: [fileURLToPath(new URL('./fake-engine.ts', import.meta.url))],
    outfile: join(folder, 'fake-engine.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  put(bundle, 'index.html', '<!doctype html><title>Earshot</title>');
  put(bundle, 'assets/a b.js', 'export {};');
  put(bundle, 'notes.secret', 'a kind that is not served');
  put(folder, 'outside.js', 'not in the bundle');
  put(folder, 'temporary/keep', '');
  symlinkSync(join(folder, 'outside.js'), join(bundle, 'link.js'));
  symlinkSync(folder, join(bundle, 'up'));
  const host = await startHost({
    rendererFolder: bundle,
    engineWorker: pathToFileURL(join(folder, 'fake-engine.mjs')),
    temporaryFolder: join(folder, 'temporary'),
    shell: shellHandlers({
      version: '1.2.3',
      kept: new Kept(join(folder, 'config')),
      samplesFolder: fileURLToPath(new URL('../../resources/samples', import.meta.url)),
      queued: [{ kind: 'path', path: '/captures/first.pcap' }],
      showAddress: () => {},
    }),
  });
  const entry = await enter(host.bootAddress(10_000));
  const { cookie } = entry;

  function send(path: string, headers: Record<string, string>, method: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = new URL(host.origin);
      const request = httpRequest({ hostname, port, path, method, headers, agent: false }, (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) }),
        );
      });
      request.on('error', reject);
      request.end();
    });
  }

  return {
    host,
    folder,
    cookie,
    get: (path, headers = { Cookie: cookie }, method = 'GET') => send(host.path.slice(0, -1) + path, headers, method),
    send: (path, headers = { Cookie: cookie }, method = 'GET') => send(path, headers, method),
    openSocket: (headers, address) => openSocket(entry, headers, address),
    connect: () => connectWindow(entry),
    close: async () => {
      await host.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function put(folder: string, name: string, text: string): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
