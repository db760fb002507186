// Measures Earshot against what people use today, on captures generated for it: `npm run bench`.
//   --rounds N   runs of each command (3)        --quick   a tenth of the calls, one round
// EARSHOT_BENCH_DIR names a folder whose captures are used again; without it they are thrown away afterwards.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generateHour, generateMedia, generateSip, type Truth } from './load/loads.ts';
import { type Command, formatTable, type Measured, runInTurn, warm } from './measure.ts';

interface Pair {
  readonly task: string;
  readonly ours: Command;
  readonly peerName: string;
  readonly peer: Command;
}

const earshot = join(process.env['EARSHOT_ROOT'] ?? '.', 'dist/cli/earshot.mjs');
const { values: options } = parseArgs({
  options: { rounds: { type: 'string' }, quick: { type: 'boolean', default: false } },
});
const share = options.quick ? 0.1 : 1;
const rounds = Number(options.rounds ?? (options.quick ? 1 : 3));

if (!existsSync(earshot)) {
  console.error('bench: dist/cli/earshot.mjs is not there; run `npm run build` first');
  process.exit(1);
}
const kept = process.env['EARSHOT_BENCH_DIR'];
const folder = kept ?? mkdtempSync(join(tmpdir(), 'earshot-bench-'));
mkdirSync(folder, { recursive: true });
try {
  bench();
} finally {
  if (!kept) rmSync(folder, { recursive: true, force: true });
}
// How many times faster than real time each codec is decoded.
console.log('');
await import('./codecs.ts');

