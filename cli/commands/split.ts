import { splitStreams, type SplitFile } from '../../engine/export/split.ts';
import { keyRows } from '../../engine/query/key-rows.ts';
import type { KeyRow } from '../../shared/api.ts';
import type { Command, Session } from '../command.ts';
import { Exit, Failure } from '../failure.ts';
import { countOf } from '../format.ts';
import { KEY_COLUMNS } from '../key-columns.ts';
import { outputFailure } from '../output-path.ts';
import { safeText } from '../safe-text.ts';
import { type Column, writeTable } from '../table.ts';

export const split: Command = {
  name: 'split',
  summary: 'a pcap for each RTP stream, and the SRTP keys that are known',
  options: ['directory'],
  required: ['directory'],
  examples: ['earshot split call.pcap -d streams/'],
  run: async (session) => {
    const { capture } = session;
    const keys = keyRows(capture);
    if (capture.streams.streams.length === 0 && keys.length === 0) {
      throw new Failure(Exit.NotFound, 'there are no RTP streams in the capture.');
    }
    const files = await writeFiles(session);
    if (session.options.json) await session.json({ split: files, keys });
    else await writeSummary(session, files, keys);
  },
};

async function writeFiles({ capture, options, signal }: Session): Promise<SplitFile[]> {
  try {
    return await splitStreams(capture, options.directory, { signal });
  } catch (error) {
    throw outputFailure(error, options.directory);
  }
}

const FILE_COLUMNS: readonly Column<SplitFile>[] = [
  { header: 'file', value: (row) => row.path },
  { header: 'stream', value: (row) => row.stream },
  { header: 'packets', align: 'right', value: (row) => String(row.packets) },
];

async function writeSummary(
  { options, page }: Session,
  files: readonly SplitFile[],
  keys: readonly KeyRow[],
): Promise<void> {
  if (files.length === 0) await page.line('There are no RTP streams in the capture, so no file was written.');
  else await writeTable(page, FILE_COLUMNS, files);
  if (files.length > 20)
    await page.line(page.paint(`${countOf(files.length, 'file')} in ${safeText(options.directory)}`, 'dim'));
  if (keys.length === 0) return;
  await page.line('');
  await writeTable(page, KEY_COLUMNS, keys);
}
