import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { builtIns } from '../../dissectors/index.ts';
import { capturesIn, OWN_CAPTURES, withCapture } from '../../test/integration/capture-files.ts';
import type { Capture } from '../capture.ts';
import { callRows } from '../query/call-rows.ts';
import type { DetailNode } from '../query/detail-tree.ts';
import { packetDetail } from '../query/packet-detail.ts';
import { streamRows } from '../query/stream-rows.ts';
import type { CheckedFilter, FilterTable } from './check.ts';
import { checkFilter, completeFilter, filterCalls, filterPackets, filterStreams } from './index.ts';
import { registryOf } from './registry.ts';

function checked(text: string, table: FilterTable = 'packets'): CheckedFilter {
  const result = checkFilter(text, table, builtIns);
  if (!result.ok) throw new Error(result.error.message);
  return result.filter;
}

async function packets(capture: Capture, text: string): Promise<number[]> {
  return Array.from((await filterPackets(capture, checked(text))) ?? [], (frame) => frame + 1);
}

function using<T>(name: string, use: (capture: Capture) => Promise<T>): Promise<T | null> {
  return withCapture(join(OWN_CAPTURES, name), use);
}

describe('packets of calls and streams', () => {
  it('are those of the rows', async () => {
    await using('relay-both-legs.pcap', async (capture) => {
      for (const row of callRows(capture, { all: true })) {
        const own = await packets(capture, `sip && call.id == ${row.id}`);
        expect(own).toEqual([...new Set(row.messages.map(({ packet }) => packet))]);
        expect(await packets(capture, `call.callId == "${row.callId}" && sip`)).toEqual(own);
        const media = await packets(capture, `call.id == ${row.id} && rtp`);
        const count = streamRows(capture).reduce(
          (sum, stream) => sum + (stream.call === row.id ? stream.packets : 0),
          0,
        );
        expect(media).toHaveLength(count);
      }
      for (const stream of streamRows(capture)) {
        expect(await packets(capture, `stream.id == ${stream.id}`)).toHaveLength(stream.packets);
        expect(
          await packets(capture, `stream.ssrc == ${stream.ssrc} && stream.packets == ${stream.packets}`),
        ).not.toEqual([]);
      }
    });
  });

  it('of a stream with losses', async () => {
    await using('loss-jitter.pcap', async (capture) => {
      const lossy = streamRows(capture).filter(({ lostPercent }) => lostPercent > 2);
      const wanted = lossy.reduce((sum, stream) => sum + stream.packets, 0);
      expect(wanted).toBeGreaterThan(0);
      expect(await packets(capture, 'stream.loss > 2')).toHaveLength(wanted);
      expect(await packets(capture, 'stream && !(stream.loss > 2)')).toHaveLength(
        (await packets(capture, 'rtp')).length - wanted,
      );
    });
  });
});

test('filters calls and streams by either’s fields', async () => {
  await using('relay-both-legs.pcap', async (capture) => {
    const all = [...callRows(capture, { all: true })];
    const calls = async (text: string) => [...((await filterCalls(capture, checked(text, 'calls'))) ?? [])];
    const state = all[0].state;
    const inState = all.flatMap((row, i) => (row.state === state ? [i] : []));
    expect(await calls(`call.state == "${state}"`)).toEqual(inState);
    expect(await calls(`call.state != "${state}"`)).toEqual(all.flatMap((row, i) => (row.state === state ? [] : [i])));
    expect(await calls('call.id == 1')).toEqual([0]);
    expect(await calls('call.duration > 0.5 && call.duration < 3600')).toEqual(
      all.flatMap(({ durationSeconds }, i) => (durationSeconds !== null && durationSeconds > 0.5 ? [i] : [])),
    );
    expect(await calls('stream.codec == "PCMA"')).toEqual(await calls('call.codec == "PCMA"'));
    expect(await calls('stream.codec == "PCMA"')).not.toEqual([]);
    const rows = streamRows(capture);
    const streams = async (text: string) => [...((await filterStreams(capture, checked(text, 'streams'))) ?? [])];
    expect(await streams('call.id == c1')).toEqual(rows.flatMap(({ call }, i) => (call === 'c1' ? [i] : [])));
    expect(await streams('stream.lost == 0 and stream.packets > 10')).toEqual(
      rows.flatMap(({ lost, packets: count }, i) => (lost === 0 && count > 10 ? [i] : [])),
    );
    expect(await filterStreams(capture, checked('', 'streams'))).toBe(null);
  });
});

test('an empty filter lets all through; a cancelled one rejects', async () => {
  await using('g711a-call.pcap', async (capture) => {
    expect(await filterPackets(capture, checked(' '))).toBe(null);
    const cancelled = filterPackets(capture, checked('sip.Via.branch'), { signal: AbortSignal.abort() });
    await expect(cancelled).rejects.toThrow('cancelled');
    const steps: number[] = [];
    await filterPackets(capture, checked('ip.ttl == 64'), { onProgress: (done, total) => steps.push(done / total) });
    expect(steps.at(-1)).toBe(1);
  });
});

test('completes with the values that the capture has', async () => {
  await using('g711a-call.pcap', async (capture) => {
    const values = (text: string) =>
      completeFilter(text, text.length, 'packets', builtIns, capture).items.map((item) => item.text);
    expect(values('sip.Method == ').toSorted()).toEqual(['"ACK"', '"BYE"', '"INVITE"']);
    expect(values('sip.Method == "IN')).toEqual(['"INVITE"']);
    expect(values('ip.addr in {').toSorted()).toEqual(['10.77.0.1', '10.77.0.2']);
    expect(values('rtp.ssrc == ').toSorted()).toEqual(
      streamRows(capture)
        .map(({ ssrc }) => ssrc)
        .toSorted(),
    );
    expect(values('stream.codec == ')).toEqual(['"PCMA"']);
    expect(values('call.state == ')).toEqual(['"completed"']);
    expect(values('rtp.marker == ').toSorted()).toEqual(['false', 'true']);
  });
});

test('every field that a described packet shows has a name in the filter', { timeout: 60_000 }, async () => {
  const registry = registryOf(builtIns);
  const unknown = new Set<string>();
  const look = (nodes: readonly DetailNode[]): void => {
    for (const { name, children } of nodes) {
      if (registry.find(name) === null) unknown.add(name);
      if (children !== undefined) look(children);
    }
  };
  for (const path of capturesIn(OWN_CAPTURES)) {
    await using(path, async (capture) => {
      const { count } = capture.store.frames;
      for (let packet = 1; packet <= count; packet += packet < 20 ? 1 : 37) {
        look((await packetDetail(capture, packet))?.nodes ?? []);
      }
    });
  }
  expect([...unknown]).toEqual([]);
});
