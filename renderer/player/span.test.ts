import { expect, test } from 'vitest';
import { clampSpan, followSpan, formatPosition, moveSpan, rulerTicks, wholeSpan, zoomSpan } from './span.ts';

const whole = wholeSpan(100);

test('zooming keeps the time under the pointer where it is', () => {
  const zoomed = zoomSpan({ from: 20, to: 60 }, 0.5, 30);
  expect(zoomed).toEqual({ from: 25, to: 45 });
  // 30 lay a quarter of the way in, and still does.
  expect((30 - zoomed.from) / (zoomed.to - zoomed.from)).toBe(0.25);
});

test('a stretch never leaves the audio, and is moved rather than cut', () => {
  expect(clampSpan({ from: -10, to: 10 }, whole, 8000)).toEqual({ from: 0, to: 20 });
  expect(clampSpan({ from: 95, to: 115 }, whole, 8000)).toEqual({ from: 80, to: 100 });
  expect(clampSpan({ from: -50, to: 500 }, whole, 8000)).toEqual({ from: 0, to: 100 });
});

test('zooming ends where samples can be counted', () => {
  const { from, to } = clampSpan({ from: 50, to: 50.0001 }, whole, 8000);
  expect(to - from).toBeCloseTo(48 / 8000, 9);
  expect((from + to) / 2).toBeCloseTo(50.00005, 6);
});

test('the view turns the page when the cursor leaves it', () => {
  expect(followSpan({ from: 0, to: 10 }, 9.99)).toEqual({ from: 0, to: 10 });
  expect(followSpan({ from: 0, to: 10 }, 10)).toEqual({ from: 10, to: 20 });
  expect(moveSpan({ from: 1, to: 2 }, 0.5)).toEqual({ from: 1.5, to: 2.5 });
});

test('a ruler has round times, none twice, all within', () => {
  expect(rulerTicks({ from: 6, to: 19.6 }, 900).map(({ text }) => text)).toEqual([
    '0:06',
    '0:08',
    '0:10',
    '0:12',
    '0:14',
    '0:16',
    '0:18',
  ]);
  expect(rulerTicks({ from: 0.1, to: 0.13 }, 300).map(({ text }) => text)).toEqual([
    '0:00.10',
    '0:00.11',
    '0:00.12',
    '0:00.13',
  ]);
  expect(rulerTicks({ from: 0, to: 7200 }, 400).map(({ text }) => text)).toEqual([
    '0:00',
    '30:00',
    '1:00:00',
    '1:30:00',
    '2:00:00',
  ]);
});

test('positions are written as on a clock', () => {
  expect(formatPosition(11.46)).toBe('0:11.460');
  expect(formatPosition(3723.5, 1)).toBe('1:02:03.5');
  // Rounding goes up into the minute.
  expect(formatPosition(59.9996)).toBe('1:00.000');
});
