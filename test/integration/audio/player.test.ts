import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Capture } from '../../../engine/capture.ts';
import { exportWav } from '../../../engine/export/wav.ts';
import { audioHandlers } from '../../../engine/service/audio-handlers.ts';
import type { CallContext, Method } from '../../../shared/channel.ts';
import type { AudioMark, AudioPlan } from '../../../shared/engine-api.ts';
import { areInstalled, capturePath, output, temporaryFolder, tsharkFields, withCapture } from './outside.ts';

const ready = await areInstalled(['tshark', '--version'], ['sox', '--version']);

function contextOf<M extends Method>(signal = new AbortController().signal): CallContext<M> {
  return { signal, progress: () => {} };
}

async function planOfCall(capture: Capture): Promise<AudioPlan> {
  const call = capture.streams.streams.find((stream) => stream.call >= 0)?.call ?? 0;
  const handlers = audioHandlers({ capture: () => capture });
  return handlers['audio.plan']({ selection: { calls: [`c${call + 1}`] } }, contextOf());
}

async function wavOf(capture: Capture, plan: AudioPlan, pieceBytes: number): Promise<Buffer> {
  const handlers = audioHandlers({ capture: () => capture });
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < plan.wavBytes; at += pieceBytes) {
    pieces.push(await handlers['audio.wav']({ id: plan.id, at, length: pieceBytes }, contextOf()));
  }
  return Buffer.concat(pieces);
}

function marksOf(plan: AudioPlan, kind: AudioMark['kind'], lane?: number): AudioMark[] {
  const lanes = lane === undefined ? plan.lanes : [plan.lanes[lane]];
  return lanes.flatMap(({ marks }) => marks.filter((mark) => mark.kind === kind));
}

describe('what the player fetches', async () => {
  const folder = await temporaryFolder();

  test.each([
    'sample.pcap',
    'loss-jitter.pcap',
    'l16-call.pcap',
    'one-way.pcap',
    'ssrc-change.pcap',
    'codec-switch.pcap',
  ])('%s: octet for octet the WAV that the command writes, in pieces of any size', async (file) => {
    const path = join(folder, `${file}.wav`);
    await withCapture(capturePath(file), async (capture) => {
      await exportWav(capture, {}, path);
      const expected = await readFile(path);
      const plan = await planOfCall(capture);
      expect(plan.wavBytes).toBe(expected.length);
      expect((await wavOf(capture, plan, 100_003)).equals(expected)).toBe(true);
      const handlers = audioHandlers({ capture: () => capture });
      for (const [at, length] of [
        [0, 1],
        [43, 4],
        [45, 7],
        [expected.length - 3, 100],
        [expected.length, 5],
      ]) {
        const part = await handlers['audio.wav']({ id: plan.id, at, length }, contextOf());
        expect(Buffer.from(part).equals(expected.subarray(at, at + length))).toBe(true);
      }
    });
  });

  test('more than two lanes are a WAV that others read, with every lane a channel', async () => {
    await withCapture(capturePath('relay-both-legs.pcap'), async (capture) => {
      const handlers = audioHandlers({ capture: () => capture });
      const streams = capture.streams.streams.map(({ index }) => `s${index + 1}`);
      const plan = await handlers['audio.plan']({ selection: { streams } }, contextOf());
      expect(plan.lanes.length).toBe(4);
      expect(plan.lanes.map(({ streams: of }) => of)).toEqual(streams.map((id) => [id]));
      const wav = await wavOf(capture, plan, 1 << 20);
      expect(wav.readUInt16LE(20)).toBe(0xfffe);
      expect(wav.length).toBe(plan.wavBytes);
      if (!ready) return;
      const samples = await output('sox', ['-D', '-t', 'wav', '-', '-t', 'raw', '-'], wav);
      expect(samples.equals(wav.subarray(68))).toBe(true);
    });
  });

  test('a selection is one plan, however often it is asked for; an unknown one has nothing', async () => {
    await withCapture(capturePath('sample.pcap'), async (capture) => {
      const handlers = audioHandlers({ capture: () => capture });
      const plan = await planOfCall(capture);
      expect((await planOfCall(capture)).id).toBe(plan.id);
      expect(plan.id).toMatch(/^[0-9a-f]{32}$/);
      const none = await handlers['audio.plan']({ selection: { calls: ['c99'], streams: ['s99'] } }, contextOf());
      expect(none).toMatchObject({ lanes: [], leftOut: [], wavBytes: 0, durationSeconds: 0 });
      const unknown = { id: 'no such', from: 0, to: 1, columns: 1 };
      await expect(handlers['audio.peaks'](unknown, contextOf())).rejects.toMatchObject({ code: 'not-found' });
      const absurd = { id: plan.id, from: 1, to: 1, columns: 1e9 };
      await expect(handlers['audio.peaks'](absurd, contextOf())).rejects.toMatchObject({ code: 'bad-request' });
    });
  });

  test('what is encrypted is never played: no lanes, and the reason', async () => {
    await withCapture(capturePath('srtp-dtls.pcap'), async (capture) => {
      const plan = await planOfCall(capture);
      expect(plan.lanes).toEqual([]);
      expect(plan.leftOut.length).toBe(2);
      expect(plan.leftOut[0].reason).toContain('encrypted');
    });
  });

  test('a cancelled question ends with an AbortError', async () => {
    await withCapture(capturePath('sample.pcap'), async (capture) => {
      const plan = await planOfCall(capture);
      const abort = new AbortController();
      const handlers = audioHandlers({ capture: () => capture });
      const peaks = handlers['audio.peaks'](
        { id: plan.id, from: 0, to: plan.durationSeconds, columns: 100 },
        contextOf(abort.signal),
      );
      abort.abort();
      await expect(peaks).rejects.toMatchObject({ name: 'AbortError' });
    });
  });
});

