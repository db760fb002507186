/** Electron's main process: one window, one engine process a page, and the files the system hands over. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { app, BrowserWindow, dialog, screen, session } from 'electron';
import { configFolder } from '../desktop/config-folder.ts';
import { Kept } from '../desktop/kept.ts';
import { Channel, joinPipes, type Pipe, splitPipe } from '../shared/channel.ts';
import { type EngineTap, tapEngine } from '../shared/engine-tap.ts';
import type { ShellApi, ShellEvents } from '../shared/shell-api.ts';
import { APP_PAGE } from './addresses.ts';
import { startEngine } from './engine-pipe.ts';
import { guardContents, guardSession } from './guard.ts';
import { showMenu } from './menu.ts';
import { capturesOf, OpenQueue } from './open-queue.ts';
import { registerScheme, serveApp } from './protocol.ts';
import { shellHandlers } from './shell.ts';
import { listenForWindow } from './window-pipe.ts';
import { windowStateFrom } from './window-state.ts';

type ShellChannel = Channel<Record<string, never>, Record<string, never>, ShellEvents>;

const queue = new OpenQueue();
const kept = new Kept(configFolder());
const temporaryFolder = mkdtempSync(join(tmpdir(), 'earshot-'));
let window: BrowserWindow | null = null;
let engine: EngineTap | null = null;
let shell: ShellChannel | null = null;

if (app.requestSingleInstanceLock()) start();
else app.quit();

function start(): void {
  for (const path of capturesOf(process.argv, app.isPackaged, process.cwd())) queue.add(path);
  // macOS tells of a double-click by this event, and may do so before anything else is ready.
  app.on('open-file', (event, path) => {
    event.preventDefault();
    queue.add(path);
    show();
  });
  app.on('second-instance', (_event, argv, folder) => {
    for (const path of capturesOf(argv, app.isPackaged, folder)) queue.add(path);
    show();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('activate', () => show());
  app.on('will-quit', () => {
    engine?.window.close();
    rmSync(temporaryFolder, { recursive: true, force: true });
  });
  registerScheme();
  guardContents(app);
  void app.whenReady().then(async () => {
    guardSession(session.defaultSession);
    serveApp(session.defaultSession, join(__dirname, '../renderer'), () => engine);
    showMenu((id) => shell?.emit('shell.command', { id }));
    await openWindow();
  });
}

/** Brings the window to the front, or opens one where there is none (macOS keeps the app without). */
function show(): void {
  if (window !== null) {
    if (window.isMinimized()) window.restore();
    window.focus();
  } else if (app.isReady()) {
    void openWindow();
  }
}

async function openWindow(): Promise<void> {
  const settings = await kept.settings();
  const areas = screen.getAllDisplays().map(({ workArea }) => workArea);
  const { isMaximized = false, ...bounds } = windowStateFrom(settings['window'], areas);
  const opened = new BrowserWindow({
    ...bounds,
    minWidth: 960,
    minHeight: 600,
    show: false,
    title: 'Earshot',
    webPreferences: {
      preload: join(__dirname, 'preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  window = opened;
  if (isMaximized) opened.maximize();
  opened.once('ready-to-show', () => opened.show());
  keepState(opened);
  askBeforeLosing(opened);
  opened.on('closed', () => {
    window = null;
    disconnect();
  });
  listenForWindow(opened, (pipe) => connect(opened, pipe));
  await opened.loadURL(APP_PAGE);
}

/** The window comes back where it was: closing waits until that is written down. */
function keepState(opened: BrowserWindow): void {
  let isKept = false;
  opened.on('close', (event) => {
    if (isKept) return;
    event.preventDefault();
    isKept = true;
    const state = { ...opened.getNormalBounds(), isMaximized: opened.isMaximized() };
    void kept
      .keepSettings({ window: state })
      .catch(() => {})
      .finally(() => opened.close());
  });
}

/** The page holds something that was not saved (a plugin): whoever closes the window decides. */
function askBeforeLosing(opened: BrowserWindow): void {
  opened.webContents.on('will-prevent-unload', (event) => {
    const answer = dialog.showMessageBoxSync(opened, {
      type: 'question',
      message: 'A plugin was not saved.',
      detail: 'What was changed is lost when the window is closed.',
      buttons: ['Close Anyway', 'Cancel'],
      defaultId: 1,
      cancelId: 1,
    });
    if (answer === 0) event.preventDefault();
  });
}

/** A page was loaded: it gets a fresh engine, and what waited to be opened. */
function connect(opened: BrowserWindow, pipe: Pipe): void {
  disconnect();
  const parts = splitPipe(pipe, ['engine', 'shell']);
  engine = tapEngine(startEngine(temporaryFolder));
  joinPipes(parts.engine, engine.window);
  const channel: ShellChannel = new Channel(parts.shell);
  shell = channel;
  const open = (path: string): void => channel.emit('shell.open', { kind: 'path', path });
  channel.serve<ShellApi>(
    shellHandlers({
      window: opened,
      kept,
      resources: app.isPackaged ? process.resourcesPath : join(__dirname, '../../resources'),
      takeQueued: () => queue.take(open),
    }),
  );
}

function disconnect(): void {
  queue.release();
  engine?.window.close();
  engine = null;
  shell = null;
}
