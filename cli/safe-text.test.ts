import { describe, expect, it } from 'vitest';
import { fitText, padText, safeJson, safeText, textWidth } from './safe-text.ts';

describe('texts of a capture on a terminal', () => {
  it.each([
    ['plain', 'alice@example.com', 'alice@example.com'],
    ['umlauts', 'Jürgen Łódź', 'Jürgen Łódź'],
    ['an escape sequence', '\u001b[31mred\u001b[0m', '·[31mred·[0m'],
    ['a title change', '\u001b]0;owned\u0007', '·]0;owned·'],
    ['line ends', 'a\r\nb', 'a··b'],
    ['C1 controls, CSI among them', 'a\u009b31mb\u0085', 'a·31mb·'],
    ['DEL', 'a\u007f', 'a·'],
    ['a right-to-left override', 'a\u202egnp.exe', 'a\ufffdgnp.exe'],
    ['direction isolates', '\u2066x\u2069', '\ufffdx\ufffd'],
    ['zero width', 'ad\u200bmin', 'ad\ufffdmin'],
    ['a lone surrogate', 'a\ud800b', 'a\ufffdb'],
    ['tag characters', 'a\u{e0041}', 'a\ufffd'],
  ])('%s', (_, text, safe) => {
    expect(safeText(text)).toBe(safe);
  });

  it.each([
    ['abc', 3],
    ['héllo', 5],
    ['e\u0301', 1],
    ['日本', 4],
    ['→ Δ', 3],
  ])('%s takes %i columns', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });

  it.each([
    ['alice@example.com', 8, 'alice@e…'],
    ['short', 8, 'short'],
    ['日本語の', 5, '日本…'],
    ['ab', 1, '…'],
    ['ab', 0, ''],
  ])('%s fits into %i columns', (text, width, fitted) => {
    expect(fitText(text, width)).toBe(fitted);
  });

  it('pads by columns, not by characters', () => {
    expect(padText('日本', 6, 'right')).toBe('  日本');
    expect(padText('ab', 4, 'left')).toBe('ab  ');
  });
});

describe('texts of a capture in JSON', () => {
  it('keeps the value and writes what a terminal may obey as escapes', () => {
    const value = { display: 'a\u009b31m\u202eb\u2028\u007f' };
    const json = safeJson(JSON.stringify(value));
    expect(/^[\x20-\x7e]*$/.test(json)).toBe(true);
    expect(JSON.parse(json)).toEqual(value);
  });
});