function bench(): void {
  console.log(
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${gigabytes(totalmem())} GB; median of ${rounds}\n`,
  );
  const media = capture('media', 1000 * share, generateMedia);
  const sip = capture('sip', 100_000 * share, generateSip);
  const hour = capture('hour', 1, (path) => generateHour(path, 3600 * share));
  for (const each of [media, sip, hour]) {
    console.log(
      `${each.path}: ${each.truth.calls} calls, ${each.truth.frames} packets, ${megabytes(each.truth.bytes)} MB`,
    );
  }
  console.log(`\n${formatTable(comparisons(media, sip, hour))}\n`);
  console.log(formatTable(growth()));
}

interface Capture {
  readonly path: string;
  readonly truth: Truth;
}

/** Generates a capture, or takes the one of an earlier run that holds as many calls. */
function capture(kind: string, calls: number, generate: (path: string, calls: number) => Truth): Capture {
  const path = join(folder, `${kind}-${calls}${options.quick ? '-quick' : ''}.pcap`);
  const truth: Truth = existsSync(`${path}.json`)
    ? JSON.parse(readFileSync(`${path}.json`, 'utf8'))
    : generate(path, calls);
  return { path, truth };
}

function comparisons(media: Capture, sip: Capture, hour: Capture): string[][] {
  const rows = [['task', 'peer', 'earshot s', 'peer s', 'times as fast', 'earshot MB', 'peer MB', 'memory ratio']];
  const sipFields = ['sip.Call-ID', 'sip.Method', 'sip.Status-Code'].flatMap((field) => ['-e', field]);
  const ownWav = join(folder, 'earshot.wav');
  const pairs: (Pair & { capture: Capture })[] = [
    {
      task: 'streams of media',
      capture: media,
      ours: ours('streams', media),
      peerName: 'tshark rtp,streams',
      peer: { program: 'tshark', args: ['-n', '-q', '-z', 'rtp,streams', '-r', media.path] },
    },
    {
      task: 'calls of sip',
      capture: sip,
      ours: ours('calls', sip),
      peerName: 'tshark -Y sip',
      peer: { program: 'tshark', args: ['-n', '-r', sip.path, '-Y', 'sip', '-T', 'fields', ...sipFields] },
    },
    {
      task: 'calls of sip',
      capture: sip,
      ours: ours('calls', sip),
      peerName: 'sngrep',
      peer: { program: 'sngrep', args: ['-N', '-q', '-l', String(2 * sip.truth.calls), '-I', sip.path] },
    },
    {
      task: 'wav of the hour',
      capture: hour,
      ours: { ...ours('wav', hour, '-o', ownWav), writes: [ownWav] },
      peerName: 'tshark | xxd | sox',
      peer: audioChain(hour),
    },
    {
      task: 'wav of the hour',
      capture: hour,
      ours: { ...ours('wav', hour, '-o', ownWav), writes: [ownWav] },
      peerName: 'pcaputil, twice',
      peer: bothDirections(hour),
    },
  ];
  for (const pair of pairs) {
    console.error(`… ${pair.task} against ${pair.peerName}`);
    warm(pair.capture.path);
    const [own, peer] = runInTurn([pair.ours, pair.peer], rounds);
    rows.push([
      pair.task,
      pair.peerName,
      seconds(own),
      seconds(peer),
      ratio(peer, own, 'seconds'),
      memory(own),
      memory(peer),
      ratio(own, peer, 'peakMegabytes'),
    ]);
  }
  return rows;
}

/** Does a capture twice as long take twice as long? */
function growth(): string[][] {
  const rows = [['grows with', 'calls', 'packets', 'seconds', 'to 1×', 'µs a packet', 'MB', 'to 1×']];
  for (const [kind, command, calls, generate] of [
    ['media', 'streams', 1000 * share, generateMedia],
    ['sip', 'calls', 100_000 * share, generateSip],
  ] as const) {
    const sizes = [1, 2, 4].map((size) => capture(kind, (calls * size) / 4, generate));
    console.error(`… ${command} of ${kind} at 1×, 2×, 4×`);
    for (const { path } of sizes) warm(path);
    const measured = runInTurn(
      sizes.map((size) => ours(command, size)),
      rounds,
    );
    measured.forEach((run, at) => {
      const { truth } = sizes[at];
      rows.push([
        `${kind} ${2 ** at}×`,
        String(truth.calls),
        String(truth.frames),
        seconds(run),
        ratio(run, measured[0], 'seconds'),
        'missing' in run ? '–' : ((run.seconds * 1e6) / truth.frames).toFixed(2),
        memory(run),
        ratio(run, measured[0], 'peakMegabytes'),
      ]);
    });
  }
  return rows;
}

function ours(command: string, { path }: Capture, ...args: string[]): Command {
  return { program: process.execPath, args: [earshot, command, path, ...args] };
}

/** What people do by hand: the payloads of each direction as hexadecimal, to octets, to one stereo file. */
function audioChain({ path, truth }: Capture): Command {
  const raw = truth.streams.map(({ ssrc }) => join(folder, `${ssrc}.raw`));
  const extract = truth.streams.map(
    ({ ssrc }, at) =>
      `tshark -n -r '${path}' -Y 'rtp.ssrc==${ssrc}' -T fields -e rtp.payload | tr -d ':\\n' | xxd -r -p > '${raw[at]}'`,
  );
  const inputs = raw.map((file) => `-t raw -r 8000 -c 1 -e a-law -b 8 '${file}'`).join(' ');
  const wav = join(folder, 'chain.wav');
  const script = [installed('tshark xxd sox'), ...extract, `sox -M ${inputs} -e signed-integer -b 16 '${wav}'`];
  return { program: '/bin/sh', args: ['-c', script.join(' && ')], writes: [...raw, wav] };
}

/** What pjsip's pcaputil needs for the same audio: a WAV of one channel for each direction. */
function bothDirections({ path, truth }: Capture): Command {
  const wavs = truth.streams.map(({ ssrc }) => join(folder, `${ssrc}.wav`));
  const runs = truth.streams.map(({ src }, at) => {
    const [address, port] = src.split(':');
    return `pcaputil --src-ip=${address} --src-port=${port} '${path}' '${wavs[at]}' >/dev/null`;
  });
  return { program: '/bin/sh', args: ['-c', [installed('pcaputil'), ...runs].join(' && ')], writes: wavs };
}

/** Shell that goes on only where these programs are there. */
function installed(programs: string): string {
  return `for each in ${programs}; do command -v $each >/dev/null || { echo $each is not installed >&2; exit 9; }; done`;
}

function seconds(run: Measured): string {
  return 'missing' in run ? run.missing : run.seconds.toFixed(2);
}

function memory(run: Measured): string {
  return 'missing' in run || run.peakMegabytes === null ? '–' : run.peakMegabytes.toFixed(0);
}

function ratio(over: Measured, under: Measured, figure: 'seconds' | 'peakMegabytes'): string {
  if ('missing' in over || 'missing' in under) return '–';
  const [a, b] = [over[figure], under[figure]];
  return a === null || b === null ? '–' : (a / b).toFixed(2);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(0);
}
