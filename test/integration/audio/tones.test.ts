import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportWav } from '../../../engine/export/wav.ts';
import { areInstalled, capturePath, output, soxReadWav, temporaryFolder, withCapture } from './outside.ts';
import { readReference } from './reference.ts';

const ready = await areInstalled(['tshark', '--version'], ['sox', '--version']);
const hasFfprobe = await areInstalled(['ffprobe', '-version']);

const RATE = 8000;

/** Power of one frequency in the samples: a sine of amplitude A gives A²/2 (Goertzel, over a Hann window). */
function powerAt(samples: Int16Array, frequency: number): number {
  const step = (2 * Math.PI * frequency) / RATE;
  let real = 0;
  let imaginary = 0;
  let weight = 0;
  for (let i = 0; i < samples.length; i++) {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / samples.length);
    real += window * samples[i] * Math.cos(step * i);
    imaginary += window * samples[i] * Math.sin(step * i);
    weight += window;
  }
  return (2 * (real * real + imaginary * imaginary)) / (weight * weight);
}

/** The strongest frequency between `from` and `to`, found to a twentieth of a hertz. */
function strongest(samples: Int16Array, from: number, to: number): number {
  let best = from;
  for (const step of [2, 0.5, 0.05]) {
    const [low, high] = step === 2 ? [from, to] : [best - 4 * step, best + 4 * step];
    let bestPower = -1;
    const centre = best;
    for (let f = low; f <= high; f += step) {
      const power = powerAt(samples, f);
      if (power > bestPower) {
        bestPower = power;
        best = f;
      }
    }
    if (bestPower < 0) best = centre;
  }
  return best;
}

function dbfs(power: number): number {
  // Amplitude of the sine over full scale, in decibels.
  return 10 * Math.log10((2 * power) / (32768 * 32768));
}

/** Two seconds in the middle, where the tone runs whatever the ends are. */
function middle(samples: Int16Array): Int16Array {
  return samples.subarray(RATE, 3 * RATE);
}

/** First sample of sound: the line is silent (0) before the stream, the tone begins with its first packet. */
function firstSound(samples: Int16Array): number {
  return samples.findIndex((sample) => sample !== 0);
}

describe.skipIf(!ready)('tones.pcap: 440 Hz from the caller, 1000 Hz from the callee, both at -12 dBFS', async () => {
  const path = join(await temporaryFolder(), 'tones.wav');
  if (ready) await withCapture(capturePath('tones.pcap'), (capture) => exportWav(capture, {}, path));
  const { channels } = ready ? await soxReadWav(path) : { channels: [] };

  it('the frequencies come out within 1 Hz, caller left, callee right', () => {
    expect(Math.abs(strongest(middle(channels[0]), 200, 2000) - 440)).toBeLessThan(1);
    expect(Math.abs(strongest(middle(channels[1]), 200, 2000) - 1000)).toBeLessThan(1);
  });

  it('the levels come out within 0.3 dB', () => {
    expect(Math.abs(dbfs(powerAt(middle(channels[0]), 440)) - -12)).toBeLessThan(0.3);
    expect(Math.abs(dbfs(powerAt(middle(channels[1]), 1000)) - -12)).toBeLessThan(0.3);
  });

  it('no channel leaks into the other', () => {
    expect(dbfs(powerAt(middle(channels[0]), 1000))).toBeLessThan(-60);
    expect(dbfs(powerAt(middle(channels[1]), 440))).toBeLessThan(-60);
  });

  it('the channels are as far apart as their first packets, within 1 ms', async () => {
    const { streams, caller } = await readReference(capturePath('tones.pcap'));
    const arrival = (isCaller: boolean): bigint => {
      const packets = streams.find(([{ source }]) => (source === caller) === isCaller);
      // A tone that starts with packets of silence would shift the first sound; none of these does.
      expect(packets?.[0].payload.some((octet) => (octet & 0x7f) !== 0x55)).toBe(true);
      return packets?.[0].timeNs ?? 0n;
    };
    const apartMs = Number(arrival(true) - arrival(false)) / 1e6;
    const heardMs = ((firstSound(channels[0]) - firstSound(channels[1])) * 1000) / RATE;
    expect(Math.abs(heardMs - apartMs)).toBeLessThan(1);
    expect(Math.abs(apartMs)).toBeGreaterThan(1);
  });

  it.skipIf(!hasFfprobe)('ffprobe reads format, rate, channels and duration', async () => {
    const entries = 'stream=codec_name,sample_rate,channels,duration_ts';
    const text = await output('ffprobe', ['-v', 'error', '-show_entries', entries, '-of', 'default=nk=1:nw=1', path]);
    const [codec, rate, count, samples] = text.toString().trim().split('\n');
    expect([codec, rate, count]).toEqual(['pcm_s16le', '8000', '2']);
    expect(Number(samples)).toBe(channels[0].length);
    const { streams } = await readReference(capturePath('tones.pcap'));
    const all = streams.flat().map(({ timeNs }) => Number(timeNs / 1000n) / 1e6);
    // From the first packet to the last, and the last one's 20 ms.
    const spanSeconds = Math.max(...all) - Math.min(...all) + 0.02;
    expect(Math.abs(Number(samples) / RATE - spanSeconds)).toBeLessThan(0.02);
  });
});
