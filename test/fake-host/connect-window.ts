import { WebSocket } from 'ws';
import { Channel, type Pipe, splitPipe } from '../../shared/channel.ts';
import { decodeMessage, encodeMessage } from '../../shared/codec.ts';
import type { EngineApi, EngineEvents } from '../../shared/engine-api.ts';
import type { ShellApi, ShellEvents } from '../../shared/shell-api.ts';

/** What a browser has of a session once it was let in. */
export interface Entry {
  readonly origin: string;
  /** Path of the window's page: `/0123…/`. */
  readonly path: string;
  /** As a `Cookie` header has it. */
  readonly cookie: string;
}

export interface ConnectedWindow {
  readonly socket: WebSocket;
  readonly engine: Channel<EngineApi, EngineEvents>;
  readonly shell: Channel<ShellApi, ShellEvents>;
}

/** Uses up the token of a boot address, as a browser does. */
export async function enter(bootAddress: string): Promise<Entry> {
  const answer = await fetch(bootAddress);
  const path = /url=(\/[0-9a-f]+\/)"/.exec(await answer.text())?.[1];
  const cookie = answer.headers.get('set-cookie')?.split(';')[0];
  if (path === undefined || cookie === undefined) throw new Error(`The host did not let us in: ${answer.status}`);
  return { origin: new URL(bootAddress).origin, path, cookie };
}

/** A socket to the host; headers may be set otherwise. */
export function openSocket(
  { origin, path, cookie }: Entry,
  headers: Record<string, string> = {},
  address = `${path}channel`,
): WebSocket {
  return new WebSocket(origin.replace('http', 'ws') + address, {
    headers: { Origin: origin, Cookie: cookie, ...headers },
  });
}

/** A window as the page is one, without a browser. */
export async function connectWindow(entry: Entry): Promise<ConnectedWindow> {
  const socket = openSocket(entry);
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const { engine, shell } = splitPipe(clientPipe(socket), ['engine', 'shell']);
  return { socket, engine: new Channel(engine), shell: new Channel(shell) };
}

function clientPipe(socket: WebSocket): Pipe {
  return {
    post: (message) => socket.send(encodeMessage(message)),
    onMessage: (listener) => {
      const hear = (data: Buffer): void => listener(decodeMessage(data));
      socket.on('message', hear);
      return () => socket.off('message', hear);
    },
    onClose: (listener) => {
      socket.once('close', listener);
      return () => socket.off('close', listener);
    },
    close: () => socket.close(),
  };
}
