/** A thread that stands in for the engine: octets that can be foretold, files with known contents, and a crash on demand. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { Channel, type Methods } from '../../shared/channel.ts';
import type { AudioPlan, EngineApi, EngineEvents } from '../../shared/engine-api.ts';
import { pipeToParent } from '../../host/worker-pipe.ts';

export const FAKE_WAV_BYTES = 3_000_001;

/** What octet `at` of the fake audio is. */
export function fakeOctet(at: number): number {
  return (at * 7 + (at >> 8)) & 255;
}

if (parentPort !== null) {
  const { temporaryFolder } = workerData as { temporaryFolder: string };
  const channel = new Channel<Methods, Record<string, never>, EngineEvents>(pipeToParent(parentPort));
  let exported = 0;
  channel.serve<Pick<EngineApi, 'audio.plan' | 'audio.wav' | 'export.write' | 'packet.at' | 'capture.open'>>({
    'audio.plan': ({ selection }) =>
      ({
        id: selection.calls?.[0] ?? 'plan',
        wavBytes: FAKE_WAV_BYTES,
        lanes: [],
        leftOut: [],
      }) as unknown as AudioPlan,
    'audio.wav': ({ id, at, length }) => {
      if (id === 'gone') throw new Error('There is no such audio.');
      return Uint8Array.from({ length: Math.min(length, FAKE_WAV_BYTES - at) }, (_, i) => fakeOctet(at + i));
    },
    // A text export's name is the file's; a name that begins with ! is the path itself.
    'export.write': ({ request }) => {
      const { name, text } = request as { name: string; text: string };
      const path = name.startsWith('!') ? name.slice(1) : join(temporaryFolder, `export-${++exported}`);
      if (!name.startsWith('!')) writeFileSync(path, text);
      return { path, id: `e${exported}${name.startsWith('!') ? 'x' : ''}`, name, bytes: text.length };
    },
    'packet.at': ({ time }) => time,
    'capture.open': () => {
      process.exit(1);
    },
  });
}
