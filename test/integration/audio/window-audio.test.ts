/** What the window is told of audio, beside the command's WAV, the recordings' own logs, tshark, sox and ffprobe. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { builtIns } from '../../../dissectors/index.ts';
import type { Capture } from '../../../engine/capture.ts';
import { exportWav } from '../../../engine/export/wav.ts';
import { digitRows } from '../../../engine/query/digit-rows.ts';
import { streamRows } from '../../../engine/query/stream-rows.ts';
import { audioHandlers } from '../../../engine/service/audio-handlers.ts';
import { exportHandlers } from '../../../engine/service/export-handlers.ts';
import type { AudioMark, AudioPlan, AudioSelection, ExportRequest, Peaks } from '../../../shared/engine-api.ts';
import { capturesIn, OWN_CAPTURES } from '../capture-files.ts';
import {
  areInstalled,
  capturePath,
  output,
  samplesOf,
  soxReadWav,
  temporaryFolder,
  tsharkFields,
  withCapture,
} from './outside.ts';

const hasSox = await areInstalled(['sox', '--version']);
const hasTshark = await areInstalled(['tshark', '--version'], ['mergecap', '--version']);
const hasFfprobe = await areInstalled(['ffprobe', '-version']);
const folder = await temporaryFolder();

const context = { signal: new AbortController().signal, progress: () => {} };

async function planOf(capture: Capture, selection: AudioSelection = { calls: ['c1'] }): Promise<AudioPlan> {
  return audioHandlers({ capture: () => capture })['audio.plan']({ selection }, context);
}

/** The WAV of a plan, fetched in pieces of odd and changing lengths. */
async function wavOf(capture: Capture, plan: AudioPlan): Promise<Buffer> {
  const handlers = audioHandlers({ capture: () => capture });
  const pieces: Uint8Array[] = [];
  for (let at = 0, length = 1; at < plan.wavBytes; length = (length * 7 + 13) % 99_991) {
    const piece = await handlers['audio.wav']({ id: plan.id, at, length }, context);
    expect(piece.length).toBe(Math.min(length, plan.wavBytes - at));
    pieces.push(piece);
    at += piece.length;
  }
  return Buffer.concat(pieces);
}

async function peaksOf(
  capture: Capture,
  plan: AudioPlan,
  from: number,
  to: number,
  columns: number,
): Promise<Peaks['lanes']> {
  const { lanes } = await audioHandlers({ capture: () => capture })['audio.peaks'](
    { id: plan.id, from, to, columns },
    context,
  );
  return lanes;
}

async function write(capture: Capture, request: ExportRequest, name: string): Promise<string> {
  const holder = { capture: () => capture, dissectors: builtIns, path: null };
  const handler = exportHandlers(holder, { temporaryFolder: folder })['export.write'];
  return (await handler({ request, path: join(folder, name) }, context)).path;
}

function countOf(marks: readonly AudioMark[], kind: AudioMark['kind']): number {
  return marks.reduce((sum, mark) => sum + (mark.kind === kind ? mark.count : 0), 0);
}

/** Without the silence before and after. */
function trimmed(samples: Int16Array): Int16Array {
  const first = samples.findIndex((sample) => sample !== 0);
  return samples.subarray(first, samples.findLastIndex((sample) => sample !== 0) + 1);
}

function channelOf(wav: Buffer, headerBytes: number, channels: number, channel: number): Int16Array {
  return samplesOf(wav.subarray(headerBytes)).filter((_, i) => i % channels === channel);
}

