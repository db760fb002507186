import { EventEmitter } from 'node:events';
import { Worker } from 'node:worker_threads';

/** `process.parentPort` as a utility process has it, over the worker's own port. */
const BEFORE = `
const { parentPort, workerData } = require('node:worker_threads');
const wrapped = new Map();
process.parentPort = {
  postMessage: (message) => parentPort.postMessage(message),
  on: (name, listener) => {
    const take = (data) => listener({ data, ports: [] });
    wrapped.set(listener, take);
    parentPort.on(name, take);
  },
  off: (name, listener) => parentPort.off(name, wrapped.get(listener)),
};
require(workerData);
`;

export class UtilityProcess extends EventEmitter {
  private readonly worker: Worker;

  constructor(file: string, args: readonly string[]) {
    super();
    this.worker = new Worker(BEFORE, { eval: true, argv: [...args], workerData: file });
    this.worker.on('message', (message) => this.emit('message', message));
    this.worker.on('error', (error) => this.emit('error', error));
    this.worker.on('exit', (code) => this.emit('exit', code));
  }

  postMessage(message: unknown): void {
    this.worker.postMessage(message);
  }

  kill(): boolean {
    void this.worker.terminate();
    return true;
  }
}
