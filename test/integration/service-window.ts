/** A window without a screen: a channel to an engine in this process, over a pipe that copies what it carries. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MessagePort, MessageChannel } from 'node:worker_threads';
import { serveEngine } from '../../engine/service/serve.ts';
import { Channel, type Pipe } from '../../shared/channel.ts';
import type {
  EngineApi,
  EngineEvents,
  OpenResult,
  RowsPage,
  RowsQuery,
  TableRows,
  WindowApi,
} from '../../shared/engine-api.ts';

export type WindowChannel = Channel<EngineApi, EngineEvents>;

export interface TestWindow {
  readonly engine: WindowChannel;
  /** Opens a file by its path. */
  open(path: string): Promise<OpenResult>;
  /** A page, with the rows' type. */
  page<Name extends keyof TableRows>(
    table: Name,
    about?: Partial<RowsQuery> & { from?: number; count?: number },
  ): Promise<Omit<RowsPage, 'rows'> & { rows: TableRows[Name][] }>;
  close(): Promise<void>;
}

/** `dataFolder` is where what a person sets is kept; `blob` is what the window hands over when a blob is opened. */
export function openWindow(blob: Uint8Array = new Uint8Array(0), dataFolder?: string): TestWindow {
  const { port1, port2 } = new MessageChannel();
  const temporaryFolder = mkdtempSync(join(tmpdir(), 'earshot-window-'));
  const served = serveEngine(pipeOf(port2), {
    temporaryFolder,
    ...(dataFolder === undefined ? {} : { dataFolder }),
  });
  const engine: WindowChannel = new Channel(pipeOf(port1));
  engine.serve<WindowApi>({ 'blob.read': ({ offset, length }) => blob.slice(offset, offset + length) });
  return {
    engine,
    open: (path) => engine.call('capture.open', { source: { kind: 'path', path } }),
    page: async (table, { from = 0, count = 1000, ...query } = {}) => {
      const page = await engine.call('rows.page', { query: { table, filter: '', sort: null, ...query }, from, count });
      return page as Omit<RowsPage, 'rows'> & { rows: TableRows[typeof table][] };
    },
    close: async () => {
      await served.close();
      engine.close();
      rmSync(temporaryFolder, { recursive: true, force: true });
    },
  };
}

function pipeOf(port: MessagePort): Pipe {
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on('message', listener);
      return () => port.off('message', listener);
    },
    onClose: (listener) => {
      port.once('close', listener);
      return () => port.off('close', listener);
    },
    close: () => port.close(),
  };
}
