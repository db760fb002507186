/**
 * ESP with keys at hand, damaged: frames spoilt anywhere, cut, with keys that check nothing, so that damage gets in. Nothing
 * may throw, whatever opens must open again, and texts that are no SA must be told in a sentence.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtIns } from '../../dissectors/index.ts';
import { readCapture } from '../../engine/engine.ts';
import { type EspSa, parseEspSa } from '../../engine/esp/security-association.ts';
import { packetDetail } from '../../engine/query/packet-detail.ts';
import { MemorySource } from '../../engine/readers/test-source.ts';
import { FrameReader } from '../../engine/store/frame-reader.ts';
import { KeyLog } from '../../engine/tls/key-log.ts';
import { OWN_CAPTURES } from '../integration/capture-files.ts';
import { ESP_SAS, ESP_WAYS, ESP_WAYS_OF_IPV4, wrapCapture } from '../recording/wrap.ts';

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const MOST_FRAMES = 24;
/** Ethernet and IP: what is around ESP is for others to damage. */
const HEADERS = 34;
/** The same keys, but whatever comes is believed. */
const TRUSTING = ESP_SAS.map((sa) => sa.replace(/,hmac-sha1-96:.*$/, ',unchecked-96').replace('aes-gcm:', 'aes-ctr:'));

let seeds: Buffer[][] | null = null;

/** Reads `inputs` damaged captures; `random` gives 0 ≤ x < 1. Rejects where something breaks. */
export async function fuzzEsp(random: () => number, inputs: number): Promise<void> {
  const call = readFileSync(join(OWN_CAPTURES, 'tcp-call.pcap'));
  seeds ??= [...Object.values(ESP_WAYS), ...Object.values(ESP_WAYS_OF_IPV4)].map((way) => {
    return recordsOf(wrapCapture(call, way));
  });
  for (let i = 0; i < inputs; i++) {
    fuzzText(random);
    const records = seeds[below(random, seeds.length)];
    const from = below(random, Math.min(records.length, 3 * MOST_FRAMES));
    const damaged = records.slice(from, from + MOST_FRAMES).map((record) => spoilt(record, random));
    const lines = random() < 0.4 ? ESP_SAS : TRUSTING;
    await readWhole(Buffer.concat([call.subarray(0, FILE_HEADER), ...damaged]), sasOf(lines), random);
  }
}

async function readWhole(bytes: Uint8Array, espSas: EspSa[], random: () => number): Promise<void> {
  const source = new MemorySource(bytes);
  const secrets = { keyLog: new KeyLog(), srtpKeys: [], espSas };
  const capture = await readCapture(source, { dissectors: builtIns, fence: false, secrets });
  const { esp } = capture.pass;
  const { frames } = capture.store;
  const reader = new FrameReader(source, frames);
  let opened = 0;
  for (let frame = 0; frame < frames.count; frame++) {
    for (const record of esp?.recordsOf(frame) ?? []) {
      const plain = await esp?.plaintext(record, (pieces) => reader.pieces(pieces));
      check((plain?.length ?? 0) >= 2, `what ESP record ${record} holds does not open again`);
      opened++;
    }
  }
  check(opened === esp?.openedBy.reduce((sum, count) => sum + count, 0), 'an opened packet is in no record');
  for (let i = 0; i < 2 && frames.count > 0; i++) {
    check((await packetDetail(capture, 1 + below(random, frames.count))) !== null, 'a packet without a tree');
  }
}

/** A line that is nearly an SA. */
function fuzzText(random: () => number): void {
  const line = random() < 0.5 ? ESP_SAS[0] : '"IPv4","*","*","0x1","AES-CBC [RFC3602]","0x00","NULL",""';
  const at = below(random, line.length);
  const text = line.slice(0, at) + '",=:*0xé '[below(random, 9)] + line.slice(at + below(random, 4));
  const sa = parseEspSa(text);
  check(typeof sa !== 'string' || sa.endsWith('.'), `${text}: no sentence`);
}

function spoilt(record: Buffer, random: () => number): Buffer {
  if (random() < 0.5) return record;
  const copy = Buffer.from(record);
  for (let more = below(random, 4); more >= 0; more--) {
    const at = RECORD_HEADER + HEADERS + below(random, Math.max(1, copy.length - RECORD_HEADER - HEADERS));
    if (at < copy.length) copy[at] ^= 1 << below(random, 8);
  }
  if (random() > 0.1) return copy;
  // The capture holds less of it than was sent.
  const kept = below(random, copy.length - RECORD_HEADER);
  copy.writeUInt32LE(kept, 8);
  return copy.subarray(0, RECORD_HEADER + kept);
}

function recordsOf(capture: Buffer): Buffer[] {
  const records: Buffer[] = [];
  for (let at = FILE_HEADER; at + RECORD_HEADER <= capture.length; ) {
    const end = at + RECORD_HEADER + capture.readUInt32LE(at + 8);
    records.push(capture.subarray(at, end));
    at = end;
  }
  return records;
}

function sasOf(lines: readonly string[]): EspSa[] {
  return lines.map(parseEspSa).filter((sa) => typeof sa !== 'string');
}

function below(random: () => number, limit: number): number {
  return Math.floor(random() * limit);
}

function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
