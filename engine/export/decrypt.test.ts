import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtIns } from '../../dissectors/index.ts';
import type { Capture } from '../capture.ts';
import { readCapture } from '../engine.ts';
import { MemorySource } from '../readers/test-source.ts';
import { openSource } from '../sources/open-source.ts';
import type { PlainPacket } from '../srtp/plain-packets.ts';
import { FrameReader } from '../store/frame-reader.ts';
import { KeyLog } from '../tls/key-log.ts';
import { decryptCapture } from './decrypt.ts';
import { NothingToExportError } from './nothing-to-export-error.ts';
import { pcapFileHeader, putPcapRecordHeader } from './pcap-writer.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-decrypt-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const own = (name: string): string => join(import.meta.dirname, '../../test/captures', name);
const hasTshark = spawnSync('tshark', ['--version']).status === 0;
const TAG = Uint8Array.from({ length: 10 }, (_, i) => 0xe0 + i);

interface Frame {
  readonly seconds: number;
  readonly nanoseconds: number;
  readonly bytes: Uint8Array;
  readonly wireLength: number;
}

/** A capture and what is plain in it, as if its media had been encrypted: every media packet has a tag, every checksum is wrong. */
interface Sealed {
  readonly frames: Frame[];
  readonly plain: Map<number, PlainPacket>;
}

async function framesOf(capture: Capture): Promise<Frame[]> {
  const { frames } = capture.store;
  const reader = new FrameReader(capture.source, frames);
  const all: Frame[] = [];
  for (let i = 0; i < frames.count; i++) {
    const { bytes } = await reader.frame(i);
    const [seconds, nanoseconds] = [frames.seconds.get(i), frames.nanoseconds.get(i)];
    all.push({ seconds, nanoseconds, bytes, wireLength: frames.wireLength(i) });
  }
  return all;
}

/** 0-based frames of media, told by the dissectors. */
function mediaOf({ store }: Capture): Map<number, 'rtp' | 'rtcp'> {
  const media = new Map<number, 'rtp' | 'rtcp'>();
  for (const id of ['rtp', 'rtcp'] as const) {
    const layer = store.layers[store.dissectorIds.indexOf(id)];
    for (let row = 0; row < layer.count; row++) media.set(layer.frame.get(row), id);
  }
  return media;
}

/** Where UDP begins in a frame whose IP header begins at `ipAt`. */
function udpAtOf(bytes: Uint8Array, ipAt: number): number {
  return bytes[ipAt] >>> 4 === 6 ? ipAt + 40 : ipAt + (bytes[ipAt] & 15) * 4;
}

function seal(frames: readonly Frame[], media: ReadonlyMap<number, 'rtp' | 'rtcp'>, ipAt: number): Sealed {
  const plain = new Map<number, PlainPacket>();
  const sealed = frames.map((frame, i) => {
    const protocol = media.get(i);
    if (protocol === undefined) return frame;
    const { bytes } = frame;
    const udpAt = udpAtOf(bytes, ipAt);
    const udpLength = (bytes[udpAt + 4] << 8) | bytes[udpAt + 5];
    plain.set(i, { protocol, bytes: bytes.slice(udpAt + 8, udpAt + udpLength) });
    const longer = new Uint8Array(bytes.length + TAG.length);
    longer.set(bytes.subarray(0, udpAt + udpLength));
    // All but the fixed header is other octets than the plain ones.
    for (let at = udpAt + 8 + 12; at < udpAt + udpLength; at++) longer[at] ^= 0x5a;
    longer.set(TAG, udpAt + udpLength);
    longer.set(bytes.subarray(udpAt + udpLength), udpAt + udpLength + TAG.length);
    const view = new DataView(longer.buffer);
    const lengthAt = bytes[ipAt] >>> 4 === 6 ? ipAt + 4 : ipAt + 2;
    view.setUint16(lengthAt, view.getUint16(lengthAt) + TAG.length);
    if (bytes[ipAt] >>> 4 === 4) view.setUint16(ipAt + 10, 0xdead);
    view.setUint16(udpAt + 4, udpLength + TAG.length);
    view.setUint16(udpAt + 6, 0xbeef);
    return { ...frame, bytes: longer, wireLength: frame.wireLength + TAG.length };
  });
  return { frames: sealed, plain };
}

