import { describe, expect, it } from 'vitest';
import { NO_REASSEMBLY } from '../network/ip-fragments.ts';
import { NetworkDecoder, Payload } from '../network/network-decoder.ts';
import { FrameBatch } from '../readers/frame-batch.ts';
import { FlowTable } from '../store/flow-table.ts';
import { DatagramsAhead } from './datagrams-ahead.ts';

/** UDP in IPv4 in Ethernet, with `payload` octets of payload. */
function datagram(payload: number, ports = [20000, 30000], source = 0xc0a80001): Buffer {
  const frame = Buffer.alloc(42 + payload, 0x80);
  frame.writeUInt16BE(0x0800, 12);
  frame.writeUInt16BE(0x4500, 14);
  frame.writeUInt16BE(28 + payload, 16);
  frame.writeUInt16BE(0x4000, 20);
  frame.writeUInt16BE(0x4011, 22);
  frame.writeUInt32BE(source, 26);
  frame.writeUInt32BE(0x0a000001, 30);
  frame.writeUInt16BE(ports[0], 34);
  frame.writeUInt16BE(ports[1], 36);
  frame.writeUInt16BE(8 + payload, 38);
  return frame;
}

function batchOf(frames: readonly Buffer[]): FrameBatch {
  const batch = new FrameBatch();
  batch.bytes = Buffer.concat(frames);
  batch.count = frames.length;
  let at = 0;
  frames.forEach((frame, i) => {
    batch.at[i] = at;
    batch.capturedLength[i] = frame.length;
    batch.wireLength[i] = frame.length;
    at += frame.length;
  });
  return batch;
}

/** What is said ahead of each frame: flow, place and length of the payload, or null. */
function lookAt(frames: readonly Buffer[]) {
  const batch = batchOf(frames);
  new DatagramsAhead().look(batch, [{ linkType: 1, snapLength: 0, name: '' }]);
  return frames.map((_, i) =>
    batch.aheadFlow[i] === 0 ? null : [batch.aheadFlow[i], batch.payloadAt[i], batch.payloadLength[i]],
  );
}

/** The same as the network decoder has it, which is what the pass would find. */
function decodeAll(frames: readonly Buffer[]) {
  const decoder = new NetworkDecoder(new FlowTable(), NO_REASSEMBLY);
  return frames.map((frame) => {
    decoder.decode(frame, 0, frame.length, frame.length, 1, 0, 0);
    const { payload, truncated, tunnel, flow, at, length } = decoder;
    return payload === Payload.Udp && !truncated && tunnel === 0 ? [flow, at, length] : null;
  });
}

describe('what is known of datagrams ahead', () => {
  it('is what the network decoder finds, whatever octet of a datagram is another', () => {
    const plain = datagram(100);
    const frames = [plain];
    for (let at = 12; at < 42; at++) {
      for (const value of [0, 1, 0x11, 0x20, 0x40, 0x45, 0x46, 0x7f, 0x80, 0xff]) {
        const frame = Buffer.from(plain);
        frame[at] = value;
        frames.push(frame);
      }
    }
    for (let length = 0; length <= plain.length; length++) frames.push(plain.subarray(0, length));
    for (const port of [53, 2152, 4500, 4789, 5060, 8472, 8473, 65535]) {
      frames.push(datagram(60, [port, 30000]), datagram(60, [20000, port]));
    }
    const expected = decodeAll(frames);
    expect(expected.filter((each) => each !== null).length).toBeGreaterThan(200);
    expect(lookAt(frames)).toEqual(expected);
  });

  it('numbers more flows than are told by a look', () => {
    const frames = Array.from({ length: 12_000 }, (_, i) => datagram(20, [20000 + (i % 40_000), 30000], i % 6000));
    expect(lookAt(frames)).toEqual(decodeAll(frames));
  });
});
