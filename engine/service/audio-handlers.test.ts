import { beforeAll, describe, expect, test } from 'vitest';
import { builtIns } from '../../dissectors/index.ts';
import type { AudioPlan, AudioSelection, Spectrogram } from '../../shared/engine-api.ts';
import type { Capture } from '../capture.ts';
import { captureOf, rtpPacket, type TestDatagram } from '../pass/test-capture.ts';
import { audioHandlers } from './audio-handlers.ts';

const STREAMS = 10;
const PACKETS = 60;

let capture: Capture;

/** Ten streams without signalling; the first is quiet from its beginning to its end. */
beforeAll(async () => {
  const datagrams: TestDatagram[] = [];
  for (let packet = 0; packet < PACKETS; packet++) {
    for (let stream = 0; stream < STREAMS; stream++) {
      const payload = new Uint8Array(160).fill(stream === 0 ? 0xd5 : packet & 0x7f);
      datagrams.push({
        at: packet * 0.02,
        from: `10.0.0.1:${7000 + stream * 2}`,
        to: `10.0.0.2:${7000 + stream * 2}`,
        payload: rtpPacket({
          ssrc: 100 + stream,
          sequence: packet,
          timestamp: packet * 160,
          payloadType: 8,
          payload,
        }),
      });
    }
  }
  capture = await captureOf(datagrams, builtIns);
  expect(capture.streams.streams.length).toBe(STREAMS);
});

const context = { signal: new AbortController().signal, progress: () => {} };

// What comes over the channel need not be what the types say.
async function call(method: string, params: unknown): Promise<unknown> {
  const handlers = audioHandlers({ capture: () => capture }) as Record<string, (...args: unknown[]) => unknown>;
  return handlers[method](params, context);
}

async function planOf(selection: AudioSelection): Promise<AudioPlan> {
  return (await call('audio.plan', { selection })) as AudioPlan;
}

describe('plans', () => {
  test('a stream named by its number and by its SSRC is one lane', async () => {
    const plan = await planOf({ streams: ['s1', '0x64', 's1', 'S1'] });
    expect(plan.lanes.map(({ streams }) => streams)).toEqual([['s1']]);
  });

  test('eight lanes at most; the others are left out, with the reason', async () => {
    const streams = Array.from({ length: STREAMS }, (_, i) => `s${i + 1}`);
    const plan = await planOf({ streams });
    expect(plan.lanes.flatMap((lane) => lane.streams)).toEqual(streams.slice(0, 8));
    expect(plan.leftOut.map(({ stream }) => stream)).toEqual(['s9', 's10']);
    expect(plan.leftOut[0].reason).toMatch(/8 lanes/);
    // 8 channels of 16 bits for 1.2 s at 8 kHz, after the header of WAVE_FORMAT_EXTENSIBLE.
    expect(plan.wavBytes).toBe(68 + PACKETS * 160 * 8 * 2);
  });

  test('many plans at once: those laid out again are the same, those remembered no longer are not found', async () => {
    const first = await planOf({ streams: ['s1'] });
    const wav = await call('audio.wav', { id: first.id, at: 0, length: 1000 });
    for (let i = 0; i < 12; i++) await planOf({ streams: ['s1', `s${2 + (i % 9)}`], calls: [`c${1000 + i}`] });
    expect(await call('audio.wav', { id: first.id, at: 0, length: 1000 })).toEqual(wav);
    expect(await planOf({ streams: ['s1'] })).toEqual(first);
    for (let i = 0; i < 1001; i++) await planOf({ streams: ['s2'], calls: [`x${i}`] });
    await expect(call('audio.wav', { id: first.id, at: 0, length: 1 })).rejects.toMatchObject({ code: 'not-found' });
  });

  test('a mode is a plan of its own; a depth only where there is a buffer', async () => {
    const streams = ['s1'];
    const plain = await planOf({ streams });
    expect(plain).toMatchObject({ mode: 'timestamp', depthMs: null });
    expect(await planOf({ streams, mode: 'timestamp', depthMs: 200 })).toEqual(plain);
    const buffered = await planOf({ streams, mode: 'jitter-buffer', depthMs: 100 });
    expect(buffered).toMatchObject({ mode: 'jitter-buffer', depthMs: 100, startTime: plain.startTime });
    expect(buffered.durationSeconds).toBeCloseTo(plain.durationSeconds + 0.1, 9);
    expect(buffered.lanes[0].jitterBuffer).toMatchObject([
      { stream: 's1', played: PACKETS, late: 0, meanDelayMs: 100 },
    ]);
    expect(plain.lanes[0].jitterBuffer).toBe(undefined);
    const other = await planOf({ streams, mode: 'jitter-buffer', depthMs: 101 });
    expect(new Set([plain.id, buffered.id, other.id]).size).toBe(3);
    expect(await planOf({ streams, mode: 'adaptive' })).toMatchObject({ mode: 'adaptive', depthMs: null });
    expect(await planOf({ streams, mode: 'file' })).toMatchObject({ mode: 'file', depthMs: null });
  });

  test('a spectrogram has a lane for each lane, column after column; beyond the audio it is silent', async () => {
    const { id, durationSeconds } = await planOf({ streams: ['s1', 's2'] });
    const asked = { id, from: 0, to: 2 * durationSeconds, columns: 40 };
    const { rows, floorDb, lanes } = (await call('audio.spectrogram', asked)) as Spectrogram;
    expect([rows, floorDb, lanes.map(({ length }) => length)]).toEqual([128, -100, [40 * 128, 40 * 128]]);
    // A-law's smallest step, 8 of 32 768, is all constant: it is below 100 Hz, and soft.
    const column = lanes[0].subarray(10 * rows, 11 * rows);
    expect(column.indexOf(Math.max(...column))).toBe(0);
    expect(Math.max(...column.subarray(3))).toBe(0);
    expect(Math.max(...lanes[1].subarray(0, 20 * rows))).toBeGreaterThan(150);
    expect(Math.max(...lanes[1].subarray(21 * rows))).toBe(0);
    for (const columns of [0, 2049, 1.5])
      await expect(call('audio.spectrogram', { ...asked, columns })).rejects.toMatchObject({ code: 'bad-request' });
  });

  test('silence is silence though packets come, as long as the stream', async () => {
    const { id } = await planOf({ streams: ['s1', 's2'] });
    const silences = await call('audio.silences', { id });
    expect(silences).toMatchObject([[{ at: 0, kind: 'silence', label: '1.2 s silent' }], []]);
  });
});

