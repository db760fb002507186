import { describe, expect, it } from 'vitest';
import { builtIns } from '../../../dissectors/index.ts';
import type { DecodeAsRule } from '../../classify/decode-as.ts';
import { ANYTHING } from '../../classify/selector.ts';
import { captureOf, rtpPacket, type TestDatagram } from '../../pass/test-capture.ts';
import type { DigitEvent } from './digit-tracker.ts';

const A = '10.0.0.1:4000';
const B = '10.0.0.2:5000';
const AS_RTP: DecodeAsRule = { selector: { ...ANYTHING, transport: 'udp', port: 5000 }, skipBytes: -1, as: 'rtp' };
const EVENT = { name: 'telephone-event', clockRate: 8000, channels: 1, parameters: '' };

interface Part {
  readonly at: number;
  readonly event: number;
  readonly timestamp: number;
  readonly duration: number;
  readonly end?: boolean;
  readonly volume?: number;
  readonly payloadType?: number;
  readonly ssrc?: number;
}

/** Telephone-event packets in order, numbered one after the other. */
function events(parts: readonly Part[]): TestDatagram[] {
  return parts.map(({ at, event, timestamp, duration, end = false, volume = 10, payloadType = 101, ssrc = 1 }, i) => ({
    at,
    from: A,
    to: B,
    payload: rtpPacket({
      ssrc,
      sequence: 100 + i,
      timestamp,
      payloadType,
      payload: Uint8Array.of(event, (end ? 0x80 : 0) | volume, duration >> 8, duration & 255),
    }),
  }));
}

async function digitsOf(parts: readonly Part[], codecs = new Map([[101, EVENT]])): Promise<readonly DigitEvent[]> {
  const capture = await captureOf(events(parts), builtIns, {
    codecs: [...codecs].map(([payloadType, encoding]) => ({ selector: ANYTHING, payloadType, encoding })),
    decodeAs: [AS_RTP],
  });
  return capture.digits.events;
}

/** A digit as senders send it: a packet each 20 ms, then the end three times (RFC 4733 section 2.5.1.4). */
function digit(at: number, event: number, timestamp: number, more: Partial<Part> = {}): Part[] {
  const parts = [160, 320, 480].map((duration, i) => ({ at: at + i * 0.02, event, timestamp, duration, ...more }));
  const end = { event, timestamp, duration: 640, end: true, ...more };
  return [...parts, { at: at + 0.06, ...end }, { at: at + 0.061, ...end }, { at: at + 0.062, ...end }];
}

