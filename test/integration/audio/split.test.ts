import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type SplitFile, splitStreams } from '../../../engine/export/split.ts';
import { areInstalled, capturePath, temporaryFolder, tsharkFields, withCapture } from './outside.ts';

const ready = await areInstalled(['tshark', '--version']);

/** What makes a packet the packet it is; the frame's octets are compared through their checksum over all layers. */
const FIELDS = [
  'frame.time_epoch',
  'frame.len',
  'frame.cap_len',
  'rtp.ssrc',
  'rtp.seq',
  'rtp.timestamp',
  'rtp.p_type',
  'udp.payload',
];

async function packetsOf(path: string, filter: string, ports: readonly string[]): Promise<string[]> {
  const decodeAs = ports.flatMap((port) => ['-d', `udp.port==${port},rtp`]);
  return (await tsharkFields(path, filter, FIELDS, decodeAs)).map((row) => row.join(' '));
}

describe.skipIf(!ready)('split', async () => {
  const folder = await temporaryFolder();
  const split = async (path: string): Promise<SplitFile[]> => {
    const into = await mkdtemp(join(folder, 'split-'));
    return withCapture(path, (capture) => splitStreams(capture, into));
  };

  it.each(['g711u-dtmf.pcap', 'loss-jitter.pcap', 'ssrc-change.pcap', 'way-sll.pcap', 'ipv6-call.pcap'])(
    '%s: every file holds exactly the packets of its stream, octet for octet',
    async (file) => {
      const path = capturePath(file);
      const whole = await tsharkFields(path, 'rtp && !icmp', ['rtp.ssrc', 'udp.srcport']);
      const streams = new Map(whole.map(([ssrc, port]) => [ssrc, port]));
      const files = await split(path);
      expect(files.map(({ ssrc }) => ssrc).toSorted()).toEqual([...streams.keys()].toSorted());
      for (const { path: part, ssrc, packets } of files) {
        expect(part.endsWith(`stream-${ssrc}.pcap`)).toBe(true);
        const port = streams.get(ssrc) ?? '';
        const expected = await packetsOf(path, `rtp.ssrc == ${ssrc} && !icmp`, [port]);
        const written = await packetsOf(part, 'frame', [port]);
        expect(written).toEqual(expected);
        expect(packets).toBe(expected.length);
      }
    },
  );

  it('codec-switch.pcap: two streams of one SSRC have a file each', async () => {
    const files = await split(capturePath('codec-switch.pcap'));
    expect(files.map(({ path }) => path.split('/').at(-1))).toEqual([
      'stream-0xca110000-s1.pcap',
      'stream-0xca110000-s2.pcap',
    ]);
    const sources = ['10.77.0.1', '10.77.0.2'];
    const sourcesOf = files.map(async ({ path }) => [
      ...new Set((await tsharkFields(path, 'frame', ['ip.src'])).map(([source]) => source)),
    ]);
    expect((await Promise.all(sourcesOf)).flat().toSorted()).toEqual(sources);
  });
});
