/** The same stream at two capture points, against what the relay between them wrote down of each packet. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compareRow, compareSeries } from '../../engine/compare/compare-row.ts';
import { differences, differingPackets } from '../../engine/compare/differences.ts';
import type { Comparison } from '../../engine/compare/comparison.ts';
import { findComparisons } from '../../engine/compare/find-pairs.ts';
import { formatSsrc } from '../../engine/query/stream-rows.ts';
import type { CompareRow } from '../../shared/compare.ts';
import { OWN_CAPTURES, withCapture } from './capture-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'earshot-compare-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Lane {
  readonly ssrc: string;
  readonly counts: { readonly received: number; readonly dropped: number; readonly duplicated: number };
  /** Sequence number, fate, and how long the relay held it in milliseconds. */
  readonly packets: readonly (readonly [number, string, number])[];
}

const truth: Readonly<Record<string, Lane>> = JSON.parse(
  readFileSync(join(OWN_CAPTURES, 'loss-jitter.json'), 'utf8'),
).lanes;
const lanes = Object.values(truth);

interface Compared {
  readonly comparison: Comparison;
  readonly row: CompareRow;
}

async function compareFiles(first: string, second: string | null): Promise<Compared[]> {
  const withRows = async (found: readonly Comparison[]): Promise<Compared[]> =>
    Promise.all(
      found.map(async (comparison) => ({ comparison, row: await compareRow(comparison, 'x1', () => 'a file') })),
    );
  const found = await withCapture(first, async (a) => {
    if (second === null) return withRows(await findComparisons(a, null));
    return withCapture(second, async (b) => withRows(await findComparisons(a, b)));
  });
  if (!found) throw new Error('no capture');
  return found;
}

const laneOf = ({ comparison: { a } }: Compared): Lane => {
  const lane = lanes.find(({ ssrc }) => ssrc === formatSsrc(a.stream.ssrc));
  if (lane === undefined) throw new Error('the relay knows no such stream');
  return lane;
};

/** The file with its clock `offsetSeconds` ahead. */
function withOtherClock(name: string, offsetSeconds: number): string {
  const file = readFileSync(join(OWN_CAPTURES, name));
  for (let at = 24; at + 16 <= file.length; at += 16 + file.readUInt32LE(at + 8)) {
    const unit = file.readUInt32LE(0) === 0xa1b23c4d ? 1e9 : 1e6;
    const time = file.readUInt32LE(at) + file.readUInt32LE(at + 4) / unit;
    const shifted = time + offsetSeconds;
    file.writeUInt32LE(Math.floor(shifted), at);
    file.writeUInt32LE(Math.floor((shifted % 1) * unit), at + 4);
  }
  const path = join(folder, `${offsetSeconds}-${name}`);
  writeFileSync(path, file);
  return path;
}

describe('both sides of a relay in one capture', () => {
  const atRelay = (): Promise<Compared[]> => compareFiles(join(OWN_CAPTURES, 'relay-both-legs.pcap'), null);

  it('loses and doubles exactly the packets that the relay dropped and doubled', async () => {
    const found = await atRelay();
    expect(found).toHaveLength(2);
    for (const each of found) {
      const { comparison, row } = each;
      const lane = laneOf(each);
      const lost = differences(comparison, differingPackets(comparison).lost);
      const dropped = lane.packets.filter(([, fate]) => fate === 'dropped').map(([sequence]) => sequence);
      expect(lost.map(({ sequence }) => sequence & 0xffff)).toEqual(dropped);
      expect(row).toMatchObject({ lostBetween: lane.counts.dropped, missedAtA: 0, orderBy: 'time', matchedBy: 'ssrc' });
      expect(row.b.duplicates).toBe(lane.counts.duplicated);
      expect(row.a).toMatchObject({ packets: lane.counts.received, duplicates: 0 });
    }
  });

  it('delays each packet by what the relay held it for', async () => {
    for (const each of await atRelay()) {
      const { comparison } = each;
      const held = new Map(laneOf(each).packets.map(([sequence, fate, ms]) => [sequence, { fate, ms }]));
      let looked = 0;
      comparison.delayMs.forEach((delay, i) => {
        const packet = held.get(comparison.sequence[i] & 0xffff);
        if (packet?.fate !== 'forwarded' || Number.isNaN(delay)) return;
        looked++;
        // What the relay wrote down is what it asked its timer for: it fires no earlier, but some milliseconds later.
        expect(delay).toBeGreaterThan(packet.ms - 1.5);
        expect(delay).toBeLessThan(packet.ms + 25);
      });
      expect(looked).toBeGreaterThan(250);
    }
  });

  it('counts the same over time as in all', async () => {
    for (const each of await atRelay()) {
      const { comparison } = each;
      const series = compareSeries(comparison);
      const sum = (list: readonly number[]): number => list.reduce((total, n) => total + n, 0);
      expect(sum(series.lost)).toBe(laneOf(each).counts.dropped);
      expect(sum(series.missed)).toBe(0);
      const largest = Math.max(...series.delayMaxMs.map((delay) => delay ?? 0));
      expect(largest).toBe(comparison.delayMs.reduce((most, delay) => Math.max(most, delay || 0), 0));
    }
  });
});

