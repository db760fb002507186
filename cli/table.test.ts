import { describe, expect, it } from 'vitest';
import { Output } from './output.ts';
import { pageOn } from './page.ts';
import { paintColours, paintNothing } from './style.ts';
import { type Column, writeTable } from './table.ts';
import { keep } from './testing.ts';

interface Row {
  readonly name: string;
  readonly size: number;
  readonly note?: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { header: 'name', value: (row) => row.name, shrinkTo: 6 },
  { header: 'size', align: 'right', value: (row) => String(row.size), tone: (row) => (row.size > 9 ? 'bad' : 'plain') },
  { header: 'note', value: (row) => row.note ?? '–', optional: true, rank: 1 },
];

async function table(rows: Iterable<Row>, width: number | null = null, paint = paintNothing): Promise<string[]> {
  const kept = keep();
  const output = new Output(kept.stream);
  await writeTable(pageOn(output, width, paint), COLUMNS, rows);
  await output.flush();
  return kept.chunks.join('').split('\n').slice(0, -1);
}

describe('tables', () => {
  it('fits columns to the content and leaves empty optional ones out', async () => {
    expect(
      await table([
        { name: 'alice', size: 5 },
        { name: 'bo', size: 123 },
      ]),
    ).toEqual(['name   size', 'alice     5', 'bo      123']);
  });

  it('writes nothing for no rows', async () => {
    expect(await table([])).toEqual([]);
  });

  it('never cuts in a pipe', async () => {
    const name = 'a'.repeat(300);
    const lines = await table([{ name, size: 1 }]);
    expect(lines[1]).toBe(`${name}     1`);
  });

  it('cuts what may be cut to the width of a terminal', async () => {
    expect(await table([{ name: 'a long name', size: 1 }], 15)).toEqual(['name       size', 'a long n…     1']);
  });

  it('leaves columns out where cutting is not enough, and says which', async () => {
    expect(await table([{ name: 'a long name', size: 1, note: 'remark' }], 14)).toEqual([
      'name      size',
      'a long …     1',
      'No room here for: note. A wider terminal or a pipe shows all.',
    ]);
  });

  it('lets nothing of the capture command the terminal', async () => {
    expect((await table([{ name: '\u001b[2Jx\n', size: 1 }]))[1]).toBe('·[2Jx·     1');
  });

  it('colours after padding', async () => {
    const lines = await table([{ name: 'a', size: 10 }], 80, paintColours);
    expect(lines[1]).toBe('a     \u001b[31m  10\u001b[0m');
  });

  it('streams: rows beyond the sample are not held', async () => {
    let made = 0;
    function* rows(): Generator<Row> {
      for (; made < 50_000; made++) yield { name: `n${made}`, size: made % 10 };
    }
    const madeAtChunk: number[] = [];
    const kept = keep(() => madeAtChunk.push(made));
    const output = new Output(kept.stream);
    const count = await writeTable(pageOn(output, null, paintNothing), COLUMNS, rows());
    await output.flush();
    expect(count).toBe(50_000);
    expect(madeAtChunk[0]).toBeLessThan(15_000);
    expect(kept.chunks.join('').split('\n')).toHaveLength(50_002);
  });
});
