import { describe, expect, it } from 'vitest';
import { convert, shownDatagram, shownTime } from './testing.ts';

const RTP = '80 6f 00 01 00 00 00 02 00 00 00 03';
const prefix = (time: string, pid = 11): string =>
  `[${pid}:12:${time}:VERBOSE1:third_party/webrtc/pc/srtp_session.cc:549] \n\n`;

describe("Chromium's RTP_DUMP lines", () => {
  it('have the time of the line above, and ports of their process', async () => {
    const log = [
      '[11:12:1231/235959.500000:INFO:x.cc:1] other\n',
      `${prefix('1231/235959.838530')}O 00:00:59.838 0000 ${RTP} # RTP_DUMP\n`,
      `${prefix('0101/000000.000007', 13)}I 00:00:00.000 0000 ${RTP} # RTP_DUMP\n`,
    ].join('');
    const { format, frames, issues } = await convert(log);
    expect(format).toBe('chromium-rtpdump');
    expect(frames.map(shownTime)).toEqual(['1970-12-31T23:59:59.838530', '1971-01-01T00:00:00.000007']);
    expect(frames.map(shownDatagram)).toEqual([
      '192.0.2.1:40000 > 198.51.100.1:50000 806f00010000000200000003',
      '198.51.100.1:50002 > 192.0.2.1:40002 806f00010000000200000003',
    ]);
    expect(issues.some((message) => message.includes('without a year'))).toBe(true);
  });

  it('have the seconds of their own text where another line stands between', async () => {
    const log = [
      prefix('1121/105513.838530'),
      '[11:14:1121/105513.900000:INFO:other.cc:1] between\n',
      `O 00:00:13.838 0000 ${RTP} # RTP_DUMP\n`,
      '[11:14:1121/105559.990000:INFO:other.cc:1] later\n',
      `O 00:00:00.010 0000 ${RTP} # RTP_DUMP\n`,
    ].join('');
    expect((await convert(log)).frames.map(shownTime)).toEqual([
      '1970-11-21T10:55:13.838000',
      '1970-11-21T10:56:00.010000',
    ]);
  });

  it('alone go on over midnight, and over minutes that were left out', async () => {
    const lines = (...times: string[]): string => times.map((time) => `I ${time} 000000 ${RTP} # RTP_DUMP\n`).join('');
    const old = await convert(lines('23:59:58.309', '23:59:59.000', '00:00:00.100'));
    expect(old.frames.map(shownTime)).toEqual([
      '1970-01-01T23:59:58.309000',
      '1970-01-01T23:59:59.000000',
      '1970-01-02T00:00:00.100000',
    ]);
    const late = await convert(lines('00:00:58.000', '00:00:59.990', '00:00:00.010', '00:00:59.000', '00:00:01.000'));
    expect(late.frames.map(shownTime).map((time) => time.slice(11, 23))).toEqual([
      '00:00:58.000',
      '00:00:59.990',
      '00:01:00.010',
      '00:01:59.000',
      '00:02:01.000',
    ]);
    expect(late.issues.some((message) => message.includes('left hours and minutes out'))).toBe(true);
    expect(old.issues.some((message) => message.includes('left hours and minutes out'))).toBe(false);
  });

  it('that are damaged are named, and the others kept', async () => {
    const log = [
      `I 00:00:01.000 0000 ${RTP} # RTP_DUMP`,
      `I 00:00:01.020 0000 80 6f 0`,
      `I 00:00:01.040 0000 80 6f xx 00 # RTP_DUMP`,
      `I 00:00:01.060 0000 ${RTP} # RTP_DUMP`,
      `I 00:00:01.080 0000 80 6f 00`,
    ].join('\n');
    const { frames, issues } = await convert(log);
    expect(frames).toHaveLength(2);
    expect(issues.slice(0, 3)).toEqual([
      'Line 2 begins like a packet but does not end like one.',
      'Line 3 ends in RTP_DUMP but is not a packet as Chromium writes it.',
      'Line 5, the last, ends within a packet.',
    ]);
  });

  it('are found in UTF-16, as a Windows shell writes it', async () => {
    const text = `${prefix('1121/105513.838530')}O 00:00:13.838 0000 ${RTP} # RTP_DUMP\r\n`;
    const { frames } = await convert(Buffer.from(`\ufeff${text}`, 'utf16le'));
    expect(frames.map(shownTime)).toEqual(['1970-11-21T10:55:13.838530']);
  });

  it('of SCTP are IP packets of SCTP', async () => {
    const { frames } = await convert(
      `I 00:00:01.000 0000 ${RTP} # RTP_DUMP\nO 00:00:01.000 0000 13 88 13 88 # SCTP_PACKET a\n`,
    );
    expect([...frames[1].bytes.subarray(9, 10), ...frames[1].bytes.subarray(20)]).toEqual([
      132, 0x13, 0x88, 0x13, 0x88,
    ]);
  });

  it('missing, the log is refused with what to do', async () => {
    const refused = convert('[11:12:1121/105513.838530:INFO:CONSOLE:1] "hello"\n');
    await expect(refused).rejects.toMatchObject({
      name: 'UnreadableCaptureError',
      message: /--vmodule=srtp_session=1/,
    });
  });
});
