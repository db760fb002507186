import { describe, expect, it } from 'vitest';
import type { DissectorTrial, PluginRow } from '../../../shared/plugins.ts';
import { kindWords, placeWords, shownProblems, stateWords, trialWords } from './plugin-words.ts';

const ERROR = { message: 'took too long', file: '/p/a.ts', line: 12, column: 3 };
const ROW: PluginRow = {
  file: 'a.ts',
  path: '/p/a.ts',
  name: 'a',
  state: 'ok',
  error: null,
  dissectors: [{ id: 'a', label: 'A', specs: [], claims: [] }],
  checks: [],
  exports: [
    { id: 'x', label: 'X', extension: 'txt' },
    { id: 'y', label: 'Y', extension: 'txt' },
  ],
};
const TRIAL: DissectorTrial = {
  dissector: 'a',
  claimedBy: 'udp port 7777',
  confidence: 4,
  verdict: 'ok',
  rows: [],
  issues: [],
  summary: '',
  nodes: [],
  error: null,
};

describe('a plugin in the list', () => {
  it('at work, off, or failed: one that declared something failed while it ran', () => {
    expect(stateWords(ROW)).toEqual({ glyph: 'ok', words: 'at work' });
    expect(stateWords({ ...ROW, state: 'off' }).glyph).toBe('incomplete');
    expect(stateWords({ ...ROW, state: 'failed', error: ERROR }).words).toBe('faulted in this capture');
    const nothing = { dissectors: [], exports: [] };
    expect(stateWords({ ...ROW, ...nothing, state: 'failed', error: ERROR }).words).toBe('does not compile');
  });

  it('says what it has', () => {
    expect(kindWords(ROW)).toBe('1 dissector, 2 exports');
    expect(kindWords({ ...ROW, dissectors: [], exports: [] })).toBe('');
  });
});

it('a place is told as far as it is known', () => {
  expect(placeWords(ERROR)).toBe('line 12, column 3');
  expect(placeWords({ line: 12, column: null })).toBe('line 12');
  expect(placeWords({ line: null, column: null })).toBe('');
});

describe('a trial', () => {
  it('is good only where the dissector would have been asked', () => {
    expect(trialWords(TRIAL)).toEqual({ glyph: 'ok', verdict: 'takes it', claim: 'by udp port 7777, certain' });
    const unasked = trialWords({ ...TRIAL, claimedBy: null });
    expect(unasked.glyph).toBe('warning');
    expect(unasked.claim).toBe('no claim fits this packet: it would not be asked');
  });

  it('says what was decided', () => {
    expect(trialWords({ ...TRIAL, verdict: 'reject', confidence: null }).verdict).toBe('rejects it');
    expect(trialWords({ ...TRIAL, verdict: null, error: ERROR })).toMatchObject({ glyph: 'error', verdict: 'failed' });
  });
});

describe('problems of a text', () => {
  it('come once, faults first; types say nothing of a line that has a fault', () => {
    const types = [
      { line: 12, column: 9, message: 'Expression expected.' },
      { line: 4, column: 1, message: 'unused' },
    ];
    expect(shownProblems([ERROR, { ...ERROR, column: 5 }], types)).toEqual([
      { message: 'took too long', line: 12, column: 3, kind: 'error' },
      { message: 'unused', line: 4, column: 1, kind: 'type' },
    ]);
  });
});
