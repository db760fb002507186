import { describe, expect, it } from 'vitest';
import { openReader } from './detect.ts';
import { MemorySource, makePcap } from './test-source.ts';

async function refusal(bytes: Uint8Array): Promise<{ name: string; message: string }> {
  return openReader(new MemorySource(bytes)).then(
    () => ({ name: 'none', message: 'opened' }),
    (error: Error) => ({ name: error.name, message: error.message }),
  );
}

const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

describe('openReader', () => {
  it('opens by what the file begins with', async () => {
    expect((await openReader(new MemorySource(makePcap([])))).format).toBe('pcap');
    const section = '0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000';
    expect((await openReader(new MemorySource(Buffer.from(section, 'hex')))).format).toBe('pcapng');
  });

  it.each([
    ['', 'The file is empty.'],
    ['#!rtpplay2.0 127.0.0.1/1\n', 'This is an rtpdump file of another version, which this version cannot open.'],
    ['snoop\0\0\0\0\0\0\x02', 'The capture is cut off inside its first header.'],
    ['PK\x03\x04\x14', 'This is a zip archive, which this version cannot open.'],
    ['GMBU\0\x02', 'This is a Microsoft Network Monitor capture, which this version cannot open.'],
    ['hello\n', 'This is not a capture: it begins with 68 65 6c 6c 6f 0a ("hello.").'],
    ['\xd4\xc3\xb2\xa1\x02', 'The capture is cut off inside its first header.'],
    ['\n\r\r\n\x1c\0\0\0', 'The capture is cut off inside its first header.'],
  ])('says what %j is', async (text, message) => {
    expect(await refusal(latin1(text))).toEqual({ name: 'UnreadableCaptureError', message });
  });

  it('rejects with AbortError where the signal is aborted already', async () => {
    const opened = openReader(new MemorySource(makePcap([])), { signal: AbortSignal.abort() });
    await expect(opened).rejects.toMatchObject({ name: 'AbortError' });
  });
});
