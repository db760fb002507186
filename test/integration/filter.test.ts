import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtIns } from '../../dissectors/index.ts';
import type { Capture } from '../../engine/capture.ts';
import { checkFilter, filterPackets } from '../../engine/filter/index.ts';
import { capturesIn, FOREIGN_CAPTURES, OWN_CAPTURES, withCapture } from './capture-files.ts';
import { unexplained } from './differences.ts';
import { FOREIGN_FILTER_DIFFERENCES, OWN_FILTER_DIFFERENCES } from './filter-differences.ts';
import { FILTERS, FOREIGN_FILTERS } from './filters.ts';
import { hasSharkd, Sharkd } from './sharkd.ts';

const isInstalled = hasSharkd();
if (!isInstalled)
  console.log('tshark and sharkd are not installed: nothing to compare filters with, these tests are skipped.');

/** One of every kind: of link, of transport, of codec, of outcome. */
const OWN = [
  'auth-call.pcap',
  'dtmf-pt96.pcap',
  'fragments.pcap',
  'fragments-v6.pcap',
  'hold-resume.pcap',
  'ipv6-call.pcap',
  'qinq.pcap',
  'raw-ip.pcap',
  'register.pcap',
  'rtcp-xr.pcap',
  'tcp-segments.pcap',
  'way-sll2.pcap',
];
/** Captures of others that are small and hold something of what the filters ask. */
const FOREIGN_FOLDERS = /^(sip-call|sip-edge|dtmf)\//;
const foreign = capturesIn(FOREIGN_CAPTURES).filter((path) => FOREIGN_FOLDERS.test(path));

async function packetsOf(capture: Capture, text: string): Promise<number[]> {
  const checked = checkFilter(text, 'packets', builtIns);
  if (!checked.ok) throw new Error(`${text}: ${checked.error.message}`);
  const frames = await filterPackets(capture, checked.filter);
  return frames === null ? [] : Array.from(frames, (frame) => frame + 1);
}

/** A line for each filter that lets other packets through, by path in the folder. */
async function compare(
  folder: string,
  paths: readonly string[],
  filters: readonly string[],
): Promise<Map<string, string[]>> {
  const sharkd = new Sharkd(true);
  const found = new Map<string, string[]>();
  try {
    for (const path of paths) {
      if ((await sharkd.load(join(folder, path))) === 0) continue;
      const lines = await withCapture(join(folder, path), async (capture) => {
        const differences: string[] = [];
        for (const filter of filters) {
          const theirs = new Set((await sharkd.frames(filter, ['frame.number'])).map(({ num }) => num));
          const ours = new Set(await packetsOf(capture, filter));
          const here = [...ours].filter((packet) => !theirs.has(packet));
          const there = [...theirs].filter((packet) => !ours.has(packet));
          if (here.length + there.length > 0) differences.push(`${filter}: here ${some(here)}; there ${some(there)}`);
        }
        return differences;
      });
      if (lines !== null && lines.length > 0) found.set(path, lines);
    }
  } finally {
    sharkd.close();
  }
  return found;
}

function some(packets: readonly number[]): string {
  const shown = packets.slice(0, 6).join(' ');
  return packets.length > 6 ? `${shown} and ${packets.length - 6} more` : shown || 'none';
}

describe.skipIf(!isInstalled)('filters let through the packets that Wireshark lets through', () => {
  it('of the recorded captures', { timeout: 120_000 }, async () => {
    expect(unexplained(await compare(OWN_CAPTURES, OWN, FILTERS), OWN_FILTER_DIFFERENCES)).toEqual([]);
  });

  it.skipIf(foreign.length === 0)('of third-party captures', { timeout: 120_000 }, async () => {
    expect(unexplained(await compare(FOREIGN_CAPTURES, foreign, FOREIGN_FILTERS), FOREIGN_FILTER_DIFFERENCES)).toEqual(
      [],
    );
  });
});
