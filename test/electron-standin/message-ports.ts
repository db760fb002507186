import { EventEmitter } from 'node:events';

/** One end of a MessageChannelMain. Messages wait until `start`, as in Electron. */
export class Port extends EventEmitter {
  other: Port | null = null;
  private isStarted = false;
  private isClosed = false;
  private readonly waiting: unknown[] = [];

  postMessage(message: unknown, transfer: readonly unknown[] = []): void {
    if (transfer.length > 0)
      throw new Error('the stand-in transfers nothing through ports: an ArrayBuffer would be lost');
    // Refuses what cannot be cloned, as Electron does.
    const copy = structuredClone(message);
    setImmediate(() => this.other?.take(copy));
  }

  start(): void {
    this.isStarted = true;
    for (const message of this.waiting.splice(0)) this.emit('message', { data: message, ports: [] });
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.emit('close');
    this.other?.close();
  }

  private take(message: unknown): void {
    if (this.isClosed) return;
    if (this.isStarted) this.emit('message', { data: message, ports: [] });
    else this.waiting.push(message);
  }
}

export class MessageChannelMain {
  readonly port1 = new Port();
  readonly port2 = new Port();

  constructor() {
    this.port1.other = this.port2;
    this.port2.other = this.port1;
  }
}
