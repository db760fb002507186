import type { Kept } from '../desktop/kept.ts';
import { allowedLink } from '../desktop/external-link.ts';
import { listFolder } from '../desktop/list-folder.ts';
import { listSamples } from '../desktop/samples.ts';
import type { Handlers } from '../shared/channel.ts';
import type { CaptureSource } from '../shared/engine-api.ts';
import type { Folder, ShellApi, ShellInfo } from '../shared/shell-api.ts';

export interface ShellContext {
  readonly version: string;
  readonly kept: Kept;
  readonly samplesFolder: string;
  /** Captures to open; the first window that asks takes them. */
  readonly queued: CaptureSource[];
  /** Shows an address, already checked, in the user's own browser. */
  readonly showAddress: (address: string) => void;
}

/** What the window asks of its shell, where the shell is this host: no dialogs, no title bar of its own. */
export function shellHandlers({ version, kept, samplesFolder, queued, showAddress }: ShellContext): Handlers<ShellApi> {
  return {
    'shell.ready': async () => ({
      version,
      kind: 'browser',
      platform: platformOf(process.platform),
      hasDialogs: false,
      settings: await kept.settings(),
      queued: queued.splice(0),
    }),
    'shell.pickCapture': () => null,
    'shell.pickKeyLogs': () => null,
    'shell.pickTarget': () => null,
    'shell.listFolder': ({ path, allFiles }) => chooseFolder(kept, path, allFiles),
    'shell.recents': () => kept.recents(),
    'shell.addRecent': async (entry) => {
      await kept.addRecent(entry);
      return null;
    },
    'shell.clearRecents': async () => {
      await kept.clearRecents();
      return null;
    },
    'shell.samples': () => listSamples(samplesFolder),
    'shell.keep': async ({ settings }) => {
      await kept.keepSettings(settings);
      return null;
    },
    // The page's own title is the browser's.
    'shell.setTitle': () => null,
    'shell.openExternal': ({ url }) => {
      const address = allowedLink(url);
      if (address === null) throw new Error('This address is not opened from here.');
      showAddress(address);
      return null;
    },
  };
}

async function chooseFolder(kept: Kept, path: string | null, allFiles: boolean): Promise<Folder> {
  if (path === null) {
    const last = await kept.lastFolder();
    const folder = last === null ? null : await listFolder(last, allFiles).catch(() => null);
    return folder ?? listFolder('~', allFiles);
  }
  const folder = await listFolder(path, allFiles);
  // Not being able to remember it is no reason to fail.
  await kept.keepLastFolder(folder.path).catch(() => {});
  return folder;
}

function platformOf(platform: NodeJS.Platform): ShellInfo['platform'] {
  return platform === 'linux' || platform === 'darwin' || platform === 'win32' ? platform : 'other';
}
