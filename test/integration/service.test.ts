/** The engine's side of the window, over the channel the window has: what it shows is what the command prints. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { callRows } from '../../engine/query/call-rows.ts';
import { captureInfo } from '../../engine/query/capture-info.ts';
import { packetRows } from '../../engine/query/packet-rows.ts';
import { streamRows } from '../../engine/query/stream-rows.ts';
import type { OpenResult, PacketListRow, RowsQuery, TableRows } from '../../shared/engine-api.ts';
import { capturesIn, OWN_CAPTURES, withCapture } from './capture-files.ts';
import { openWindow, type TestWindow } from './service-window.ts';

const own = (name: string): string => join(OWN_CAPTURES, name);
const windows: TestWindow[] = [];
const folders: string[] = [];

function window(blob?: Uint8Array): TestWindow {
  const made = openWindow(blob);
  windows.push(made);
  return made;
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'earshot-service-'));
  folders.push(made);
  return made;
}

afterEach(async () => {
  for (const made of windows.splice(0)) await made.close();
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
});

/** A capture many times as long: the frames of another one over and over. */
function longCapture(name: string, times: number): Uint8Array {
  const file = readFileSync(own(name));
  const frames = file.subarray(24);
  return Buffer.concat([file.subarray(0, 24), ...Array.from({ length: times }, () => frames)]);
}

async function wholeList<Name extends 'packets' | 'calls' | 'streams'>(
  view: TestWindow,
  table: Name,
  query: Partial<RowsQuery> = {},
): Promise<TableRows[Name][]> {
  const rows: TableRows[Name][] = [];
  for (let from = 0; ; ) {
    const part = await view.page(table, { ...query, from, count: 300 });
    rows.push(...part.rows);
    from += part.rows.length;
    if (part.rows.length === 0 || from >= part.total) return rows;
  }
}

describe('what the window shows is what the command prints', () => {
  it.each(capturesIn(OWN_CAPTURES))('%s', async (name) => {
    const view = window();
    const result = await view.open(own(name));
    const packets = await wholeList(view, 'packets');
    const calls = await wholeList(view, 'calls');
    const streams = await wholeList(view, 'streams');
    await withCapture(own(name), async (capture) => {
      expect(result.info).toEqual(captureInfo(capture));
      const rows = [];
      for await (const block of packetRows(capture)) rows.push(...block);
      expect(packets.map(({ severity: _severity, ...row }) => row)).toEqual(rows);
      expect(calls).toEqual([...callRows(capture, { all: false, details: false })].map(commonOf));
      expect(streams).toEqual(streamRows(capture).map((row) => expect.objectContaining(row)));
    });
    expect(result.counts).toMatchObject({ packets: packets.length, calls: calls.length, streams: streams.length });
    expect(result.isStopped).toBe(false);
  });
});

function commonOf({
  dialogs: _d,
  transactions: _t,
  messages: _m,
  problems: _p,
  ...row
}: object & {
  dialogs: unknown;
  transactions: unknown;
  messages: unknown;
  problems: unknown;
}): unknown {
  return expect.objectContaining(row);
}

