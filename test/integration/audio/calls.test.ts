import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportWav, type WavResult } from '../../../engine/export/wav.ts';
import { areInstalled, capturePath, soxReadWav, temporaryFolder, withCapture } from './outside.ts';
import { firstTimeNs, type HeardFormat, readReference, type ReferencePacket, referenceChannels } from './reference.ts';

const ready = await areInstalled(['tshark', '--version'], ['sox', '--version']);

const PCMU: HeardFormat = { codec: 'PCMU', rate: 8000 };
const PCMA: HeardFormat = { codec: 'PCMA', rate: 8000 };
const G711 = { 0: PCMU, 8: PCMA };

interface Recording {
  readonly file: string;
  readonly formats?: Readonly<Record<number, HeardFormat>>;
  /** Sources that are left out because the capture holds the same talk on another leg. */
  readonly notHeard?: readonly string[];
}

/** Every recording whose media can be heard. */
const RECORDINGS: readonly Recording[] = [
  { file: 'sample.pcap' },
  { file: 'g711a-call.pcap' },
  { file: 'g711u-dtmf.pcap' },
  { file: 'loss-jitter.pcap' },
  { file: 'loss-jitter-caller.pcap' },
  { file: 'codec-switch.pcap' },
  { file: 'early-media.pcap' },
  { file: 'hold-resume.pcap' },
  { file: 'wraparound.pcap' },
  { file: 'ssrc-change.pcap' },
  { file: 'ptime-mix.pcap' },
  { file: 'dtmf-pt96.pcap' },
  { file: 'rtcp-xr.pcap' },
  { file: 'ipv6-call.pcap' },
  { file: 'tcp-call.pcap' },
  { file: 'tones.pcap' },
  { file: 'vlan.pcap' },
  { file: 'qinq.pcap' },
  { file: 'raw-ip.pcap' },
  { file: 'way-sll.pcap' },
  { file: 'way-sll2.pcap' },
  { file: 'way-nanosecond.pcap' },
  { file: 'way-pcapng.pcapng' },
  { file: 'way-gzip.pcap.gz' },
  { file: 'way-both-sides.pcap' },
  { file: 'way-any-twice.pcap' },
  { file: 'way-cut-off.pcap' },
  { file: 'l16-call.pcap', formats: { 97: { codec: 'L16', rate: 16_000 } } },
  { file: 'l16-baresip.pcap', formats: { 11: { codec: 'L16', rate: 44_100 } } },
  // Of the legs on both sides of a relay the fuller one is heard in each direction: before the relay lost packets.
  { file: 'relay-both-legs.pcap', notHeard: ['10.77.0.3'] },
];

type Streams = readonly (readonly ReferencePacket[])[];

/** The caller's and the callee's streams: the first INVITE comes from the caller's address. */
async function bySide({ file, notHeard = [] }: Recording): Promise<[Streams, Streams]> {
  const { streams, caller } = await readReference(capturePath(file));
  const heard = streams.filter(([{ source }]) => !notHeard.includes(source));
  const isCallers = ([{ source }]: readonly ReferencePacket[]): boolean => source === caller;
  return [heard.filter((packets) => isCallers(packets)), heard.filter((packets) => !isCallers(packets))];
}

/** In words: the first sample that differs, and how many do. Empty where none does. */
function difference(ours: Int16Array, theirs: Int16Array): string {
  if (ours.length !== theirs.length) return `${ours.length} samples, not ${theirs.length}`;
  let count = 0;
  let first = -1;
  for (let i = 0; i < ours.length; i++) {
    if (ours[i] === theirs[i]) continue;
    if (first < 0) first = i;
    count++;
  }
  return count === 0 ? '' : `${count} of ${ours.length} samples; ${first} is ${ours[first]}, not ${theirs[first]}`;
}

function differences(ours: readonly Int16Array[], theirs: readonly Int16Array[]): string[] {
  return ours.map((samples, i) => difference(samples, theirs[i] ?? new Int16Array(0)));
}

function exported(file: string, path: string): Promise<WavResult> {
  return withCapture(capturePath(file), (capture) => exportWav(capture, {}, path));
}

