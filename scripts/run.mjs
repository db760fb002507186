// Runs a TypeScript file under plain Node: bundles it with esbuild into dist/.run and starts that.
// Usage: node scripts/run.mjs path/to/file.ts [arguments]
import { spawnSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundledText } from './bundled-text.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const [entry, ...args] = process.argv.slice(2);
if (!entry) {
  console.error('usage: node scripts/run.mjs FILE.ts [arguments]');
  process.exit(2);
}
const outfile = join(root, 'dist/.run', `${basename(entry, '.ts')}-${process.pid}.mjs`);
await build({
  entryPoints: [entry],
  outfile,
  bundle: true,
  // Writes constants in where they are used: left as variables they cost a load at every compare of the hot path.
  minifySyntax: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  plugins: [bundledText],
  sourcemap: 'inline',
  logLevel: 'warning',
  define: { 'process.env.EARSHOT_ROOT': JSON.stringify(root) },
});
const { rmSync } = await import('node:fs');
const run = spawnSync(process.execPath, ['--enable-source-maps', ...nodeFlags(), outfile, ...args], {
  stdio: 'inherit',
});
rmSync(outfile, { force: true });
process.exit(run.status ?? 1);

function nodeFlags() {
  return (process.env.EARSHOT_NODE_FLAGS ?? '').split(' ').filter(Boolean);
}