describe('DigitTracker', () => {
  it('packets of one timestamp are one digit, however often its end is said', async () => {
    const found = await digitsOf(digit(0, 5, 1000));
    expect(found.length).toBe(1);
    expect(found[0]).toMatchObject({
      digit: '5',
      event: 5,
      timestamp: 1000,
      duration: 640,
      ended: true,
      volume: 10,
      clockRate: 8000,
    });
    expect(found[0].frames).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('names all digits, and not what is no digit', async () => {
    const parts = Array.from({ length: 18 }, (_, event) => digit(event, event, event * 8000)).flat();
    expect((await digitsOf(parts)).map((found) => found.digit)).toEqual([
      ...Array.from('0123456789*#ABCD'),
      'flash',
      null,
    ]);
  });

  it('the same key pressed twice is two digits', async () => {
    const found = await digitsOf([...digit(0, 1, 1000), ...digit(0.3, 1, 3400)]);
    expect(found.map(({ timestamp }) => timestamp)).toEqual([1000, 3400]);
  });

  it('a digit whose end was lost is a digit, and the next one begins', async () => {
    const found = await digitsOf([...digit(0, 1, 1000).slice(0, 3), ...digit(0.3, 1, 3400)]);
    expect(found.map(({ duration, ended }) => [duration, ended])).toEqual([
      [480, false],
      [640, true],
    ]);
  });

  it('a digit of which only the end arrived is a digit', async () => {
    const [found] = await digitsOf(digit(0, 9, 1000).slice(3));
    expect([found.digit, found.duration, found.frames.length]).toEqual(['9', 640, 3]);
  });

  it('an end that arrives late, after the next digit began, belongs to its own', async () => {
    const [first, second] = [digit(0, 1, 1000), digit(0.1, 2, 2000)];
    const found = await digitsOf(
      [...first.slice(0, 3), second[0], ...first.slice(3, 4), ...second.slice(1)].map((part, i) => ({
        ...part,
        at: i * 0.02,
      })),
    );
    expect(found.map((event) => [event.digit, event.frames])).toEqual([
      ['1', [0, 1, 2, 4]],
      ['2', [3, 5, 6, 7, 8, 9]],
    ]);
  });

  it('an event too long for 16 bits goes on in segments (RFC 4733 section 2.5.1.3)', async () => {
    const limit = 0xffff;
    const [found, ...others] = await digitsOf([
      { at: 0, event: 11, timestamp: 5000, duration: 160 },
      { at: 4, event: 11, timestamp: 5000, duration: 32_000 },
      { at: 8.19, event: 11, timestamp: 5000, duration: limit },
      { at: 8.2, event: 11, timestamp: 5000 + limit, duration: 160 },
      { at: 10, event: 11, timestamp: 5000 + limit, duration: 8000 },
      { at: 10.1, event: 11, timestamp: 5000 + limit, duration: 8000, end: true },
    ]);
    expect(others).toEqual([]);
    expect([found.digit, found.duration, found.ended, found.frames.length]).toEqual(['#', limit + 8000, true, 6]);
  });

  it('three segments, the second of which lost packets', async () => {
    const limit = 0xffff;
    const [found, ...others] = await digitsOf([
      { at: 0, event: 11, timestamp: 0xffff0000, duration: limit },
      { at: 8.2, event: 11, timestamp: 0xffff0000 + limit, duration: limit },
      { at: 16.4, event: 11, timestamp: 0xffff0000 + 2 * limit, duration: 160 },
      { at: 16.5, event: 11, timestamp: 0xffff0000 + 2 * limit, duration: 800, end: true },
      { at: 16.6, event: 11, timestamp: 0xffff0000 + 2 * limit, duration: 800, end: true },
    ]);
    expect(others).toEqual([]);
    expect([found.duration, found.ended, found.frames.length]).toEqual([2 * limit + 800, true, 5]);
  });

  it('the same key again exactly where a segment could begin, after an end, is another digit', async () => {
    const limit = 0xffff;
    const found = await digitsOf([
      { at: 0, event: 11, timestamp: 5000, duration: limit, end: true },
      { at: 8.2, event: 11, timestamp: 5000 + limit, duration: 160 },
    ]);
    expect(found.length).toBe(2);
  });

  it('streams that interleave keep their digits apart', async () => {
    const one = digit(0, 1, 1000);
    const two = digit(0.001, 2, 1000, { ssrc: 2 });
    const found = await digitsOf(one.flatMap((part, i) => [part, two[i]]));
    expect(found.map((event) => [event.digit, event.stream, event.frames.length])).toEqual([
      ['1', 0, 6],
      ['2', 1, 6],
    ]);
  });

  it('over the end of the timestamps', async () => {
    const found = await digitsOf([...digit(0, 1, 0xfffffff0), ...digit(0.3, 2, 2000)]);
    expect(found.map((event) => event.digit)).toEqual(['1', '2']);
  });

  it('a dynamic payload type that nothing names is taken for events by its shape, and says so', async () => {
    const found = await digitsOf(digit(0, 7, 1000), new Map());
    expect(found.map((event) => [event.digit, event.guessed, event.clockRate])).toEqual([['7', true, 8000]]);
    expect((await digitsOf(digit(0, 7, 1000))).map((event) => event.guessed)).toEqual([false]);
  });

  it('a payload type that carries longer payloads as well is not', async () => {
    const parts = events(digit(0, 7, 1000));
    const audio: TestDatagram = {
      at: 1,
      from: A,
      to: B,
      payload: rtpPacket({ ssrc: 1, sequence: 106, timestamp: 9000, payloadType: 101 }),
    };
    const decodeAs = [AS_RTP];
    const capture = await captureOf([...parts, audio], builtIns, { decodeAs });
    expect(capture.digits.events).toEqual([]);
  });
});
