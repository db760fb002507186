import { describe, expect, it } from 'vitest';
import { builtIns } from '../../dissectors/index.ts';
import type { Capture } from '../capture.ts';
import { readCapture } from '../engine.ts';
import { MemorySource } from '../readers/test-source.ts';
import { FrameReader } from '../store/frame-reader.ts';
import { protocolName } from '../store/protocol-list.ts';
import { captureOf, pcapOf, rtpPacket, udpFrame } from './test-capture.ts';

const A = '10.0.0.1:5060';
const B = '10.0.0.2:5060';

function options(callId: string): string {
  return [
    'OPTIONS sip:b@host SIP/2.0',
    'Via: SIP/2.0/TCP host;branch=z9hG4bK1',
    'From: <sip:a@host>;tag=a',
    'To: <sip:b@host>',
    `Call-ID: ${callId}`,
    'CSeq: 1 OPTIONS',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

/** One TCP segment from A to B (or back), acknowledging nothing. */
function segment(sequence: number, body: string, flags = 0x18, back = false): Uint8Array {
  const frame = udpFrame(back ? B : A, back ? A : B, new Uint8Array(12 + body.length));
  const view = new DataView(frame.buffer);
  view.setUint8(23, 6);
  view.setUint32(38, sequence);
  view.setUint8(46, 0x50);
  view.setUint8(47, flags);
  frame.set(new TextEncoder().encode(body), 54);
  return frame;
}

function read(frames: readonly Uint8Array[]): Promise<Capture> {
  const file = pcapOf(frames.map((bytes, i) => ({ at: i, bytes })));
  return readCapture(new MemorySource(file), { dissectors: builtIns, fence: false });
}

function protocols(capture: Capture): string[] {
  const { frames, dissectorIds } = capture.store;
  return Array.from({ length: frames.count }, (_, i) => protocolName(frames.protocol.get(i), dissectorIds));
}

/** Each SIP message: frame, and its octets read back from where the table says they are. */
async function messages(capture: Capture): Promise<[number, string][]> {
  const { sip } = capture.calls;
  const reader = new FrameReader(capture.source, capture.store.frames);
  const found: [number, string][] = [];
  for (let row = 0; row < sip.count; row++) {
    const frame = sip.frame.get(row);
    const pieces = sip.pieces.get(row);
    const octets = pieces === undefined ? (await reader.frame(frame)).sub(sip.atOf(row)) : await reader.pieces(pieces);
    // The table says where a message begins; its end is the empty line, as none here has a body.
    const text = octets.text();
    found.push([frame, text.slice(0, text.indexOf('\r\n\r\n') + 4)]);
  }
  return found;
}

describe('datagrams', () => {
  it('are rows that say where they lie', async () => {
    const datagrams = [
      { at: 0, from: A, to: B, payload: options('1') },
      { at: 1, from: '10.0.0.9:9', to: '10.0.0.8:9', payload: 'discarded' },
      { at: 2, from: B, to: A, payload: options('2') },
    ];
    const capture = await captureOf(datagrams, builtIns);
    expect(protocols(capture)).toEqual(['sip', 'udp', 'sip']);
    expect(await messages(capture)).toEqual([
      [0, options('1')],
      [2, options('2')],
    ]);
    const { frames, flows } = capture.store;
    expect([frames.flow.get(0), frames.flow.get(2)].map((flow) => flows.sourceEndpoint(flow))).toEqual([A, B]);
    expect(flows.reverse[frames.flow.get(0)]).toBe(frames.flow.get(2));
  });

  it('that came in fragments are read back without their headers', async () => {
    const whole = udpFrame(A, B, options('fragmented')).subarray(34);
    const fragment = (from: number, to: number): Uint8Array => {
      const frame = udpFrame(A, B, new Uint8Array(Math.max(0, Math.min(to, whole.length) - from - 8)));
      const view = new DataView(frame.buffer);
      view.setUint16(20, (from >> 3) | (to < whole.length ? 0x2000 : 0));
      frame.set(whole.subarray(from, to), 34);
      return frame;
    };
    const capture = await read([fragment(64, 128), fragment(0, 64), fragment(128, 10_000)]);
    expect(protocols(capture)).toEqual(['ip-fragment', 'ip-fragment', 'sip']);
    expect(await messages(capture)).toEqual([[2, options('fragmented')]]);
  });

  it('what looked like RTP and was not is plain UDP again', async () => {
    const random = [7, 9000, 31_000, 44, 60_000].map((sequence, i) => ({
      at: i,
      from: '10.0.0.1:7000',
      to: '10.0.0.2:7000',
      payload: rtpPacket({ ssrc: 1, sequence, timestamp: i * 1e6, payloadType: 0 }),
    }));
    expect(protocols(await captureOf(random, builtIns))).toEqual(['udp', 'udp', 'udp', 'udp', 'udp']);
  });
});

describe('streams', () => {
  it('several messages in one segment, and one over several', async () => {
    const [one, two, three] = ['1', '2', '3'].map(options);
    const all = one + two + three;
    const cuts = [0, one.length + 30, one.length + 31, one.length + two.length, all.length];
    const frames = cuts.slice(1).map((to, i) => segment(1000 + cuts[i], all.slice(cuts[i], to)));
    const capture = await read([segment(999, '', 2), ...frames]);
    expect(await messages(capture)).toEqual([
      [1, one],
      [3, two],
      [4, three],
    ]);
    expect(protocols(capture)).toEqual(['tcp', 'sip', 'tcp', 'sip', 'sip']);
  });

  it('a segment that was captured too late, or twice', async () => {
    const text = options('out of order');
    const parts = [segment(1, text.slice(0, 50)), segment(51, text.slice(50, 90)), segment(91, text.slice(90))];
    const capture = await read([segment(0, '', 2), parts[0], parts[2], parts[2], parts[1], parts[1]]);
    expect((await messages(capture)).map(([, octets]) => octets)).toEqual([text]);
  });

  it('after junk the next message is found again', async () => {
    const junk = 'not a message\r\nat all\r\n';
    const [one, two] = ['1', '2'].map(options);
    const capture = await read([segment(0, '', 2), segment(1, one), segment(1 + one.length, junk + two)]);
    expect((await messages(capture)).map(([, octets]) => octets)).toEqual([one, two]);
    const { issues } = capture.store;
    const codes = Array.from({ length: issues.count }, (_, row) => issues.code(row));
    expect(codes).toContain('stream-resynchronised');
  });

  it('what nobody claims is left alone', async () => {
    const capture = await read(Array.from({ length: 8 }, (_, i) => segment(1 + i * 4, '\u0001\u0002\u0003\u0004')));
    expect([...new Set(protocols(capture))]).toEqual(['tcp']);
    expect([capture.calls.sip.count, capture.store.issues.count]).toEqual([0, 0]);
  });
});
