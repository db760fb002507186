/** What is told of payloads that are no payloads of their codec, and of in-band FEC, from a capture to the figures and the command's. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { builtIns } from '../../../dissectors/index.ts';
import type { Capture } from '../../../engine/capture.ts';
import { parseCodecRule } from '../../../engine/classify/codec-rule.ts';
import { exportWav } from '../../../engine/export/wav.ts';
import { captureOf, rtpPacket, type TestDatagram } from '../../../engine/pass/test-capture.ts';
import { audioQuality, sidesOf } from '../../../engine/quality/audio-quality.ts';
import { cut, fixture } from '../../codecs/fixtures.ts';
import { temporaryFolder } from './outside.ts';

const folder = await temporaryFolder();

/** A stream of packets of 20 ms; `null` never came. Packet `i` of it is packet `i + 1` of the file where all came. */
async function captured(payloads: readonly (Uint8Array | null)[], codec: string, step: number): Promise<Capture> {
  const rule = parseCodecRule(codec);
  if (typeof rule === 'string') throw new Error(rule);
  const datagrams = payloads.flatMap((payload, i): TestDatagram[] => {
    if (payload === null) return [];
    const fields = { ssrc: 7, sequence: i, timestamp: step * i, payloadType: rule.payloadType, payload };
    return [{ at: 0.02 * i, from: '10.0.0.1:4000', to: '10.0.0.2:4002', payload: rtpPacket(fields) }];
  });
  return captureOf(datagrams, builtIns, { codecs: [rule] });
}

test('packets whose payload is none of their codec are counted, and named', async () => {
  const payloads = cut(fixture('speech.gsm'), 33).map((payload, i) =>
    i === 7 || i === 20 ? payload.subarray(0, 30) : payload,
  );
  const capture = await captured(payloads, '3=GSM/8000', 160);
  const { payloads: notes } = await exportWav(capture, {}, join(folder, 'gsm.wav'));
  expect(notes).toEqual([
    { stream: 's1', played: payloads.length, damaged: 2, damagedPackets: [8, 21], repeating: 0, repeatingPackets: [] },
  ]);
  const { findings } = await audioQuality(capture, sidesOf(capture, capture.streams.streams[0]));
  expect(findings.find(({ code }) => code === 'payload-damaged')).toMatchObject({
    severity: 'warning',
    stream: 's1',
    packets: [8, 21],
    message: '2 of 50 packets on s1 hold no valid payload of their codec: damaged, or not what the payload type says.',
  });
});

test('packets that give back what was lost are counted, and those of a sound stream are not told of', async () => {
  const payloads = cut(fixture('speech-fec.opus-packets'), 60);
  const whole = await captured(payloads, '111=opus/48000/2', 960);
  expect((await exportWav(whole, {}, join(folder, 'whole.wav'))).payloads).toEqual([]);
  const lost = [5, 12, 27, 35];
  const capture = await captured(
    payloads.map((payload, i) => (lost.includes(i) ? null : payload)),
    '111=opus/48000/2',
    960,
  );
  // 28 repeats nothing. The packets before have gone: 6 is the sixth of the file, 13 the twelfth, 36 the 33rd.
  const { payloads: notes } = await exportWav(capture, {}, join(folder, 'fec.wav'));
  expect(notes).toMatchObject([{ damaged: 0, repeating: 3, repeatingPackets: [6, 12, 33] }]);
  const { findings } = await audioQuality(capture, sidesOf(capture, capture.streams.streams[0]));
  expect(findings.find(({ code }) => code === 'loss-repaired')).toMatchObject({
    severity: 'note',
    packets: [6, 12, 33],
  });
});
