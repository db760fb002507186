/** Encrypted captures against what libsrtp put into them: test/captures/srtp-*.json (see test/captures/README.md). */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtIns } from '../../dissectors/index.ts';
import { CapturePayloads, rowsOfStreams } from '../../engine/audio/stream-packets.ts';
import type { Capture } from '../../engine/capture.ts';
import { readCapture } from '../../engine/engine.ts';
import { type ManualKey, parseManualKey } from '../../engine/keys/manual-key.ts';
import { keyRows } from '../../engine/query/key-rows.ts';
import { streamRows } from '../../engine/query/stream-rows.ts';
import { openSource } from '../../engine/sources/open-source.ts';
import { PlainPackets } from '../../engine/srtp/plain-packets.ts';
import { KeyLog } from '../../engine/tls/key-log.ts';
import type { Stream } from '../../engine/trackers/streams/stream.ts';
import { OWN_CAPTURES } from './capture-files.ts';

interface KeyFact {
  readonly suite: string;
  readonly key: string;
  readonly mki: string;
  readonly rtpPackets: number;
  readonly rtcpPackets: number;
}

interface StreamFact {
  readonly ssrc: string;
  readonly from: string;
  readonly to: string;
  readonly keys: readonly KeyFact[];
  readonly rtpPackets: number;
  readonly firstRoc?: number;
  readonly rtcpPackets: number;
  readonly plainPayloadsSha256: string;
  readonly plainRtcpSha256?: string;
}

interface Facts {
  readonly streams: readonly StreamFact[];
  readonly sdpNamesTheKeys?: boolean;
}

async function open<T>(file: string, look: (capture: Capture) => Promise<T>, keys: readonly string[] = []): Promise<T> {
  const path = join(OWN_CAPTURES, file);
  const keyLog = new KeyLog();
  const log = path.replace(/\.pcap$/, '.keys');
  if (log !== path && existsSync(log)) keyLog.add(readFileSync(log, 'utf8'));
  const srtpKeys = keys.map((text) => {
    const key = parseManualKey(text);
    if (typeof key === 'string') throw new Error(key);
    return key satisfies ManualKey;
  });
  const source = await openSource(path);
  try {
    return await look(await readCapture(source, { dissectors: builtIns, secrets: { keyLog, srtpKeys }, fence: false }));
  } finally {
    await source.close();
  }
}

async function payloadsSha256(capture: Capture, stream: Stream): Promise<string> {
  const [rows] = rowsOfStreams(capture, [stream]);
  const payloads = new CapturePayloads(capture, [rows]);
  const packet = Uint32Array.from(rows.keys());
  await payloads.load({ count: rows.length, stream: new Uint32Array(rows.length), packet });
  const hash = createHash('sha256');
  const view = { bytes: new Uint8Array(0), at: 0, length: 0 };
  for (let i = 0; i < rows.length; i++) {
    if (payloads.read(0, i, view)) hash.update(view.bytes.subarray(view.at, view.at + view.length));
  }
  return hash.digest('hex');
}

/** IPv6 without its brackets. */
function plainEnd(endpoint: string): string {
  return endpoint.replace(/[[\]]/g, '');
}

function streamOf(capture: Capture, fact: StreamFact): Stream {
  const rows = streamRows(capture);
  const place = rows.findIndex(
    ({ ssrc, src, dst }) => ssrc === fact.ssrc && plainEnd(src) === plainEnd(fact.from) && plainEnd(dst) === plainEnd(fact.to),
  );
  const stream = capture.streams.streams[place];
  if (stream === undefined) throw new Error(`no stream ${fact.ssrc} from ${fact.from}`);
  return stream;
}

