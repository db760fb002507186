import { describe, expect, test } from 'vitest';
import { opusRepeatedSamples, opusSamplesOf } from './opus-packet.ts';

function samples(...octets: number[]): number {
  return opusSamplesOf(Uint8Array.from(octets), 0, octets.length);
}

function packet(config: number, code: number, ...rest: number[]): number[] {
  return [(config << 3) | code, ...rest];
}

test('frames are as long as table 2 of RFC 6716 has it', () => {
  const milliseconds = [10, 20, 40, 60];
  for (let config = 0; config < 12; config++) {
    expect(samples(...packet(config, 0, 1))).toBe(48 * milliseconds[config % 4]);
  }
  expect([12, 13, 14, 15].map((config) => samples(...packet(config, 0, 1)) / 48)).toEqual([10, 20, 10, 20]);
  for (let config = 16; config < 32; config++) {
    expect(samples(...packet(config, 0, 1)) / 48).toBe([2.5, 5, 10, 20][config % 4]);
  }
});

test('one octet is a frame that was not sent', () => {
  expect(samples(...packet(1, 0))).toBe(960);
});

test('two frames of one length, and of two', () => {
  expect(samples(...packet(1, 1, 7, 7))).toBe(1920);
  expect(samples(...packet(1, 1, 7, 7, 7))).toBe(0);
  expect(samples(...packet(1, 2, 2, 7, 7, 7))).toBe(1920);
  expect(samples(...packet(1, 2, 4, 7, 7, 7))).toBe(0);
  expect(samples(...packet(1, 2))).toBe(0);
  expect(samples(...packet(1, 2, 252))).toBe(0);
});

test('any number of frames, to 120 ms, with padding and lengths', () => {
  expect(samples(...packet(1, 3, 3, 7, 7, 7))).toBe(2880);
  expect(samples(...packet(1, 3, 3, 7, 7))).toBe(0);
  expect(samples(...packet(1, 3, 0, 7))).toBe(0);
  expect(samples(...packet(1, 3, 6))).toBe(5760);
  expect(samples(...packet(1, 3, 7))).toBe(0);
  expect(samples(...packet(31, 3, 48))).toBe(0);
  expect(samples(...packet(28, 3, 48))).toBe(5760);
  // Padding of two octets; of more than there are.
  expect(samples(...packet(1, 3, 64 | 1, 2, 7, 0, 0))).toBe(960);
  expect(samples(...packet(1, 3, 64 | 1, 9, 7, 0, 0))).toBe(0);
  expect(samples(...packet(1, 3, 64 | 1, 255))).toBe(0);
  // Each frame but the last with its length.
  expect(samples(...packet(1, 3, 128 | 2, 1, 7, 7, 7))).toBe(1920);
  expect(samples(...packet(1, 3, 128 | 2, 4, 7, 7, 7))).toBe(0);
});

test('no frame is longer than 1275 octets', () => {
  const long = new Uint8Array(1277);
  expect(opusSamplesOf(long, 0, 1276)).toBe(480);
  expect(opusSamplesOf(long, 0, 1277)).toBe(0);
});

describe('whether a packet repeats what was before it', () => {
  const repeated = (...octets: number[]): number => opusRepeatedSamples(Uint8Array.from(octets), 0, octets.length);

  // RFC 6716 section 4.2.3: of each channel a flag for every 20 ms of voice, then one for the repetition, from the highest bit on.
  test.each([
    ['20 ms', 9, 0, 0b01000000, 960],
    ['20 ms without', 9, 0, 0b10111111, 0],
    ['10 ms', 8, 0, 0b01000000, 480],
    ['40 ms', 10, 0, 0b00100000, 1920],
    ['40 ms without', 10, 0, 0b11011111, 0],
    ['60 ms', 11, 0, 0b00010000, 2880],
    ['60 ms without', 11, 0, 0b11101111, 0],
    ['20 ms with CELT above', 13, 0, 0b01000000, 960],
    ['CELT alone', 31, 0, 0b01000000, 0],
    ['stereo, the sum', 9, 4, 0b01000000, 960],
    ['stereo, the difference', 9, 4, 0b00010000, 960],
    ['stereo, 60 ms, the difference', 11, 4, 0b00000001, 2880],
    ['stereo without', 9, 4, 0b10101111, 0],
  ])('%s', (_name, config, stereo, flags, expected) => {
    expect(repeated((config << 3) | stereo, flags, 0)).toBe(expected);
    // In a packet of two frames of one length, and of two lengths.
    expect(repeated((config << 3) | stereo | 1, flags, 0, 0, 0)).toBe(expected);
    expect(repeated((config << 3) | stereo | 2, 2, flags, 0, 0)).toBe(expected);
    // Padded, behind a length of padding in two octets, and of any lengths.
    expect(repeated((config << 3) | stereo | 3, 0x41, 1, flags, 0, 0)).toBe(expected);
    expect(repeated((config << 3) | stereo | 3, 0x41, 255, 0, flags, ...new Uint8Array(254))).toBe(expected);
    expect(repeated((config << 3) | stereo | 3, 0x82, 1, flags, 0)).toBe(expected);
  });

  test('none, where the first frame has no octets, or there is no packet', () => {
    expect(repeated(72)).toBe(0);
    expect(repeated(72 | 2, 0, 0xff)).toBe(0);
    expect(repeated(72 | 3, 0x82, 0, 0xff)).toBe(0);
    expect(repeated(72 | 3, 0x41, 1, 0xff)).toBe(0);
    expect(repeated(72 | 3, 0x41, 255)).toBe(0);
    expect(repeated()).toBe(0);
  });
});
