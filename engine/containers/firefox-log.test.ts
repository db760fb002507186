import { expect, it } from 'vitest';
import { convert, shownDatagram, shownTime } from './testing.ts';

const RTP = '80 6f 00 01 00 00 00 02 00 00 00 03';
const line = (stamp: string, time: string, what = 'I', connection = 'caf61d4c-bb3b-42f9-81ba-6019b2a5f0f1'): string =>
  `${stamp}[Child 8484: Socket Thread]: D/RtpLogger {${connection}}| Receive audio RTP_PACKET|>> ${what} ${time}  000000 ${RTP}\n`;

it('microseconds are a plain number, and the second may be late', async () => {
  const { format, frames } = await convert(
    line('2026-11-21 10:55:13.997024 UTC - ', '12:55:13.997001') +
      line('2026-11-21 10:55:14.001353 UTC - ', '12:55:13.1333', 'O'),
  );
  expect(format).toBe('firefox-rtplogger');
  expect(frames.map(shownTime)).toEqual(['2026-11-21T10:55:13.997001', '2026-11-21T10:55:14.001333']);
  expect(frames.map(shownDatagram)).toEqual([
    '198.51.100.1:50000 > 192.0.2.1:40000 806f00010000000200000003',
    '192.0.2.1:40000 > 198.51.100.1:50000 806f00010000000200000003',
  ]);
});

it('without time stamps the day is unknown, and said to be', async () => {
  const { frames, issues } = await convert(
    line('', '23:59:59.990000') + line('', '23:59:59.1333') + line('', '00:00:01.5'),
  );
  expect(frames.map(shownTime)).toEqual([
    '1970-01-01T23:59:59.990000',
    '1970-01-02T00:00:00.001333',
    '1970-01-02T00:00:01.000005',
  ]);
  expect(issues).toContain('The log says times of day without a date: 1970-01-01 stands for the first day.');
});

it('connections have ports of their own', async () => {
  const { frames } = await convert(
    line('', '10:00:00.1') + line('', '10:00:00.2', 'I', 'aaf61d4c-bb3b-42f9-81ba-6019b2a5f0f1'),
  );
  expect(frames.map(shownDatagram).map((text) => text.slice(0, 18))).toEqual([
    '198.51.100.1:50000',
    '198.51.100.1:50002',
  ]);
});

it('the form of old versions is read too', async () => {
  const { frames } = await convert(
    `[Socket Thread]: D/RtpLogger I 14:53:41.688890  000000 81 c9 00 01 RTCP_PACKET 55f7a768a2ded2f1| Transmit video[x]\n`,
  );
  expect(frames.map(shownDatagram)).toEqual(['198.51.100.1:50000 > 192.0.2.1:40000 81c90001']);
});

it('damaged lines are named, and the others kept', async () => {
  const { frames, issues } = await convert(
    `${line('', '10:00:00.1').replace('00 03', '00 zz')}${line('', '10:00:00.2')}${line('', '10:00:00.3').slice(0, -8)}`,
  );
  expect(frames).toHaveLength(1);
  expect(issues.slice(0, 2)).toEqual([
    'Line 1 has something else than octets in its packet: "zz".',
    'Line 3, the last, ends within a packet.',
  ]);
});