function pcapWith(frames: readonly Frame[], linkType: number): Uint8Array {
  const parts: Uint8Array[] = [pcapFileHeader(linkType, 65_535)];
  for (const { seconds, nanoseconds, bytes, wireLength } of frames) {
    const header = new Uint8Array(16);
    putPcapRecordHeader(new DataView(header.buffer), 0, seconds, nanoseconds, bytes.length, wireLength);
    parts.push(header, bytes);
  }
  return Buffer.concat(parts);
}

/** Decrypts a capture made of `sealed`, and reads what was written. */
async function decrypted(
  { frames, plain }: Sealed,
  linkType: number,
): Promise<{ path: string; frames: Frame[]; result: Awaited<ReturnType<typeof decryptCapture>> }> {
  const capture = await readCapture(new MemorySource(pcapWith(frames, linkType)), {
    dissectors: builtIns,
    fence: false,
  });
  const path = join(folder, 'out.pcapng');
  const result = await decryptCapture(capture, path, { application: 'test', plain: fake(plain) });
  const source = await openSource(path);
  const again = await readCapture(source, { dissectors: builtIns, fence: false });
  const written = await framesOf(again);
  await source.close();
  expect(again.reader.format).toBe('pcapng');
  expect(again.reader.issues).toEqual([]);
  return { path, frames: written, result };
}

function fake(plain: ReadonlyMap<number, PlainPacket>): {
  load(): Promise<void>;
  of(frame: number): PlainPacket | null;
} {
  return { load: async () => {}, of: (frame) => plain.get(frame) ?? null };
}

function hexOf(frames: readonly Frame[]): string[] {
  return frames.map(
    ({ seconds, nanoseconds, bytes, wireLength }) =>
      `${seconds}.${nanoseconds} ${wireLength} ${Buffer.from(bytes).toString('hex')}`,
  );
}

