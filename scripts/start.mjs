// `npm start [-- CAPTURE]`: shows what a capture holds and writes its first call as a WAV file.
import { spawnSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { bootstrap, command, root } from './bootstrap.mjs';

bootstrap();
// npm runs scripts in the project's folder; a path the user gave is relative to where they are.
const startedIn = process.env.INIT_CWD ?? process.cwd();
const given = process.argv[2];
const capture = given ?? join(root, 'resources/samples/two-party-call.pcap');

for (const what of ['info', 'calls', 'streams']) {
  console.log(`\n$ earshot ${what} ${given ?? basename(capture)}`);
  const { status } = earshot([what, capture], 'inherit');
  // 1 says that there are none of these, which is no reason to stop.
  if (status !== 0 && status !== 1) process.exit(status ?? 1);
}
process.exit(writeAudio());

function writeAudio() {
  const listed = earshot(['calls', capture, '--json'], 'pipe');
  /** @type {{ calls: { id: string, streams: string[] }[] }} */
  const { calls } = listed.status === 0 ? JSON.parse(listed.stdout) : { calls: [] };
  const call = calls.find(({ streams }) => streams.length > 0);
  if (!call) {
    console.log(`\nEarshot read ${capture}: it holds no call with audio, so no WAV file was written.`);
    return 0;
  }
  const name = basename(capture).replace(/(\.(pcap|pcapng|cap))?(\.gz)?$/i, '');
  const target = join(startedIn, `${name}.wav`);
  const { status } = earshot(['wav', capture, '--call', call.id, '-o', target], 'inherit');
  if (status === 0) {
    console.log(`\nEarshot read ${capture} and wrote call ${call.id} to ${target} (left: caller, right: callee).`);
  }
  return status ?? 1;
}

/**
 * @param {string[]} args
 * @param {'inherit' | 'pipe'} output
 */
function earshot(args, output) {
  return spawnSync(process.execPath, [command, ...args], {
    cwd: startedIn,
    stdio: ['inherit', output, 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
}
