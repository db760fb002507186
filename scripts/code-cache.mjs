// Writes what V8 compiles of the command while it looks at the sample and writes its audio, so that a start need not compile it again.
// Usage: node scripts/run.mjs scripts/code-cache.mjs
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { codeCacheOf, compileProgram, startProgram } from '../cli/program.ts';

const root = process.env.EARSHOT_ROOT ?? '.';
const folder = pathToFileURL(join(root, 'dist/cli/')).href;
const script = compileProgram(folder);
const sample = join(root, 'resources/samples/two-party-call.pcap');
const scratch = mkdtempSync(join(tmpdir(), 'earshot-build-'));
process.once('exit', () => rmSync(scratch, { recursive: true }));
// Those that go through most of the program.
const lines = [
  ['info', sample],
  ['wav', sample, '-o', join(scratch, 'call.wav')],
];
const exit = process.exit.bind(process);

/** Runs the next of the lines; each ends with a call of `process.exit`. */
function next() {
  const line = lines.shift();
  if (line === undefined) {
    writeFileSync(codeCacheOf(folder), script.createCachedData());
    return exit(0);
  }
  process.argv.splice(2, Infinity, ...line);
  startProgram(script, folder);
}

process.exit = /** @type {typeof process.exit} */ (next);
next();
