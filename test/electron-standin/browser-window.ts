import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { BrowserContext, CDPSession, Page, Route } from 'playwright-core';
import { type Packing, makePacking } from './packing.ts';
import type { Port } from './message-ports.ts';
import { PAGE_SCRIPT, PRELOAD_WORLD, preloadScript, TO_MAIN } from './worlds.ts';

export type ProtocolHandler = (request: Request) => Promise<Response>;

/** What a window needs of the module around it. */
export interface WindowHost {
  readonly context: BrowserContext;
  readonly protocols: ReadonlyMap<string, ProtocolHandler>;
  readonly ipcMain: EventEmitter;
  /** As `web-contents-created` of the app. */
  onContents(contents: WebContents): void;
}

export interface WindowOptions {
  readonly width?: number;
  readonly height?: number;
  readonly title?: string;
  readonly webPreferences: {
    readonly preload: string;
    readonly contextIsolation: boolean;
    readonly sandbox: boolean;
    readonly nodeIntegration: boolean;
    readonly webviewTag?: boolean;
  };
}

/** A scheme of one's own, as an https origin that never reaches the network. */
const STAND_IN_HOST = /^https:\/\/([^./]+)\.([^./]+)\.invalid(\/|$)/;

export function toPageAddress(address: string): string {
  return address.replace(/^([a-z]+):\/\/([^/]+)/, 'https://$2.$1.invalid');
}

export function fromPageAddress(address: string): string {
  return address.replace(STAND_IN_HOST, '$2://$1$3');
}

class Frame {
  private readonly contents: WebContents;
  constructor(contents: WebContents) {
    this.contents = contents;
  }
  get url(): string {
    return fromPageAddress(this.contents.page?.url() ?? '');
  }
  postMessage(channel: string, data: unknown, ports: readonly Port[] = []): void {
    this.contents.sendToPreload(channel, data, ports);
  }
}

export class WebContents extends EventEmitter {
  page: Page | null = null;
  readonly mainFrame = new Frame(this);
  openHandler: ((details: { url: string }) => { action: string }) | null = null;
  private readonly packing: Packing = makePacking();
  private readonly ports = new Map<number, Port>();
  private session: CDPSession | null = null;
  private world: number | null = null;
  private lastPort = 0;

  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler;
  }

  /** Puts preload and requests in place; `ipcMain` hears what the preload sends. */
  async prepare(page: Page, preload: string, host: WindowHost): Promise<void> {
    this.page = page;
    // A stream that breaks off is a request that failed, as in a browser.
    await page.route('**/*', (route) => this.answer(route, host).catch(() => route.abort().catch(() => {})));
    await page.addInitScript(PAGE_SCRIPT);
    const session = await host.context.newCDPSession(page);
    this.session = session;
    session.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.name === PRELOAD_WORLD) this.world = context.id;
    });
    session.on('Runtime.bindingCalled', ({ name, payload }) => {
      if (name === TO_MAIN) this.fromPreload(payload, host.ipcMain);
    });
    await session.send('Runtime.enable');
    await session.send('Runtime.addBinding', { name: TO_MAIN, executionContextName: PRELOAD_WORLD });
    await session.send('Page.enable');
    await session.send('Page.addScriptToEvaluateOnNewDocument', {
      source: preloadScript(readFileSync(preload, 'utf8')),
      worldName: PRELOAD_WORLD,
    });
  }

  sendToPreload(channel: string, data: unknown, ports: readonly Port[]): void {
    const numbers = ports.map((port) => {
      const number = ++this.lastPort;
      this.ports.set(number, port);
      port.on('message', ({ data: message }: { data: unknown }) =>
        this.tell({ kind: 'port', port: number, data: message }),
      );
      port.on('close', () => this.tell({ kind: 'port-close', port: number }));
      return number;
    });
    this.tell({ kind: 'ipc', channel, data: structuredClone(data), ports: numbers });
  }

  private fromPreload(payload: string, ipcMain: EventEmitter): void {
    const message = this.packing.unpack(payload) as {
      kind: 'ipc' | 'port' | 'port-start';
      channel: string;
      args: unknown[];
      port: number;
      data: unknown;
    };
    if (message.kind === 'ipc')
      ipcMain.emit(message.channel, { sender: this, senderFrame: this.mainFrame }, ...message.args);
    else if (message.kind === 'port') this.ports.get(message.port)?.postMessage(message.data);
    else this.ports.get(message.port)?.start();
  }

  private tell(message: object): void {
    if (this.session === null || this.world === null) return;
    const expression = `standInFromMain(${JSON.stringify(this.packing.pack(message))})`;
    // The page may be going away; then there is nobody to tell.
    this.session.send('Runtime.evaluate', { expression, contextId: this.world }).catch(() => {});
  }

  /** Requests of the page: navigation is asked of the app first, then the app's own protocol answers. */
  private async answer(route: Route, host: WindowHost): Promise<void> {
    const request = route.request();
    const address = fromPageAddress(request.url());
    const handler = host.protocols.get(address.slice(0, address.indexOf(':')));
    const isLeaving =
      request.isNavigationRequest() && address !== this.mainFrame.url && this.mainFrame.url !== 'about:blank';
    if (isLeaving && this.isPrevented(address)) return route.abort('aborted');
    if (handler === undefined) return route.abort('blockedbyclient');
    const response = await handler(
      new Request(address, { method: request.method(), headers: await request.allHeaders().then(withoutPseudo) }),
    );
    const headers = Object.fromEntries(response.headers);
    await route.fulfill({ status: response.status, headers, body: Buffer.from(await response.arrayBuffer()) });
  }

  private isPrevented(url: string): boolean {
    let isPrevented = false;
    const preventDefault = (): void => {
      isPrevented = true;
    };
    this.emit('will-navigate', { url, preventDefault });
    return isPrevented;
  }
}

