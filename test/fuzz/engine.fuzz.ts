/**
 * The whole engine on broken captures: recorded ones are damaged in the file or in the packets, then read, and every
 * row and some packets' trees are asked for. Nothing may throw, no row may hold what is no number, and no tree may
 * point outside its octets.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { builtIns } from '../../dissectors/index.ts';
import type { Capture } from '../../engine/capture.ts';
import { type DecodeAsRule, parseDecodeAs } from '../../engine/classify/decode-as.ts';
import { readCapture } from '../../engine/engine.ts';
import { qualitySeries } from '../../engine/quality/quality-series.ts';
import { streamQuality } from '../../engine/quality/stream-quality.ts';
import { callRows } from '../../engine/query/call-rows.ts';
import { captureInfo } from '../../engine/query/capture-info.ts';
import type { DetailNode } from '../../engine/query/detail-tree.ts';
import { digitRows } from '../../engine/query/digit-rows.ts';
import { keyRows } from '../../engine/query/key-rows.ts';
import { ladderOf } from '../../engine/query/ladder.ts';
import { packetDetail } from '../../engine/query/packet-detail.ts';
import { packetRows } from '../../engine/query/packet-rows.ts';
import { streamRows } from '../../engine/query/stream-rows.ts';
import { warningsOf } from '../../engine/query/warnings.ts';
import { MemorySource } from '../../engine/readers/test-source.ts';
import { UnreadableCaptureError } from '../../engine/readers/unreadable-capture-error.ts';
import { capturesIn, OWN_CAPTURES } from '../integration/capture-files.ts';

/** Of a longer capture the beginning and the end are taken: the signalling, and some media. */
const MOST_RECORDS = 24;
const MOST_RECORDS_FROM = 4;
const MOST_DETAILS = 3;
const SLOW_MS = 5000;
const TELLING = [0, 1, 2, 0x7f, 0x80, 0xfe, 0xff];

/** A capture taken apart: what stands before the records, then each record with its own header. */
interface Seed {
  readonly header: Uint8Array;
  readonly records: readonly Uint8Array[];
}

let seeds: Seed[] | null = null;

/** Reads `inputs` damaged captures; `random` gives 0 ≤ x < 1. Rejects where something breaks. */
export async function fuzzEngine(random: () => number, inputs: number): Promise<void> {
  seeds ??= capturesIn(OWN_CAPTURES).flatMap((path) => takeApart(readFileSync(join(OWN_CAPTURES, path))));
  for (let i = 0; i < inputs; i++) {
    const bytes = damaged(pick(random, seeds), random);
    const began = performance.now();
    await readWhole(bytes, random);
    const tookMs = performance.now() - began;
    if (tookMs > SLOW_MS) throw new Error(`${bytes.length} octets took ${Math.round(tookMs)} ms`);
  }
}

/** RTP as it stands or behind octets, or an IP packet or a UDP datagram there. */
function decodeAsOf(random: () => number, selector: string): DecodeAsRule {
  const as = ['rtp', `skip ${below(random, 40)},rtp`, `skip ${below(random, 40)},ip`, `skip ${below(random, 40)},udp`];
  const rule = parseDecodeAs(`${selector},${as[below(random, as.length)]}`, ['rtp']);
  if (typeof rule === 'string') throw new Error(rule);
  return rule;
}

async function readWhole(bytes: Uint8Array, random: () => number): Promise<void> {
  const decodeAs = random() < 0.2 ? [decodeAsOf(random, `udp.port==${5060 + below(random, 4)}`)] : [];
  let capture: Capture;
  try {
    capture = await readCapture(new MemorySource(bytes), { dissectors: builtIns, fence: false, decodeAs });
  } catch (error) {
    if (error instanceof UnreadableCaptureError) return;
    throw error;
  }
  const { count } = capture.store.frames;
  const calls = [...callRows(capture, { all: true })];
  const streams = streamRows(capture);
  checkNumbers([captureInfo(capture), calls, streams, digitRows(capture), [...keyRows(capture)], warningsOf(capture)]);
  // A frame can hold several: what an agent reports in one segment, what a relay carries in one.
  const rtpRows = capture.streams.rtp.count;
  check(streams.reduce((sum, row) => sum + row.packets, 0) <= rtpRows, 'more packets in streams than RTP packets');
  for (const entry of capture.calls.entries) checkNumbers(ladderOf(capture, entry));
  for (const stream of capture.streams.streams) {
    checkNumbers([streamQuality(capture, stream), qualitySeries(capture, stream)]);
  }
  let rows = 0;
  for await (const block of packetRows(capture)) {
    checkNumbers(block);
    rows += block.length;
  }
  check(rows === count, `${rows} packet rows of ${count} packets`);
  const details = count === 0 ? 0 : MOST_DETAILS;
  for (let i = 0; i < details; i++) {
    const detail = await packetDetail(capture, 1 + below(random, count));
    check(detail !== null, 'a packet without a tree');
    const lengths = detail?.sources.map((source) => source.lengthBytes) ?? [];
    for (const node of detail?.nodes ?? []) checkNode(node, lengths);
  }
}