describe.skipIf(!ready)('beside other programs (needs tshark and sox)', async () => {
  const folder = await temporaryFolder();

  test.each(['sample.pcap', 'loss-jitter.pcap'])('%s: peaks and RMS are those of sox', async (file) => {
    const path = join(folder, `stat-${file}.wav`);
    await withCapture(capturePath(file), async (capture) => {
      await exportWav(capture, {}, path);
      const plan = await planOfCall(capture);
      const handlers = audioHandlers({ capture: () => capture });
      const whole = { id: plan.id, from: 0, to: plan.durationSeconds, columns: 1 };
      const { lanes } = await handlers['audio.peaks'](whole, contextOf());
      for (const [lane, channel] of [
        [0, '1'],
        [1, '2'],
      ] as const) {
        const text = (await output('sh', ['-c', `sox "${path}" -n remix ${channel} stat 2>&1`])).toString();
        const figure = (name: string): number => Number(new RegExp(`${name}:\\s+(\\S+)`).exec(text)?.[1]);
        expect(lanes[lane].max[0]).toBeCloseTo(figure('Maximum amplitude'), 5);
        expect(lanes[lane].min[0]).toBeCloseTo(figure('Minimum amplitude'), 5);
        expect(lanes[lane].rms[0]).toBeCloseTo(figure('RMS     amplitude'), 3);
      }
    });
  });

  test.each(['loss-jitter.pcap', 'loss-jitter-caller.pcap', 'wraparound.pcap', 'g711u-dtmf.pcap', 'sample.pcap'])(
    '%s: as many packets are marked lost as sequence numbers are missing by tshark',
    async (file) => {
      const path = capturePath(file);
      await withCapture(path, async (capture) => {
        const plan = await planOfCall(capture);
        expect(plan.lanes.length).toBe(2);
        for (const [lane, { ssrc }] of plan.lanes.entries()) {
          const rows = await tsharkFields(path, `rtp.ssrc == ${ssrc}`, ['rtp.seq']);
          // Counted on over the wrap: no packet here is more than half of all numbers away from the first.
          const first = Number(rows[0][0]);
          const numbers = rows.map(([sequence]) => ((Number(sequence) - first) << 16) >> 16);
          const missing = Math.max(...numbers) - Math.min(...numbers) + 1 - new Set(numbers).size;
          const marked = marksOf(plan, 'loss', lane).reduce((sum, { count }) => sum + count, 0);
          expect(marked).toBe(missing);
        }
      });
    },
  );

  test('loss-jitter.pcap: each gap is marked at the packet tshark sees after it, and lies where the audio is silent', async () => {
    const path = capturePath('loss-jitter.pcap');
    await withCapture(path, async (capture) => {
      const plan = await planOfCall(capture);
      const lane = plan.lanes.findIndex(({ lostPercent }) => lostPercent > 0);
      const { ssrc } = plan.lanes[lane];
      const packets = (await tsharkFields(path, `rtp.ssrc == ${ssrc}`, ['frame.number', 'rtp.seq'])).map(
        ([number, sequence]) => ({ number: Number(number), sequence: Number(sequence) }),
      );
      // The recording's numbers do not wrap.
      const sent = packets.toSorted((a, b) => a.sequence - b.sequence);
      const gaps = sent.flatMap(({ number, sequence }, i) => {
        const lost = i === 0 ? 0 : sequence - sent[i - 1].sequence - 1;
        return lost > 0 ? [{ packet: number, count: lost }] : [];
      });
      const marks = marksOf(plan, 'loss', lane);
      expect(gaps.length).toBeGreaterThan(5);
      expect(marks.map(({ packet, count }) => ({ packet, count }))).toEqual(gaps);
      const handlers = audioHandlers({ capture: () => capture });
      for (const { at, seconds } of marks) {
        expect(seconds).toBeGreaterThan(0.019);
        const part = { id: plan.id, from: at + 0.0005, to: at + seconds - 0.0005, columns: 1 };
        const { lanes } = await handlers['audio.peaks'](part, contextOf());
        expect([lanes[lane].min[0], lanes[lane].max[0]]).toEqual([0, 0]);
      }
    });
  });

  test('g711u-dtmf.pcap: digits are marked when tshark sees them begin', async () => {
    const path = capturePath('g711u-dtmf.pcap');
    const rows = await tsharkFields(path, 'rtpevent', ['frame.time_epoch', 'rtp.timestamp']);
    const begins = new Map(rows.toReversed().map(([time, timestamp]) => [timestamp, Number(time)]));
    await withCapture(path, async (capture) => {
      const plan = await planOfCall(capture);
      const marks = marksOf(plan, 'digit');
      expect(marks.length).toBe(begins.size);
      const times = [...begins.values()].toSorted((a, b) => a - b);
      marks.forEach(({ at }, i) => expect(Math.abs(plan.startTime + at - times[i])).toBeLessThan(0.06));
    });
  });
});

test('codec-switch.pcap: the change is marked with the new codec', async () => {
  await withCapture(capturePath('codec-switch.pcap'), async (capture) => {
    const plan = await planOfCall(capture);
    // tshark: both sides go from payload type 0 to 8.
    expect(plan.lanes.map((_, lane) => marksOf(plan, 'codec', lane).map(({ label }) => label))).toEqual([
      ['PCMA'],
      ['PCMA'],
    ]);
    expect(plan.lanes.map(({ codec }) => codec)).toEqual(['PCMU, PCMA', 'PCMU, PCMA']);
  });
});

test('one-way.pcap: the lane nobody speaks on says so, and is silent from end to end', async () => {
  await withCapture(capturePath('one-way.pcap'), async (capture) => {
    const plan = await planOfCall(capture);
    expect(plan.lanes.map(({ side }) => side)).toEqual(['A', 'B']);
    expect(plan.lanes[1].silentBecause).toBe('the capture holds nothing of this side');
    const silences = await audioHandlers({ capture: () => capture })['audio.silences']({ id: plan.id }, contextOf());
    expect(silences[1]).toMatchObject([{ at: 0, packet: null }]);
    expect(silences[1][0].seconds).toBeCloseTo(plan.durationSeconds, 6);
  });
});