function withoutPseudo(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(':')));
}

/** The class `BrowserWindow` of one stand-in. */
export function browserWindowClass(host: WindowHost) {
  return class BrowserWindow extends EventEmitter {
    /** Those not destroyed. */
    static all: {
      destroy(): void;
      close(): void;
      readonly webContents: WebContents;
      readonly options: WindowOptions;
    }[] = [];
    readonly webContents = new WebContents();
    readonly options: WindowOptions;
    title: string;
    isMax = false;
    private isDestroyed = false;

    constructor(options: WindowOptions) {
      super();
      const { contextIsolation, sandbox, nodeIntegration } = options.webPreferences;
      if (!contextIsolation || !sandbox || nodeIntegration) throw new Error('the window options are unsafe');
      this.options = options;
      this.title = options.title ?? '';
      BrowserWindow.all.push(this);
      host.onContents(this.webContents);
    }

    async loadURL(address: string): Promise<void> {
      try {
        const page = await host.context.newPage();
        await page.setViewportSize({ width: this.options.width ?? 1440, height: this.options.height ?? 900 });
        await this.webContents.prepare(page, this.options.webPreferences.preload, host);
        await page.goto(toPageAddress(address));
      } catch (error) {
        // Closed before it was there: nobody waits for it any more.
        if (this.isDestroyed) return;
        throw error;
      }
      this.emit('ready-to-show');
    }

    /** As the user closes it: `close` may prevent. */
    close(): void {
      let isPrevented = false;
      this.emit('close', { preventDefault: () => (isPrevented = true) });
      if (!isPrevented) this.destroy();
    }

    destroy(): void {
      if (this.isDestroyed) return;
      this.isDestroyed = true;
      BrowserWindow.all = BrowserWindow.all.filter((window) => window !== this);
      void this.webContents.page?.close().catch(() => {});
      this.emit('closed');
    }

    show(): void {}
    focus(): void {
      this.emit('focus');
    }
    restore(): void {}
    maximize(): void {
      this.isMax = true;
    }
    isMaximized(): boolean {
      return this.isMax;
    }
    isMinimized(): boolean {
      return false;
    }
    getNormalBounds(): object {
      return { x: 10, y: 20, width: this.options.width ?? 1440, height: this.options.height ?? 900 };
    }
    setTitle(title: string): void {
      this.title = title;
    }
    getTitle(): string {
      return this.title;
    }
  };
}