async function checkStream(capture: Capture, fact: StreamFact, isProved: boolean): Promise<void> {
  const stream = streamOf(capture, fact);
  const row = streamRows(capture)[capture.streams.streams.indexOf(stream)];
  const used = fact.keys.filter(({ rtpPackets }) => rtpPackets > 0);
  if (used.length > 0) {
    expect(row.encryption).toMatchObject({
      state: 'opened',
      decrypted: fact.rtpPackets,
      authenticated: isProved ? fact.rtpPackets : 0,
      advice: null,
    });
    expect(stream.encryption?.opening?.firstRollover).toBe(fact.firstRoc ?? 0);
  } else if (fact.rtpPackets > 0) expect(row.encryption).toBeNull();
  expect(await payloadsSha256(capture, stream)).toBe(fact.plainPayloadsSha256);
}

async function checkRtcp(capture: Capture, streams: readonly StreamFact[]): Promise<void> {
  const { frames, flows } = capture.store;
  const hashes = new Map<string, { count: number; hash: ReturnType<typeof createHash> }>();
  const packets = new PlainPackets(capture);
  for (const frame of capture.opened.rtcp.keys()) {
    await packets.load([frame]);
    const bytes = packets.of(frame)?.bytes ?? new Uint8Array(8);
    const ssrc = `0x${new DataView(bytes.buffer, bytes.byteOffset).getUint32(4).toString(16).padStart(8, '0')}`;
    const name = `${ssrc} ${flows.sourceAddress(frames.flow.get(frame))}`;
    const entry = hashes.get(name) ?? { count: 0, hash: createHash('sha256') };
    entry.count++;
    entry.hash.update(bytes);
    hashes.set(name, entry);
  }
  for (const { ssrc, from, rtcpPackets, plainRtcpSha256 } of streams) {
    const entry = hashes.get(`${ssrc} ${plainEnd(from).replace(/:\d+$/, '')}`);
    expect(entry?.count ?? 0).toBe(rtcpPackets);
    if (plainRtcpSha256 !== undefined && entry !== undefined) expect(entry.hash.digest('hex')).toBe(plainRtcpSha256);
  }
}

const SPECIAL = new Set(['srtp-wrong-key', 'srtp-roc-no-keys']);
const files = readdirSync(OWN_CAPTURES)
  .filter((file) => /^srtp-.*\.pcap(ng)?$/.test(file))
  .filter((file) => existsSync(join(OWN_CAPTURES, file.replace(/\.pcap(ng)?$/, '.json'))));

function factsOf(file: string): Facts {
  return JSON.parse(readFileSync(join(OWN_CAPTURES, file.replace(/\.pcap(ng)?$/, '.json')), 'utf8'));
}

describe('every packet authenticates and every payload is what was encrypted', () => {
  it.each(files.filter((file) => !SPECIAL.has(file.replace(/\.pcap(ng)?$/, ''))))('%s', async (file) => {
    const { streams } = factsOf(file);
    await open(file, async (capture) => {
      for (const fact of streams) await checkStream(capture, fact, !file.includes('unauthenticated'));
      await checkRtcp(capture, streams);
    });
  });
});

it('a rollover counter is found where signalling holds no keys and they are entered by hand', async () => {
  const { streams } = factsOf('srtp-roc-no-keys.pcap');
  const keys = streams.flatMap(({ ssrc, keys: [{ suite, key }] }) => `${ssrc}=${suite}:${key}`);
  await open(
    'srtp-roc-no-keys.pcap',
    async (capture) => {
      for (const fact of streams) await checkStream(capture, fact, true);
      expect(keyRows(capture).filter(({ source, selected }) => source === 'manual' && selected)).toHaveLength(keys.length);
    },
    keys,
  );
});

it('a wrong key is authentication failed, and nothing is heard', async () => {
  await open('srtp-wrong-key.pcap', async (capture) => {
    for (const row of streamRows(capture)) {
      expect(row.encryption).toMatchObject({ state: 'failed', decrypted: 0, authenticated: 0 });
      expect(row.encryption?.advice).toContain('authentication failed');
    }
    expect(keyRows(capture).every(({ authenticated }) => authenticated === 0)).toBe(true);
  });
});
