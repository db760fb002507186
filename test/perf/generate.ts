// Writes the captures the benchmark measures with: the same bytes on every machine.
// Usage: generate.ts media|sip OUT.pcap [--calls N]   or   generate.ts hour OUT.pcap
import { parseArgs } from 'node:util';
import { generateHour, generateMedia, generateSip, type Truth } from './load/loads.ts';

const usage = 'usage: generate.ts media|sip|hour OUT.pcap [--calls N]';

function run(kind: string, path: string, calls: number | undefined): Truth | undefined {
  if (kind === 'media') return generateMedia(path, calls ?? 1000);
  if (kind === 'sip') return generateSip(path, calls ?? 100_000);
  return kind === 'hour' ? generateHour(path) : undefined;
}

const { positionals, values } = parseArgs({ allowPositionals: true, options: { calls: { type: 'string' } } });
const [kind, path] = positionals;
const calls = values.calls === undefined ? undefined : Number(values.calls);
const wellFormed = kind && path && (calls === undefined || (Number.isInteger(calls) && calls > 0));
const started = performance.now();
const truth = wellFormed ? run(kind, path, calls) : undefined;
if (!truth) {
  console.error(usage);
  process.exit(2);
}
const seconds = (performance.now() - started) / 1000;
console.log(
  `${path}: ${truth.calls} calls, ${truth.frames} frames, ${(truth.bytes / 1e6).toFixed(0)} MB, ` +
    `${truth.streams.length} streams, in ${seconds.toFixed(1)} s`,
);