describe('every recorded call', () => {
  const files = capturesIn(OWN_CAPTURES);

  test('the WAV of its plan is the one the command writes; marks and figures are those of its streams', async () => {
    let [calls, lost, digits] = [0, 0, 0];
    for (const file of files) {
      await withCapture(join(OWN_CAPTURES, file), async (capture) => {
        const rows = new Map(streamRows(capture).map((row) => [row.id, row]));
        for (const call of capture.calls.entries) {
          const plan = await planOf(capture, { calls: [`c${call.index + 1}`] });
          const left = new Set(plan.leftOut.map(({ stream }) => stream));
          if (plan.lanes.length === 0) {
            expect(plan).toMatchObject({ wavBytes: 0, durationSeconds: 0 });
            continue;
          }
          calls++;
          const path = join(folder, 'call.wav');
          const result = await exportWav(capture, { call }, path);
          expect((await wavOf(capture, plan)).equals(await readFile(path))).toBe(true);
          expect(plan.startTime).toBe(result.startTime);
          expect(plan.lanes.map(({ streams }) => streams)).toEqual(result.channelStreams);
          expect(plan.lanes.map(({ side, channel }) => [side, channel])).toEqual([
            ['A', 0],
            ['B', 1],
          ]);
          for (const { streams, marks, silentBecause, side, codec } of plan.lanes) {
            expect(silentBecause === undefined).toBe(streams.length > 0);
            const ofLane = streams.map((id) => rows.get(id));
            expect(streams.some((id) => left.has(id))).toBe(false);
            const direction = side === 'A' ? 'caller-to-callee' : 'callee-to-caller';
            expect(ofLane.every((row) => row?.direction === direction && codec.includes(row.codec ?? '?'))).toBe(true);
            const sum = (of: 'lost' | 'outOfOrder'): number => ofLane.reduce((all, row) => all + (row?.[of] ?? 0), 0);
            expect(countOf(marks, 'loss')).toBe(sum('lost'));
            expect(countOf(marks, 'reordered')).toBe(sum('outOfOrder'));
            lost += sum('lost');
            const pressed = digitRows(capture).filter(({ stream }) => stream !== null && streams.includes(stream));
            const marked = marks.filter(({ kind }) => kind === 'digit');
            expect(marked.map(({ label }) => label)).toEqual(pressed.map(({ digit }) => digit));
            for (const [i, { at, seconds, packet }] of marked.entries()) {
              expect(Math.abs(plan.startTime + at - pressed[i].time)).toBeLessThan(0.02);
              expect(seconds * 1000).toBeCloseTo(pressed[i].durationMs ?? Number.NaN, 6);
              expect(pressed[i].packets).toContain(packet);
            }
            digits += marked.length;
          }
        }
      });
    }
    // So that an empty list of anything would show.
    expect(calls).toBeGreaterThan(25);
    expect(lost).toBeGreaterThan(20);
    expect(digits).toBeGreaterThan(10);
  });
});

describe('what is not heard says why', () => {
  test.each([['srtp-dtls.pcap', /encrypted/]])('%s', async (file, reason) => {
    await withCapture(capturePath(file), async (capture) => {
      const plan = await planOf(capture);
      expect(plan.lanes).toEqual([]);
      expect(plan.leftOut.map(({ stream }) => stream).toSorted()).toEqual(['s1', 's2']);
      for (const left of plan.leftOut) expect(left.reason).toMatch(reason);
    });
  });

  test('beside what is heard: one call encrypted, one not', async () => {
    if (!hasTshark) return;
    const merged = await merge('srtp-dtls.pcap', 'g711a-call.pcap');
    await withCapture(merged, async (capture) => {
      const plan = await planOf(capture, { calls: ['c1', 'c2'] });
      expect(plan.lanes.filter(({ streams }) => streams.length === 0).length).toBe(2);
      expect(plan.lanes.length).toBe(4);
      for (const lane of plan.lanes.filter(({ streams }) => streams.length === 0)) {
        expect(lane.silentBecause).toMatch(/encrypted/);
        expect(lane.marks).toEqual([]);
      }
      const unheard = plan.lanes.flatMap(({ streams }, lane) => (streams.length === 0 ? [lane] : []));
      const peaks = await peaksOf(capture, plan, 0, plan.durationSeconds, 100);
      for (const lane of unheard) expect(peaks[lane].max.every((value) => value === 0)).toBe(true);
    });
  });
});

async function merge(...files: string[]): Promise<string> {
  const path = join(folder, `${files.join('+')}.pcap`);
  await output('mergecap', ['-F', 'pcap', '-w', path, ...files.map((file) => capturePath(file))]);
  return path;
}

