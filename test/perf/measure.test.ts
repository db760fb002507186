import { describe, expect, it } from 'vitest';
import { formatTable, median, runInTurn } from './measure.ts';

describe('measuring', () => {
  it('takes the median', () => {
    expect(median([9, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('says what is missing and what failed, and measures the rest', () => {
    const [missing, failed, slept] = runInTurn(
      [
        { program: 'no-such-program', args: [] },
        { program: process.execPath, args: ['-e', 'console.error("went wrong"); process.exit(3)'] },
        { program: process.execPath, args: ['-e', 'setTimeout(() => {}, 200)'] },
      ],
      1,
    );
    expect(missing).toEqual({ missing: 'no-such-program is not installed' });
    expect(failed).toEqual({ missing: expect.stringContaining('exit 3') });
    expect('seconds' in slept && slept.seconds).toBeGreaterThanOrEqual(0.2);
  });

  it('lines up its table', () => {
    expect(
      formatTable([
        ['a', 'bb'],
        ['ccc', '1'],
      ]),
    ).toBe('a    bb\n---  --\nccc   1');
  });
});
