import { join } from 'node:path';
import { expect, it } from 'vitest';
import { builtIns } from '../../dissectors/index.ts';
import type { Warning } from '../../shared/api.ts';
import { readCapture } from '../engine.ts';
import { makePcap, MemorySource } from '../readers/test-source.ts';
import type { ByteSource } from '../sources/byte-source.ts';
import { openSource } from '../sources/open-source.ts';
import { warningsOf } from './warnings.ts';

const CAPTURES = join(import.meta.dirname, '../../test/captures');

async function warnings(source: ByteSource): Promise<Warning[]> {
  const found = warningsOf(await readCapture(source, { dissectors: builtIns, fence: false }));
  await source.close();
  return found.filter(({ code }) => code === 'capture-snapped');
}

/** A record of `kept` octets of `wireLength`. */
function record(
  kept: number,
  wireLength: number,
): { seconds: number; fraction: number; frame: number[]; wireLength: number } {
  return { seconds: 1, fraction: 0, frame: Array.from({ length: kept }, () => 0), wireLength };
}

it('says that frames were cut while capturing, how many and at what length', async () => {
  // tshark -r way-snap96.pcap -Y 'frame.cap_len < frame.len': 328 packets from number 3 on, all of 96 octets.
  const [warning, ...others] = await warnings(await openSource(join(CAPTURES, 'way-snap96.pcap')));
  expect(others).toEqual([]);
  expect(warning.packet).toBe(3);
  expect(warning.message).toMatch(/^328 packets were captured only in part \(snap length 96 octets\)/);
});

it('gives the range where the lengths differ', async () => {
  const [warning] = await warnings(new MemorySource(makePcap([record(20, 20), record(40, 41), record(60, 90)])));
  expect(warning).toMatchObject({ packet: 2 });
  expect(warning.message).toMatch(/^2 packets .* \(snap length 40 to 60 octets\)/);
  const [one] = await warnings(new MemorySource(makePcap([record(40, 41)])));
  expect(one.message).toMatch(/^1 packet was captured only in part \(snap length 40 octets\)/);
});

it('says nothing of whole frames', async () => {
  expect(await warnings(await openSource(join(CAPTURES, 'register.pcap')))).toEqual([]);
});
