import { describe, expect, test } from 'vitest';
import { DtmfDetector, type HeardDigit } from './dtmf-detector.ts';

/** ITU-T Q.23, table 1: low and high frequency of each digit. */
const TONES: Readonly<Record<string, readonly [number, number]>> = {
  '1': [697, 1209],
  '2': [697, 1336],
  '3': [697, 1477],
  A: [697, 1633],
  '4': [770, 1209],
  '5': [770, 1336],
  '6': [770, 1477],
  B: [770, 1633],
  '7': [852, 1209],
  '8': [852, 1336],
  '9': [852, 1477],
  C: [852, 1633],
  '*': [941, 1209],
  '0': [941, 1336],
  '#': [941, 1477],
  D: [941, 1633],
};
const ALL = Object.keys(TONES).join('');
const NAMES = '0123456789*#ABCD';

interface Dialling {
  readonly onMs?: number;
  readonly offMs?: number;
  /** High tone against low tone. */
  readonly twistDb?: number;
  /** Of the louder tone, below full scale. */
  readonly levelDb?: number;
  readonly offPercent?: number;
  readonly snrDb?: number;
  /** Silence in the middle of each digit. */
  readonly holeMs?: number;
}

/** A generator of the same numbers every time (Park and Miller), 0 ≤ x < 1. */
function generator(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

function dial(digits: string, how: Dialling = {}): Int16Array {
  const { onMs = 70, offMs = 70, twistDb = 0, levelDb = -13, offPercent = 0, snrDb = Infinity, holeMs = 0 } = how;
  const random = generator(7);
  const loud = 32_767 * 10 ** (levelDb / 20);
  const low = twistDb > 0 ? loud * 10 ** (-twistDb / 20) : loud;
  const high = twistDb < 0 ? loud * 10 ** (twistDb / 20) : loud;
  const noise = Math.sqrt((low * low + high * high) / 2 / 10 ** (snrDb / 10));
  const gauss = (): number => noise * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const samples: number[] = Array.from({ length: 500 }, gauss);
  for (const digit of digits) {
    const [a, b] = TONES[digit].map((hz) => (2 * Math.PI * hz * (1 + offPercent / 100)) / 8000);
    const [phaseA, phaseB] = [random() * 7, random() * 7];
    const length = onMs * 8;
    for (let i = 0; i < length; i++) {
      const isHole = Math.abs(i - length / 2) < holeMs * 4;
      const tone = isHole ? 0 : low * Math.sin(a * i + phaseA) + high * Math.sin(b * i + phaseB);
      samples.push(tone + gauss());
    }
    // Digits fall on the windows as they like.
    const pause = offMs * 8 + Math.floor(random() * 64);
    for (let i = 0; i < pause; i++) samples.push(gauss());
  }
  return Int16Array.from(samples, (sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample))));
}

function hear(samples: Int16Array, blocks = samples.length): HeardDigit[] {
  const found: HeardDigit[] = [];
  const detector = new DtmfDetector((digit) => found.push(digit));
  for (let at = 0; at < samples.length; at += blocks) {
    detector.push(samples, at, 1, Math.min(blocks, samples.length - at));
  }
  detector.finish();
  return found;
}

function read(samples: Int16Array): string {
  return hear(samples)
    .map(({ event }) => NAMES[event])
    .join('');
}

describe('what has to be taken for a digit (ITU-T Q.24)', () => {
  test.each<[string, Dialling]>([
    ['70 ms', {}],
    ['40 ms and 40 ms of pause', { onMs: 40, offMs: 40 }],
    ['high tone 4 dB up', { twistDb: 4 }],
    ['high tone 4 dB down', { twistDb: -4 }],
    ['high tone 8 dB up', { twistDb: 8 }],
    ['high tone 8 dB down', { twistDb: -8 }],
    ['1.5 % too high', { offPercent: 1.5 }],
    ['1.5 % too low', { offPercent: -1.5 }],
    ['noise 15 dB below', { snrDb: 15 }],
    ['noise 15 dB below, 40 ms', { snrDb: 15, onMs: 40, offMs: 40 }],
    ['all of it', { snrDb: 15, twistDb: 8, offPercent: 1.5 }],
    ['all of it, the other way', { snrDb: 15, twistDb: -8, offPercent: -1.5 }],
    ['loud', { levelDb: -7 }],
    ['faint: −29 dBm0', { levelDb: -32 }],
    ['interrupted for 10 ms', { onMs: 100, holeMs: 10 }],
    ['a packet of 20 ms lost', { onMs: 100, holeMs: 20 }],
  ])('%s', (_, how) => {
    expect(read(dial(ALL, how))).toBe(ALL);
  });

  test('the same digit again after 40 ms is another one', () => {
    expect(read(dial('11111*****', { onMs: 50, offMs: 40 }))).toBe('11111*****');
  });
});

describe('what must not', () => {
  test.each<[string, Dialling]>([
    ['20 ms', { onMs: 20 }],
    ['24 ms', { onMs: 24 }],
    ['3.5 % too high', { offPercent: 3.5 }],
    ['3.5 % too low', { offPercent: -3.5 }],
    ['12 dB apart', { twistDb: 12 }],
    ['12 dB apart, the other way', { twistDb: -12 }],
    ['hardly to be heard', { levelDb: -45 }],
  ])('%s', (_, how) => {
    expect(read(dial(ALL, how))).toBe('');
  });

  test('one tone, three tones, a voice of many harmonics, noise, silence, the loudest there is', () => {
    const sum = (...tones: number[]): Int16Array =>
      Int16Array.from({ length: 8000 }, (_, i) =>
        Math.round(tones.reduce((all, hz) => all + 4000 * Math.sin((2 * Math.PI * hz * i) / 8000), 0)),
      );
    const random = generator(3);
    const noise = Int16Array.from({ length: 80_000 }, () => (random() - 0.5) * 30_000);
    const square = Int16Array.from({ length: 8000 }, (_, i) => (i & 8 ? 32_767 : -32_768));
    for (const samples of [
      sum(697),
      sum(1336),
      sum(697, 1209, 1477),
      sum(213, 426, 639, 852, 1065, 1278, 1491),
      // Dial tone, busy tone, special information tone, fax calling tone.
      sum(350, 440),
      sum(480, 620),
      sum(950),
      sum(1100),
      noise,
      square,
      new Int16Array(8000),
    ]) {
      expect(read(samples)).toBe('');
    }
  });
});

test('where, how long, how loud, and how far apart', () => {
  const [digit] = hear(dial('5', { onMs: 120, levelDb: -20, twistDb: -3 }));
  expect(Math.abs(digit.at - 500)).toBeLessThanOrEqual(64);
  expect(Math.abs(digit.samples - 960)).toBeLessThanOrEqual(64);
  expect(digit.twistDb).toBeCloseTo(-3, 0);
  // A full-scale sine is +3.14 dBm0; the second tone adds half of the first.
  expect(digit.levelDbm0).toBeCloseTo(-20 + 3.14 + 10 * Math.log10(1 + 10 ** -0.3), 0);
});

test('it does not matter in which pieces the audio comes', () => {
  const samples = dial('159D', { snrDb: 20 });
  const whole = hear(samples);
  expect(whole.length).toBe(4);
  for (const blocks of [1, 63, 160, 8000]) expect(hear(samples, blocks)).toEqual(whole);
});

test('a digit of minutes is one digit', () => {
  const found = hear(dial('8', { onMs: 120_000 }));
  expect(found.map(({ event }) => event)).toEqual([8]);
  expect(found[0].samples / 8000).toBeCloseTo(120, 1);
});
