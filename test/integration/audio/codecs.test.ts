/** Calls of every codec beside other people's decoders: payloads as tshark lists them, decoded by ffmpeg. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exportWav } from '../../../engine/export/wav.ts';
import { signalToNoise } from '../../codecs/fixtures.ts';
import { oggOpus } from './ogg.ts';
import { areInstalled, capturePath, output, samplesOf, soxReadWav, temporaryFolder, withCapture } from './outside.ts';
import { readReference, type ReferencePacket } from './reference.ts';

const hasPrograms = await areInstalled(['sox', '--version'], ['tshark', '--version'], ['ffmpeg', '-version']);
const folder = await temporaryFolder();

interface Peer {
  readonly file: string;
  readonly sampleRate: number;
  readonly channels: number;
  /** What ffmpeg is told of the octets. */
  readonly input: readonly string[];
  readonly pack: (payloads: readonly Buffer[]) => Buffer;
  readonly leastDb: number;
}

const PEERS: readonly Peer[] = [
  {
    file: 'g722-call.pcap',
    sampleRate: 16000,
    channels: 1,
    input: ['-f', 'g722'],
    pack: (payloads) => Buffer.concat(payloads),
    leastDb: Infinity,
  },
  {
    file: 'gsm-call.pcap',
    sampleRate: 8000,
    channels: 1,
    input: ['-c:a', 'gsm', '-f', 'gsm'],
    pack: (payloads) => Buffer.concat(payloads),
    leastDb: Infinity,
  },
  // Its G.726 differs from the recommendation in the last places; decoders.test.ts compares to the bit.
  {
    file: 'g726-call.pcap',
    sampleRate: 8000,
    channels: 1,
    input: ['-f', 'g726le', '-code_size', '4'],
    pack: (payloads) => Buffer.concat(payloads),
    leastDb: 25,
  },
  // Two channels, folded by half the sum of both.
  { file: 'opus-call.pcap', sampleRate: 48000, channels: 2, input: ['-c:a', 'libopus'], pack: oggOpus, leastDb: 70 },
];

async function decoded({ input, pack, channels }: Peer, packets: readonly ReferencePacket[]): Promise<Int16Array> {
  const path = join(folder, 'payloads');
  await writeFile(path, pack(packets.map(({ payload }) => payload)));
  const raw = ['-f', 's16le', '-ac', `${channels}`, '-'];
  const samples = samplesOf(await output('ffmpeg', ['-v', 'error', ...input, '-i', path, ...raw]));
  if (channels === 1) return samples;
  return Int16Array.from({ length: samples.length / 2 }, (_, i) =>
    Math.round((samples[2 * i] + samples[2 * i + 1]) / 2),
  );
}

test.skipIf(!hasPrograms).each(PEERS)('$file', async (peer) => {
  const path = capturePath(peer.file);
  const { streams, caller } = await readReference(path);
  expect(streams.length).toBe(2);
  const wav = join(folder, 'call.wav');
  await withCapture(path, (capture) => exportWav(capture, {}, wav));
  const { sampleRate, channels } = await soxReadWav(wav);
  expect(sampleRate).toBe(peer.sampleRate);
  const zero = streams.map(([first]) => first.timeNs).toSorted((a, b) => Number(a - b))[0];
  let end = 0;
  for (const packets of streams) {
    const expected = await decoded(peer, packets);
    expect(expected.length).toBeGreaterThan(4 * sampleRate);
    const from = Math.round((Number(packets[0].timeNs - zero) / 1e9) * sampleRate);
    const heard = channels[packets[0].source === caller ? 0 : 1];
    // Nothing was lost in these calls, so the stream is one piece, silent before and after.
    expect(signalToNoise(heard.subarray(from, from + expected.length), expected)).toBeGreaterThanOrEqual(peer.leastDb);
    expect(heard.subarray(0, from).every((sample) => sample === 0)).toBe(true);
    expect(heard.subarray(from + expected.length).every((sample) => sample === 0)).toBe(true);
    end = Math.max(end, from + expected.length);
  }
  // The WAV ends with the stream that ends last.
  expect(channels[0].length).toBe(end);
});
