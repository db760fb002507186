/**
 * The window's one way out: messages to the main process and back, and the path of a dropped file. Runs sandboxed, so it
 * may use little but `electron` itself, and keeps nothing of what passes.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { CONNECT, PORT } from './ipc-names.ts';

const listeners = new Set<(message: unknown) => void>();
const closers = new Set<() => void>();
// Either side may speak before the other is ready.
const early: unknown[] = [];
const waiting: unknown[] = [];
let port: MessagePort | null = null;

ipcRenderer.on(PORT, (event) => {
  port = event.ports[0] ?? null;
  if (port === null) return;
  port.onmessage = ({ data }: MessageEvent) => {
    if (listeners.size === 0) early.push(data);
    for (const listener of listeners) listener(data);
  };
  // Main closes its end when the engine is gone.
  port.addEventListener('close', () => {
    for (const closer of closers) closer();
  });
  for (const message of waiting.splice(0)) port.postMessage(message);
});
ipcRenderer.send(CONNECT);

contextBridge.exposeInMainWorld('earshotBridge', {
  post: (message: unknown) => {
    if (port === null) waiting.push(message);
    else port.postMessage(message);
  },
  onMessage: (listener: (message: unknown) => void) => {
    listeners.add(listener);
    for (const message of early.splice(0)) listener(message);
    return () => listeners.delete(listener);
  },
  onClose: (listener: () => void) => {
    closers.add(listener);
    return () => closers.delete(listener);
  },
  pathOfFile: (file: File) => webUtils.getPathForFile(file),
});