describe('rows', () => {
  it('come in pages, and a page past the end is empty', async () => {
    const view = window();
    await view.open(own('g711a-call.pcap'));
    const page = await view.page('packets', { from: 830, count: 100 });
    expect([page.total, page.unfiltered, page.from, page.isGrowing]).toEqual([839, 839, 830, false]);
    expect(page.rows.map(({ packet }) => packet)).toEqual([831, 832, 833, 834, 835, 836, 837, 838, 839]);
    expect((await view.page('packets', { from: 5000, count: 10 })).rows).toEqual([]);
    expect((await view.page('packets', { from: -5, count: -1 })).rows).toEqual([]);
  });

  it.each(['packet', 'time', 'src', 'dst', 'protocol', 'length'] as const)(
    'packets are sorted by %s, both ways, those that are equal in their order',
    async (by) => {
      const view = window();
      await view.open(own('relay-both-legs.pcap'));
      const all = await wholeList(view, 'packets');
      const numeric = new Intl.Collator('en', { numeric: true });
      const compare = (a: PacketListRow, b: PacketListRow): number => {
        const [x, y] = [a[by], b[by]];
        // What has no flow has no address without reading the file.
        const isUnknown = (row: PacketListRow): boolean =>
          (by === 'src' || by === 'dst') && ['arp', 'icmp'].includes(row.protocol);
        if (isUnknown(a) || isUnknown(b)) return Number(isUnknown(a)) - Number(isUnknown(b));
        return typeof x === 'number' ? x - Number(y) : numeric.compare(String(x), String(y));
      };
      const up = await wholeList(view, 'packets', { sort: { by, descending: false } });
      expect(up).toEqual(all.toSorted(compare));
      const down = await wholeList(view, 'packets', { sort: { by, descending: true } });
      const known = all.filter((row) => !((by === 'src' || by === 'dst') && ['arp', 'icmp'].includes(row.protocol)));
      expect(down.slice(0, known.length)).toEqual(known.toSorted((a, b) => compare(b, a)));
    },
  );

  it('calls and streams are sorted by columns of columns', async () => {
    const view = window();
    await view.open(own('relay-both-legs.pcap'));
    const { rows } = await view.page('streams', { sort: { by: 'lostPercent', descending: true } });
    const lost = rows.map(({ lostPercent }) => lostPercent);
    expect(lost).toEqual(lost.toSorted((a, b) => b - a));
    expect(lost[0]).toBeGreaterThan(0);
    const jitter = (await view.page('streams', { sort: { by: 'jitterMs.max', descending: false } })).rows;
    const values = jitter.map(({ jitterMs }) => jitterMs.max ?? 0);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    await expect(view.page('calls', { sort: { by: 'nonsense', descending: false } })).rejects.toMatchObject({
      code: 'no-such-column',
    });
    await expect(view.page('packets', { sort: { by: 'info', descending: false } })).rejects.toMatchObject({
      code: 'no-such-column',
    });
  });

  it('are filtered, and a wrong filter is said to be wrong', async () => {
    const view = window();
    await view.open(own('g711a-call.pcap'));
    const sip = await view.page('packets', { filter: 'sip' });
    expect([sip.total, sip.unfiltered]).toEqual([6, 839]);
    expect(sip.rows.every(({ protocol }) => protocol === 'sip')).toBe(true);
    expect((await view.page('calls', { filter: 'call.state == "completed"' })).total).toBe(1);
    expect((await view.page('calls', { filter: 'call.state == "failed"' })).total).toBe(0);
    // A filter on packets picks the calls and streams that have such a packet.
    expect((await view.page('calls', { filter: 'sip.Method == "BYE"' })).total).toBe(1);
    expect((await view.page('calls', { filter: 'sip.Method == "CANCEL"' })).total).toBe(0);
    expect((await view.page('streams', { filter: 'rtp' })).total).toBe(2);
    const oneStream = await view.page('streams', { filter: 'rtp.ssrc == 0x115149e7' });
    expect(oneStream.rows.map((row) => ('ssrc' in row ? row.ssrc : ''))).toEqual(['0x115149e7']);
    await expect(view.page('packets', { filter: 'sip.nonsense ==' })).rejects.toMatchObject({ code: 'filter' });
    const { error } = await view.engine.call('filter.check', { filter: 'rtp.ssrc >', table: 'packets' });
    expect(error).toMatchObject({ at: expect.any(Number), message: expect.any(String) });
    expect(await view.engine.call('filter.check', { filter: 'rtp', table: 'packets' })).toEqual({ error: null });
    const { items } = await view.engine.call('filter.complete', { filter: 'sip.me', cursor: 6, table: 'packets' });
    expect(items.map(({ text }) => text)).toContain('sip.Method');
  });

  it('of a call are its messages, its RTP and its RTCP, and no more', async () => {
    const view = window();
    await view.open(own('g711a-call.pcap'));
    const all = await wholeList(view, 'packets');
    const wanted = all.filter(({ protocol }) => ['sip', 'rtp', 'rtcp'].includes(protocol));
    const ofCall = await wholeList(view, 'packets', { call: 'c1' });
    // The RTCP ports are opened with an APP packet of an SSRC of its own.
    const left = wanted.filter(({ packet }) => !ofCall.some((row) => row.packet === packet));
    expect(left.every(({ protocol }) => protocol === 'rtcp')).toBe(true);
    expect(ofCall.filter(({ protocol }) => protocol === 'rtp')).toHaveLength(822);
    const ofStream = await wholeList(view, 'packets', { stream: 's1', filter: 'rtp' });
    expect(ofStream).toHaveLength(411);
    expect(new Set(ofStream.map(({ src }) => src)).size).toBe(1);
    expect((await view.page('packets', { call: 'c99' })).total).toBe(0);
  });

  it('have a place in what is shown', async () => {
    const view = window();
    await view.open(own('g711a-call.pcap'));
    const query: RowsQuery = { table: 'packets', filter: 'sip', sort: null };
    const sip = (await view.page('packets', { filter: 'sip' })).rows;
    const place = (id: number, near = false, about: Partial<RowsQuery> = {}): Promise<number> =>
      view.engine.call('rows.place', { query: { ...query, ...about }, id, near });
    expect(await place(sip[3].packet)).toBe(3);
    expect(await place(sip[2].packet + 1)).toBe(-1);
    expect(await place(sip[2].packet + 1, true)).toBe(3);
    expect(await place(sip[3].packet, false, { sort: { by: 'packet', descending: true } })).toBe(2);
    expect(await place(100_000, true)).toBe(-1);
    expect(await view.engine.call('rows.place', { query: { ...query, table: 'streams', filter: '' }, id: 's2' })).toBe(
      1,
    );
  });
});

