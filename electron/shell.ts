import { join } from 'node:path';
import { app, type BrowserWindow, dialog, shell } from 'electron';
import { allowedLink } from '../desktop/external-link.ts';
import type { Kept } from '../desktop/kept.ts';
import { listFolder } from '../desktop/list-folder.ts';
import { readKeyLogs } from '../desktop/read-key-logs.ts';
import { listSamples } from '../desktop/samples.ts';
import type { Handlers } from '../shared/channel.ts';
import type { CaptureSource } from '../shared/engine-api.ts';
import type { ShellApi, ShellInfo } from '../shared/shell-api.ts';

const KEY_LOGS = [
  { name: 'Key logs', extensions: ['log', 'txt', 'keys', 'keylog'] },
  { name: 'All files', extensions: ['*'] },
];
const CAPTURES = [
  {
    name: 'Captures',
    extensions: ['pcap', 'pcapng', 'cap', 'dmp', 'snoop', 'rtp', 'rtpdump', 'dump', 'log', 'moz_log', 'txt', 'gz'],
  },
  { name: 'All files', extensions: ['*'] },
];

export interface ShellOptions {
  readonly window: BrowserWindow;
  readonly kept: Kept;
  /** Folder with `samples/`. */
  readonly resources: string;
  /** What waited for the window; called once for each load of the page. */
  readonly takeQueued: () => string[];
}

/** What the window may ask of Electron. */
export function shellHandlers({ window, kept, resources, takeQueued }: ShellOptions): Handlers<ShellApi> {
  return {
    'shell.ready': async (): Promise<ShellInfo> => ({
      version: app.getVersion(),
      kind: 'electron',
      platform: platformOf(process.platform),
      hasDialogs: true,
      settings: await kept.settings(),
      queued: takeQueued().map((path): CaptureSource => ({ kind: 'path', path })),
    }),
    'shell.pickCapture': async () => {
      const { canceled, filePaths } = await dialog.showOpenDialog(window, {
        properties: ['openFile'],
        filters: CAPTURES,
      });
      return canceled ? null : (filePaths[0] ?? null);
    },
    'shell.pickKeyLogs': async () => {
      const { canceled, filePaths } = await dialog.showOpenDialog(window, {
        properties: ['openFile', 'multiSelections'],
        filters: KEY_LOGS,
      });
      return canceled || filePaths.length === 0 ? null : readKeyLogs(filePaths);
    },
    'shell.pickTarget': async ({ suggestedName }) => {
      const { canceled, filePath } = await dialog.showSaveDialog(window, {
        defaultPath: join(app.getPath('documents'), suggestedName),
      });
      return canceled || filePath === '' ? null : filePath;
    },
    'shell.listFolder': ({ path, allFiles }) => listFolder(path ?? app.getPath('home'), allFiles),
    'shell.recents': () => kept.recents(),
    'shell.addRecent': async (recent) => {
      await kept.addRecent(recent);
      app.addRecentDocument(recent.path);
      return null;
    },
    'shell.clearRecents': async () => {
      await kept.clearRecents();
      app.clearRecentDocuments();
      return null;
    },
    'shell.samples': () => listSamples(join(resources, 'samples')),
    'shell.keep': async ({ settings }) => {
      await kept.keepSettings(settings);
      return null;
    },
    'shell.setTitle': ({ title, path }) => {
      window.setTitle(title);
      if (path !== null && process.platform === 'darwin') window.setRepresentedFilename(path);
      return null;
    },
    'shell.openExternal': async ({ url }) => {
      const allowed = allowedLink(url);
      if (allowed !== null) await shell.openExternal(allowed);
      return null;
    },
  };
}

function platformOf(platform: NodeJS.Platform): ShellInfo['platform'] {
  return platform === 'linux' || platform === 'darwin' || platform === 'win32' ? platform : 'other';
}