describe.skipIf(!hasTshark)('several calls at once (needs mergecap)', () => {
  // Recorded some twenty seconds after each other.
  const files = ['g711u-dtmf.pcap', 'g711a-call.pcap'] as const;

  test('two lanes each, as the WAV of each alone, in a file that others read', async () => {
    const alone: Int16Array[] = [];
    for (const file of files) {
      await withCapture(capturePath(file), async (capture) => {
        const wav = await wavOf(capture, await planOf(capture));
        alone.push(channelOf(wav, 44, 2, 0), channelOf(wav, 44, 2, 1));
      });
    }
    await withCapture(await merge(...files), async (capture) => {
      const calls = capture.calls.entries.map(({ index }) => `c${index + 1}`);
      const plan = await planOf(capture, { calls });
      expect(plan.lanes.map(({ side, call }) => [side, call])).toEqual(
        calls.flatMap((call) => [
          ['A', call],
          ['B', call],
        ]),
      );
      const wav = await wavOf(capture, plan);
      expect([wav.readUInt16LE(20), wav.readUInt16LE(22)]).toEqual([0xfffe, 4]);
      const lanes = plan.lanes.map(({ channel }) => trimmed(channelOf(wav, 68, 4, channel)));
      const wanted = alone.map((channel) => trimmed(channel));
      // The calls may come in the other order, by when they began.
      const inOrder = lanes[0].length === wanted[0].length ? wanted : [...wanted.slice(2), ...wanted.slice(0, 2)];
      expect(lanes.every((lane, i) => Buffer.from(lane).equals(Buffer.from(inOrder[i])))).toBe(true);
      const path = join(folder, 'four.wav');
      await writeFile(path, wav);
      if (hasSox) {
        const read = await soxReadWav(path);
        expect(read.sampleRate).toBe(8000);
        expect(read.channels.map((channel) => Buffer.from(trimmed(channel)))).toEqual(
          lanes.map((lane) => Buffer.from(lane)),
        );
      }
      if (hasFfprobe) {
        const about = JSON.parse(
          (await output('ffprobe', ['-v', 'error', '-show_streams', '-of', 'json', path])).toString(),
        );
        const [stream] = about.streams;
        expect(stream).toMatchObject({ codec_name: 'pcm_s16le', channels: 4, sample_rate: '8000' });
        expect(Number(stream.duration)).toBeCloseTo(plan.durationSeconds, 4);
      }
    });
  });
});

