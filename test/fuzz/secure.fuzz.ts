/**
 * TLS and DTLS with a key log at hand, damaged: frames lost, doubled, out of order, spoilt anywhere, secrets mixed up. Nothing
 * may throw, whatever opens must open again to the same octets, and connections must be told of in whole sentences.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtIns } from '../../dissectors/index.ts';
import { readCapture } from '../../engine/engine.ts';
import { secureConnections } from '../../engine/query/secure-connections.ts';
import { MemorySource } from '../../engine/readers/test-source.ts';
import { FrameReader } from '../../engine/store/frame-reader.ts';
import { dtlsMediaKeys } from '../../engine/tls/dtls-keys.ts';
import { AnnouncedFingerprints } from '../../engine/tls/fingerprints.ts';
import { KeyLog } from '../../engine/tls/key-log.ts';
import { OWN_CAPTURES } from '../integration/capture-files.ts';

const CAPTURES = ['tls-suites', 'tls-key-update', 'tls-early-data', 'dtls-exporter', 'sip-tls', 'dtls-fragments'];
/** Frames of one input: a connection or two. */
const MOST_FRAMES = 36;
const PACKET_BLOCK = 6;
const SECRETS_BLOCK = 10;
/** Of a packet block, before the frame. */
const BLOCK_HEADER = 28;
/** Of a frame, before what TCP or UDP carries. */
const HEADERS = 42;

interface Seed {
  /** Section and interface, without which no packet can be read. */
  readonly head: Uint8Array;
  readonly packets: readonly Uint8Array[];
  readonly keyLog: string;
}

let seeds: Seed[] | null = null;

/** Reads `inputs` damaged captures; `random` gives 0 ≤ x < 1. Rejects where something breaks. */
export async function fuzzSecure(random: () => number, inputs: number): Promise<void> {
  seeds ??= CAPTURES.map((name) => takeApart(readFileSync(join(OWN_CAPTURES, `${name}.pcapng`))));
  for (let i = 0; i < inputs; i++) {
    const { head, packets, keyLog } = seeds[below(random, seeds.length)];
    const from = below(random, Math.max(1, packets.length - MOST_FRAMES));
    const frames = damaged(packets.slice(from, from + MOST_FRAMES), random);
    await readWhole(Buffer.concat([head, ...frames]), random() < 0.9 ? keyLog : spoiltLog(keyLog, random));
  }
}

async function readWhole(bytes: Uint8Array, secrets: string): Promise<void> {
  const keyLog = new KeyLog();
  keyLog.add(secrets);
  const source = new MemorySource(bytes);
  const capture = await readCapture(source, { dissectors: builtIns, fence: false, secrets: { keyLog, srtpKeys: [] } });
  const reader = new FrameReader(source, capture.store.frames);
  for (const layer of capture.store.layers) {
    for (const pieces of layer.pieces.values()) {
      const wanted = pieces.reduce((sum, { length }) => sum + length, 0);
      const octets = await reader.pieces(pieces);
      check(octets.length === wanted, `${octets.length} octets of ${wanted}`);
      for (const { record } of pieces) {
        if (record === undefined) continue;
        const plain = await capture.pass.tls.records.plaintext(record, (parts) => reader.pieces(parts));
        check(plain.length > 0, `record ${record} does not open again`);
      }
    }
  }
  for (const row of secureConnections(capture)) {
    check(row.packet >= 1 && row.packet <= capture.store.frames.count, `packet ${row.packet}`);
    check(row.advice === null || /^[A-Z0-9].*\.$/.test(row.advice), `${row.advice}`);
  }
  const announced = new AnnouncedFingerprints(capture.store);
  for (const session of capture.dtls.sessions) announced.check(session);
  dtlsMediaKeys(capture);
}

function damaged(packets: readonly Uint8Array[], random: () => number): Uint8Array[] {
  const harm = random() * 0.3;
  const result: Uint8Array[] = [];
  for (const packet of packets) {
    const fate = random();
    if (fate < harm * 0.3) continue;
    const copy = new Uint8Array(packet);
    if (fate < harm) spoil(copy, random);
    result.push(copy);
    if (fate > 1 - harm * 0.1) result.push(copy);
  }
  for (let swaps = below(random, 4); swaps > 0 && result.length > 1; swaps--) {
    const at = below(random, result.length - 1);
    [result[at], result[at + 1]] = [result[at + 1], result[at]];
  }
  return result;
}

/** Spoils what the frame carries, mostly headers of records and messages. */
function spoil(block: Uint8Array, random: () => number): void {
  const from = BLOCK_HEADER + (random() < 0.9 ? HEADERS : 14);
  const room = block.length - 4 - from;
  if (room <= 0) return;
  for (let more = below(random, 4); more >= 0; more--) {
    const at = from + below(random, random() < 0.6 ? Math.min(room, 90) : room);
    block[at] = random() < 0.5 ? below(random, 256) : block[at] ^ (1 << below(random, 8));
  }
}

function spoiltLog(keyLog: string, random: () => number): string {
  const lines = keyLog.split('\n');
  const secrets = lines.map((line) => line.split(' ')[2] ?? '');
  return lines.map((line, i) => line.replace(secrets[i], secrets[below(random, lines.length)])).join('\n');
}

/** A little-endian pcapng. */
function takeApart(file: Buffer): Seed {
  const head: Uint8Array[] = [];
  const packets: Uint8Array[] = [];
  let keyLog = '';
  for (let at = 0; at < file.length; ) {
    const type = file.readUInt32LE(at);
    const block = file.subarray(at, at + file.readUInt32LE(at + 4));
    if (type === PACKET_BLOCK) packets.push(block);
    else if (type === SECRETS_BLOCK) keyLog += block.toString('latin1', 16, 16 + block.readUInt32LE(12));
    else if (packets.length === 0) head.push(block);
    at += block.length;
  }
  return { head: Buffer.concat(head), packets, keyLog };
}

function below(random: () => number, limit: number): number {
  return Math.floor(random() * limit);
}

function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
