import type { BegunReading } from '../engine/reading/begun-reading.ts';
import { discardUnfinishedFiles } from '../engine/sources/atomic-file.ts';
import { Exit } from './failure.ts';
import { run } from './run.ts';
import { safeText } from './safe-text.ts';

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    interruption.abort();
    discardUnfinishedFiles();
    // An audio export does not look at the signal, and a pipe may never come back: nothing is waited for.
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    process.exit(signal === 'SIGINT' ? Exit.Interrupted : signal === 'SIGTERM' ? 143 : 129);
  });
}
// What escapes everything else still ends in one sentence.
process.on('uncaughtException', (error) => {
  discardUnfinishedFiles();
  process.stderr.write(`earshot: internal error: ${safeText(error.message)}\n`);
  if (process.env['EARSHOT_DEBUG']) process.stderr.write(`${error.stack}\n`);
  process.exit(Exit.Unreadable);
});
// Nobody reads the complaints either: no reason to fail.
process.stderr.on('error', () => {});

/** What cli/program.ts was given for it; missing where this runs as a module. */
declare const begunReading: BegunReading | null | undefined;

// Not awaited: a script, as which all this is compiled, knows no await outside of functions.
void run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  signal: interruption.signal,
  begun: typeof begunReading === 'undefined' ? null : begunReading,
}).then((exit) => process.exit(exit));
