// Tests of the window need a browser. As root on Debian it is installed; elsewhere those tests skip, and say so.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The usual ones: where another is there, Chromium beside it does no harm. */
const names = ['chromium', 'google-chrome'];

/** Installs Chromium where that can be done and none is there, and says in one line where tests will skip. */
export function provideChromium() {
  if (process.platform !== 'linux' || process.env.EARSHOT_BROWSER || isThere(names)) return;
  if (process.getuid?.() === 0 && isThere(['apt-get'])) {
    console.log('Installing Chromium, which tests of the window need …');
    const options = /** @type {const} */ ({
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      timeout: 600_000,
    });
    spawnSync('apt-get', ['update', '-q'], options);
    spawnSync('apt-get', ['install', '-q', '-y', '--no-install-recommends', 'chromium'], options);
  }
  if (!isThere(names))
    console.log('No Chromium, Chrome, Edge or Brave is installed: the tests of the window are skipped.');
}

/** @param {readonly string[]} commands */
function isThere(commands) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return commands.some((name) => folders.some((folder) => isExecutable(join(folder, name))));
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
