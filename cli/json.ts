import type { CaptureInfo, Warning } from '../shared/api.ts';
import type { Output } from './output.ts';
import { safeJson } from './safe-text.ts';

/** Rows of the list, made as they are written. */
export type Rows = Iterable<unknown> | AsyncIterable<unknown>;

/** Writes the one document of `--json`: the lists by name, row by row, a row on each line. */
export async function writeJson(
  output: Output,
  capture: CaptureInfo,
  warnings: Iterable<Warning>,
  lists: Readonly<Record<string, Rows>>,
): Promise<void> {
  await output.write(`{\n"capture": ${rowText(capture)}`);
  await writeList(output, 'warnings', warnings);
  for (const [name, rows] of Object.entries(lists)) await writeList(output, name, rows);
  await output.write('\n}\n');
}

async function writeList(output: Output, name: string, rows: Rows): Promise<void> {
  await output.write(`,\n${JSON.stringify(name)}: [`);
  let before = '\n';
  // A synchronous list is walked as such: awaiting each of a million rows costs more than the rows.
  if (Symbol.iterator in rows) {
    for (const row of rows) {
      const full = output.write(before + rowText(row));
      if (full !== null) await full;
      before = ',\n';
    }
  } else {
    for await (const row of rows) {
      const full = output.write(before + rowText(row));
      if (full !== null) await full;
      before = ',\n';
    }
  }
  await output.write(before === '\n' ? ']' : '\n]');
}

function rowText(row: unknown): string {
  return safeJson(JSON.stringify(row, plainNumbers));
}

/** JSON has no 64-bit integers: those a double holds exactly are numbers, the rest decimal text. */
function plainNumbers(_key: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}
