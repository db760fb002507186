import type { WebSocket } from 'ws';
import type { Pipe } from '../shared/channel.ts';
import { decodeMessage, encodeMessage } from '../shared/codec.ts';

/** Close codes of RFC 6455 section 7.4.1. */
const UNSUPPORTED = 1003;
const INVALID = 1007;
const FAILED = 1011;

/** The pipe to a window. What is no message ends it, and nothing else. */
export function pipeToSocket(socket: WebSocket): Pipe {
  socket.binaryType = 'nodebuffer';
  return {
    post: (message) => {
      if (socket.readyState === socket.OPEN) socket.send(encodeMessage(message));
    },
    onMessage: (listener) => {
      const hear = (data: unknown, isBinary: boolean): void => {
        if (!isBinary) return socket.close(UNSUPPORTED);
        let message: unknown;
        try {
          message = decodeMessage(data as Buffer);
        } catch {
          return socket.close(INVALID);
        }
        listener(message);
      };
      socket.on('message', hear);
      return () => socket.off('message', hear);
    },
    onClose: (listener) => {
      socket.once('close', listener);
      return () => socket.off('close', listener);
    },
    close: () => socket.close(FAILED),
  };
}
