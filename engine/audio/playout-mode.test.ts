import { expect, test } from 'vitest';
import { modeOf, parsePlayout, playoutOf } from './playout-mode.ts';

test.each([
  ['file', { kind: 'file' }],
  ['timestamp', { kind: 'timestamp' }],
  ['jitter-buffer', { kind: 'jitter-buffer', depthMs: 60 }],
  ['jitter-buffer=0', { kind: 'jitter-buffer', depthMs: 0 }],
  ['jitter-buffer=80', { kind: 'jitter-buffer', depthMs: 80 }],
  ['jitter-buffer=12.5', { kind: 'jitter-buffer', depthMs: 12.5 }],
  ['jitter-buffer=2000', { kind: 'jitter-buffer', depthMs: 2000 }],
  ['jitter-buffer=adaptive', { kind: 'jitter-buffer', depthMs: null }],
])('--mode %s', (text, playout) => {
  expect(parsePlayout(text)).toEqual(playout);
});

test.each([
  '',
  'File',
  'jitter',
  'jitter-buffer=',
  'jitter-buffer=-1',
  'jitter-buffer=2001',
  'jitter-buffer=1e3',
  'jitter-buffer=60ms',
  'adaptive',
])('--mode %j is none', (text) => {
  expect(parsePlayout(text)).toBe(null);
});

test('what a window asks for, and what it is told', () => {
  expect(playoutOf({})).toEqual({ kind: 'timestamp' });
  expect(playoutOf({ mode: 'jitter-buffer' })).toEqual({ kind: 'jitter-buffer', depthMs: 60 });
  for (const selection of [
    { mode: 'file', depthMs: null },
    { mode: 'timestamp', depthMs: null },
    { mode: 'adaptive', depthMs: null },
    { mode: 'jitter-buffer', depthMs: 30 },
  ] as const) {
    const { mode, depthMs } = selection;
    expect(modeOf(playoutOf(depthMs === null ? { mode } : { mode, depthMs }))).toEqual(selection);
  }
});
