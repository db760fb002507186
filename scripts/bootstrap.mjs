// Makes a fresh clone ready to run: installs what package-lock.json names, builds what is older than its sources.
// Uses Node alone, because nothing else may be installed yet.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { modified, staleParts } from './parts.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const command = join(root, 'dist/cli/earshot.mjs');

const oldestNode = [20, 19];

/** Installs and builds where needed, and ends the process with one clear line where that fails. */
export function bootstrap() {
  if (!isNewEnough(process.versions.node))
    fail(`Node ${oldestNode.join('.')} or newer is needed, this is ${process.version}`);
  if (needsInstall(root)) {
    console.log('Installing what the build and the tests need …');
    // Not `npm ci`: it refuses a lock file that does not list the tools' binaries for every other platform, and not every
    // registry has them all. The versions are the lock file's either way, and --no-save leaves it alone.
    if (npm(['install', '--no-save', '--no-audit', '--no-fund']) !== 0) fail('the packages could not be installed');
  }
  const stale = staleParts(root);
  if (stale.length > 0) {
    console.log(`Building ${stale.join(', ')} …`);
    const script = join(root, 'scripts/build.mjs');
    const built = spawnSync(process.execPath, [script, ...stale], { cwd: root, stdio: 'inherit' });
    if (built.status !== 0) fail('the build failed');
  }
}

/**
 * Runs npm with the arguments given and returns its exit status.
 * @param {string[]} args
 */
export function npm(args) {
  return spawnNpm(args, 'inherit').status ?? 1;
}

/**
 * Runs npm and keeps what it prints.
 * @param {string[]} args
 */
export function npmQuietly(args) {
  const run = spawnNpm(args, 'pipe');
  return { status: run.status ?? 1, output: `${run.stdout ?? ''}${run.stderr ?? ''}` };
}

/**
 * @param {string[]} args
 * @param {'inherit' | 'pipe'} stdio
 */
function spawnNpm(args, stdio) {
  const options = /** @type {const} */ ({ cwd: root, stdio, encoding: 'utf8', maxBuffer: 1 << 28 });
  // Inside an npm script npm tells where it is; that spares the shell that npm.cmd needs on Windows.
  const self = process.env.npm_execpath;
  if (self?.endsWith('.js')) return spawnSync(process.execPath, [self, ...args], options);
  return spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
}

/** @param {string} version */
export function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
}

/**
 * True where node_modules is not there, or older than package-lock.json.
 * @param {string} folder
 */
export function needsInstall(folder) {
  const installed = modified(join(folder, 'node_modules/.package-lock.json'));
  return installed === 0 || modified(join(folder, 'package-lock.json')) > installed;
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(`earshot: ${message}`);
  process.exit(1);
}
