/** Digits by all three roads: a recorded call whose facts are known, what multimon-ng hears in it, and speech, which holds none. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inbandDigits } from '../../../engine/digits/inband-digits.ts';
import { exportWav } from '../../../engine/export/wav.ts';
import { digitRows } from '../../../engine/query/digit-rows.ts';
import { audioHandlers } from '../../../engine/service/audio-handlers.ts';
import { DtmfDetector } from '../../../media/tones/dtmf-detector.ts';
import { areInstalled, capturePath, output, samplesOf, temporaryFolder, withCapture } from './outside.ts';

const NAMES = '0123456789*#ABCD';

interface Fact {
  readonly digit: string;
  readonly by: readonly string[];
  readonly durationMs: number | null;
}

describe('digit-roads.pcap: typed as tones and as SIP INFO', () => {
  it('every digit once, by the roads it came', async () => {
    const facts: { digits: Fact[] } = JSON.parse(await readFile(capturePath('digit-roads.json'), 'utf8'));
    const rows = await withCapture(capturePath('digit-roads.pcap'), async (capture) =>
      digitRows(capture, await inbandDigits(capture)),
    );
    const found = rows.map(({ digit, source, alsoBy = [] }) => ({
      digit,
      by: [source, ...alsoBy.map((one) => one.source)],
    }));
    expect(found).toEqual(facts.digits.map(({ digit, by }) => ({ digit, by })));
    for (const [i, { durationMs }] of facts.digits.entries()) {
      if (durationMs === null) expect(rows[i].durationMs).toBe(null);
      else expect(Math.abs((rows[i].durationMs ?? 0) - durationMs)).toBeLessThan(8);
    }
    expect(rows.map(({ doubled }) => doubled)).toEqual([true, false, false, false, false, false]);
    expect(rows.every(({ call }) => call === 'c1')).toBe(true);
  });

  it('tones are marked on the lane they are heard in, in every mode', async () => {
    await withCapture(capturePath('digit-roads.pcap'), async (capture) => {
      const handlers = audioHandlers({ capture: () => capture });
      const context = { signal: new AbortController().signal, progress: () => {}, transfer: () => {} };
      for (const mode of ['timestamp', 'file', 'jitter-buffer'] as const) {
        const plan = await handlers['audio.plan']({ selection: { calls: ['c1'], mode, depthMs: 100 } }, context);
        const [caller, callee] = await handlers['audio.tones']({ id: plan.id }, context);
        expect(caller.map(({ label, kind }) => [label, kind])).toEqual(
          ['1', '5', '9', '#'].map((digit) => [digit, 'digit']),
        );
        expect(callee).toEqual([]);
        // The tones begin after a second of speech, one every 300 ms.
        const later = mode === 'jitter-buffer' ? 0.1 : 0;
        for (const [i, { at }] of caller.entries()) expect(Math.abs(at - 1 - 0.3 * i - later)).toBeLessThan(0.04);
      }
    });
  });
});

const hasMultimon = await areInstalled(['multimon-ng', '--help'], ['sox', '--version']);

describe.skipIf(!hasMultimon)('beside multimon-ng', async () => {
  const folder = await temporaryFolder();

  it('hears the same digits', async () => {
    const path = join(folder, 'caller.wav');
    const ours = await withCapture(capturePath('digit-roads.pcap'), async (capture) => {
      const [digit] = await inbandDigits(capture);
      const stream = capture.streams.candidates[digit.stream];
      await exportWav(capture, { streams: [stream] }, path);
      return (await inbandDigits(capture, [stream])).map((one) => one.digit);
    });
    const raw = await output('sox', [path, '-t', 'raw', '-r', '22050', '-e', 'signed', '-b', '16', '-']);
    const text = (await output('multimon-ng', ['-q', '-a', 'DTMF', '-t', 'raw', '-'], raw)).toString();
    expect([...text.matchAll(/DTMF: (.)/g)].map(([, digit]) => digit)).toEqual(ours);
  });
});

const hasVoices = await areInstalled(['espeak-ng', '--version'], ['sox', '--version']);

describe.skipIf(!hasVoices)('speech', () => {
  it('more than ten minutes of it, one voice and two at a time, hold no digit; one put in is found', {
    timeout: 120_000,
  }, async () => {
    const texts = await Promise.all(
      ['ARCHITECTURE.md', 'CONTRIBUTING.md'].map((name) =>
        readFile(new URL(`../../../${name}`, import.meta.url), 'utf8'),
      ),
    );
    const text = texts.join('\n').slice(0, 9000);
    // The second one's harmonics lie on the tones of 9.
    const spoken = await Promise.all(
      [
        ['en-gb', '150'],
        ['en-us+f2', '154'],
      ].map(async ([voice, speed]) => {
        const wav = await output('espeak-ng', ['-v', voice, '-s', speed, '--stdout'], Buffer.from(text));
        const args = ['-t', 'wav', '--ignore-length', '-', '-t', 'raw', '-r', '8000', '-e', 'signed', '-b', '16', '-'];
        return samplesOf(await output('sox', [...args, 'gain', '-n', '-3'], wav));
      }),
    );
    const both = Int16Array.from(spoken[0], (sample, i) => Math.round((sample + (spoken[1][i] ?? 0)) / 2));
    let samples = 0;
    for (const voice of [...spoken, both]) {
      expect(read(voice)).toBe('');
      samples += voice.length;
    }
    expect(samples / 8000 / 60).toBeGreaterThan(10);
    const tone = ['-n', '-t', 'raw', '-r', '8000', '-e', 'signed', '-b', '16', '-'];
    const key = samplesOf(
      await output('sox', [
        ...tone,
        'synth',
        '0.08',
        'sine',
        '852',
        'synth',
        '0.08',
        'sine',
        'mix',
        '1477',
        'gain',
        '-n',
        '-9',
      ]),
    );
    const typed = spoken[0].slice();
    typed.fill(0, 79_000, 82_000);
    typed.set(key, 80_000);
    expect(read(typed)).toBe('9');
  });
});

function read(samples: Int16Array): string {
  let digits = '';
  const detector = new DtmfDetector(({ event }) => (digits += NAMES[event]));
  detector.push(samples);
  detector.finish();
  return digits;
}
