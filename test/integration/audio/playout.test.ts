/** Playout modes beside figures made of what tshark lists: sample for sample, and packet for packet. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportWav } from '../../../engine/export/wav.ts';
import { areInstalled, capturePath, soxReadWav, temporaryFolder, withCapture } from './outside.ts';
import { type HeardFormat, readReference, type ReferencePacket, referenceChannels } from './reference.ts';

const ready = await areInstalled(['tshark', '--version'], ['sox', '--version']);

const G711: Readonly<Record<number, HeardFormat>> = {
  0: { codec: 'PCMU', rate: 8000 },
  8: { codec: 'PCMA', rate: 8000 },
};
const RECORDINGS = ['loss-jitter.pcap', 'loss-jitter-caller.pcap', 'g711a-call.pcap', 'wraparound.pcap'];

function audioOf(packets: readonly ReferencePacket[]): ReferencePacket[] {
  const seen = new Set<string>();
  return packets.filter(({ sequence, timestamp, payloadType, payload }) => {
    const name = `${sequence} ${timestamp}`;
    if (G711[payloadType] === undefined || payload.length === 0 || seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}

/** Packets that come after the first one's arrival, their timestamp's distance from it, and the depth. In whole nanoseconds. */
function lateAt(packets: readonly ReferencePacket[], depthMs: number): number {
  const [first, ...rest] = audioOf(packets);
  return rest.filter(({ timeNs, timestamp }) => {
    const due = first.timeNs + BigInt((timestamp - first.timestamp) | 0) * 125_000n + BigInt(depthMs) * 1_000_000n;
    return timeNs > due;
  }).length;
}

describe.skipIf(!ready)('playout modes', async () => {
  const folder = await temporaryFolder();

  it.each(RECORDINGS)('file: every packet at its arrival, cut where the next begins: %s', async (file) => {
    const path = join(folder, `${file}.file.wav`);
    const { streams, caller } = await readReference(capturePath(file));
    const expected = await referenceChannels(
      [streams.filter(([{ source }]) => source === caller), streams.filter(([{ source }]) => source !== caller)],
      G711,
      'file',
    );
    const result = await withCapture(capturePath(file), (capture) =>
      exportWav(capture, { playout: { kind: 'file' } }, path),
    );
    const { channels } = await soxReadWav(path);
    expect(
      channels.map((samples, i) => Buffer.compare(Buffer.from(samples.buffer), Buffer.from(expected[i].buffer))),
    ).toEqual([0, 0]);
    expect(channels.some((samples) => samples.some((sample) => sample !== 0))).toBe(true);
    expect(result.jitterBuffer).toEqual([]);
  });

  it.each(RECORDINGS)('jitter buffer: late packets are those tshark shows to be late: %s', async (file) => {
    const { streams } = await readReference(capturePath(file));
    const expected = (depthMs: number): [number, number][] =>
      streams
        .filter((packets) => audioOf(packets).length > 0)
        .map((packets): [number, number] => [lateAt(packets, depthMs), audioOf(packets).length])
        .toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
    for (const depthMs of [0, 2, 10, 20, 60]) {
      const { jitterBuffer, mode } = await withCapture(capturePath(file), (capture) =>
        exportWav(capture, { playout: { kind: 'jitter-buffer', depthMs } }, join(folder, 'jitter.wav')),
      );
      const ours = jitterBuffer
        .map(({ played, late }): [number, number] => [late, played + late])
        .toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
      expect([depthMs, mode, ours]).toEqual([depthMs, 'jitter-buffer', expected(depthMs)]);
    }
  });

  it('both directions keep their places: the depth is silence before the first word of each', async () => {
    const [plain, buffered] = ['plain.wav', 'buffered.wav'].map((name) => join(folder, name));
    const [a, b] = await withCapture(capturePath('g711a-call.pcap'), async (capture) => [
      await exportWav(capture, {}, plain),
      await exportWav(capture, { playout: { kind: 'jitter-buffer', depthMs: 50 } }, buffered),
    ]);
    expect(b.startTime).toBe(a.startTime);
    expect(b.durationSeconds).toBeCloseTo(a.durationSeconds + 0.05, 9);
    expect(b.jitterBuffer.map(({ late, lost }) => [late, lost])).toEqual([
      [0, 0],
      [0, 0],
    ]);
    const [was, is] = [await soxReadWav(plain), await soxReadWav(buffered)];
    for (const [i, samples] of is.channels.entries()) {
      expect(samples.subarray(0, 400).every((sample) => sample === 0)).toBe(true);
      expect(Buffer.from(samples.slice(400).buffer).equals(Buffer.from(was.channels[i].slice().buffer))).toBe(true);
    }
  });

  it('three streams are three channels, which sox reads as they are', async () => {
    const path = join(folder, 'three.wav');
    const file = 'relay-both-legs.pcap';
    const { streams } = await readReference(capturePath(file));
    expect(streams.length).toBeGreaterThanOrEqual(3);
    const ids = await withCapture(capturePath(file), async (capture) => {
      const chosen = capture.streams.streams.slice(0, 3);
      await exportWav(capture, { streams: chosen }, path);
      return chosen.map((stream) => [capture.store.flows.sourceAddress(stream.flow), stream.ssrc] as const);
    });
    const three = ids.map(([source, ssrc]) =>
      streams.filter(([packet]) => packet.source === source && Number(packet.ssrc) === ssrc),
    );
    const expected = await referenceChannels(three, G711);
    const { channels } = await soxReadWav(path);
    expect(channels.length).toBe(3);
    expect(channels.map((samples, i) => Buffer.from(samples.buffer).equals(Buffer.from(expected[i].buffer)))).toEqual([
      true,
      true,
      true,
    ]);
  });
});
