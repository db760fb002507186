/**
 * One conversation between two sides over any ordered transport (a MessagePort, a WebSocket, a pair in one process):
 * calls with ids, cancel, progress that never piles up, and events. Both sides may call and both may serve.
 */

/** An ordered, lossless way for plain data and typed arrays to the other side. */
export interface Pipe {
  post(message: unknown): void;
  /** Gives the unsubscribe function. One listener is enough; messages before the first are kept by the transport. */
  onMessage(listener: (message: unknown) => void): () => void;
  /** Called once, when the other side is gone. */
  onClose(listener: () => void): () => void;
  close(): void;
}

/** A method: what it takes, what it gives, and what it says on the way. */
export interface Method {
  readonly params: unknown;
  readonly result: unknown;
  readonly progress?: unknown;
}
export type Methods = { readonly [name: string]: Method };
export type Events = { readonly [name: string]: unknown };

export type ProgressOf<M extends Method> = M extends { readonly progress: infer P } ? P : never;

export interface CallOptions<M extends Method> {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ProgressOf<M>) => void;
}

export interface CallContext<M extends Method> {
  /** Aborted when the caller cancels or is gone. */
  readonly signal: AbortSignal;
  /** The latest progress reaches the caller; those it had no time for are dropped. */
  readonly progress: (progress: ProgressOf<M>) => void;
}

export type Handlers<Api extends Methods> = {
  readonly [Name in keyof Api]: (
    params: Api[Name]['params'],
    context: CallContext<Api[Name]>,
  ) => Promise<Api[Name]['result']> | Api[Name]['result'];
};

/** A failure as the other side told it: `code` for programs, the message is a sentence for people. */
export class RemoteError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = code === 'AbortError' ? 'AbortError' : 'RemoteError';
    this.code = code;
  }
}

type Message =
  | { readonly kind: 'call'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly code: string; readonly message: string }
  | { readonly kind: 'progress'; readonly id: number; readonly value: unknown }
  /** The progress sent last has been dealt with: the next may come. */
  | { readonly kind: 'go-on'; readonly id: number }
  | { readonly kind: 'event'; readonly name: string; readonly value: unknown };

interface Outgoing {
  readonly message: Message;
  isStarted: boolean;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((value: unknown) => void) | undefined;
  readonly release: () => void;
}

interface Incoming {
  readonly abort: AbortController;
  /** A progress is on its way and not yet dealt with. */
  isBusy: boolean;
  waiting: { readonly value: unknown } | null;
}

/** More calls than this wait their turn on the caller's side, so a burst cannot fill the other side's memory. */
const CALLS_UNDER_WAY = 64;

type AnyHandler = (params: unknown, context: CallContext<Method>) => unknown;

/** `Theirs` are the methods that can be called, `Heard` the events that can arrive, `Said` those that can be emitted. */
export class Channel<Theirs extends Methods, Heard extends Events = Events, Said extends Events = Events> {
  private readonly pipe: Pipe;
  private readonly handlers = new Map<string, AnyHandler>();
  private readonly outgoing = new Map<number, Outgoing>();
  private readonly incoming = new Map<number, Incoming>();
  private readonly listeners = new Map<string, Set<(value: unknown) => void>>();
  /** Ids of calls that wait their turn; those cancelled meanwhile are not in `outgoing` any more. */
  private readonly queue: number[] = [];
  private underWay = 0;
  private lastId = 0;
  private isClosed = false;

  constructor(pipe: Pipe) {
    this.pipe = pipe;
    pipe.onMessage((message) => {
      if (isMessage(message)) this.take(message);
    });
    pipe.onClose(() => this.end());
  }

  /** Adds methods that the other side may call. */
  serve<Mine extends Methods>(handlers: Handlers<Mine>): void {
    for (const [name, handler] of Object.entries(handlers)) this.handlers.set(name, handler as AnyHandler);
  }

  /**
   * Rejects with a RemoteError: of the name AbortError when `signal` aborts (the other side is told), of the code `closed`
   * when the pipe closes. Rejects with the transport's error where it cannot carry the parameters.
   */
  call<Name extends keyof Theirs & string>(
    method: Name,
    params: Theirs[Name]['params'],
    options: CallOptions<Theirs[Name]> = {},
  ): Promise<Theirs[Name]['result']> {
    const { signal, onProgress } = options;
    return new Promise((resolve, reject) => {
      if (this.isClosed) return reject(closedError());
      if (signal?.aborted === true) return reject(cancelledError());
      const id = ++this.lastId;
      const onAbort = (): void => {
        if (this.outgoing.get(id)?.isStarted === true) this.pipe.post({ kind: 'cancel', id } satisfies Message);
        this.settle(id)?.reject(cancelledError());
      };
      signal?.addEventListener('abort', onAbort);
      this.outgoing.set(id, {
        message: { kind: 'call', id, method, params },
        isStarted: false,
        resolve,
        reject,
        onProgress: onProgress as Outgoing['onProgress'],
        release: () => signal?.removeEventListener('abort', onAbort),
      });
      this.queue.push(id);
      this.startNext();
    });
  }

  /** Tells the other side; nobody answers. */
  emit<Name extends keyof Said & string>(name: Name, value: Said[Name]): void {
    if (!this.isClosed) this.pipe.post({ kind: 'event', name, value } satisfies Message);
  }

