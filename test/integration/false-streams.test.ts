import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { streamRows } from '../../engine/query/stream-rows.ts';
import { Random } from '../perf/load/random.ts';
import { capturesIn, FOREIGN_CAPTURES, withCapture } from './capture-files.ts';
import { NOISE, noise, speech } from './noise.ts';
import { readMemory, udpPcap } from './udp-capture.ts';

const SEEDS = [1, 2, 3, 4, 5];

describe('what is not RTP is no stream', () => {
  it.each(Object.keys(NOISE))('%s', async (name) => {
    for (const seed of SEEDS) {
      const capture = await readMemory(udpPcap(noise(NOISE[name], new Random(seed))));
      const found = streamRows(capture).map((row) => `${row.ssrc} ${row.src} > ${row.dst}, ${row.packets} packets`);
      expect(found, `seed ${seed}`).toEqual([]);
    }
  });
});

describe('RTP that nothing announces is a stream', () => {
  it.each([4, 5, 8, 50, 500])('%d packets', async (packets) => {
    for (const seed of SEEDS) {
      const datagrams = speech(new Random(seed), packets);
      const rows = streamRows(await readMemory(udpPcap(datagrams)));
      expect(
        rows.map((row) => row.packets),
        `seed ${seed}`,
      ).toEqual([datagrams.length]);
    }
  });

  it('not of three packets', async () => {
    expect(streamRows(await readMemory(udpPcap(speech(new Random(1), 3))))).toEqual([]);
  });
});

/** Third-party captures, or folders of them, with RTP in them. Everything else has none. */
const WITH_RTP = [
  'dtmf/',
  'linktype/DLT_NULL.a.pcap',
  'load/udp_rtp.pcap',
  // LINE's voice is RTP but for its setting up.
  'malformed/line.pcap.fuzzed.pcap',
  'malformed/line_2.pcap.fuzzed.pcap',
  'other-voip/delay_10_rtp_160k_full.pcap',
  'rtcp/rtcp.a.pcap',
  'rtcp/rtcp.o.pcap',
  'rtp-impairment/',
  'rtp-only-codec/',
  'sip-call/delay_10_sip_video_call_full.pcap',
  'srtp-known-key/',
  'srtp-no-key/',
  'tunnel-esp/sample2_vowifi_ipv4_esp_ipv4.pcap',
  'webrtc-ice-dtls/chrome_flexfec_and_video_capture.pcap',
];

const foreign = capturesIn(FOREIGN_CAPTURES);

it.skipIf(foreign.length === 0)('third-party captures have streams where there is RTP, and nowhere else', async () => {
  const wrong: string[] = [];
  for (const path of foreign) {
    const rows = (await withCapture(join(FOREIGN_CAPTURES, path), streamRows)) ?? [];
    const isExpected = WITH_RTP.some((start) => path.startsWith(start));
    if (rows.length > 0 && !isExpected)
      wrong.push(`${path}: ${rows.map((r) => `${r.src} > ${r.dst} ${r.packets}`).join(', ')}`);
    if (rows.length === 0 && isExpected) wrong.push(`${path}: none`);
  }
  expect(wrong).toEqual([]);
});
