// `npm start [-- CAPTURE]`: the window, on a capture; without one, on the sample.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { bootstrap, command, root } from './bootstrap.mjs';

bootstrap();
const given = process.argv.slice(2);
const isCaptureGiven = given.some((word) => !word.startsWith('-'));
const args = isCaptureGiven ? given : [...given, join(root, 'resources/samples/two-party-call.pcap')];
const window = spawn(process.execPath, [command, 'open', ...args], {
  // npm runs scripts in the project's folder; a path the user gave is relative to where they are.
  cwd: process.env.INIT_CWD ?? process.cwd(),
  stdio: 'inherit',
});
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => window.kill(signal));
}
window.on('exit', (status) => process.exit(status ?? 1));
