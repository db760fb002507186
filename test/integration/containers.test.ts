/** Packets in files that are no captures, against what other programs make of the same files, and against the capture they are of. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { parseCodecRule } from '../../engine/classify/codec-rule.ts';
import { decryptCapture } from '../../engine/export/decrypt.ts';
import { captureInfo } from '../../engine/query/capture-info.ts';
import { streamRows } from '../../engine/query/stream-rows.ts';
import { warningsOf } from '../../engine/query/warnings.ts';
import { openReader } from '../../engine/readers/detect.ts';
import { type TakenFrame, takeFrames } from '../../engine/readers/test-source.ts';
import { openSource } from '../../engine/sources/open-source.ts';
import { CONTAINERS, OWN_CAPTURES, withCapture } from './capture-files.ts';

const IP_AND_UDP_BYTES = 28;
const folder = mkdtempSync(join(tmpdir(), 'earshot-containers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const container = (name: string): string => join(CONTAINERS, name);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const original = join(OWN_CAPTURES, 'g711a-call.pcap');

async function framesOf(path: string): Promise<TakenFrame[]> {
  const source = await openSource(path);
  const frames = await takeFrames(await openReader(source));
  await source.close();
  return frames;
}

/** Rows of fields. */
function tshark(path: string, filter: string, ...fields: string[]): string[][] {
  const asked = fields.flatMap((field) => ['-e', field]);
  const args = [
    '-r',
    path,
    ...(path.endsWith('g711a-call.pcap') ? [] : ['-d', 'udp.port==1-65535,rtp']),
    '-Y',
    filter,
    '-T',
    'fields',
    ...asked,
  ];
  const text = execFileSync('tshark', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
}

function text2pcap(input: string, ...options: string[]): string {
  const path = join(folder, 'theirs.pcap');
  execFileSync('text2pcap', ['-q', '-F', 'nsecpcap', ...options, input, path], { stdio: 'ignore' });
  return path;
}

describe('hex dumps', () => {
  it('of frames are those that text2pcap makes, and those they are of', async () => {
    const ours = (await framesOf(container('frames.txt'))).map(({ bytes }) => hex(bytes));
    const theirs = (await framesOf(text2pcap(container('frames.txt')))).map(({ bytes }) => hex(bytes));
    expect(ours).toEqual(theirs);
    expect(ours).toEqual((await framesOf(original)).slice(0, 30).map(({ bytes }) => hex(bytes)));
  });

  it('of frames with what they make together are the frames alone', async () => {
    const path = join(folder, 'fragments.txt');
    const capture = join(OWN_CAPTURES, 'fragments.pcap');
    const text = execFileSync('tshark', ['-r', capture, '-c', '40', '-x'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(text).toContain('Reassembled IPv4 (');
    writeFileSync(path, text);
    const ours = (await framesOf(path)).map(({ bytes }) => hex(bytes));
    expect(ours).toEqual((await framesOf(capture)).slice(0, 40).map(({ bytes }) => hex(bytes)));
  });

  it('of payloads with direction and time are those that text2pcap makes', async () => {
    const ours = await framesOf(container('payloads.txt'));
    const theirs = await framesOf(
      text2pcap(container('payloads.txt'), '-D', '-t', 'ISO', '-l', '101', '-u', '40000,50000'),
    );
    expect(ours).toHaveLength(60);
    expect(ours.map(({ bytes }) => hex(bytes.subarray(IP_AND_UDP_BYTES)))).toEqual(
      theirs.map(({ bytes }) => hex(bytes.subarray(IP_AND_UDP_BYTES))),
    );
    expect(ours.map(({ seconds, nanoseconds }) => [seconds, nanoseconds])).toEqual(
      theirs.map(({ seconds, nanoseconds }) => [seconds, nanoseconds]),
    );
    // The first octets of the source address: what the caller sent is from 192.0.2.1.
    const inOriginal = tshark(original, 'udp && !icmp', 'ip.src').slice(0, 60);
    expect(ours.map(({ bytes }) => bytes[12])).toEqual(
      inOriginal.map(([source]) => (source === '10.77.0.1' ? 192 : 198)),
    );
  });

  it.each(['one-frame-hexdump.txt', 'one-frame-xxd.txt', 'one-frame-decimal.txt'])(
    '%s holds the third frame',
    async (name) => {
      const [third] = (await framesOf(original)).slice(2);
      expect((await framesOf(container(name))).map(({ bytes }) => hex(bytes))).toEqual([hex(third.bytes)]);
    },
  );

  it('have headers that tshark finds right', async () => {
    const path = join(folder, 'ours.pcap');
    const source = await openSource(container('payloads.txt'));
    const bytes = new Uint8Array(1 << 20);
    writeFileSync(path, bytes.subarray(0, await source.read(0, bytes, 0, bytes.length)));
    await source.close();
    const args = [
      '-r',
      path,
      '-o',
      'ip.check_checksum:TRUE',
      '-T',
      'fields',
      '-e',
      'ip.checksum.status',
      '-e',
      'udp.length',
      '-e',
      'ip.len',
    ];
    const rows = execFileSync('tshark', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .trim()
      .split('\n');
    expect(rows).toHaveLength(60);
    for (const [status, udpLength, ipLength] of rows.map((row) => row.split('\t'))) {
      expect([status, Number(udpLength)]).toEqual(['1', Number(ipLength) - 20]);
    }
  });
});

describe("browsers' logs", () => {
  const capture = container('browser-call.pcapng');

  /** What text2pcap makes of the lines that hold packets, by its own manual's options. */
  function theirPayloads(log: string, pick: (line: string) => string | null): string[] {
    const lines = readFileSync(container(log), 'latin1').split('\n').slice(0, -1);
    const path = join(folder, `${log}.txt`);
    writeFileSync(
      path,
      `${lines
        .map(pick)
        .filter((line) => line !== null)
        .join('\n')}\n`,
    );
    return tshark(
      text2pcap(path, '-D', '-t', '%H:%M:%S.%f', '-l', '101', '-u', '40000,50000'),
      'udp',
      'udp.payload',
    ).flat();
  }

  it("Chromium's packets are those of its log", async () => {
    const ours = (await framesOf(container('browser-call.chromium.log'))).map(({ bytes }) =>
      hex(bytes.subarray(IP_AND_UDP_BYTES)),
    );
    expect(ours.length).toBeGreaterThan(100);
    expect(ours).toEqual(
      theirPayloads('browser-call.chromium.log', (line) => (line.includes('RTP_DUMP') ? line : null)),
    );
  });

  it("Firefox's packets are those of its log, but for the one it is cut in", async () => {
    const ours = (await framesOf(container('browser-call.firefox.log'))).map(({ bytes }) =>
      hex(bytes.subarray(IP_AND_UDP_BYTES)),
    );
    const theirs = theirPayloads('browser-call.firefox.log', (line) => /PACKET\|>> (.*)/.exec(line)?.[1] ?? null);
    expect(ours.length).toBeGreaterThan(100);
    expect(ours).toEqual(theirs);
    await withCapture(container('browser-call.firefox.log'), (opened) => {
      const lines = readFileSync(container('browser-call.firefox.log'), 'latin1').split('\n').length;
      expect(warningsOf(opened).map(({ message }) => message)).toContain(
        `Line ${lines}, the last, ends within a packet.`,
      );
      expect(captureInfo(opened)).toMatchObject({ format: 'firefox-rtplogger', truncated: true });
    });
  });

  it.each(['chromium', 'firefox'])(
    '%s logs what the capture has, decrypted, at the time it has it',
    async (browser) => {
      const plain = join(folder, 'plain.pcapng');
      await withCapture(capture, (opened) => decryptCapture(opened, plain, { application: 'test' }));
      const rtp = (path: string, filter: string): Map<string, { time: number; payload: string }> =>
        new Map(
          tshark(path, `rtp && ${filter}`, 'rtp.ssrc', 'rtp.seq', 'frame.time_epoch', 'udp.payload').map(
            ([ssrc, seq, time, payload]) => [`${ssrc} ${seq}`, { time: Number(time), payload }],
          ),
        );
      const sent = rtp(plain, 'rtp.p_type == 111');
      const ours = join(folder, 'log.pcap');
      const source = await openSource(container(`browser-call.${browser}.log`));
      const bytes = new Uint8Array(1 << 20);
      writeFileSync(ours, bytes.subarray(0, await source.read(0, bytes, 0, bytes.length)));
      await source.close();
      const logged = rtp(ours, 'rtp.p_type == 111');
      expect(logged.size).toBeGreaterThan(70);
      const offsets: number[] = [];
      for (const [key, { time, payload }] of logged) {
        const other = sent.get(key);
        if (browser === 'firefox' && other === undefined) continue;
        expect(other?.payload, key).toBe(payload);
        offsets.push(time - (other?.time ?? 0));
      }
      // Chromium's log lacks the year; otherwise both are of one machine's clock.
      const base = Math.round(offsets[0] / 86_400) * 86_400;
      expect(Math.max(...offsets.map((offset) => Math.abs(offset - base)))).toBeLessThan(0.1);
      expect(base === 0).toBe(browser === 'firefox');
    },
  );

  it('have streams with sound', async () => {
    const opus = parseCodecRule('111=opus/48000/2');
    if (typeof opus === 'string') throw new Error(opus);
    await withCapture(
      container('browser-call.chromium.log'),
      (opened) => {
        const rows = streamRows(opened);
        const inCapture = tshark(capture, 'rtp.p_type == 111', 'rtp.ssrc').flat();
        expect(new Set(rows.map(({ ssrc }) => ssrc))).toEqual(new Set(inCapture));
        for (const { ssrc, packets, lost, codec } of rows) {
          expect({ packets, lost, codec }).toMatchObject({
            packets: inCapture.filter((one) => one === ssrc).length,
            lost: 0,
          });
          expect(codec).toMatch(/^opus/);
        }
      },
      { codecs: [opus] },
    );
  });
});

describe('snoop and rtpdump', () => {
  it('snoop has the frames and times of the capture it was written from', async () => {
    const whole = (await framesOf(original)).slice(0, 200);
    const shown = ({ bytes, wireLength, seconds, nanoseconds }: TakenFrame): unknown => [
      hex(bytes),
      wireLength,
      seconds,
      Math.floor(nanoseconds / 1000),
    ];
    expect((await framesOf(container('g711a-call.snoop'))).map(shown)).toEqual(whole.map(shown));
  });

  it('snoop is compressed, cut and refused like any other', async () => {
    const bytes = readFileSync(container('g711a-call.snoop'));
    const path = join(folder, 'cut.snoop.gz');
    writeFileSync(path, gzipSync(bytes.subarray(0, 10_000)));
    await withCapture(path, (opened) => {
      expect(captureInfo(opened)).toMatchObject({ format: 'snoop', truncated: true });
      expect(warningsOf(opened).map(({ code }) => code)).toEqual(['capture-cut']);
    });
  });

  it('rtpdump has the packets and ends of the capture it was written from, its times to the millisecond', async () => {
    const filter = '(rtp || rtcp) && !icmp && ip.src == 10.77.0.1';
    const rows = tshark(original, filter, 'udp.payload', 'frame.time_epoch');
    const ours = await framesOf(container('g711a-call.rtpdump'));
    expect(ours.map(({ bytes }) => hex(bytes.subarray(IP_AND_UDP_BYTES)))).toEqual(rows.map(([payload]) => payload));
    expect(hex(ours[0].bytes.subarray(12, 20))).toBe('0a4d00010a4d0002');
    ours.forEach(({ seconds, nanoseconds }, i) => {
      expect(Math.abs(seconds + nanoseconds / 1e9 - Number(rows[i][1]))).toBeLessThan(0.0011);
    });
  });
});