describe('the recordings’ own logs', () => {
  test('loss-jitter.pcap: what the relay dropped and reordered is what is marked', async () => {
    const log = JSON.parse(await readFile(capturePath('loss-jitter.json'), 'utf8'));
    const lane = log.lanes['caller to callee'];
    await withCapture(capturePath('loss-jitter.pcap'), async (capture) => {
      const plan = await planOf(capture);
      const shown = plan.lanes.find(({ ssrc }) => ssrc === lane.ssrc);
      const sent = lane.packets.filter(([, fate]: [number, string]) => fate !== 'dropped');
      const first = lane.packets.indexOf(sent[0]);
      const fates = lane.packets.slice(first, lane.packets.indexOf(sent.at(-1)) + 1);
      const dropped = fates.flatMap(([, fate]: [number, string], i: number) => (fate === 'dropped' ? [i * 0.02] : []));
      // Dropped packets in a row are one mark.
      const runs = dropped.filter((at: number, i: number) => i === 0 || at - dropped[i - 1] > 0.021);
      const marks = shown?.marks.filter(({ kind }) => kind === 'loss') ?? [];
      expect(countOf(marks, 'loss')).toBe(dropped.length);
      expect(marks.length).toBe(runs.length);
      // All gaps lie as far from the first as the packets did when they were sent.
      marks.forEach(({ at }, i) => expect(at - marks[0].at).toBeCloseTo(runs[i] - runs[0], 3));
      // The order they left the relay in: those after a higher number, each number once.
      let highest = -1;
      const seen = new Set<number>();
      const late = lane.sent.filter((number: number) => {
        const isLate = number < highest && !seen.has(number);
        seen.add(number);
        highest = Math.max(highest, number);
        return isLate;
      });
      expect(countOf(shown?.marks ?? [], 'reordered')).toBe(late.length);
      expect(late.length).toBeGreaterThanOrEqual(lane.counts.reordered);
      // The relay's jitter is 30 ms at most: no packet is late.
      expect(countOf(shown?.marks ?? [], 'late')).toBe(0);
    });
  });

  test.each([
    // By lane: pauses of a second or more that test/captures/README.md names, in seconds.
    ['hold-resume.pcap', [[], [1.6]]],
    ['comfort-noise.pcap', [[1], []]],
    ['one-way.pcap', [[], [3]]],
    ['ssrc-change.pcap', [[], []]],
  ])('%s: silences', async (file, expected) => {
    await withCapture(capturePath(file), async (capture) => {
      const plan = await planOf(capture);
      const silences = await audioHandlers({ capture: () => capture })['audio.silences']({ id: plan.id }, context);
      const wav = await wavOf(capture, plan);
      expect(silences.map((lane) => lane.length)).toEqual(expected.map((lane) => lane.length));
      for (const [lane, marks] of silences.entries()) {
        const samples = channelOf(wav, 44, 2, lane);
        for (const [i, { at, seconds, packet }] of marks.entries()) {
          // A span of 64 samples at either end may be loud or quiet in part, and speech may fade before a pause.
          expect(seconds).toBeGreaterThan(expected[lane][i] - 0.017);
          expect(seconds).toBeLessThan(expected[lane][i] + 0.05);
          expect(packet).toBeNull();
          const part = samples.subarray(Math.round(at * 8000), Math.round((at + seconds) * 8000));
          const power = part.reduce((sum, sample) => sum + sample * sample, 0) / part.length;
          expect(Math.sqrt(power) / 32768).toBeLessThan(10 ** (-55 / 20));
        }
      }
    });
  });
});

describe('peaks beside the samples of the WAV', () => {
  test.each(['g711a-call.pcap', 'l16-baresip.pcap', 'hold-resume.pcap'])('%s', async (file) => {
    await withCapture(capturePath(file), async (capture) => {
      const plan = await planOf(capture);
      const wav = await wavOf(capture, plan);
      const frames = Math.round(plan.durationSeconds * plan.sampleRate);
      for (const lane of [0, 1]) {
        const samples = channelOf(wav, 44, 2, lane);
        expect(samples.length).toBe(frames);
        // A sample a column: 100 ms from a third of the way.
        const first = Math.floor(frames / 3);
        const count = plan.sampleRate / 10;
        const single = (
          await peaksOf(capture, plan, first / plan.sampleRate, (first + count) / plan.sampleRate, count)
        )[lane];
        const expected = Float32Array.from(samples.subarray(first, first + count), (sample) => sample / 32768);
        // Seconds are no exact sample frames: a column may be its neighbour.
        const off = single.max.filter((value, i) => value !== expected[i] && value !== expected[i + 1]);
        expect(off.length).toBe(0);
        // In columns of 512 samples over the whole, odd end included.
        const columns = Math.ceil(frames / 512);
        const wide = (await peaksOf(capture, plan, 0, (columns * 512) / plan.sampleRate, columns))[lane];
        for (let column = 0; column < columns; column++) {
          const part = samples.subarray(column * 512, (column + 1) * 512);
          expect(wide.min[column] * 32768).toBe(Math.min(...part));
          expect(wide.max[column] * 32768).toBe(Math.max(...part));
        }
      }
    });
  });

  test.skipIf(!hasSox)('the overview’s extremes are those of sox stat', async () => {
    await withCapture(capturePath('tones.pcap'), async (capture) => {
      const plan = await planOf(capture);
      const path = join(folder, 'tones.wav');
      await writeFile(path, await wavOf(capture, plan));
      const lanes = await peaksOf(capture, plan, 0, plan.durationSeconds, 900);
      for (const lane of [0, 1]) {
        const text = await output('sh', ['-c', `sox "${path}" -n remix ${lane + 1} stat 2>&1`]);
        const figure = (name: string): number => Number(new RegExp(`${name}:\\s+(\\S+)`).exec(text.toString())?.[1]);
        expect(Math.max(...lanes[lane].max)).toBeCloseTo(figure('Maximum amplitude'), 5);
        expect(Math.min(...lanes[lane].min)).toBeCloseTo(figure('Minimum amplitude'), 5);
      }
    });
  });
});

