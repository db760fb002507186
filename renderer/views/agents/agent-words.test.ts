import { expect, test } from 'vitest';
import { agentFilter, clockWords, offsetText, typeWords } from './agent-words.ts';

test('types, the most first', () => {
  expect(typeWords({ byType: { SIP: 6, RTP: 1200 } })).toBe('RTP 1\u202f200, SIP 6');
});

test('an offset has its sign, and none where it rounds to nothing', () => {
  const of = (clockOffsetSeconds: number | null) => offsetText({ clockOffsetSeconds });
  expect([of(0.25), of(-7200), of(-0.0001), of(null)]).toEqual(['+0.250', '−7200.000', '0.000', '—']);
});

test('a clock that is not used is a warning', () => {
  expect(clockWords({ clock: 'ignored' })).toMatchObject({ words: 'ignored', severity: 'warning' });
  expect(clockWords({ clock: 'as-is' }).severity).toBe(null);
});

test('the filter names the agent by its place', () => {
  expect(agentFilter({ number: 3 })).toBe('hep.agent == 3');
});