describe('one packet, call, stream', () => {
  it('a packet has its tree, octets, call and problems', async () => {
    const view = window();
    await view.open(own('no-answer.pcap'));
    const packet = await view.engine.call('packet.get', { packet: 3 });
    expect(packet).toMatchObject({ packet: 3, call: 'c1', stream: null, row: { protocol: 'sip', severity: 'error' } });
    expect(packet.nodes.map(({ name }) => name)).toEqual(expect.arrayContaining(['frame', 'ip', 'udp', 'sip']));
    expect(packet.problems.map(({ code }) => code)).toEqual(['invite-unanswered']);
    const wire = readFileSync(own('no-answer.pcap'));
    expect(wire.includes(Buffer.from(packet.sources[0].bytes))).toBe(true);
    await expect(view.engine.call('packet.get', { packet: 10_000 })).rejects.toMatchObject({ code: 'not-found' });
    await expect(view.engine.call('packet.get', { packet: 0 })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('messages are text, put together where they came in pieces', async () => {
    const view = window();
    await view.open(own('fragments.pcap'));
    const rows = await wholeList(view, 'packets', { filter: 'sip' });
    const [invite] = await view.engine.call('packet.messages', { packet: rows[0].packet });
    expect(invite.label).toBe('INVITE');
    expect(invite.isBinary).toBe(false);
    expect(invite.text.match(/^Record-Route:/gm)).toHaveLength(30);
    expect(invite.text).toMatch(/^INVITE sip:\S+ SIP\/2\.0\r\n/);
    expect(await view.engine.call('packet.messages', { packet: 1 })).toEqual([]);
  });

  it('several messages of one packet come in their order', async () => {
    const view = window();
    await view.open(own('tcp-segments.pcap'));
    const rows = await wholeList(view, 'packets', { filter: 'sip' });
    const labels = [];
    for (const { packet } of rows) {
      labels.push((await view.engine.call('packet.messages', { packet })).map(({ label }) => label));
    }
    expect(labels).toContainEqual(['100 Trying (INVITE)', '180 Ringing (INVITE)', '200 OK (INVITE)']);
    expect(labels).toContainEqual(['ACK', 'INVITE']);
    expect(labels).toContainEqual(['BYE', 'BYE']);
  });

  it('a packet is found by its time', async () => {
    const view = window();
    const { info } = await view.open(own('g711a-call.pcap'));
    const first = info.firstTime ?? 0;
    expect(await view.engine.call('packet.at', { time: first - 10 })).toBe(1);
    const { rows } = await view.page('packets', { from: 400, count: 1 });
    expect(await view.engine.call('packet.at', { time: rows[0].time })).toBe(401);
    expect(await view.engine.call('packet.at', { time: rows[0].time - 1e-4 })).toBeLessThanOrEqual(401);
    expect(await view.engine.call('packet.at', { time: (info.lastTime ?? 0) + 1 })).toBeNull();
  });

  it('a call has its transactions, its row and the codes of its problems; a ladder has its messages', async () => {
    const view = window();
    await view.open(own('loss-jitter.pcap'));
    const call = await view.engine.call('call.get', { call: 'c1' });
    expect(call.problems).toEqual(['packet-loss']);
    expect(call.row).toMatchObject({ number: 1, fromName: 'alice', toName: 'bob', codec: 'PCMA', isEncrypted: false });
    // Of 311 sent to the callee 11 were dropped by the relay.
    expect(call.row.a.lostPercent).toBeCloseTo((11 * 100) / 311, 6);
    expect(call.row.b.lostPercent).toBe(0);
    expect(call.messages.length).toBe(call.messageCount);
    const ladder = await view.engine.call('call.ladder', { call: 'c1' });
    expect(ladder.rows.filter(({ kind }) => kind === 'message')).toHaveLength(call.messageCount);
    await expect(view.engine.call('call.get', { call: 'c9' })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('a series adds up to the figures of its stream', async () => {
    const view = window();
    await view.open(own('loss-jitter.pcap'));
    for (const id of ['s1', 's2']) {
      const row = await view.engine.call('stream.get', { stream: id });
      for (const buckets of [1, 7, 500]) {
        const series = await view.engine.call('stream.series', { stream: id, buckets });
        expect(series.bucketSeconds * series.jitterMs.length).toBeCloseTo(row.durationSeconds, 6);
        const largest = (values: Float64Array): number => Math.max(...values.filter((value) => !Number.isNaN(value)));
        expect(largest(series.jitterMs)).toBeCloseTo(row.jitterMs.max ?? 0, 9);
        expect(largest(series.deltaMs)).toBeCloseTo(row.maxDeltaMs, 6);
        if (buckets === 1) expect(series.lostPercent[0]).toBeCloseTo(row.lostPercent, 9);
      }
      const { total, rows } = await view.engine.call('stream.packets', { stream: id, from: 0, count: 1000 });
      expect([total, rows.length]).toEqual([row.packets, row.packets]);
      const lost = rows.reduce((sum, { status }) => sum + Number(/^lost (\d+)/.exec(status)?.[1] ?? 0), 0);
      const late = rows.filter(({ status }) => status === 'out of order').length;
      expect(lost - late).toBe(row.lost);
      expect(rows.filter(({ status }) => status === 'duplicate')).toHaveLength(row.duplicates);
      const part = await view.engine.call('stream.packets', { stream: id, from: 100, count: 5 });
      expect(part.rows).toEqual(rows.slice(100, 105));
    }
  });

  it('a talkspurt and a change of codec are named', async () => {
    const view = window();
    await view.open(own('comfort-noise.pcap'));
    const statuses = async (stream: string): Promise<string[]> =>
      (await view.engine.call('stream.packets', { stream, from: 0, count: 1000 })).rows.map(({ status }) => status);
    const b = (await view.page('streams')).rows.find(({ side }) => side === 'B');
    expect((await statuses(b?.id ?? '')).filter((status) => status !== '')).toEqual(['silence']);
    await view.open(own('codec-switch.pcap'));
    expect((await statuses('s1')).filter((status) => status !== '')).toEqual(['codec change']);
  });
});

describe('the overview', () => {
  it('counts every packet once, and tells what is wrong', async () => {
    const view = window();
    const { counts } = await view.open(own('loss-jitter.pcap'));
    const overview = await view.engine.call('overview.get', {});
    const packets = overview.rate.protocols.flatMap((protocol) => protocol.packets);
    expect(packets.reduce((sum, count) => sum + count, 0)).toBe(counts.packets);
    expect(overview.protocols.reduce((sum, share) => sum + share.packets, 0)).toBe(counts.packets);
    expect(overview.quality.buckets.reduce((sum, { count }) => sum + count, 0)).toBe(2);
    expect(overview.verdict).toBe('Call 1 lost packets.');
    expect(overview.severities).toEqual({ error: 0, warning: 1, note: 0 });
    expect(overview.worstStreams.map(({ lost }) => lost)).toEqual([11, 0]);
    expect(overview.callStates).toEqual([{ state: 'completed', count: 1 }]);
  });

  it.each([
    ['g711a-call.pcap', 'Nothing wrong was found in 1 call and 2 streams.'],
    ['one-way.pcap', 'Call 1 had one-way audio.'],
    ['no-answer.pcap', 'Call 1 was never answered.'],
    ['way-cut-off.pcap', 'The capture file is cut off.'],
    ['rejected.pcap', 'Nothing wrong was found in 1 call.'],
  ])('%s: %s', async (name, verdict) => {
    const view = window();
    await view.open(own(name));
    expect((await view.engine.call('overview.get', {})).verdict).toBe(verdict);
  });
});

describe('opening', () => {
  it('without a capture nothing can be asked', async () => {
    const view = window();
    await expect(view.page('calls')).rejects.toMatchObject({ code: 'no-capture' });
    await view.open(own('options.pcap'));
    expect((await view.page('registrations')).rows.map(({ method }) => method)).toEqual(['OPTIONS']);
    await view.engine.call('capture.close', {});
    await expect(view.page('calls')).rejects.toMatchObject({ code: 'no-capture' });
  });

  it.each([
    ['<!DOCTYPE html>\n<html><title>Log in</title></html>', 'not-a-capture', 'an HTML page'],
    ['{"calls": []}', 'not-a-capture', 'a JSON document'],
    ['PK\u0003\u0004rest of an archive', 'not-a-capture', 'a zip archive'],
    ['just some words that are no capture', 'not-a-capture', 'text'],
    ['\u007fELF\u0002\u0001\u0001', 'not-a-capture', 'a program'],
    ['\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007', 'not-a-capture', null],
  ])('%j is told for what it is', async (text, code, what) => {
    const view = window();
    const path = join(folder(), 'gateway.pcap');
    writeFileSync(path, text, 'latin1');
    await expect(view.open(path)).rejects.toMatchObject({ code });
    const failure = await view.engine.call('capture.failure', {});
    expect(failure).toMatchObject({ name: 'gateway.pcap', code, what, lengthBytes: text.length });
    expect(Buffer.from(failure?.firstBytes ?? []).toString('latin1')).toBe(text.slice(0, 16));
    if (what !== null) expect(failure?.message).toBe(`gateway.pcap is not a capture: it is ${what}.`);
    await expect(view.page('calls')).rejects.toMatchObject({ code: 'no-capture' });
    await view.open(own('options.pcap'));
    expect(await view.engine.call('capture.failure', {})).toBeNull();
  });

  it('a file that is not there has the code of the system', async () => {
    const view = window();
    const missing = join(folder(), 'missing.pcap');
    await expect(view.open(missing)).rejects.toMatchObject({
      code: 'ENOENT',
      message: 'missing.pcap cannot be read: there is no such file or folder.',
    });
    await expect(view.open(folder())).rejects.toMatchObject({ code: 'EISDIR' });
  });

  it.each([
    ['as it is', (bytes: Uint8Array) => bytes],
    ['gzipped', (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes))],
  ])('a blob, %s, gives the same rows as the file', async (_how, packed) => {
    const bytes = longCapture('g711a-call.pcap', 14);
    const path = join(folder(), 'long.pcap');
    writeFileSync(path, bytes);
    const blob = packed(bytes);
    expect(bytes.length).toBeGreaterThan(2 << 20);
    const [ofFile, ofBlob] = [window(), window(blob)];
    await ofFile.open(path);
    const source = { kind: 'blob', name: 'long.pcap', lengthBytes: blob.length } as const;
    const result = await ofBlob.engine.call('capture.open', { source });
    expect(result.info.file).toBe('long.pcap');
    const query = { from: 11_000, count: 700 };
    expect((await ofBlob.page('packets', query)).rows).toEqual((await ofFile.page('packets', query)).rows);
    expect((await ofBlob.page('calls')).rows).toEqual((await ofFile.page('calls')).rows);
    const packet = 9000;
    expect(await ofBlob.engine.call('packet.get', { packet })).toEqual(
      await ofFile.engine.call('packet.get', { packet }),
    );
  });

  it('a blob that the window cannot read is said so', async () => {
    const view = window();
    const source = { kind: 'blob', name: 'gone.pcap', lengthBytes: 5000 } as const;
    view.engine.serve({
      'blob.read': () => {
        throw Object.assign(new Error('The file was changed.'), { code: 'NotReadableError' });
      },
    });
    await expect(view.engine.call('capture.open', { source })).rejects.toMatchObject({ code: 'NotReadableError' });
  });
});

describe('while a capture is read', () => {
  const TIMES = 400;

  function bigFile(): string {
    const path = join(folder(), 'big.pcap');
    writeFileSync(path, longCapture('g711a-call.pcap', TIMES));
    return path;
  }

  /** Opens, and waits until rows can be asked for; `opening` settles when the reading ends. */
  async function begin(
    view: TestWindow,
    path: string,
    signal?: AbortSignal,
  ): Promise<{ opening: Promise<OpenResult> }> {
    let onFirst = (): void => {};
    const first = new Promise<void>((resolve) => (onFirst = resolve));
    const source = { kind: 'path', path } as const;
    const onProgress = (): void => onFirst();
    const opening = view.engine.call(
      'capture.open',
      { source },
      signal === undefined ? { onProgress } : { onProgress, signal },
    );
    opening.catch(() => undefined);
    await first;
    return { opening };
  }

  it('rows can be asked for, sorted and filtered, and there are more of them in the end', async () => {
    const view = window();
    const { opening } = await begin(view, bigFile());
    const page = await view.page('packets', { count: 5 });
    expect(page.rows.map(({ packet }) => packet)).toEqual([1, 2, 3, 4, 5]);
    expect(page.isGrowing).toBe(true);
    expect(page.total).toBeLessThan(839 * TIMES);
    const sorted = await view.page('packets', { count: 3, sort: { by: 'packet', descending: true }, filter: 'sip' });
    expect(sorted.rows.every(({ protocol }) => protocol === 'sip')).toBe(true);
    expect((await view.page('calls')).rows).toHaveLength(1);
    const result = await opening;
    expect(result.counts).toMatchObject({ packets: 839 * TIMES, calls: 1 });
    const after = await view.page('packets', { count: 3, sort: { by: 'packet', descending: true } });
    expect(after.rows.map(({ packet }) => packet)).toEqual([0, 1, 2].map((i) => 839 * TIMES - i));
    expect(after.isGrowing).toBe(false);
  });

  it('stopping keeps what was read, with its conclusions', async () => {
    const view = window();
    const { opening } = await begin(view, bigFile());
    await view.engine.call('capture.stop', {});
    const result = await opening;
    expect(result.isStopped).toBe(true);
    expect(result.counts.packets).toBeGreaterThan(0);
    expect(result.counts.packets).toBeLessThan(839 * TIMES);
    expect(result.counts.streams).toBe(2);
    expect((await view.page('packets', { from: result.counts.packets - 1 })).rows).toHaveLength(1);
  });

  it('opening another one ends it', async () => {
    const view = window();
    const { opening } = await begin(view, bigFile());
    const next = view.open(own('options.pcap'));
    await expect(opening).rejects.toMatchObject({ name: 'AbortError' });
    expect((await next).counts.packets).toBe(4);
    expect((await view.page('packets')).total).toBe(4);
  });

  it('of several opened at once the last one stays', async () => {
    const view = window();
    const names = ['g711a-call.pcap', 'sample.pcap', 'register.pcap', 'options.pcap'];
    const results = await Promise.allSettled(names.map((name) => view.open(own(name))));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled']);
    expect((await view.page('packets')).total).toBe(4);
  });

  it('cancelling leaves nothing open', async () => {
    const view = window();
    const abort = new AbortController();
    const { opening } = await begin(view, bigFile(), abort.signal);
    abort.abort();
    await expect(opening).rejects.toMatchObject({ name: 'AbortError' });
    await sleep(50);
    await expect(view.page('packets')).rejects.toMatchObject({ code: 'no-capture' });
  });

  it('a question that nobody waits for any more is given up', async () => {
    const view = window();
    await view.open(bigFile());
    const abort = new AbortController();
    const query: RowsQuery = { table: 'packets', filter: 'frame contains "alice"', sort: null };
    const asked = view.engine.call('rows.page', { query, from: 0, count: 1 }, { signal: abort.signal });
    setTimeout(() => abort.abort(), 5);
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
    expect((await view.page('packets', { count: 1 })).rows).toHaveLength(1);
  });
});