describe('two captures with a clock each', () => {
  const caller = join(OWN_CAPTURES, 'loss-jitter-caller.pcap');

  it('finds the same losses, and which point came first, whichever is named first', async () => {
    const callee = join(OWN_CAPTURES, 'loss-jitter.pcap');
    for (const [first, second] of [
      [caller, callee],
      [callee, caller],
    ]) {
      const found = await compareFiles(first, second);
      expect(found).toHaveLength(2);
      for (const each of found) {
        const { row } = each;
        const { counts } = laneOf(each);
        expect(row).toMatchObject({ lostBetween: counts.dropped, missedAtA: 0, orderBy: 'packets' });
        expect(row.delay?.kind).toBe('relative');
      }
    }
  });

  it('takes the offset of the other clock out of the delays', async () => {
    const truthful = await compareFiles(caller, join(OWN_CAPTURES, 'loss-jitter.pcap'));
    const offset = await compareFiles(caller, withOtherClock('loss-jitter.pcap', 3600.25));
    for (const [i, { row }] of offset.entries()) {
      const usual = truthful[i].row;
      const shift = Math.abs((row.delay?.clockOffsetSeconds ?? 0) - (usual.delay?.clockOffsetSeconds ?? 0));
      expect(shift).toBeCloseTo(3600.25, 3);
      expect(row.delay?.medianMs).toBeCloseTo(usual.delay?.medianMs ?? Number.NaN, 1);
      expect(row.delay?.maxMs).toBeCloseTo(usual.delay?.maxMs ?? Number.NaN, 1);
    }
  });
});

const REWRITTEN = { ssrc: 0x1234_5678, sequence: 40_000, timestamp: 3_000_000_000, payloadType: 97 };

/** The file as behind a device that makes RTP headers anew and leaves payloads alone. */
function withOtherHeaders(name: string): string {
  const file = readFileSync(join(OWN_CAPTURES, name));
  const ssrcs = lanes.map(({ ssrc }) => Number(ssrc));
  for (let at = 24; at + 16 <= file.length; at += 16 + file.readUInt32LE(at + 8)) {
    // Ethernet, IPv4 without options, UDP.
    const rtp = at + 16 + 14 + 20 + 8;
    if (file[at + 16 + 14] !== 0x45 || file[at + 16 + 14 + 9] !== 17 || file[rtp] !== 0x80) continue;
    const ssrc = file.readUInt32BE(rtp + 8);
    if (!ssrcs.includes(ssrc) || (file[rtp + 1] & 0x7f) !== 8) continue;
    file[rtp + 1] = (file[rtp + 1] & 0x80) | REWRITTEN.payloadType;
    file.writeUInt16BE((file.readUInt16BE(rtp + 2) + REWRITTEN.sequence) & 0xffff, rtp + 2);
    file.writeUInt32BE((file.readUInt32BE(rtp + 4) + REWRITTEN.timestamp) >>> 0, rtp + 4);
    file.writeUInt32BE((ssrc ^ REWRITTEN.ssrc) >>> 0, rtp + 8);
  }
  const path = join(folder, `rewritten-${name}`);
  writeFileSync(path, file);
  return path;
}

describe('a device that makes headers anew', () => {
  it('is seen through by the payloads: the same losses, and what was rewritten', async () => {
    const found = await compareFiles(
      join(OWN_CAPTURES, 'loss-jitter-caller.pcap'),
      withOtherHeaders('loss-jitter.pcap'),
    );
    expect(found).toHaveLength(2);
    for (const { comparison, row } of found) {
      const isThere =
        row.a.ssrc === formatSsrc(comparison.a.stream.ssrc) && lanes.some(({ ssrc }) => ssrc === row.a.ssrc);
      const [original, step] = isThere ? [row.a.ssrc, REWRITTEN.sequence] : [row.b.ssrc, 65_536 - REWRITTEN.sequence];
      const lane = lanes.find(({ ssrc }) => ssrc === original);
      expect(row).toMatchObject({ matchedBy: 'payload', lostBetween: lane?.counts.dropped, missedAtA: 0 });
      const changes = new Map(row.changes.map((change) => [change.field, change]));
      expect(changes.get('ssrc')).toMatchObject({ from: row.a.ssrc, to: row.b.ssrc });
      expect(changes.get('sequence')?.to).toBe(`+${step}`);
      const timestamp = isThere ? REWRITTEN.timestamp : 2 ** 32 - REWRITTEN.timestamp;
      expect(changes.get('timestamp')?.to).toBe(`+${timestamp}`);
      expect(changes.get('payload-type')).toMatchObject(isThere ? { from: '8', to: '97' } : { from: '97', to: '8' });
      expect(changes.has('payload')).toBe(false);
      // What is rewritten in all packets is told once, and not for each.
      expect(differingPackets(comparison).changed).toEqual([]);
    }
  });
});

describe('streams that are not the same', () => {
  it('the two directions of a call are no pair, nor are different calls', async () => {
    expect(await compareFiles(join(OWN_CAPTURES, 'g711a-call.pcap'), null)).toEqual([]);
    expect(await compareFiles(join(OWN_CAPTURES, 'g711a-call.pcap'), join(OWN_CAPTURES, 'g711u-dtmf.pcap'))).toEqual(
      [],
    );
  });
});
