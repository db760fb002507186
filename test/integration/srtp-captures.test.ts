/** Encrypted captures against what libsrtp put into them: test/captures/srtp-*.json (see test/captures/README.md). */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtIns } from '../../dissectors/index.ts';
import { loadPayloads } from '../../engine/audio/capture-payloads.ts';
import { rowsOfStreams } from '../../engine/audio/stream-packets.ts';
import type { Capture } from '../../engine/capture.ts';
import { readCapture } from '../../engine/engine.ts';
import { payloadOf } from '../../media/audio/payload-batch.ts';
import { decryptCapture } from '../../engine/export/decrypt.ts';
import { exportWav } from '../../engine/export/wav.ts';
import { type ManualKey, parseManualKey } from '../../engine/keys/manual-key.ts';
import { CaptureIndex } from '../../engine/query/capture-index.ts';
import { callRows } from '../../engine/query/call-rows.ts';
import { keyRows } from '../../engine/query/key-rows.ts';
import { packetDetail } from '../../engine/query/packet-detail.ts';
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
  const batch = await loadPayloads(capture, rows);
  const hash = createHash('sha256');
  for (let i = 0; i < rows.length; i++) hash.update(payloadOf(batch, i) ?? new Uint8Array(0));
  return hash.digest('hex');
}

/** IPv6 without its brackets. */
function plainEnd(endpoint: string): string {
  return endpoint.replace(/[[\]]/g, '');
}

function streamOf(capture: Capture, fact: StreamFact): Stream {
  const rows = streamRows(capture);
  const place = rows.findIndex(
    ({ ssrc, src, dst }) =>
      ssrc === fact.ssrc && plainEnd(src) === plainEnd(fact.from) && plainEnd(dst) === plainEnd(fact.to),
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

/** Packets that authenticate and are no RTCP all the same: their length runs past their end, so nobody looks into them. */
const ODD_RTCP = new Map([['srtp-rtpengine.pcapng 0xa0d7bee8 10.77.0.3:30018', 1]]);

async function checkRtcp(capture: Capture, file: string, streams: readonly StreamFact[]): Promise<void> {
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
    const odd = ODD_RTCP.get(`${file} ${ssrc} ${from}`) ?? 0;
    expect(entry?.count ?? 0).toBe(rtcpPackets - odd);
    if (odd === 0 && plainRtcpSha256 !== undefined && entry !== undefined)
      expect(entry.hash.digest('hex')).toBe(plainRtcpSha256);
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
      await checkRtcp(capture, file, streams);
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
      expect(keyRows(capture).filter(({ source, selected }) => source === 'manual' && selected)).toHaveLength(
        keys.length,
      );
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

/** What a microphone gave, against what is heard: A-law's steps are a 32nd of the value, 16 near silence. */
function share(heard: Int16Array, truth: Int16Array, at: number): number {
  let near = 0;
  for (let i = 0; i < truth.length; i++) {
    const step = Math.max(16, Math.abs(truth[i]) / 16);
    if (Math.abs((heard[(i + at) * 2] ?? 0) - truth[i]) <= step) near++;
  }
  return near / truth.length;
}

function samplesOf(path: string): Int16Array {
  const bytes = readFileSync(path);
  const at = bytes.indexOf('data') + 8;
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset + at, bytes.byteOffset + bytes.length));
}

it('the stereo WAV is what the endpoints spoke: left the caller, right the callee', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-srtp-'));
  try {
    const path = join(folder, 'call.wav');
    const result = await open('srtp-sdes-speech.pcap', (capture) => exportWav(capture, {}, path));
    expect(result).toMatchObject({ channels: 2, sampleRate: 8000, leftOut: [] });
    const heard = samplesOf(path);
    for (const [channel, side] of ['caller', 'callee'].entries()) {
      const truth = samplesOf(join(OWN_CAPTURES, `srtp-sdes-speech.${side}.wav`));
      const own = heard.subarray(channel);
      // The other side's stream may have begun first.
      const shares = Array.from({ length: 40 }, (_, at) => share(own, truth, at));
      expect(Math.max(...shares)).toBe(1);
      expect(shares.filter((one) => one > 0.9)).toHaveLength(1);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('digits are read out of encrypted telephone-events', async () => {
  const digits = await open('srtp-sdes-speech.pcap', async (capture) => streamRows(capture).map((row) => row.digits));
  expect(digits).toEqual(['7', '5']);
});

it('a decrypted packet has its plain octets as a source of their own', async () => {
  await open('srtp-sdes-speech.pcap', async (capture) => {
    const { rtp } = capture.streams;
    const detail = await packetDetail(capture, rtp.frame.get(20) + 1);
    expect(detail?.sources.map(({ name }) => name)).toEqual(['Frame', 'Decrypted SRTP']);
    const [wire, plain] = (detail?.nodes ?? []).filter(({ name }) => name === 'rtp');
    expect(wire.children?.find(({ name }) => name === 'srtp.auth_tag')?.length).toBe(10);
    expect(wire.children?.some(({ name }) => name === 'rtp.payload')).toBe(false);
    expect(plain.children?.find(({ name }) => name === 'rtp.payload')?.length).toBe(160);
  });
});

it('a decrypted copy is heard like the original, and that it is plain is said', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-srtp-'));
  try {
    const path = join(folder, 'plain.pcapng');
    await open('srtp-sdes-speech.pcap', (capture) => decryptCapture(capture, path, { application: 'test' }));
    const source = await openSource(path);
    const capture = await readCapture(source, { dissectors: builtIns, fence: false });
    expect(streamRows(capture).map(({ encryption, digits }) => [encryption, digits])).toEqual([
      [null, '7'],
      [null, '5'],
    ]);
    const codes = new CaptureIndex(capture).problems.map(({ code }) => code);
    expect(codes.filter((code) => code === 'srtp-not-encrypted')).toHaveLength(2);
    const wav = await exportWav(capture, {}, join(folder, 'plain.wav'));
    const original = await open('srtp-sdes-speech.pcap', (one) => exportWav(one, {}, join(folder, 'sealed.wav')));
    expect(readFileSync(wav.path)).toEqual(readFileSync(original.path));
    await source.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('SIP that a key log opened is told from SIP over plain TCP', async () => {
  const transports = await open('srtp-tls13.pcapng', async (capture) =>
    [...callRows(capture, { all: false })].flatMap(({ messages }) => messages.map(({ transport }) => transport)),
  );
  expect(new Set(transports)).toEqual(new Set(['tls']));
});

it('padding that is encrypted is no fault', async () => {
  const codes = await open('webrtc-firefox.pcapng', async ({ store }) =>
    Array.from({ length: store.issues.count }, (_, row) => store.issues.code(row)),
  );
  expect(codes).not.toContain('rtp-bad-padding');
});
