// Writes what V8 compiles of the command while it looks at the sample, so that a start need not compile it again.
// Usage: node scripts/run.mjs scripts/code-cache.mjs
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { codeCacheOf, compileProgram, startProgram } from '../cli/program.ts';

const root = process.env.EARSHOT_ROOT ?? '.';
const folder = pathToFileURL(join(root, 'dist/cli/')).href;
const script = compileProgram(folder);
// The command that goes through most of the program.
process.argv.splice(2, Infinity, 'info', join(root, 'resources/samples/two-party-call.pcap'));
process.once('exit', () => writeFileSync(codeCacheOf(folder), script.createCachedData()));
startProgram(script, folder);
