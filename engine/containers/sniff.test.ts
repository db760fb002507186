import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MemorySource, makePcap } from '../readers/test-source.ts';
import { inflated } from '../sources/open-source.ts';
import { openStreamSource } from '../sources/stdin-source.ts';
import { converted } from './converted-source.ts';

const octets = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

describe('what is converted', () => {
  it.each([
    ['a pcap', makePcap([{ seconds: 1, fraction: 2, frame: octets('I 00:00:01.000 0000 80 6f # RTP_DUMP\n') }])],
    ['a gzip', gzipSync('0000 00 01 02 03 04 05 06 07 08\n')],
    ['nothing', octets('')],
    ['SIP', octets('INVITE sip:a@b SIP/2.0\r\nCSeq: 1 INVITE\r\n\r\n')],
    ['a key log', octets(`CLIENT_RANDOM ${'ab'.repeat(32)} ${'cd'.repeat(48)}\n`)],
    ['a log with numbers', octets('2026-11-21 10:00:00 000 12 packets\n2026-11-21 10:00:01 001 13 packets\n')],
    ['a table', octets('0000 10 20 30\n0001 11 21 31\n0002 12 22 32\n')],
    ['a program', readFileSync(new URL('sniff.ts', import.meta.url))],
    ['advice that names the marker', octets('grep "# RTP_DUMP" chrome_debug.log > in.txt\nRTP_PACKET\n')],
  ])('%s is not', async (_, bytes) => {
    const source = new MemorySource(bytes);
    expect((await converted(source)) === source).toBe(true);
  });

  it('a pipe that begins a pcap is not waited for', async () => {
    const stream = new PassThrough();
    stream.write(makePcap([{ seconds: 1, fraction: 2, frame: new Uint8Array(60) }]));
    const source = await inflated(openStreamSource(stream));
    expect(source.container).toBeUndefined();
    await source.close();
  });

  it('a log that is compressed is, and its size is that of the text', async () => {
    const text = `${'[1:2:0101/000000.000000:INFO:a.cc:1] other\n'.repeat(20_000)}I 00:00:01.000 0000 80 6f # RTP_DUMP\n`;
    const source = await inflated(new MemorySource(gzipSync(text)));
    const into = new Uint8Array(1000);
    // 24 octets of file header, 16 of record header, 20 and 8 of IP and UDP, and the two.
    expect(await source.read(0, into, 0, 1000)).toBe(70);
    expect(source.container).toEqual({ format: 'chromium-rtpdump', lengthBytes: text.length });
    await source.close();
  });
});
