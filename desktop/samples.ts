import { readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { SampleCapture } from '../shared/shell-api.ts';

/** The captures that come with Earshot: `samples.json` lists file, title, about and packets. Missing files are left out. */
export async function listSamples(folder: string): Promise<SampleCapture[]> {
  const listed = JSON.parse(await readFile(join(folder, 'samples.json'), 'utf8')) as {
    file: string;
    title: string;
    about: string;
    packets: number;
  }[];
  const samples: SampleCapture[] = [];
  for (const { file, title, about, packets } of listed) {
    const path = join(folder, basename(file));
    const status = await stat(path).catch(() => null);
    if (status?.isFile() === true) samples.push({ path, title, about, packets });
  }
  return samples;
}