  /** Gives the unsubscribe function. */
  on<Name extends keyof Heard & string>(name: Name, listener: (value: Heard[Name]) => void): () => void {
    const listeners = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, listeners);
    listeners.add(listener as (value: unknown) => void);
    return () => listeners.delete(listener as (value: unknown) => void);
  }

  close(): void {
    this.end();
    this.pipe.close();
  }

  private take(message: Message): void {
    switch (message.kind) {
      case 'call':
        void this.run(message.id, message.method, message.params);
        return;
      case 'cancel':
        this.incoming.get(message.id)?.abort.abort();
        return;
      case 'result':
        this.settle(message.id)?.resolve(message.value);
        return;
      case 'error':
        this.settle(message.id)?.reject(new RemoteError(message.code, message.message));
        return;
      case 'progress':
        try {
          this.outgoing.get(message.id)?.onProgress?.(message.value);
        } finally {
          this.pipe.post({ kind: 'go-on', id: message.id } satisfies Message);
        }
        return;
      case 'go-on':
        this.goOn(message.id);
        return;
      case 'event':
        for (const listener of this.listeners.get(message.name) ?? []) listener(message.value);
        return;
    }
  }

  private async run(id: number, method: string, params: unknown): Promise<void> {
    const handler = this.handlers.get(method);
    if (handler === undefined) {
      this.answer({ kind: 'error', id, code: 'no-such-method', message: `There is no method ${method}.` });
      return;
    }
    if (this.incoming.has(id)) {
      this.answer({ kind: 'error', id, code: 'taken', message: `A call ${id} is under way.` });
      return;
    }
    const call: Incoming = { abort: new AbortController(), isBusy: false, waiting: null };
    this.incoming.set(id, call);
    try {
      const value = await handler(params, {
        signal: call.abort.signal,
        progress: (progress: unknown) => this.sendProgress(id, call, progress),
      });
      this.answer({ kind: 'result', id, value });
    } catch (error) {
      this.answer({ kind: 'error', id, ...failureOf(error) });
    } finally {
      this.incoming.delete(id);
    }
  }

  private answer(message: Message): void {
    if (!this.isClosed) this.pipe.post(message);
  }

  private sendProgress(id: number, call: Incoming, value: unknown): void {
    if (this.isClosed || this.incoming.get(id) !== call) return;
    if (call.isBusy) {
      call.waiting = { value };
      return;
    }
    call.isBusy = true;
    this.pipe.post({ kind: 'progress', id, value } satisfies Message);
  }

  private goOn(id: number): void {
    const call = this.incoming.get(id);
    if (call === undefined) return;
    call.isBusy = false;
    const { waiting } = call;
    call.waiting = null;
    if (waiting !== null) this.sendProgress(id, call, waiting.value);
  }

  /** Takes a call off the list of those under way and lets the next one go. */
  private settle(id: number): Outgoing | undefined {
    const call = this.outgoing.get(id);
    if (call === undefined) return undefined;
    this.outgoing.delete(id);
    call.release();
    if (call.isStarted) {
      this.underWay--;
      this.startNext();
    }
    return call;
  }

  private startNext(): void {
    while (this.underWay < CALLS_UNDER_WAY) {
      const id = this.queue.shift();
      if (id === undefined) return;
      const call = this.outgoing.get(id);
      if (call === undefined) continue;
      // Before it is sent: a transport within the process may bring the answer at once.
      call.isStarted = true;
      this.underWay++;
      try {
        this.pipe.post(call.message);
      } catch (error) {
        this.settle(id)?.reject(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }

  private end(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.queue.length = 0;
    for (const { abort } of this.incoming.values()) abort.abort();
    for (const { reject, release } of this.outgoing.values()) {
      release();
      reject(closedError());
    }
    this.outgoing.clear();
  }
}

function isMessage(message: unknown): message is Message {
  return typeof message === 'object' && message !== null && 'kind' in message;
}

function failureOf(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: 'failed', message: String(error) };
  if (error.name === 'AbortError') return { code: 'AbortError', message: error.message };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'failed';
  return { code, message: error.message };
}

function cancelledError(): RemoteError {
  return new RemoteError('AbortError', 'Cancelled.');
}

function closedError(): RemoteError {
  return new RemoteError('closed', 'The engine has stopped.');
}

/**
 * Several conversations over one pipe, told apart by a name: the window talks with its shell and with the engine.
 * Messages for a name nobody took are dropped.
 */
export function splitPipe<Name extends string>(pipe: Pipe, names: readonly Name[]): Record<Name, Pipe> {
  const listeners = new Map<string, Set<(message: unknown) => void>>();
  pipe.onMessage((message) => {
    if (typeof message !== 'object' || message === null || !('to' in message) || !('message' in message)) return;
    for (const listener of listeners.get(String(message.to)) ?? []) listener(message.message);
  });
  const part = (to: Name): Pipe => ({
    post: (message) => pipe.post({ to, message }),
    onMessage: (listener) => {
      const own = listeners.get(to) ?? new Set();
      listeners.set(to, own);
      own.add(listener);
      return () => own.delete(listener);
    },
    onClose: (listener) => pipe.onClose(listener),
    close: () => pipe.close(),
  });
  return Object.fromEntries(names.map((name) => [name, part(name)])) as Record<Name, Pipe>;
}

/** Leads everything from one pipe to the other, both ways. */
export function joinPipes(a: Pipe, b: Pipe): void {
  a.onMessage((message) => b.post(message));
  b.onMessage((message) => a.post(message));
  a.onClose(() => b.close());
  b.onClose(() => a.close());
}
