import { expect, test } from 'vitest';
import type { StreamQuality } from '../../../shared/quality.ts';
import { isReported, moreFigures, pairsOf, ratingParts, scaleOf } from './quality-words.ts';

const rating = {
  value: 3.44,
  r: 67.24,
  model: 'G.107' as const,
  ie: 0,
  bpl: 25.1,
  source: 'G.113 Table I.1',
  equipmentImpairment: 25.96,
  delayImpairment: 0,
  lossPercent: 3.1,
  burstRatio: 1.2,
  delayMs: null,
  assumed: [],
};
const quality: StreamQuality = {
  stream: 's1',
  ssrc: '0x1',
  src: '10.0.0.1:4000',
  dst: '10.0.0.2:4000',
  call: 'c1',
  codec: 'PCMA',
  startTime: 0,
  durationSeconds: 60,
  rating,
  notRatedBecause: null,
  loss: {
    expected: 1000,
    lost: 31,
    lostPercent: 3.1,
    late: 0,
    latePercent: 0,
    bufferMs: 60,
    duplicates: 0,
    outOfOrder: 0,
  },
  jitterMs: { mean: 2.04, max: 41.26 },
  bursts: {
    gmin: 16,
    bursts: 2,
    burstDensityPercent: 31.2,
    gapDensityPercent: 0.4,
    burstDurationMs: 180.4,
    gapDurationMs: null,
    longestRun: 4,
    burstRatio: 1.2,
  },
  clockSkewPpm: -130.4,
  ptimeMs: 20,
  ptimes: [],
  payloadTypes: [],
  comfortNoisePercent: 0,
  silentPercent: null,
  reported: null,
  roundTrip: { afterMs: 20, beforeMs: null, wholeMs: 20, isPartial: true },
  lossPlace: null,
  sentences: [],
};

const textOf = (from: StreamQuality) =>
  pairsOf(from).map(({ name, measured, reported, tone }) => [name, measured, reported, tone].join('|'));

const noReports = {
  reports: 0,
  maxLostPercent: null,
  maxJitterMs: null,
  meanJitterMs: null,
  cumulativeLost: null,
  lastPacket: null,
  voipMetrics: null,
  statistics: null,
};

test('what was measured stands alone where nobody reported', () => {
  expect(textOf(quality)).toEqual([
    'MOS|3.44|—|warn',
    'R|67.2|—|',
    'Lost|31|—|',
    'Loss|3.1|—|warn',
    'Late|0.0|—|',
    'Jitter, mean|2.0|—|',
    'Jitter, max|41.3|—|warn',
    'Burst density|31.2|—|',
    'Gap density|0.4|—|',
    'Burst length|180|—|',
    'Round trip|20.0|—|',
  ]);
});

test('reports stand beside it: the worst of report blocks, or what VoIP metrics say of the whole', () => {
  const reported = {
    reports: 3,
    maxLostPercent: 12.5,
    maxJitterMs: 9.5,
    meanJitterMs: 4.25,
    cumulativeLost: 40,
    lastPacket: 9,
    voipMetrics: null,
    statistics: null,
  };
  expect(textOf({ ...quality, reported })).toEqual(
    expect.arrayContaining([
      'Lost|31|40|',
      'Loss|3.1|≤ 12.5|warn',
      'Jitter, mean|2.0|4.3|',
      'Jitter, max|41.3|9.5|warn',
    ]),
  );
});

test('a receiver that got packets twice lost none', () => {
  const reported = { ...noReports, reports: 1, cumulativeLost: -1 };
  expect(textOf({ ...quality, reported })).toContain('Lost|31|0, 1 too many|');
});

test('nobody is late by a clock that is not known', () => {
  const unknown = { ...quality, jitterMs: { mean: null, max: null } };
  expect(moreFigures(unknown)[0]).toMatchObject({ name: 'Late (60 ms)', value: '—' });
  expect(textOf(unknown).some((row) => row.startsWith('Late'))).toBe(false);
});

test('no rating leaves no empty rows', () => {
  const names = pairsOf({ ...quality, rating: null }).map(({ name }) => name);
  expect(names).not.toContain('MOS');
  expect(names).toContain('Loss');
});

test('a clock that is off is marked; what is not known is not shown as nothing', () => {
  const figures = moreFigures(quality);
  expect(figures.find(({ name }) => name === 'Clock skew')).toMatchObject({ value: '-130', tone: 'warn' });
  expect(figures.map(({ name }) => name)).not.toContain('Nothing sent');
  expect(figures.map(({ name }) => name)).toContain('Trip to receiver');
});

test('what stands in the table beside a report does not stand below it again', () => {
  const reported = { ...noReports, reports: 1 };
  expect(moreFigures(quality).map(({ name }) => name)).toEqual(
    expect.arrayContaining(['Late (60 ms)', 'Burst length']),
  );
  expect(moreFigures({ ...quality, reported }).map(({ name }) => name)).not.toContain('Burst length');
  expect([isReported(quality), isReported({ reported }), isReported({ reported: noReports })]).toEqual([
    false,
    true,
    false,
  ]);
});

test('a rating says its scale and what it is made of', () => {
  expect(scaleOf(rating)).toBe('R 67.2, narrowband scale (ITU-T G.107)');
  expect(ratingParts(rating).map(({ value }) => value)).toEqual([
    'Ie 0.0, Bpl 25.1 (G.113 Table I.1)',
    '3.1 %, burst ratio 1.20',
    '− 26.0 of R',
    'not known, so not in the rating',
  ]);
});
