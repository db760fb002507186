import { type BrowserWindow, ipcMain, type IpcMainEvent, MessageChannelMain } from 'electron';
import type { Pipe } from '../shared/channel.ts';
import { APP_ORIGIN } from './addresses.ts';
import { CONNECT, PORT } from './ipc-names.ts';

/**
 * Hands a port to the window's own page whenever it is loaded, and to nobody else: a frame inside it, or a page of
 * another origin, gets none. `onConnect` is called with the pipe of each load.
 */
export function listenForWindow(window: BrowserWindow, onConnect: (pipe: Pipe) => void): void {
  const listener = (event: IpcMainEvent): void => {
    if (!isOwnPage(event, window)) return;
    const { port1, port2 } = new MessageChannelMain();
    const pipe: Pipe = {
      post: (message) => port2.postMessage(message),
      onMessage: (take) => {
        const onMessage = ({ data }: { data: unknown }): void => take(data);
        port2.on('message', onMessage);
        port2.start();
        return () => port2.off('message', onMessage);
      },
      onClose: (take) => {
        port2.on('close', take);
        return () => port2.off('close', take);
      },
      close: () => port2.close(),
    };
    onConnect(pipe);
    event.senderFrame?.postMessage(PORT, null, [port1]);
  };
  ipcMain.on(CONNECT, listener);
  window.on('closed', () => ipcMain.off(CONNECT, listener));
}

/** Whether a message comes from the top frame of this window showing Earshot's own page. */
export function isOwnPage(event: Pick<IpcMainEvent, 'sender' | 'senderFrame'>, window: BrowserWindow): boolean {
  const frame = event.senderFrame;
  if (frame === null || event.sender !== window.webContents || frame !== window.webContents.mainFrame) return false;
  return originOf(frame.url) === APP_ORIGIN;
}

/** `earshot://app`; URL.origin is "null" for schemes of one's own. */
export function originOf(address: string): string {
  try {
    const { protocol, host } = new URL(address);
    return `${protocol}//${host}`;
  } catch {
    return '';
  }
}