describe('exports', () => {
  test.skipIf(!hasSox)('any part of a WAV is what sox cuts out of the whole', async () => {
    await withCapture(capturePath('l16-baresip.pcap'), async (capture) => {
      const whole = await write(capture, { kind: 'wav', selection: { calls: ['c1'] }, range: null }, 'whole.wav');
      await exportWav(capture, {}, join(folder, 'command.wav'));
      expect((await readFile(whole)).equals(await readFile(join(folder, 'command.wav')))).toBe(true);
      for (const [from, to] of [
        [0, 100],
        [1, 2],
        [12_345, 23_456],
        [44_100, 53_035],
      ]) {
        const range = { from: from / 44_100, to: to / 44_100 };
        const part = await write(capture, { kind: 'wav', selection: { calls: ['c1'] }, range }, 'part.wav');
        const cut = join(folder, 'cut.wav');
        await output('sox', ['-D', whole, cut, 'trim', `${from}s`, `=${to}s`]);
        expect(await soxReadWav(part)).toEqual(await soxReadWav(cut));
      }
    });
  });

  test.skipIf(!hasTshark)('raw payloads are those tshark lists, in the order of their numbers', async () => {
    // Over the wrap; two runs of numbers; two codecs; reordered and doubled.
    for (const file of ['wraparound.pcap', 'codec-switch.pcap', 'loss-jitter-caller.pcap', 'opus-call.pcap']) {
      const path = capturePath(file);
      const rows = await tsharkFields(path, 'rtp && !icmp', ['ip.src', 'rtp.seq', 'rtp.p_type', 'rtp.payload']);
      await withCapture(path, async (capture) => {
        for (const stream of capture.streams.streams) {
          const [source] = capture.store.flows.sourceEndpoint(stream.flow).split(':');
          const own = rows.filter(([from, , type]) => from === source && Number(type) === stream.mainPayloadType);
          const first = Number(own[0][1]);
          const payloads = new Map(own.map(([, seq, , hex]) => [((Number(seq) - first) << 16) >> 16, hex]));
          const expected = [...payloads].toSorted((a, b) => a[0] - b[0]).map(([, hex]) => hex.replaceAll(':', ''));
          const raw = await write(capture, { kind: 'raw', stream: `s${stream.index + 1}` }, 'stream.raw');
          expect((await readFile(raw)).toString('hex')).toBe(expected.join(''));
        }
      });
    }
  });

  test.skipIf(!hasTshark)('the packets of one call of two, as they were captured', async () => {
    const merged = await merge('g711u-dtmf.pcap', 'g711a-call.pcap');
    const fields = ['frame.time_epoch', 'frame.len', 'ip.src', 'udp.srcport', 'ip.id'];
    const alone = await tsharkFields(capturePath('g711a-call.pcap'), '(sip || rtp) && !icmp', fields);
    await withCapture(merged, async (capture) => {
      const names: string[] = [];
      for (const { index } of capture.calls.entries) {
        names.push(await write(capture, { kind: 'pcap', call: `c${index + 1}`, filter: '' }, `call-${index}.pcap`));
      }
      const written = await Promise.all(names.map((name) => tsharkFields(name, '(sip || rtp) && !icmp', fields)));
      // Times in nanoseconds in one, in microseconds in the other.
      const plain = (rows: string[][]): string[] =>
        rows.map(([time, ...rest]) => [Number(time).toFixed(6), ...rest].join());
      expect(written.map((rows) => plain(rows).join('\n'))).toContain(plain(alone).join('\n'));
      expect(alone.length).toBeGreaterThan(822);
    });
  });
});
