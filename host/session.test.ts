import { expect, it } from 'vitest';
import { Session } from './session.ts';

it('a token is good once and until its time is over', () => {
  let now = 0;
  const session = new Session(() => now);
  const [early, late] = [session.newToken(1000), session.newToken(1000)];
  now = 999;
  expect([session.redeem(early), session.redeem(early)]).toEqual([true, false]);
  now = 1000;
  expect(session.redeem(late)).toBe(false);
});

it('no two sessions share a cookie, and a cookie belongs to one port', () => {
  const [one, two] = [new Session(), new Session()];
  const cookie = one.cookie(4000).split(';')[0];
  expect(one.isKnown(cookie, 4000)).toBe(true);
  expect(one.isKnown(cookie, 4001)).toBe(false);
  expect(two.isKnown(cookie, 4000)).toBe(false);
  expect(one.isKnown(undefined, 4000)).toBe(false);
});
