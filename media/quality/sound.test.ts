import { describe, expect, test } from 'vitest';
import { doubleTalkPercent, oneWaySilence } from './conversation.ts';
import { findEcho } from './echo.ts';
import { dbov, SoundMeter } from './sound-meter.ts';
import { speechLevel } from './speech-level.ts';

const RATE = 8000;

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** `seconds` of a sine with this amplitude, from `at` on. */
function sine(seconds: number, amplitude: number, hertz = 440): Int16Array {
  return Int16Array.from({ length: seconds * RATE }, (_, i) =>
    Math.max(-32_768, Math.min(32_767, Math.round(amplitude * Math.sin((2 * Math.PI * hertz * i) / RATE)))),
  );
}

function joined(...parts: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function metered(samples: Int16Array): SoundMeter {
  const meter = new SoundMeter(RATE);
  meter.take(samples, 0, 1, samples.length);
  meter.finish();
  return meter;
}

function run<T>(steps: Generator<void, T, void>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Bursts of noise with pauses, like syllables and sentences: each of another length and level. */
function speech(seed: number, seconds: number): Int16Array {
  const next = random(seed);
  const samples = new Int16Array(seconds * RATE);
  for (let at = 0; at < samples.length; ) {
    const level = 1000 + next() * 8000;
    const length = Math.round((0.06 + next() * 0.2) * RATE);
    for (let i = 0; i < length && at < samples.length; i++) samples[at++] = Math.round((next() * 2 - 1) * level);
    at += Math.round((next() < 0.15 ? 0.8 : 0.05) * RATE);
  }
  return samples;
}

describe('levels', () => {
  test('a sine of a tenth of full scale has -23.01 dBov, its peak -20', () => {
    const meter = metered(sine(1, 3276.8));
    expect(dbov(meter.meanPower)).toBeCloseTo(-23.01, 1);
    expect(dbov((meter.peak / 32_768) ** 2)).toBeCloseTo(-20, 1);
    expect(meter.framePowers).toHaveLength(100);
  });

  test('speech is as loud as while it lasts, whatever the pauses', () => {
    const meter = metered(joined(sine(2, 3276.8), new Int16Array(6 * RATE), sine(2, 3276.8)));
    expect(dbov(meter.meanPower)).toBeCloseTo(-27, 0);
    const { activeDbov, active } = run(speechLevel(meter.framePowers));
    // Hangover of 200 ms twice, in four seconds.
    expect(activeDbov).toBeCloseTo(-23.01 + 10 * Math.log10(4 / 4.2), 1);
    expect(active.reduce((sum, flag) => sum + flag, 0)).toBe(400 + 20);
  });

  test('noise is no speech, and neither is nothing', () => {
    const next = random(3);
    const noise = Int16Array.from({ length: 5 * RATE }, () => Math.round((next() - 0.5) * 40));
    expect(run(speechLevel(metered(noise).framePowers)).activeDbov).toBeNull();
    expect(run(speechLevel(new Float32Array(500))).activeDbov).toBeNull();
    expect(run(speechLevel(new Float32Array(0))).activeDbov).toBeNull();
  });

  test('silence of A-law and µ-law is digital silence, the softest noise is not', () => {
    expect([...metered(new Int16Array(160).fill(8)).digitalSilence]).toEqual([1, 1]);
    expect([...metered(new Int16Array(160).fill(24)).digitalSilence]).toEqual([0, 0]);
  });

  test('one channel of two', () => {
    const block = new Int16Array(1600);
    for (let i = 1; i < block.length; i += 2) block[i] = 16_384;
    const [left, right] = [new SoundMeter(RATE), new SoundMeter(RATE)];
    left.take(block, 0, 2, 800);
    right.take(block, 1, 2, 800);
    expect([left.peak, right.peak]).toEqual([0, 16_384]);
    expect(dbov(right.meanPower)).toBeCloseTo(-6.02, 2);
    expect(dbov(left.meanPower)).toBeNull();
  });
});

describe('clipping', () => {
  test('is a wave cut off, at its place', () => {
    const { clippings, places } = metered(joined(new Int16Array(800), sine(0.1, 100_000, 100)));
    // A hundred hertz for a tenth of a second: ten waves, cut off at both sides.
    expect(clippings).toBe(20);
    // arcsin(0.3277) of a wave of 80 samples is 4.25 samples after its beginning.
    expect(places[0].at).toBe(805);
  });

  test('is not a peak that touches full scale', () => {
    const samples = new Int16Array(800);
    samples.fill(32_767, 100, 103);
    expect(metered(samples).clippings).toBe(0);
    samples.fill(32_767, 100, 104);
    expect(metered(samples)).toMatchObject({ clippings: 1, places: [{ at: 100, samples: 4 }] });
  });
});

describe('echo', () => {
  // Silent from 14 to 18 s.
  const said = speech(11, 20).fill(0, 14 * RATE, 18 * RATE);
  const saidMeter = metered(said);
  const level = run(speechLevel(saidMeter.framePowers));
  const found = (heard: Int16Array) => run(findEcho(saidMeter.framePowers, level, metered(heard).framePowers));

  /** `said` after 240 ms and 18 dB softer, with what `other` says. */
  function echoed(other: Int16Array): Int16Array {
    return other.map((sample, i) => sample + Math.round((i < 1920 ? 0 : said[i - 1920]) * 10 ** (-18 / 20)));
  }

  test('is found at its delay and level', () => {
    const echo = found(echoed(new Int16Array(said.length)));
    expect(echo).toMatchObject({ delayMs: 240 });
    expect(echo?.lossDb).toBeCloseTo(18, 0);
    expect(echo?.correlation).toBeGreaterThan(0.95);
  });

  test('is found where the other side speaks too, in turn', () => {
    const other = new Int16Array(said.length);
    other.set(speech(5, 3), 14.8 * RATE);
    expect(found(echoed(other))).toMatchObject({ delayMs: 240 });
  });

  test('is not what another person says at the same time, nor noise, nor silence', () => {
    for (const seed of [5, 6, 7, 8, 9]) expect(found(speech(seed, 20))).toBeNull();
    const next = random(3);
    expect(found(Int16Array.from({ length: said.length }, () => Math.round((next() - 0.5) * 200)))).toBeNull();
    expect(found(new Int16Array(said.length))).toBeNull();
  });
});

describe('conversation', () => {
  const flags = (...runs: readonly (readonly [number, number])[]): Uint8Array =>
    Uint8Array.from(runs.flatMap(([flag, count]) => Array.from({ length: count }, () => flag)));

  test('double talk is of the time in which somebody speaks', () => {
    expect(doubleTalkPercent(flags([1, 300], [0, 700]), flags([0, 200], [1, 200], [0, 600]))).toBe(25);
    expect(doubleTalkPercent(flags([0, 10]), flags([0, 10]))).toBeNull();
  });

  test('one-way silence lasts ten seconds, while the other side speaks for two', () => {
    const speaking = flags([1, 400], [0, 2600]);
    expect(oneWaySilence(flags([1, 1500], [0, 1500]), speaking)).toEqual([{ from: 0, to: 1500 }]);
    expect(oneWaySilence(flags([1, 999], [0, 2001]), speaking)).toEqual([]);
    // Nobody speaks meanwhile.
    expect(oneWaySilence(flags([0, 1500], [1, 1500]), speaking)).toEqual([]);
    expect(oneWaySilence(flags([0, 100], [1, 2900]), speaking)).toEqual([{ from: 100, to: 3000 }]);
  });
});
