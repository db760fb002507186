import { describe, expect, it } from 'vitest';
import { FrameBatch } from '../readers/frame-batch.ts';
import { FrameTable } from './frame-table.ts';
import { IssueTable } from './issue-table.ts';
import { LayerTable } from './layer-table.ts';
import { FIRST_DISSECTOR, Protocol, protocolName } from './protocol-list.ts';

describe('FrameTable', () => {
  it('keeps batches one after the other: offsets, lengths, interfaces', () => {
    const frames = new FrameTable();
    const batch = new FrameBatch();
    // Batches that do not end where a chunk of a column does.
    for (const count of [16_000, 14_000, 16_000, 16_000, 8_000]) {
      batch.fileOffset = 2 ** 33 + frames.count * 100;
      batch.count = count;
      for (let i = 0; i < count; i++) {
        const row = frames.count + i;
        batch.at[i] = i * 100 + 16;
        batch.capturedLength[i] = 60 + (row % 20);
        batch.wireLength[i] = 60 + (row % 20) + (row % 1000 === 7 ? 1440 : 0);
        batch.seconds[i] = 1_700_000_000 + row;
        batch.nanoseconds[i] = 999_999_999 - row;
        batch.interfaceIndex[i] = row % 500 === 3 ? 65_535 : 0;
      }
      frames.addBatch(batch);
    }
    batch.at.fill(0);
    batch.seconds.fill(0);
    expect(frames.count).toBe(70_000);
    const of = (row: number): number[] => [
      frames.fileOffset.get(row),
      frames.capturedLength.get(row),
      frames.wireLength(row),
      frames.seconds.get(row),
      frames.nanoseconds.get(row),
      frames.interfaceIndex.get(row),
    ];
    let wrong = 0;
    for (let row = 0; row < frames.count; row++) {
      const length = 60 + (row % 20);
      const wire = length + (row % 1000 === 7 ? 1440 : 0);
      const expected = [2 ** 33 + row * 100 + 16, length, wire, 1_700_000_000 + row, 999_999_999 - row];
      const [offset, captured, sent, seconds, nanoseconds, index] = of(row);
      if (expected.join() !== [offset, captured, sent, seconds, nanoseconds].join()) wrong++;
      if (index !== (row % 500 === 3 ? 65_535 : 0)) wrong++;
    }
    expect(wrong).toBe(0);
  });

  it('knows the time between frames to the nanosecond', () => {
    const frames = new FrameTable();
    frames.count = 2;
    frames.seconds.set(0, 1_700_000_000);
    frames.nanoseconds.set(0, 999_999_999);
    frames.seconds.set(1, 1_700_086_401);
    expect(frames.secondsBetween(0, 1)).toBe(86_400 + 1e-9);
    expect(frames.secondsBetween(1, 0)).toBe(-86_400 - 1e-9);
    expect(frames.time(0)).toBeCloseTo(1_700_000_001, 6);
  });

  it.each([false, true])(
    'gives the times of many frames as it does one by one (an agent knows some: %s)',
    (hasAgent) => {
      const frames = new FrameTable();
      frames.count = 3000;
      for (let row = 0; row < frames.count; row++) {
        frames.seconds.set(row, 1_700_000_000 + ((row * 7) % 100));
        frames.nanoseconds.set(row, (row * 333_333_337) % 1_000_000_000);
        if (hasAgent && row % 10 === 3) frames.setAgentTime(row, 1_700_000_500, row);
      }
      const rows = Uint32Array.from({ length: 2000 }, (_, i) => (i * 13) % 3000);
      const seconds = new Float64Array(2000);
      for (let from = 0; from < 2000; from += 700)
        frames.secondsSince(3, rows, seconds, from, Math.min(2000, from + 700));
      expect([...seconds]).toEqual(Array.from(rows, (row) => frames.secondsBetween(3, row)));
    },
  );
});

describe('LayerTable', () => {
  it('finds the first row of a frame, or where it would stand', () => {
    const layer = new LayerTable({ value: 'u8' });
    expect(layer.firstRowOf(0)).toBe(0);
    for (const frame of [2, 2, 5, 9, 9, 9]) layer.frame.set(layer.rows.add(), frame);
    expect([0, 2, 3, 5, 6, 9, 10].map((frame) => layer.firstRowOf(frame))).toEqual([0, 0, 2, 2, 3, 3, 6]);
  });

  it('takes the places of many rows as it does one by one, usual ones and others', () => {
    const values = Uint16Array.of(0, 42, 42, 42, 46, 42, 90);
    for (const [from, to] of [
      [1, 4],
      [1, 7],
      [4, 7],
    ]) {
      const layer = new LayerTable({ value: 'u8' });
      layer.rows.count = to - from;
      layer.addPlaces(0, 10, values, from, to - from);
      const rows = Uint32Array.from({ length: to - from }, (_, i) => i);
      const ats = new Uint32Array(rows.length);
      layer.atsOf(rows, ats, rows.length);
      expect([...ats]).toEqual([...values.subarray(from, to)]);
      expect(Array.from(rows, (row) => layer.atOf(row))).toEqual([...ats]);
      expect(Array.from(rows, (row) => layer.frame.get(row))).toEqual(Array.from(rows, (row) => 10 + row));
    }
  });
});

describe('IssueTable', () => {
  it('gives each finding its code, and forgets those rolled back', () => {
    const issues = new IssueTable();
    issues.add('first', 7, 1);
    issues.add('second', 8, 2);
    issues.add('first', 9, 3);
    issues.truncate(1);
    issues.add('third', 10, 4);
    const rows = [0, 1].map((row) => [issues.code(row), issues.frame.get(row), issues.at.get(row)]);
    expect(rows).toEqual([
      ['first', 7, 1],
      ['third', 10, 4],
    ]);
    issues.truncate(5);
    expect(issues.count).toBe(2);
  });

  it('keeps a bounded number and counts the rest', () => {
    const issues = new IssueTable();
    for (let i = 0; i < IssueTable.LIMIT + 25; i++) issues.add('again', i, 0);
    expect([issues.count, issues.dropped]).toEqual([IssueTable.LIMIT, 25]);
  });
});

describe('protocolName', () => {
  it('names the layers below, then the dissectors', () => {
    expect(protocolName(Protocol.Unknown, ['sip'])).toBe('unknown');
    expect(protocolName(Protocol.IpFragment, ['sip'])).toBe('ip-fragment');
    expect(protocolName(FIRST_DISSECTOR, ['sip', 'rtp'])).toBe('sip');
    expect(protocolName(FIRST_DISSECTOR + 1, ['sip', 'rtp'])).toBe('rtp');
  });
});
