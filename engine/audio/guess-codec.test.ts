import { describe, expect, test } from 'vitest';
import { builtIns } from '../../dissectors/index.ts';
import type { Capture } from '../capture.ts';
import { amrFrames, bandwidthEfficient, cut, fixture, octetAligned } from '../../test/codecs/fixtures.ts';
import { Random } from '../../test/perf/load/random.ts';
import { mediaDetails } from '../query/ladder-media.ts';
import { streamRows } from '../query/stream-rows.ts';
import { streamSeries } from '../query/stream-series.ts';
import { warningsOf } from '../query/warnings.ts';
import { captureOf, rtpPacket } from '../pass/test-capture.ts';
import { rowsOfStreams } from './stream-packets.ts';

/** A stream of payload type 97 with no signalling. */
function unsignalled(payloads: readonly Uint8Array[], step: number): Promise<Capture> {
  const datagrams = Array.from({ length: 40 }, (_, i) => ({
    at: i / 50,
    from: '10.0.0.1:4000',
    to: '10.0.0.2:5000',
    payload: rtpPacket({
      ssrc: 7,
      sequence: i,
      timestamp: i * step,
      payloadType: 97,
      payload: payloads[i % payloads.length],
    }),
  }));
  return captureOf(datagrams, builtIns);
}

/** What such a stream is taken for. */
async function taken(
  payloads: readonly Uint8Array[],
  step: number,
): Promise<{ codec: string | null; guessed: boolean; said: boolean }> {
  const capture = await unsignalled(payloads, step);
  const [row] = streamRows(capture);
  const said = warningsOf(capture).some(({ code }) => code === 'codec-guessed');
  return { codec: row.codec, guessed: row.codecGuessed === true, said };
}

const AMR = amrFrames(fixture('speech.amr'), false);
const WIDE = amrFrames(fixture('speech.amr-wb'), true).filter(({ bits }) => bits !== '');

describe('a payload type that nothing explains', () => {
  test.each([
    ['opus', cut(fixture('speech.opus-packets'), 60), 960],
    ['AMR', AMR.map((frame) => octetAligned([frame])), 160],
    ['AMR', AMR.map((frame) => bandwidthEfficient([frame])), 160],
    ['AMR-WB', WIDE.map((frame) => octetAligned([frame])), 320],
    ['speex', cut(fixture('speech.speex-8000'), 38), 160],
    ['speex', cut(fixture('speech.speex-16000'), 70), 320],
  ])(
    'is taken for %s where every payload is as long as its timestamp says, and it is said',
    async (codec, payloads, step) => {
      expect(await taken(payloads, step)).toEqual({ codec, guessed: true, said: true });
    },
  );

  test.each([
    ['random octets', 60, 960],
    ['random octets', 33, 160],
    ['random octets', 38, 160],
  ])('is not guessed from %s, %i of them', async (_, octets, step) => {
    const random = new Random(octets);
    const payloads = Array.from({ length: 40 }, () =>
      Uint8Array.from({ length: octets }, () => random.between(0, 256)),
    );
    expect(await taken(payloads, step)).toEqual({ codec: null, guessed: false, said: false });
  });

  test('no figure is made of what was guessed: neither in the table nor over time, nor in the ladder', async () => {
    const capture = await unsignalled(cut(fixture('speech.opus-packets'), 60), 960);
    const [row] = streamRows(capture);
    const [stream] = capture.streams.streams;
    const { jitterMs, bitrateKbps } = streamSeries(capture, stream, rowsOfStreams(capture, [stream])[0], 4);
    expect(row.codec).toBe('opus');
    expect(row.jitterMs).toEqual({ mean: null, max: null });
    expect([...jitterMs]).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
    expect([...bitrateKbps].every((value) => value > 0)).toBe(true);
    expect(mediaDetails(capture, [stream])).toMatchObject([{ ptimeMs: null }]);
  });

  test('is not guessed where the timestamps go at another pace, or one payload does not fit', async () => {
    const packets = cut(fixture('speech.opus-packets'), 60);
    expect(await taken(packets, 480)).toMatchObject({ codec: null });
    const broken = packets.map((packet, i) => (i === 3 ? Uint8Array.of(3, 0) : packet));
    expect(await taken(broken, 960)).toMatchObject({ codec: null });
  });
});
