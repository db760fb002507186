import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { WebSocket } from 'ws';
import { Channel, type Handlers, joinPipes, splitPipe } from '../shared/channel.ts';
import { type EngineTap, tapEngine } from '../shared/engine-tap.ts';
import type { ShellApi } from '../shared/shell-api.ts';
import { pipeToSocket } from './socket-pipe.ts';
import { pipeToWorker } from './worker-pipe.ts';

/** A browser's window: its socket, and the engine that works for it. */
export interface HostWindow {
  readonly engine: EngineTap;
  /** Where its engine puts what is to be downloaded; gone when the window is. */
  readonly temporaryFolder: string;
}

/** More windows than anybody opens: each has a thread. */
const MOST_WINDOWS = 16;

/** Every open window of the host. */
export class Windows {
  private readonly open = new Map<HostWindow, () => Promise<void>>();
  private readonly engineWorker: URL;
  private readonly temporaryFolder: string;
  private readonly shell: Handlers<ShellApi>;
  private readonly onCount: (open: number) => void;

  constructor(
    engineWorker: URL,
    temporaryFolder: string,
    shell: Handlers<ShellApi>,
    onCount: (open: number) => void = () => {},
  ) {
    this.engineWorker = engineWorker;
    this.temporaryFolder = temporaryFolder;
    this.shell = shell;
    this.onCount = onCount;
  }

  get isFull(): boolean {
    return this.open.size >= MOST_WINDOWS;
  }

  /** Starts an engine for a window; both end together. */
  add(socket: WebSocket): void {
    const temporaryFolder = mkdtempSync(join(this.temporaryFolder, 'window-'));
    const worker = new Worker(this.engineWorker, { workerData: { temporaryFolder } });
    worker.on('error', (error) => process.stderr.write(`earshot: the engine has stopped: ${error.message}\n`));
    // ws closes the socket itself after a fault of the protocol; without a listener the fault would end the host.
    socket.on('error', () => {});
    const { engine, shell } = splitPipe(pipeToSocket(socket), ['engine', 'shell']);
    const tap = tapEngine(pipeToWorker(worker));
    joinPipes(engine, tap.window);
    new Channel(shell).serve<ShellApi>(this.shell);

    const window: HostWindow = { engine: tap, temporaryFolder };
    const end = async (): Promise<void> => {
      if (!this.open.delete(window)) return;
      socket.terminate();
      await worker.terminate();
      await rm(temporaryFolder, { recursive: true, force: true }).catch(() => {});
      this.onCount(this.open.size);
    };
    this.open.set(window, end);
    this.onCount(this.open.size);
    socket.once('close', () => void end());
  }

  /** The first window that something is true of. */
  find<T>(what: (window: HostWindow) => T | null): { window: HostWindow; found: T } | null {
    for (const window of this.open.keys()) {
      const found = what(window);
      if (found !== null) return { window, found };
    }
    return null;
  }

  async close(): Promise<void> {
    await Promise.all([...this.open.values()].map((end) => end()));
  }
}
