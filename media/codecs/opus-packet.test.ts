import { expect, test } from 'vitest';
import { opusSamplesOf } from './opus-packet.ts';

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
