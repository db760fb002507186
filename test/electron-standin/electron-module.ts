import { EventEmitter } from 'node:events';
import type { BrowserContext } from 'playwright-core';
import { browserWindowClass, type ProtocolHandler, type WebContents } from './browser-window.ts';
import { MessageChannelMain } from './message-ports.ts';
import { UtilityProcess } from './utility-process.ts';

/** What a spec may look at and set beside Electron's own API. */
export interface Backstage {
  /** Answers to the dialogs to come, in order: a path, or null for cancel. */
  readonly dialogAnswers: (string | null)[];
  readonly openedLinks: string[];
  readonly recentDocuments: string[];
  readonly schemes: { scheme: string; privileges: Record<string, boolean> }[];
  permissionRequest: ((contents: unknown, permission: string, answer: (isAllowed: boolean) => void) => void) | null;
  menu: MenuTemplate[] | null;
}

export interface MenuTemplate {
  readonly id?: string;
  readonly label?: string;
  readonly role?: string;
  readonly click?: () => void;
  readonly submenu?: MenuTemplate[];
}

export type ElectronModule = ReturnType<typeof makeElectron>;

/** Instances that hold the lock of single instance: a second one is refused and tells the first. */
const locks = new Map<string, EventEmitter>();

/** The module `electron` for one main process. `folder` stands for the user's data. */
export function makeElectron(context: BrowserContext, folder: string, argv: readonly string[]) {
  const backstage: Backstage = {
    dialogAnswers: [],
    openedLinks: [],
    recentDocuments: [],
    schemes: [],
    permissionRequest: null,
    menu: null,
  };
  const protocols = new Map<string, ProtocolHandler>();
  const ipcMain = new EventEmitter();
  const utilityProcesses: UtilityProcess[] = [];
  const app = makeApp(folder, argv, backstage);
  const BrowserWindow = browserWindowClass({
    context,
    protocols,
    ipcMain,
    onContents: (contents: WebContents) => {
      app.emit('web-contents-created', {}, contents);
    },
  });
  const answer = (): string | null => {
    const next = backstage.dialogAnswers.shift();
    if (next === undefined) throw new Error('a dialog was opened that the spec did not expect');
    return next;
  };
  const defaultSession = strict('session', {
    setPermissionRequestHandler: (handler: Backstage['permissionRequest']) => {
      backstage.permissionRequest = handler;
    },
    setPermissionCheckHandler: () => {},
    setDevicePermissionHandler: () => {},
    webRequest: strict('webRequest', { onBeforeRequest: () => {} }),
    protocol: strict('session.protocol', {
      handle: (scheme: string, handler: ProtocolHandler) => protocols.set(scheme, handler),
    }),
  });
  const electron = {
    app,
    BrowserWindow,
    ipcMain,
    MessageChannelMain,
    backstage,
    session: strict('session module', { defaultSession }),
    protocol: strict('protocol', {
      registerSchemesAsPrivileged: (schemes: Backstage['schemes']) => backstage.schemes.push(...schemes),
    }),
    utilityProcesses,
    utilityProcess: strict('utilityProcess', {
      fork: (file: string, args: readonly string[]) => {
        const started = new UtilityProcess(file, args);
        utilityProcesses.push(started);
        return started;
      },
    }),
    Menu: strict('Menu', {
      buildFromTemplate: (template: MenuTemplate[]) => template,
      setApplicationMenu: (menu: MenuTemplate[]) => {
        backstage.menu = menu;
      },
    }),
    dialog: strict('dialog', {
      showOpenDialog: () => {
        const path = answer();
        return Promise.resolve({ canceled: path === null, filePaths: path === null ? [] : [path] });
      },
      showSaveDialog: () => {
        const path = answer();
        return Promise.resolve({ canceled: path === null, filePath: path ?? '' });
      },
    }),
    screen: strict('screen', { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] }),
    shell: strict('shell', {
      openExternal: (address: string) => {
        backstage.openedLinks.push(address);
        return Promise.resolve();
      },
    }),
  };
  return strict('electron', electron);
}

function makeApp(folder: string, argv: readonly string[], backstage: Backstage) {
  let isReady = false;
  let isQuitting = false;
  const app = new (class App extends EventEmitter {
    readonly isPackaged = false;
    readonly name = 'Earshot';
    requestSingleInstanceLock(): boolean {
      const first = locks.get(folder);
      if (first !== undefined) {
        setImmediate(() => first.emit('second-instance', {}, [...argv], process.cwd()));
        return false;
      }
      locks.set(folder, this);
      return true;
    }
    whenReady(): Promise<void> {
      return new Promise((resolve) => {
        setImmediate(() => {
          isReady = true;
          this.emit('ready');
          resolve();
        });
      });
    }
    isReady(): boolean {
      return isReady;
    }
    getVersion(): string {
      return '0.0.0-stand-in';
    }
    getPath(name: string): string {
      if (name === 'home' || name === 'documents') return folder;
      throw new Error(`the stand-in has no path ${name}`);
    }
    addRecentDocument(path: string): void {
      backstage.recentDocuments.push(path);
    }
    clearRecentDocuments(): void {
      backstage.recentDocuments.length = 0;
    }
    quit(): void {
      if (isQuitting) return;
      isQuitting = true;
      if (locks.get(folder) === this) {
        locks.delete(folder);
        this.emit('will-quit', {});
      }
      this.emit('quit');
    }
  })();
  return app;
}

/** An API that throws for whatever it does not model. */
function strict<T extends object>(name: string, api: T): T {
  return new Proxy(api, {
    get: (target, key, receiver) => {
      if (typeof key === 'string' && !(key in target) && key !== 'then')
        throw new Error(`the stand-in does not model ${name}.${key}`);
      return Reflect.get(target, key, receiver) as unknown;
    },
  });
}
