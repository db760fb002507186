import { expect, test } from 'vitest';
import type { AudioLane, AudioMark, AudioPlan } from '../../shared/engine-api.ts';
import { countMarks, neighbourMark } from './marks.ts';
import type { PlayerState } from './player-state.ts';

const mark = (kind: AudioMark['kind'], at: number, count = 1): AudioMark => ({
  kind,
  at,
  seconds: 0,
  label: '',
  count,
  packet: null,
});
const lane = (marks: AudioMark[]): AudioLane => ({
  channel: 0,
  side: 'A',
  name: 'a',
  codec: 'PCMA',
  ptimeMs: 20,
  ssrc: '0x1',
  streams: ['s1'],
  call: null,
  lostPercent: 0,
  jitterMs: 0,
  mos: null,
  marks,
});
const state = {
  plan: { lanes: [lane([mark('loss', 1, 3), mark('digit', 4)]), lane([mark('loss', 2, 2)])] } as unknown as AudioPlan,
  found: { silence: [[], [mark('silence', 3)]] },
  hidden: new Set<AudioMark['kind']>(),
} as unknown as PlayerState;

test('losses are counted in packets, over all lanes', () => {
  expect(countMarks(state, 'loss')).toBe(5);
  expect(countMarks(state, 'silence')).toBe(1);
  expect(countMarks(state, 'late')).toBe(0);
});

test('what a buffer bridged is counted in packets, as the buffer counts it', () => {
  const buffered = { ...lane([mark('concealed', 1), mark('concealed', 2)]), jitterBuffer: [{ concealed: 5 }] };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of the counts only this one is looked at
  const plan = { lanes: [buffered] } as unknown as AudioPlan;
  expect(countMarks({ ...state, plan }, 'concealed')).toBe(5);
});

test('walking goes over all lanes in order of time, and passes by what is hidden', () => {
  expect(neighbourMark(state, 0, 1)?.at).toBe(1);
  expect(neighbourMark(state, 1, 1)?.at).toBe(2);
  expect(neighbourMark(state, 2, 1)?.at).toBe(3);
  expect(neighbourMark({ ...state, hidden: new Set(['silence']) }, 2, 1)?.at).toBe(4);
  expect(neighbourMark(state, 4, 1)).toBeNull();
  expect(neighbourMark(state, 4, -1)?.at).toBe(3);
});
