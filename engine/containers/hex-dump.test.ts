import { describe, expect, it } from 'vitest';
import { convert, shownDatagram, shownTime } from './testing.ts';

/** The sample of text2pcap's manual, ICMP between 192.0.2.1 and 192.0.2.2. */
const SAMPLE = `I 2019-05-14T19:04:57Z
000000 00 0e b6 00 00 02 00 0e b6 00 00 01 08 00 45 00
000010 00 28 00 00 00 00 ff 01 37 d1 c0 00 02 01 c0 00
000020 02 02 08 00 a6 2f 00 01 00 01 48 65 6c 6c 6f 20
000030 57 6f 72 6c 64 21
000036
`;
const FRAME =
  '000eb6000002000eb600000108004500002800000000ff0137d1c0000201c00002020800a62f0001000148656c6c6f20576f726c6421';
const hexOf = ({ bytes }: { bytes: Uint8Array }): string => Buffer.from(bytes).toString('hex');

describe('hex dumps', () => {
  it("the manual's sample is a frame of Ethernet, and said to be taken for it", async () => {
    const { format, frames, issues } = await convert(SAMPLE);
    expect(format).toBe('text2pcap');
    expect(frames.map(hexOf)).toEqual([FRAME]);
    expect(frames.map(shownTime)).toEqual(['2019-05-14T19:04:57.000000']);
    expect(issues).toEqual(['The packets of the dump were taken for Ethernet: 1 of 1 read as such.']);
  });

  it('forwarded by mail, with comments, in capitals and Windows lines', async () => {
    const text = SAMPLE.split('\n')
      .map((line) => `> ${line.toUpperCase()}\r\n`)
      .join('');
    expect((await convert(`# a comment\n#TEXT2PCAP directive\n${text}`)).frames.map(hexOf)).toEqual([FRAME]);
  });

  it('without Ethernet are IP where they read as IP', async () => {
    const packet = Buffer.from(FRAME, 'hex').subarray(14);
    const text = `0000 ${packet.toString('hex').replace(/../g, '$& ')}\n`;
    const { frames, issues } = await convert(text);
    expect(frames.map(hexOf)).toEqual([packet.toString('hex')]);
    expect(issues[0]).toBe('The packets of the dump were taken for IP: 1 of 1 read as such.');
  });

  it('of payloads have headers made up: SIP on its port, the rest on another', async () => {
    const sip = Buffer.from('OPTIONS sip:a@b SIP/2.0\r\n\r\n').toString('hex').replace(/../g, '$& ');
    const { frames, issues } = await convert(
      `O 10:00:00.5\n0000 ${sip}\nI 10:00:01\n0000 80 00 00 01 00 00 00 02 00 00 00 03\n`,
    );
    expect(frames.map(shownDatagram).map((text) => text.slice(0, 43).trim())).toEqual([
      '192.0.2.1:5060 > 198.51.100.1:5060 4f505449',
      '198.51.100.1:50000 > 192.0.2.1:40000 800000',
    ]);
    expect(frames.map(shownTime)).toEqual(['1970-01-01T10:00:00.500000', '1970-01-01T10:00:01.000000']);
    expect(issues[0]).toContain('taken for what UDP carried');
  });

  it('that show characters which look like octets are set right by the next offset', async () => {
    const { frames } = await convert('0000 61 62 20 63 64 20 ab cd\n0006 01 02 03 04\n');
    expect(frames.map(hexOf)).toEqual(['61622063642001020304']);
  });

  it('with a line missing keep what stands before it, and say where', async () => {
    const { frames, issues } = await convert(SAMPLE.replace(/^000020.*\n/m, '') + SAMPLE);
    expect(frames.map(hexOf)).toEqual([FRAME.slice(0, 64), FRAME]);
    expect(issues).toContain(
      'Line 4 says offset 000030, but its packet stands at 20; the rest of that packet was left out.',
    );
  });

  it('of nothing known are Ethernet, as text2pcap has it, and said to be a guess', async () => {
    const { frames, issues } = await convert('0000 01 02 03 04 05 06 07 08 09\n');
    expect(frames.map(hexOf)).toEqual(['010203040506070809']);
    expect(issues[0]).toContain("Nothing in the dump's packets tells");
  });

  it('leave out what tshark shows beside a frame', async () => {
    const frame = SAMPLE.slice(SAMPLE.indexOf('000000'));
    const { frames } = await convert(
      `Frame (54 bytes):\n${frame}\nReassembled TCP (16 bytes):\n0000 01 02 03 04 05 06 07 08\n\n\nFrame (54 bytes):\n${frame}`,
    );
    expect(frames.map(hexOf)).toEqual([FRAME, FRAME]);
  });
});
