import type { Pipe } from '../../shared/channel.ts';
import { decodeMessage, encodeMessage } from '../../shared/codec.ts';

/** Connects to the loopback host the page came from; rejects where it is gone. */
export function openSocketPipe(): Promise<Pipe> {
  // Beside the page: everything of a session lies below a path of its own.
  const address = new URL('channel', location.href);
  address.protocol = 'ws:';
  const socket = new WebSocket(address);
  socket.binaryType = 'arraybuffer';
  const listeners = new Set<(message: unknown) => void>();
  const closers = new Set<() => void>();
  // The host may speak before anybody listens.
  const early: unknown[] = [];
  socket.addEventListener('message', ({ data }) => {
    const message = data instanceof ArrayBuffer ? decodeOrNull(data) : null;
    // The two sides do not speak the same language: going on would only hang.
    if (message === null) return socket.close();
    if (listeners.size === 0) early.push(message);
    for (const listener of listeners) listener(message);
  });
  socket.addEventListener('close', () => {
    for (const closer of closers) closer();
    closers.clear();
  });
  const pipe: Pipe = {
    post: (message) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(encodeMessage(message));
    },
    onMessage: (listener) => {
      listeners.add(listener);
      for (const message of early.splice(0)) listener(message);
      return () => listeners.delete(listener);
    },
    onClose: (listener) => {
      closers.add(listener);
      return () => closers.delete(listener);
    },
    close: () => socket.close(),
  };
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(pipe));
    socket.addEventListener('error', () => reject(new Error('The engine cannot be reached: start Earshot again.')));
  });
}

function decodeOrNull(data: ArrayBuffer): unknown {
  try {
    return decodeMessage(new Uint8Array(data));
  } catch {
    return null;
  }
}
