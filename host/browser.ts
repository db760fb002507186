import { accessSync, constants, existsSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

const LINUX_NAMES: readonly string[] = [
  'chromium',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
  'brave-browser',
  'chromium-browser',
];

const MAC_APPLICATIONS: readonly string[] = ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Brave Browser'];

const WINDOWS_PATHS: readonly string[] = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
  'Chromium\\Application\\chrome.exe',
  'BraveSoftware\\Brave-Browser\\Application\\brave.exe',
];

/** Where a browser that can show the window may lie, the likeliest first. `EARSHOT_BROWSER` names one and no other is tried. */
export function browserCandidates(platform: NodeJS.Platform, environment: Environment): string[] {
  const named = environment['EARSHOT_BROWSER'];
  if (named !== undefined && named !== '') return [named];
  if (platform === 'darwin') {
    const folders = ['/Applications', join(environment['HOME'] ?? '', 'Applications')];
    return MAC_APPLICATIONS.flatMap((name) => folders.map((folder) => `${folder}/${name}.app/Contents/MacOS/${name}`));
  }
  if (platform === 'win32') {
    const folders = ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].flatMap((name) => environment[name] ?? []);
    return WINDOWS_PATHS.flatMap((path) => folders.map((folder) => `${folder}\\${path}`));
  }
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return LINUX_NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
}

/** The first of them that is there, or null. */
export function findBrowser(
  platform: NodeJS.Platform = process.platform,
  environment: Environment = process.env,
): string | null {
  return browserCandidates(platform, environment).find(isExecutable) ?? null;
}

/** Whether there is a display to show a window on: Windows and macOS have one. */
export function hasDisplay(
  platform: NodeJS.Platform = process.platform,
  environment: Environment = process.env,
): boolean {
  if (platform === 'darwin' || platform === 'win32') return true;
  return Boolean(environment['DISPLAY'] || environment['WAYLAND_DISPLAY']);
}

/** Whether it is confined by snap: then it sees neither /tmp nor hidden folders of the home. */
export function isSnap(executable: string): boolean {
  const path = realpathSync(executable);
  if (path.startsWith('/snap/') || path.endsWith('/bin/snap')) return true;
  // Ubuntu's chromium-browser is a script that starts the snap.
  const head = readFileSync(path).subarray(0, 4096).toString('latin1');
  return head.startsWith('#!') && head.includes('/snap/');
}

/** How a browser shows one page as a window of its own, with nothing of its user's and nothing that talks to the network. */
export function browserArguments(pageAddress: string, profileFolder: string, isRoot: boolean): string[] {
  return [
    `--app=${pageAddress}`,
    `--user-data-dir=${profileFolder}`,
    '--class=earshot',
    // The first time as drawn; from then on the profile knows how large the window was.
    ...(existsSync(join(profileFolder, 'Local State')) ? [] : ['--window-size=1440,900']),
    '--no-first-run',
    '--no-default-browser-check',
    '--no-service-autorun',
    '--disable-sync',
    '--disable-extensions',
    '--disable-default-apps',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-domain-reliability',
    '--disable-breakpad',
    '--disable-features=Translate,OptimizationHints,MediaRouter,AutofillServerCommunication',
    '--disable-search-engine-choice-screen',
    '--hide-crash-restore-bubble',
    '--metrics-recording-only',
    '--password-store=basic',
    '--use-mock-keychain',
    // Chromium's sandbox cannot be had as root; without root it stays.
    ...(isRoot ? ['--no-sandbox', '--test-type'] : []),
  ];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