describe.skipIf(!ready)('the WAV of a call, sample for sample', async () => {
  const folder = await temporaryFolder();

  it.each(RECORDINGS.map((recording) => [recording.file, recording] as const))('%s', async (file, recording) => {
    const path = join(folder, `${file}.wav`);
    const [result, sides] = await Promise.all([exported(file, path), bySide(recording)]);
    const expected = await referenceChannels(sides, recording.formats ?? G711);
    const wav = await soxReadWav(path);
    expect(wav.sampleRate).toBe(Object.values(recording.formats ?? G711)[0].rate);
    expect(wav.channels.length).toBe(2);
    expect(expected[0].some((sample) => sample !== 0) || expected[1].some((sample) => sample !== 0)).toBe(true);
    expect(differences(wav.channels, expected)).toEqual(['', '']);
    expect(result.durationSeconds).toBeCloseTo(expected[0].length / wav.sampleRate, 9);
    const startTime = Number(firstTimeNs(sides.flat(2))) / 1e9;
    expect(Math.abs(result.startTime - startTime)).toBeLessThan(1 / wav.sampleRate);
  });

  it('comfort-noise.pcap: in the pause that has a noise packet there is noise as loud as it says, and all else is as sent', async () => {
    const path = join(folder, 'comfort-noise.wav');
    await exported('comfort-noise.pcap', path);
    const expected = await referenceChannels(await bySide({ file: 'comfort-noise.pcap' }), G711);
    const { channels } = await soxReadWav(path);
    const [pause, other] = channels.map((samples, i) => samples.map((sample, at) => sample - expected[i][at]));
    expect(other.every((sample) => sample === 0)).toBe(true);
    // A second of level 70, as test/captures/README.md says.
    const noise = pause.subarray(
      pause.findIndex((sample) => sample !== 0),
      pause.findLastIndex((sample) => sample !== 0) + 1,
    );
    expect(Math.abs(noise.length - 8000)).toBeLessThan(20);
    const rms = Math.sqrt(noise.reduce((sum, sample) => sum + sample ** 2, 0) / noise.length) / 32_768;
    expect(20 * Math.log10(rms)).toBeCloseTo(-70, 0);
  });

  it('one-way.pcap: the other channel is there and silent', async () => {
    const path = join(folder, 'one-way.wav');
    await exported('one-way.pcap', path);
    const expected = await referenceChannels(await bySide({ file: 'one-way.pcap' }), G711);
    const wav = await soxReadWav(path);
    expect(differences(wav.channels, expected)).toEqual(['', '']);
    expect(wav.channels[0].some((sample) => Math.abs(sample) > 1000)).toBe(true);
    expect(wav.channels[1].every((sample) => sample === 0)).toBe(true);
  });

  // Without an INVITE nobody knows who called: the streams are heard in order of appearance.
  it('missing-start.pcap: the pair of streams is heard without its call', async () => {
    const path = join(folder, 'missing-start.wav');
    await exported('missing-start.pcap', path);
    const { streams } = await readReference(capturePath('missing-start.pcap'), [7000, 8000]);
    expect(streams.length).toBe(2);
    const expected = await referenceChannels(
      streams.map((packets) => [packets]),
      G711,
    );
    expect(differences((await soxReadWav(path)).channels, expected)).toEqual(['', '']);
  });

  it('rtp-only.pcap: a stream without any signalling has one channel', async () => {
    const path = join(folder, 'rtp-only.wav');
    await exported('rtp-only.pcap', path);
    const { streams } = await readReference(capturePath('rtp-only.pcap'), [6004]);
    const expected = await referenceChannels([streams], G711);
    expect(differences((await soxReadWav(path)).channels, expected)).toEqual(['']);
  });

  it('streams named one by one have a channel each, in the order named', async () => {
    const path = join(folder, 'named.wav');
    const file = 'g711a-call.pcap';
    await withCapture(capturePath(file), (capture) => {
      const { streams } = capture.streams;
      return exportWav(capture, { streams: streams.toReversed() }, path);
    });
    const { streams } = await readReference(capturePath(file));
    const expected = await referenceChannels(
      streams.toReversed().map((packets) => [packets]),
      G711,
    );
    expect(differences((await soxReadWav(path)).channels, expected)).toEqual(['', '']);
  });
});
