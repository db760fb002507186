/** What the window asks of whatever holds it: Electron's main process, or the loopback host. */
import type { CaptureSource, KeyLogText } from './engine-api.ts';

export interface ShellInfo {
  /** Of Earshot. */
  version: string;
  kind: 'electron' | 'browser';
  platform: 'linux' | 'darwin' | 'win32' | 'other';
  /** The shell has open and save dialogs of its own; without them the window shows its file chooser and downloads. */
  hasDialogs: boolean;
  /** What the window kept when it was last open (layout, theme, columns); {} at first. */
  settings: Settings;
  /** Captures to open that came before the window could ask, oldest first: argument, double-click, second start. */
  queued: CaptureSource[];
}

/** Values the window keeps from one start to the next, by a name of its own. */
export type Settings = { [name: string]: unknown };

export interface RecentCapture {
  path: string;
  name: string;
  folder: string;
  bytes: number;
  calls: number;
  errors: number;
  warnings: number;
  /** Seconds since the epoch. */
  openedTime: number;
  /** The file is not there any more. */
  isMissing: boolean;
}

export interface SampleCapture {
  path: string;
  title: string;
  /** What it shows, one line. */
  about: string;
  packets: number;
}

export interface FolderEntry {
  name: string;
  path: string;
  kind: 'folder' | 'file';
  bytes: number;
  /** Seconds since the epoch. */
  modifiedTime: number;
  isHidden: boolean;
}

export interface Folder {
  path: string;
  /** null at the root. */
  parent: string | null;
  home: string;
  /** Folders first, by name; files that look like captures, or all. */
  entries: FolderEntry[];
  /** There were more than could be listed. */
  isCut: boolean;
}

export type ShellApi = {
  'shell.ready': { params: Record<string, never>; result: ShellInfo };
  /** Electron's open dialog; null when the user thought better of it, or the shell has none. */
  'shell.pickCapture': { params: Record<string, never>; result: string | null };
  /**
   * Lets the user choose key logs by a dialog of the shell's own, and reads them: no other file can be asked for. null as
   * above. Fails with a sentence.
   */
  'shell.pickKeyLogs': { params: Record<string, never>; result: KeyLogText[] | null };
  /** Electron's save dialog; null as above. */
  'shell.pickTarget': { params: { suggestedName: string }; result: string | null };
  /** For the file chooser; a path of null is where it was last, or home. Fails with a sentence. */
  'shell.listFolder': { params: { path: string | null; allFiles: boolean }; result: Folder };
  'shell.recents': { params: Record<string, never>; result: RecentCapture[] };
  'shell.addRecent': { params: Omit<RecentCapture, 'name' | 'folder' | 'isMissing'>; result: null };
  'shell.clearRecents': { params: Record<string, never>; result: null };
  'shell.samples': { params: Record<string, never>; result: SampleCapture[] };
  /** Merged into what is kept; null removes a value. */
  'shell.keep': { params: { settings: Settings }; result: null };
  /** What the title bar says. */
  'shell.setTitle': { params: { title: string; path: string | null }; result: null };
  /** A spec or help page, in the user's browser; only https addresses of the RFC editor and like are let through. */
  'shell.openExternal': { params: { url: string }; result: null };
};

export type ShellEvents = {
  /** A capture to open arrived while the window was there. */
  'shell.open': CaptureSource;
  /** A menu entry was chosen: the id of one of the window's commands. */
  'shell.command': { id: string };
};