describe('what cannot be answered', () => {
  test.each<[string, unknown]>([
    ['audio.plan', { selection: null }],
    ['audio.plan', {}],
    ['audio.plan', { selection: 7 }],
    ['audio.plan', { selection: { calls: 'c1' } }],
    ['audio.plan', { selection: { streams: [null] } }],
    ['audio.plan', { selection: { streams: ['s1'], mode: 'faster' } }],
    ['audio.plan', { selection: { streams: ['s1'], mode: 'jitter-buffer', depthMs: -1 } }],
    ['audio.plan', { selection: { streams: ['s1'], mode: 'jitter-buffer', depthMs: 2001 } }],
    ['audio.plan', { selection: { streams: ['s1'], mode: 'jitter-buffer', depthMs: '60' } }],
    ['audio.plan', { selection: { streams: ['s1'], depthMs: Number.NaN } }],
    ['audio.plan', { selection: { streams: Array.from({ length: 1001 }, () => 's1') } }],
  ])('%s: selection %$ is none', async (method, params) => {
    await expect(call(method, params)).rejects.toMatchObject({ name: 'CodedError', code: 'bad-request' });
  });

  test('random ids, parts and columns: an answer of the right shape or a code, and soon', async () => {
    const { id, durationSeconds, wavBytes } = await planOf({ streams: ['s1', 's2', 's3'] });
    const numbers = [
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      -0,
      0,
      0.5,
      1,
      -1,
      1e-300,
      1e9,
      1e305,
      -1e305,
      2 ** 53,
      2 ** 31,
      wavBytes,
      durationSeconds,
      100,
      undefined,
      'x',
    ];
    const ids = [id, id, id, '', 'nonsense', '__proto__', null, 7, 'f'.repeat(1e5)];
    let state = 99;
    const oneOf = <T>(list: readonly T[]): T => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return list[(state >>> 8) % list.length];
    };
    const begin = performance.now();
    const codes = new Map<string, number>();
    for (let round = 0; round < 3000; round++) {
      const isPeaks = oneOf([true, false]);
      const asked = isPeaks
        ? { id: oneOf(ids), from: oneOf(numbers), to: oneOf(numbers), columns: oneOf(numbers) }
        : { id: oneOf(ids), at: oneOf(numbers), length: oneOf(numbers) };
      try {
        const answer = await call(isPeaks ? 'audio.peaks' : 'audio.wav', asked);
        if (isPeaks) {
          const { lanes } = answer as { lanes: { min: Float32Array; max: Float32Array; rms: Float32Array }[] };
          for (const { min, max, rms } of lanes) {
            expect(min.length).toBe(asked.columns);
            expect(min.every((value, i) => value >= -1 && value <= max[i] && max[i] <= 1)).toBe(true);
            expect(rms.every((value) => value >= 0 && value <= 1)).toBe(true);
          }
        } else {
          expect((answer as Uint8Array).length).toBeLessThanOrEqual(1 << 20);
        }
        codes.set('answered', (codes.get('answered') ?? 0) + 1);
      } catch (error) {
        expect(error).toMatchObject({ name: 'CodedError' });
        const { code } = error as { code: string };
        codes.set(code, (codes.get(code) ?? 0) + 1);
      }
    }
    expect([...codes.keys()].toSorted()).toEqual(['answered', 'bad-request', 'not-found']);
    expect(codes.get('answered')).toBeGreaterThan(50);
    expect(performance.now() - begin).toBeLessThan(20_000);
  });
});
