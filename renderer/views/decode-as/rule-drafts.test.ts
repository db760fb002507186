import { expect, it } from 'vitest';
import type { SavedRule } from '../../../shared/decode-as.ts';
import { canMove, draftsOf, moved, savedRules, withChange, withNew, without } from './rule-drafts.ts';
import { EMPTY_FORM } from './rule-form.ts';

const RULES: readonly SavedRule[] = [
  { text: 'udp.port==1,rtp', scope: 'user' },
  { text: 'udp.port==2,rtp', scope: 'user', isOff: true },
  { text: 'udp.port==3,rtp', scope: 'capture' },
];
const drafts = draftsOf(RULES, null, true);
const texts = (of: typeof drafts): string[] => savedRules(of).map(({ text }) => text[10]);

it('what is in force goes through unchanged', () => {
  expect(savedRules(drafts)).toEqual(RULES);
  expect(drafts.chosen).toBe(2);
});

it('with a start there is one more, the last of its scope', () => {
  const start = { transport: 'udp', source: '10.0.0.1:8', destination: '10.0.0.2:9', ssrc: '' } as const;
  expect(savedRules(draftsOf(RULES, start, true)).at(-1)).toEqual({ text: 'udp.port==9,rtp', scope: 'capture' });
  // Without a capture it can only be for all.
  expect(texts(draftsOf(RULES, start, false))).toEqual(['1', '2', '9', '3']);
});

it('moves within a scope alone', () => {
  expect(texts(moved(drafts, 1, -1))).toEqual(['2', '1', '3']);
  expect(texts(moved(drafts, 1, 1))).toEqual(['1', '2', '3']);
  expect([canMove(drafts, 0, -1), canMove(drafts, 0, 1), canMove(drafts, 2, -1)]).toEqual([false, true, false]);
});

it('another scope is another place', () => {
  expect(texts(withChange(drafts, 0, { scope: 'capture' }))).toEqual(['2', '1', '3']);
});

it('what is taken away leaves the one beside it chosen', () => {
  expect(without(drafts, 2)).toMatchObject({ chosen: 1 });
  expect(texts(without(drafts, 0))).toEqual(['2', '3']);
  const none = [0, 1, 2].reduce(without, drafts);
  expect(none).toEqual({ list: [], chosen: null });
  expect(withNew(none)).toMatchObject({ chosen: 0, list: [{ form: EMPTY_FORM, scope: 'capture' }] });
});
