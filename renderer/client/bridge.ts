import type { Pipe } from '../../shared/channel.ts';
import { openSocketPipe } from './socket-pipe.ts';

/** What the preload script of Electron puts on the window. */
export interface EarshotBridge {
  post(message: unknown): void;
  /** Gives the unsubscribe function. */
  onMessage(listener: (message: unknown) => void): () => void;
  onClose(listener: () => void): () => void;
  /** Path of a file dropped on the window; '' where it has none. */
  pathOfFile(file: File): string;
}

declare global {
  interface Window {
    readonly earshotBridge?: EarshotBridge;
  }
}

/** The way to whatever holds the window: Electron's main process, or the loopback host's socket. */
export function openPipe(): Promise<Pipe> {
  const bridge = window.earshotBridge;
  if (bridge === undefined) return openSocketPipe();
  return Promise.resolve({
    post: (message) => bridge.post(message),
    onMessage: (listener) => bridge.onMessage(listener),
    onClose: (listener) => bridge.onClose(listener),
    close: () => {},
  });
}

/** Where a dropped file lies, or '' where only the window can read it. */
export function pathOfFile(file: File): string {
  return window.earshotBridge?.pathOfFile(file) ?? '';
}
