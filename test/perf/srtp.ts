// How fast SRTP packets of 160 octets are authenticated and opened on one core, beside libsrtp on the same packets:
//   node scripts/run.mjs test/perf/srtp.ts
// libsrtp's figure needs gcc and libsrtp2-dev. All by the processor's time, so that other work on the machine counts less.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NodeCiphers } from '../../engine/srtp/node-ciphers.ts';
import { SrtpOpener } from '../../media/srtp/opener.ts';
import { SrtpReceiver } from '../../media/srtp/receiver.ts';
import { SrtpKeys } from '../../media/srtp/session-keys.ts';
import { isOpened } from '../../media/srtp/status.ts';
import { suiteByName } from '../../media/srtp/suites.ts';
import { policyOf } from '../../media/srtp/testing/policies.ts';
import { protectRtp } from '../../media/srtp/testing/protect.ts';
import { formatTable, median } from './measure.ts';

const STREAMS = 40;
const PACKETS = 3000;
const BATCH = 1000;
const ROUNDS = 7;
/** The first rounds are slower until the code is compiled. */
const WARM_UP_ROUNDS = 2;
const PLACE_BYTES = 200;

interface SpeedStream {
  readonly keys: SrtpKeys;
  readonly bytes: Uint8Array;
  readonly lengths: Int32Array;
  readonly indices: Float64Array;
}

const ciphers = new NodeCiphers();
const folder = mkdtempSync(join(tmpdir(), 'earshot-srtp-'));
try {
  const program = join(folder, 'libsrtp-speed');
  const source = join(process.env['EARSHOT_ROOT'] ?? '.', 'test/perf/libsrtp-speed.c');
  const hasPeer = spawnSync('gcc', ['-O2', '-o', program, source, '-lsrtp2']).status === 0;
  const rows = [['suite', 'authenticate /s', 'open /s', 'both /s', 'libsrtp /s', 'times as fast']];
  rows.push(measure('AES_CM_128_HMAC_SHA1_80', hasPeer ? [program, 'cm'] : null));
  rows.push(measure('AEAD_AES_128_GCM', hasPeer ? [program, 'gcm'] : null));
  rows.push(
    measure('AES_256_CM_HMAC_SHA1_80', null),
    measure('AEAD_AES_256_GCM', null),
    measure('F8_128_HMAC_SHA1_80', null),
  );
  console.log(formatTable(rows));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function measure(suiteName: string, peer: readonly [string, string] | null): string[] {
  const streams = Array.from({ length: STREAMS }, (_, i) => speedStream(suiteName, i + 1));
  const walked: number[] = [];
  const opened: number[] = [];
  const both: number[] = [];
  const peers: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const walk = secondsOf(() => streams.forEach(authenticate));
    const open = secondsOf(() => streams.forEach(openAll));
    if (round < WARM_UP_ROUNDS) continue;
    walked.push(perSecond(walk));
    opened.push(perSecond(open));
    both.push(perSecond(walk + open));
    if (peer !== null) {
      const run = spawnSync(peer[0], [peer[1], String(STREAMS), String(PACKETS)], { encoding: 'utf8' });
      peers.push(Number(run.stdout));
    }
  }
  const own = median(both);
  const theirs = peers.length > 0 ? median(peers) : null;
  return [
    suiteName,
    thousands(median(walked)),
    thousands(median(opened)),
    thousands(own),
    theirs === null ? '–' : thousands(theirs),
    theirs === null ? '–' : (own / theirs).toFixed(2),
  ];
}

function authenticate({ keys, bytes, lengths, indices }: SpeedStream): void {
  const receiver = new SrtpReceiver(keys);
  for (let nth = 0; nth < PACKETS; nth++) {
    if (!isOpened(receiver.unprotect(bytes, nth * PLACE_BYTES + 7, lengths[nth]))) throw new Error('not authentic');
    indices[nth] = receiver.index;
  }
}

function openAll({ keys, bytes, lengths, indices }: SpeedStream): void {
  const opener = new SrtpOpener(keys);
  for (let from = 0; from < PACKETS; from += BATCH) {
    for (let nth = from; nth < from + BATCH; nth++) {
      opener.queue(bytes, nth * PLACE_BYTES + 7, lengths[nth], indices[nth]);
    }
    opener.flush();
  }
}

function speedStream(suiteName: string, seed: number): SpeedStream {
  const suite = suiteByName(suiteName);
  if (suite === null) throw new Error(suiteName);
  const policy = policyOf(
    suiteName,
    new Uint8Array(suite.keyBytes).fill(seed),
    new Uint8Array(suite.saltBytes).fill(9),
  );
  const keys = new SrtpKeys(policy, ciphers);
  const bytes = new Uint8Array(PACKETS * PLACE_BYTES);
  const lengths = new Int32Array(PACKETS);
  for (let nth = 0; nth < PACKETS; nth++) {
    const plain = new Uint8Array(172);
    plain.set([0x80, 8, nth >> 8, nth & 0xff]);
    plain[11] = seed;
    const packet = protectRtp(keys, plain, nth);
    bytes.set(packet, nth * PLACE_BYTES + 7);
    lengths[nth] = packet.length;
  }
  return { keys, bytes, lengths, indices: new Float64Array(PACKETS) };
}

function secondsOf(work: () => void): number {
  const began = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1e6;
}

function perSecond(seconds: number): number {
  return (STREAMS * PACKETS) / seconds;
}

function thousands(value: number): string {
  return `${Math.round(value / 1000)} k`;
}
