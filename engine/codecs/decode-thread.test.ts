import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { DecodeThread } from './decode-thread.ts';

const folder = mkdtempSync(join(tmpdir(), 'earshot-thread-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A thread that does with the file's first octet: 0 answers, 1 ends, 2 throws, 3 never answers, 4 says that it cannot. */
const path = join(folder, 'worker.cjs');
writeFileSync(
  path,
  `const { parentPort } = require('node:worker_threads');
parentPort.on('message', ({ id, file }) => {
  const kind = file.bytes[0];
  if (kind === 1) process.exit(1);
  if (kind === 2) throw new Error('broken');
  if (kind === 3) for (;;);
  if (kind === 4) parentPort.postMessage({ id, error: 'cannot', isBroken: true });
  else parentPort.postMessage({ id, decoded: { samples: Int16Array.of(kind, id), parts: Uint32Array.of(0, 2) } });
});`,
);

test('a file that breaks, ends or stops the thread is rejected, and the next is decoded by a new one', async () => {
  const thread = new DecodeThread(path, { longestMs: 500, idleMs: 50 });
  const kinds = [0, 1, 0, 2, 4, 0, 3, 5];
  const results = await Promise.allSettled(
    kinds.map((kind) => thread.decode({ format: 'g729', bytes: Uint8Array.of(kind), sampleRate: 8000 })),
  );
  expect(results.map(({ status }) => status === 'fulfilled')).toEqual(kinds.map((kind) => kind === 0 || kind === 5));
  const values = results.flatMap((result) => (result.status === 'fulfilled' ? [[...result.value.samples]] : []));
  expect(values.map(([kind]) => kind)).toEqual([0, 0, 0, 5]);
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
  expect(reasons[1]).toContain('broken');
  expect(reasons[2]).toContain('cannot');
  expect(reasons[3]).toContain('too long');
});