function tshark(path: string, ...args: string[]): string {
  const ran = spawnSync('tshark', ['-r', path, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  expect([ran.status, ran.error]).toEqual([0, undefined]);
  return ran.stdout;
}

const BAD_CHECKSUM = [
  '-o',
  'ip.check_checksum:TRUE',
  '-o',
  'udp.check_checksum:TRUE',
  '-Y',
  'ip.checksum.status == 0 || udp.checksum.status == 0 || _ws.malformed',
];

describe('a decrypted capture', () => {
  // The recorded frames have right checksums, so a sealed frame made plain has to be the recorded one again.
  it.each([
    ['sample.pcap', 1, 14],
    ['vlan.pcap', 1, 18],
    ['qinq.pcap', 1, 22],
    ['raw-ip.pcap', 101, 0],
    ['way-sll.pcap', 113, 16],
    ['way-sll2.pcap', 276, 20],
    ['ipv6-call.pcap', 1, 14],
  ])('has the frames of %s as they were before they were encrypted', async (name, linkType, ipAt) => {
    const source = await openSource(own(name));
    const original = await readCapture(source, { dissectors: builtIns });
    const media = mediaOf(original);
    const before = await framesOf(original);
    await source.close();
    const sealed = seal(before, media, ipAt);
    expect(hexOf(sealed.frames)).not.toEqual(hexOf(before));
    const { frames, path, result } = await decrypted(sealed, linkType);
    expect(hexOf(frames)).toEqual(hexOf(before));
    const count = (id: string): number => [...media.values()].filter((each) => each === id).length;
    expect(result).toEqual({ path, packets: before.length, rtp: count('rtp'), rtcp: count('rtcp'), joined: 0 });
    expect(result.rtp).toBeGreaterThan(50);
    if (hasTshark) expect(tshark(path, ...BAD_CHECKSUM)).toBe('');
  });

  it('keeps what follows the payload, a checksum that is none, and lengths that say nothing', async () => {
    const [before, media] = await mediaFrames('sample.pcap', 3);
    const trailer = Uint8Array.of(0, 0, 0x11, 0x22, 0x33, 0x44);
    const frames = before.map((frame) => ({
      ...frame,
      bytes: Buffer.concat([frame.bytes, trailer]),
      wireLength: frame.wireLength + 6,
    }));
    const sealed = seal(frames, media, 14);
    const view = new DataView(sealed.frames[0].bytes.buffer);
    view.setUint16(14 + 20 + 6, 0);
    // An offloading sender's own frame: the IP length is 0, and what follows counts as payload, so nothing may follow.
    const second = sealed.frames[1].bytes;
    sealed.frames[1] = { ...sealed.frames[1], bytes: second.slice(0, -6), wireLength: second.length - 6 };
    new DataView(sealed.frames[1].bytes.buffer).setUint16(14 + 2, 0);
    const { frames: after } = await decrypted(sealed, 1);
    const u16 = (i: number, at: number): number => (after[i].bytes[at] << 8) | after[i].bytes[at + 1];
    expect(u16(0, 14 + 20 + 6)).toBe(0);
    expect(Buffer.from(after[0].bytes.subarray(-6))).toEqual(Buffer.from(trailer));
    expect(after[0].bytes.length).toBe(frames[0].bytes.length);
    expect(u16(1, 14 + 2)).toBe(0);
    expect(after[1].bytes.length).toBe(before[1].bytes.length);
    expect(u16(1, 14 + 20 + 6)).toBe((before[1].bytes[40] << 8) | before[1].bytes[41]);
    expect(hexOf(after.slice(2))).toEqual(hexOf(frames.slice(2)));
  });

  it('leaves alone what was cut while capturing, and what has no plain form', async () => {
    const [before, media] = await mediaFrames('sample.pcap', 4);
    const sealed = seal(before, media, 14);
    const cut = sealed.frames[1];
    sealed.frames[1] = { ...cut, bytes: cut.bytes.slice(0, 96) };
    sealed.plain.delete(2);
    // Something inside the datagram, not all of it.
    sealed.plain.set(3, { protocol: 'rtp', bytes: new Uint8Array(40).fill(0x80) });
    const { frames, result } = await decrypted(sealed, 1);
    expect(hexOf(frames)).toEqual([...hexOf(before.slice(0, 1)), ...hexOf(sealed.frames.slice(1))]);
    expect(result).toMatchObject({ packets: 4, rtp: 1, rtcp: 0 });
  });

  it.each([
    ['sample.pcap', 14],
    ['ipv6-call.pcap', 14],
  ])('makes fragments of %s one packet where the last of them came', async (name, ipAt) => {
    const [before, media] = await mediaFrames(name, 6);
    const sealed = seal(before, media, ipAt);
    const frames: Frame[] = [];
    const plain = new Map<number, PlainPacket>();
    for (const [i, frame] of sealed.frames.entries()) {
      const parts = i % 2 === 0 ? [frame.bytes] : fragmentsOf(frame.bytes, ipAt);
      // One of them the wrong way round.
      if (i === 3) parts.reverse();
      for (const bytes of parts) frames.push({ ...frame, bytes, wireLength: bytes.length });
      const packet = sealed.plain.get(i);
      if (packet !== undefined) plain.set(frames.length - 1, packet);
    }
    expect(frames.length).toBe(12);
    const { frames: after, path, result } = await decrypted({ frames, plain }, 1);
    expect(hexOf(after)).toEqual(hexOf(before));
    expect(result).toMatchObject({ packets: 6, rtp: 6, joined: 3 });
    if (hasTshark) expect(tshark(path, ...BAD_CHECKSUM)).toBe('');
  });

  it('carries interfaces, times, comments and names over, and no secrets unless asked', async () => {
    const opened: Capture[] = [];
    const open = async (path: string): Promise<Capture> => {
      const capture = await readCapture(await openSource(path), { dissectors: builtIns });
      opened.push(capture);
      return capture;
    };
    const capture = await open(own('sip-tls.pcapng'));
    const plain = new Map<number, PlainPacket>();
    capture.reader.extras.comments.push(
      { frame: -1, text: 'of it all' },
      { frame: 0, text: 'Größe' },
      { frame: 0, text: 'two' },
    );
    capture.reader.extras.names.push({ address: '10.77.0.1', name: 'alice' }, { address: 'fd77::1', name: 'alice6' });
    // Nothing of the capture is media: what is given for plain fits no frame and changes none.
    const [udp] = await mediaFrames('sample.pcap', 1);
    const path = join(folder, 'extras.pcapng');
    await expect(decryptCapture(capture, path, { application: 'test', plain: fake(plain) })).rejects.toThrow(
      NothingToExportError,
    );
    expect(existsSync(path)).toBe(false);
    plain.set(0, { protocol: 'rtp', bytes: udp[0].bytes });
    const write = (keyLog?: KeyLog): Promise<unknown> =>
      decryptCapture(capture, path, { application: 'test', plain: fake(plain), keyLog });
    await write();
    const after = await open(path);
    expect(after.reader.interfaces).toEqual(capture.reader.interfaces);
    expect(after.reader.extras).toMatchObject({
      comments: [
        { frame: -1, text: 'of it all' },
        { frame: 0, text: 'Größe' },
        { frame: 0, text: 'two' },
      ],
      names: capture.reader.extras.names,
      secrets: [],
    });
    expect(hexOf(await framesOf(after))).toEqual(hexOf(await framesOf(capture)));
    expect(capture.reader.extras.secrets.length).toBeGreaterThan(0);
    const line = `CLIENT_RANDOM ${'ab'.repeat(32)} ${'cd'.repeat(48)}`;
    expect(readFileSync(path, 'latin1')).not.toContain('CLIENT_');
    const keyLog = new KeyLog();
    keyLog.add(`${line}\n`);
    await write(keyLog);
    expect(readFileSync(path, 'latin1')).toContain(`${line}\n`);
    const [secret, ...others] = (await open(path)).reader.extras.secrets;
    expect([secret.type, secret.lengthBytes, others]).toEqual([0x544c534b, line.length + 1, []]);
    await Promise.all(opened.map(({ source }) => source.close()));
    if (!hasTshark) return;
    expect(tshark(path, '-T', 'fields', '-e', 'frame.comment', '-c', '1').trim()).toContain('Größe');
    const time = tshark(path, '-T', 'fields', '-e', 'frame.time_epoch');
    expect(time).toBe(tshark(own('sip-tls.pcapng'), '-T', 'fields', '-e', 'frame.time_epoch'));
    expect(tshark(path, '-N', 'n', '-q', '-z', 'hosts')).toMatch(/10\.77\.0\.1\s+alice\n/);
  });

  it('is written whole or not at all', async () => {
    const [before, media] = await mediaFrames('sample.pcap', 5);
    const { frames, plain } = seal(before, media, 14);
    const capture = await readCapture(new MemorySource(pcapWith(frames, 1)), { dissectors: builtIns });
    const failing = { load: async () => {}, of: (frame: number) => plain.get(frame === 4 ? failure() : frame) ?? null };
    const path = join(folder, 'whole.pcapng');
    await expect(decryptCapture(capture, path, { application: 'test', plain: failing })).rejects.toThrow('no more');
    const aborted = AbortSignal.abort();
    const options = { application: 'test', plain: fake(plain), signal: aborted };
    await expect(decryptCapture(capture, path, options)).rejects.toThrow(/cancelled/);
    expect(readdirSync(folder).filter((name) => name.includes('whole'))).toEqual([]);
  });
});

function failure(): never {
  throw new Error('no more');
}

/** The first frames of media of a capture, all of them RTP. */
async function mediaFrames(name: string, count: number): Promise<[Frame[], Map<number, 'rtp' | 'rtcp'>]> {
  const source = await openSource(own(name));
  const capture = await readCapture(source, { dissectors: builtIns });
  const media = mediaOf(capture);
  const all = await framesOf(capture);
  await source.close();
  const frames = all.filter((_, i) => media.get(i) === 'rtp').slice(0, count);
  return [frames, new Map(frames.map((_, i) => [i, 'rtp']))];
}

/** Three fragments of an Ethernet frame (RFC 791 section 3.2, RFC 8200 section 4.5). */
function fragmentsOf(frame: Uint8Array, ipAt: number): Uint8Array[] {
  const isV6 = frame[ipAt] >>> 4 === 6;
  const payloadAt = udpAtOf(frame, ipAt);
  const payload = frame.subarray(payloadAt);
  const cuts = [0, 64, 128, payload.length];
  return [0, 1, 2].map((i) => {
    const part = payload.subarray(cuts[i], cuts[i + 1]);
    const header = isV6 ? new Uint8Array(8) : new Uint8Array(0);
    const bytes = Buffer.concat([frame.subarray(0, payloadAt), header, part]);
    const more = i < 2 ? 1 : 0;
    if (isV6) {
      bytes.writeUInt16BE(8 + part.length, ipAt + 4);
      bytes[payloadAt] = bytes[ipAt + 6];
      bytes[ipAt + 6] = 44;
      bytes.writeUInt16BE(cuts[i] | more, payloadAt + 2);
      bytes.writeUInt32BE(0x1234_0000 + frame[payloadAt + 8 + 3], payloadAt + 4);
    } else {
      bytes.writeUInt16BE(payloadAt - ipAt + part.length, ipAt + 2);
      bytes.writeUInt16BE((bytes.readUInt16BE(ipAt + 6) & 0xc000) | (more << 13) | (cuts[i] / 8), ipAt + 6);
    }
    return bytes;
  });
}
