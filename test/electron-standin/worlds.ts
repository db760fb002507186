import { makePacking } from './packing.ts';

/** The isolated world's name. */
export const PRELOAD_WORLD = 'preload';
/** Bound in the isolated world alone. */
export const TO_MAIN = 'standInToMain';

/**
 * Script of the page's own world: receives what the preload exposes. Values are copied between the worlds by the DOM's
 * events; functions become calls by number, which is what contextBridge does.
 */
export const PAGE_SCRIPT = `(${function inPage(): void {
  const callbacks: ((...args: unknown[]) => void)[] = [];
  let last = 0;
  const returns = new Map<number, { value?: unknown; handle?: number; error?: string }>();
  const on = (name: string, take: (detail: never) => void): void =>
    window.addEventListener(name, (event) => take((event as CustomEvent).detail as never));
  const call = (target: { name?: string; method?: string; handle?: number }, args: unknown[]): unknown => {
    const id = ++last;
    const packed = args.map((arg) =>
      typeof arg === 'function' ? { callback: callbacks.push(arg as () => void) - 1 } : { value: arg },
    );
    window.dispatchEvent(new CustomEvent('standin-call', { detail: { ...target, id, args: packed } }));
    const answer = returns.get(id);
    returns.delete(id);
    if (answer === undefined) throw new Error('the preload world did not answer');
    if (answer.error !== undefined) throw new Error(answer.error);
    const { handle } = answer;
    return handle === undefined ? answer.value : (...more: unknown[]) => call({ handle }, more);
  };
  on('standin-return', ({ id, ...answer }: { id: number }) => returns.set(id, answer));
  on('standin-callback', ({ callback, args }: { callback: number; args: unknown[] }) => callbacks[callback](...args));
  on('standin-expose', ({ name, methods }: { name: string; methods: string[] }) => {
    if (name in window) return;
    const api = Object.fromEntries(
      methods.map((method) => [method, (...args: unknown[]) => call({ name, method }, args)]),
    );
    Object.defineProperty(window, name, { value: Object.freeze(api) });
  });
  window.dispatchEvent(new CustomEvent('standin-page-ready'));
}.toString()})();`;

/** Script of the isolated world: `electron` as a sandboxed preload sees it, then the preload script itself. */
export function preloadScript(source: string): string {
  return `(${inPreload.toString()})(${JSON.stringify(TO_MAIN)}, ${makePacking.toString()}, function (require, module, exports) {
${source}
});`;
}

type Preload = (require: (name: string) => unknown, module: { exports: object }, exports: object) => void;

function inPreload(toMain: string, packingOf: typeof makePacking, preload: Preload): void {
  if (window.top !== window) return;
  const packing = packingOf();
  const scope = globalThis as unknown as Record<string, (text: string) => void>;
  const send = (message: object): void => scope[toMain](packing.pack(message));
  const exposed = new Map<string, Record<string, (...args: unknown[]) => unknown>>();
  const handles: ((...args: unknown[]) => unknown)[] = [];
  const listeners = new Map<string, ((event: object, ...args: unknown[]) => void)[]>();
  const ports = new Map<number, { onmessage: ((event: object) => void) | null; closers: (() => void)[] }>();

  const announce = (): void => {
    for (const [name, api] of exposed) {
      window.dispatchEvent(new CustomEvent('standin-expose', { detail: { name, methods: Object.keys(api) } }));
    }
  };
  window.addEventListener('standin-page-ready', announce);
  window.addEventListener('standin-call', (event) => {
    const { name, method, handle, id, args } = (event as CustomEvent).detail as {
      name: string;
      method: string;
      handle?: number;
      id: number;
      args: { callback?: number; value?: unknown }[];
    };
    const given = args.map(({ callback, value }) =>
      callback === undefined
        ? value
        : (...back: unknown[]) =>
            window.dispatchEvent(new CustomEvent('standin-callback', { detail: { callback, args: back } })),
    );
    let answer: object;
    try {
      const target = handle === undefined ? exposed.get(name)?.[method] : handles[handle];
      if (target === undefined) throw new Error(`${name}.${method} is not exposed`);
      const value = target(...given);
      answer = typeof value === 'function' ? { handle: handles.push(value as () => unknown) - 1 } : { value };
    } catch (error) {
      answer = { error: String(error) };
    }
    window.dispatchEvent(new CustomEvent('standin-return', { detail: { id, ...answer } }));
  });

  const port = (number: number): object => {
    const own: { onmessage: ((event: object) => void) | null; closers: (() => void)[] } = {
      onmessage: null,
      closers: [],
    };
    ports.set(number, own);
    return {
      postMessage: (data: unknown) => send({ kind: 'port', port: number, data }),
      addEventListener: (name: string, listener: () => void) => {
        if (name !== 'close') throw new Error(`the stand-in's port has no event ${name}`);
        own.closers.push(listener);
      },
      set onmessage(listener: (event: object) => void) {
        own.onmessage = listener;
        send({ kind: 'port-start', port: number });
      },
    };
  };
  scope['standInFromMain'] = (text) => {
    const message = packing.unpack(text) as {
      kind: 'ipc' | 'port' | 'port-close';
      channel: string;
      data: unknown;
      port: number;
      ports: number[];
    };
    if (message.kind === 'ipc') {
      const event = { ports: message.ports.map(port) };
      for (const listener of listeners.get(message.channel) ?? []) listener(event, message.data);
    } else if (message.kind === 'port') {
      ports.get(message.port)?.onmessage?.({ data: message.data });
    } else {
      for (const closer of ports.get(message.port)?.closers ?? []) closer();
    }
  };
  const electron = {
    contextBridge: {
      exposeInMainWorld: (name: string, api: Record<string, (...args: unknown[]) => unknown>) => {
        exposed.set(name, api);
        announce();
      },
    },
    ipcRenderer: {
      on: (channel: string, listener: (event: object, ...args: unknown[]) => void) => {
        listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
      },
      send: (channel: string, ...args: unknown[]) => send({ kind: 'ipc', channel, args }),
    },
    // A page cannot know the path of a file: what has none is read through the window.
    webUtils: { getPathForFile: () => '' },
  };
  const require = (name: string): unknown => {
    if (name !== 'electron') throw new Error(`a sandboxed preload cannot require ${name}`);
    return electron;
  };
  preload(require, { exports: {} }, {});
}
