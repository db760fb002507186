import { describe, expect, it } from 'vitest';
import type { CaptureInfo } from '../shared/api.ts';
import { writeJson } from './json.ts';
import { Output } from './output.ts';
import { keep } from './testing.ts';

const CAPTURE: CaptureInfo = {
  file: 'a.pcap',
  format: 'pcap',
  bytes: 24,
  packets: 0,
  truncated: false,
  linkTypes: ['Ethernet'],
  firstTime: null,
  lastTime: null,
  durationSeconds: 0,
  protocols: {},
};

interface Written {
  readonly text: string;
  readonly pieces: number;
}

async function written(lists: Parameters<typeof writeJson>[3]): Promise<Written> {
  const { stream, chunks } = keep();
  const output = new Output(stream);
  await writeJson(output, CAPTURE, [{ code: 'capture-cut', message: 'The capture was cut off.' }], lists);
  await output.flush();
  return { text: chunks.join(''), pieces: chunks.length };
}

async function* slowRows(): AsyncGenerator<object> {
  yield { n: 1 };
  await Promise.resolve();
  yield { n: 2 };
}

function* manyRows(): Generator<object> {
  for (let n = 0; n < 20_000; n++) yield { n, text: 'ü'.repeat(20) };
}

describe('the JSON document', () => {
  it('has capture, warnings and the lists, empty ones too', async () => {
    const kept = await written({ split: [], keys: [{ tag: 1 }, { tag: 2 }] });
    expect(JSON.parse(kept.text)).toEqual({
      capture: CAPTURE,
      warnings: [{ code: 'capture-cut', message: 'The capture was cut off.' }],
      split: [],
      keys: [{ tag: 1 }, { tag: 2 }],
    });
    expect(kept.text.endsWith('}\n')).toBe(true);
  });

  it('is capture and warnings alone where the capture is the answer', async () => {
    expect(Object.keys(JSON.parse((await written({})).text))).toEqual(['capture', 'warnings']);
  });

  it('takes rows as they come, sooner or later', async () => {
    expect(JSON.parse((await written({ rows: slowRows() })).text).rows).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('writes 64-bit integers as numbers where a double holds them, else as text', async () => {
    const rows = [{ small: 7n, large: 2n ** 63n }];
    expect(JSON.parse((await written({ rows })).text).rows).toEqual([{ small: 7, large: '9223372036854775808' }]);
  });

  it('stays valid and comes in pieces with many rows', async () => {
    const kept = await written({ rows: manyRows() });
    const parsed = JSON.parse(kept.text).rows;
    expect([parsed.length, parsed[19_999].n]).toEqual([20_000, 19_999]);
    expect(kept.pieces).toBeGreaterThan(5);
  });
});
