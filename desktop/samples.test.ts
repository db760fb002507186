import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { run } from '../cli/run.ts';
import { keep } from '../cli/testing.ts';
import type { CaptureInfo } from '../shared/api.ts';
import { listSamples } from './samples.ts';

const folder = fileURLToPath(new URL('../resources/samples', import.meta.url));

it('every sample is there, is listed, and holds as many packets as is said', async () => {
  const samples = await listSamples(folder);
  const listed = JSON.parse(readFileSync(`${folder}/samples.json`, 'utf8')) as unknown[];
  expect(samples).toHaveLength(listed.length);
  const captures = readdirSync(folder).filter((name) => /\.pcap/.test(name));
  expect(samples.map(({ path }) => basename(path)).toSorted()).toEqual(captures.toSorted());
  for (const { path, packets, title, about } of samples) {
    const [stdout, stderr] = [keep(), keep()];
    const signal = new AbortController().signal;
    expect(
      await run(['info', path, '--json'], { stdout: stdout.stream, stderr: stderr.stream, environment: {}, signal }),
    ).toBe(0);
    const { capture } = JSON.parse(stdout.chunks.join('')) as { capture: CaptureInfo };
    expect(capture.packets, path).toBe(packets);
    expect(title !== '' && about.endsWith('.')).toBe(true);
  }
});
