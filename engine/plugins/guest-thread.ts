import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import runtime from 'bundled:./guest/main.ts';
import { awaitBell, Bell, type ToHost, type ToThread } from './thread/protocol.ts';

/** A sandbox is stopped at its deadline from inside; where that does not help, its thread is ended this much later. */
const GRACE_MS = 3000;
const START_MS = 20_000;

export type Reply = Extract<ToHost, { kind: 'done' | 'fault' }>;

/**
 * A plugin's sandbox in a thread of its own. The engine in it looks at the clock at every turn of the plugin's loops, but
 * not in loops of its own (`new Array(4e9).indexOf(1)`), nor does it survive every way to use up its stack: then the
 * thread is ended. While a packet is dissected the host waits for it.
 */
export class GuestThread {
  private readonly worker: Worker;
  private readonly port: MessagePort;
  private readonly bells: Int32Array;
  private isOver = false;

  /** Starts a thread with an empty sandbox. Rejects where none can be had. */
  static async start(): Promise<GuestThread> {
    // A megabyte, which only who has plugins waits for.
    const { default: threadScript } = await import('bundled:./thread/main.ts');
    const bells = new Int32Array(new SharedArrayBuffer(8));
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(threadScript, {
      eval: true,
      workerData: { port: port2, bells },
      transferList: [port2],
      env: {},
      execArgv: [],
      argv: [],
    });
    const thread = new GuestThread(worker, port1, bells);
    const ready = await thread.message(START_MS);
    if (ready.kind === 'ready') return thread;
    thread.close();
    throw new Error('The sandbox of a plugin could not be started.');
  }

  private constructor(worker: Worker, port: MessagePort, bells: Int32Array) {
    this.worker = worker;
    this.port = port;
    this.bells = bells;
    worker.unref();
    // Told by what is waited for; without a listener it would end the process.
    worker.on('error', () => (this.isOver = true));
    worker.on('exit', () => (this.isOver = true));
  }

  /** Evaluates a plugin's compiled code. */
  load(code: string, deadlineMs: number): Promise<Reply> {
    return this.converse({ kind: 'load', runtime, code, deadlineMs }, deadlineMs, noAnswers);
  }

  /** Has the sandbox do something, and waits for it without letting anything else run. */
  enter(name: string, input: string, octets: Uint8Array | null, deadlineMs: number): Reply {
    if (this.isOver) return OVER;
    this.post({ kind: 'enter', name, input, octets, deadlineMs });
    const end = performance.now() + deadlineMs + GRACE_MS;
    for (;;) {
      const seen = Atomics.load(this.bells, Bell.toHost);
      const received = receiveMessageOnPort(this.port);
      if (received === undefined) {
        const left = end - performance.now();
        if (left <= 0) return this.giveUp(deadlineMs);
        awaitBell(this.bells, Bell.toHost, seen, left);
        continue;
      }
      const message = received.message as ToHost;
      if (message.kind === 'done' || message.kind === 'fault') return this.concluded(message);
      this.post({ kind: 'answer', text: '{"error":"only checks and exports may ask for the capture"}' });
    }
  }

  /** As `enter`, while others run; `answer` gives what the sandbox asks for meanwhile. Where it rejects, all ends. */
  ask(name: string, input: string, deadlineMs: number, answer: (question: string) => Promise<string>): Promise<Reply> {
    return this.converse({ kind: 'enter', name, input, octets: null, deadlineMs }, deadlineMs, answer);
  }

  /** Ends the thread, whatever it is doing. */
  close(): void {
    this.isOver = true;
    this.port.close();
    void this.worker.terminate();
  }

  private async converse(
    message: ToThread,
    deadlineMs: number,
    answer: (question: string) => Promise<string>,
  ): Promise<Reply> {
    if (this.isOver) return OVER;
    this.post(message);
    for (;;) {
      const reply = await this.message(deadlineMs + GRACE_MS);
      if (reply.kind === 'done' || reply.kind === 'fault') return this.concluded(reply);
      if (reply.kind === 'ready') return this.giveUp(deadlineMs);
      try {
        const text = await answer(reply.text);
        if (this.isOver) return OVER;
        this.post({ kind: 'answer', text });
      } catch (error) {
        // Nobody wants the outcome any more.
        this.close();
        throw error;
      }
    }
  }

  /** The next message of the thread; a fault where none comes in time. */
  private message(withinMs: number): Promise<ToHost> {
    return new Promise((resolve) => {
      const { port, worker } = this;
      const settle = (message: ToHost): void => {
        clearTimeout(timer);
        port.off('message', settle);
        port.unref();
        worker.off('exit', onExit);
        resolve(message);
      };
      const onExit = (): void => settle(OVER);
      const timer = setTimeout(() => settle(this.giveUp(withinMs)), withinMs);
      worker.once('exit', onExit);
      port.on('message', settle);
    });
  }

  private post(message: ToThread): void {
    this.port.postMessage(message);
    Atomics.add(this.bells, Bell.toThread, 1);
    Atomics.notify(this.bells, Bell.toThread);
  }

  private concluded(reply: Reply): Reply {
    if (reply.kind === 'fault' && reply.isLost) this.close();
    return reply;
  }

  private giveUp(deadlineMs: number): Reply {
    this.close();
    const message = `did not come back within ${deadlineMs} ms and was ended`;
    return { kind: 'fault', message, stack: '', isLost: true };
  }
}

const OVER: Reply = { kind: 'fault', message: 'has ended', stack: '', isLost: true };

async function noAnswers(): Promise<string> {
  return '{"error":"the capture can be asked for in a check or an export only"}';
}