function checkNode(node: DetailNode, lengths: readonly number[]): void {
  const { at, length, source } = node;
  const isInside = at >= 0 && length >= 0 && at + length <= (lengths[source] ?? -1);
  check(isInside, `${node.name} at ${at}, ${length} octets, of source ${source} (${lengths.join(', ')})`);
  for (const child of node.children ?? []) checkNode(child, lengths);
}

/** JSON has no word for infinity: a number that is none would come out as null. */
function checkNumbers(value: unknown, path = ''): void {
  if (typeof value === 'number') check(Number.isFinite(value), `${path} is ${value}`);
  else if (Array.isArray(value)) value.forEach((item, i) => checkNumbers(item, `${path}[${i}]`));
  else if (value !== null && typeof value === 'object' && !ArrayBuffer.isView(value)) {
    for (const [key, item] of Object.entries(value)) checkNumbers(item, `${path}.${key}`);
  }
}

function damaged(seed: Seed, random: () => number): Uint8Array {
  const records: Uint8Array[] = [];
  const harm = random() * 0.5;
  for (const record of seed.records) {
    const fate = random();
    if (fate < harm * 0.1) continue;
    const copy = random() < harm ? damagedRecord(record.slice(), random) : record;
    records.push(copy);
    if (fate > 1 - harm * 0.1) records.push(copy);
  }
  if (random() < harm && records.length > 1) {
    const [a, b] = [below(random, records.length), below(random, records.length)];
    [records[a], records[b]] = [records[b], records[a]];
  }
  const bytes = Buffer.concat([seed.header, ...records]);
  if (random() < 0.2) spoil(bytes, 0, random);
  return random() < 0.15 ? bytes.subarray(0, below(random, bytes.length + 1)) : bytes;
}

/** Spoils the frame and leaves the record's lengths, now and then also cuts it short. */
function damagedRecord(record: Uint8Array, random: () => number): Uint8Array {
  if (record.length > 40) spoil(record, RECORD_HEADER, random);
  if (random() < 0.2 && record.length > RECORD_HEADER) {
    const captured = below(random, record.length - RECORD_HEADER);
    const cut = record.slice(0, RECORD_HEADER + captured);
    new DataView(cut.buffer).setUint32(8, captured, true);
    return cut;
  }
  return record;
}

const RECORD_HEADER = 16;

function spoil(bytes: Uint8Array, from: number, random: () => number): void {
  for (let more = below(random, 8); more >= 0; more--) {
    // Headers are near the front.
    const room = random() < 0.5 ? Math.min(80, bytes.length - from) : bytes.length - from;
    const at = from + below(random, room);
    const kind = random();
    if (kind < 0.4) bytes[at] ^= 1 << below(random, 8);
    else if (kind < 0.7) bytes[at] = pick(random, TELLING);
    else if (kind < 0.9) bytes[at] = below(random, 256);
    else bytes.copyWithin(at, from + below(random, room), from + below(random, room));
  }
}

/** Little-endian pcap in records; anything else whole, as one part. A long capture gives several seeds. */
function takeApart(file: Uint8Array): Seed[] {
  const bytes = file[0] === 0x1f && file[1] === 0x8b ? gunzipSync(file) : file;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0, true);
  if (magic !== 0xa1b2c3d4 && magic !== 0xa1b23c4d) {
    return [{ header: new Uint8Array(0), records: [bytes.subarray(0, 40_000)] }];
  }
  const header = bytes.subarray(0, 24);
  const records: Uint8Array[] = [];
  for (let at = 24; at + RECORD_HEADER <= bytes.length; ) {
    const end = at + RECORD_HEADER + view.getUint32(at + 8, true);
    records.push(bytes.subarray(at, end));
    at = end;
  }
  if (records.length <= MOST_RECORDS) return [{ header, records }];
  const ends = [...records.slice(0, MOST_RECORDS - MOST_RECORDS_FROM), ...records.slice(-MOST_RECORDS_FROM)];
  const middle = Math.floor(records.length / 2);
  return [
    { header, records: ends },
    { header, records: records.slice(middle, middle + MOST_RECORDS) },
  ];
}

function below(random: () => number, limit: number): number {
  return Math.floor(random() * limit);
}

function pick<T>(random: () => number, from: readonly T[]): T {
  return from[below(random, from.length)];
}

function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
