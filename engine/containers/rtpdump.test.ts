import { expect, it } from 'vitest';
import { Octetter } from '../readers/test-source.ts';
import { convert, shownDatagram, shownTime } from './testing.ts';

const file = (line = '10.0.0.2/5004', source = 0x0a000001, port = 6000): Octetter =>
  new Octetter(false).text(`#!rtpplay1.0 ${line}\n`).u32(1_700_000_000, 999_000, source).u16(port, 0);

it('records are datagrams with the ends of the file, some cut, some RTCP', async () => {
  const bytes = file()
    .u16(12, 4)
    .u32(0)
    .u8(0x80, 0, 0, 1)
    .u16(12, 100)
    .u32(2)
    .u8(0x80, 0, 0, 2)
    .u16(12, 0)
    .u32(61_000)
    .u8(0x80, 200, 0, 0);
  const { format, frames, issues } = await convert(bytes.bytes());
  expect(format).toBe('rtpdump');
  expect(frames.map(shownDatagram)).toEqual([
    '10.0.0.1:6000 > 10.0.0.2:5004 80000001',
    '10.0.0.1:6000 > 10.0.0.2:5004 80000002',
    '10.0.0.1:6000 > 10.0.0.2:5004 80c80000',
  ]);
  expect(frames.map(({ wireLength }) => wireLength)).toEqual([32, 128, 32]);
  expect(frames.map(shownTime)).toEqual([
    '2023-11-14T22:13:20.999000',
    '2023-11-14T22:13:21.001000',
    '2023-11-14T22:14:21.999000',
  ]);
  expect(issues).toEqual([]);
});

it('what the file does not say is made up, and said to be', async () => {
  const { frames, issues } = await convert(file('0.0.0.0/20000', 0, 20000).u16(9, 1).u32(0).u8(0x80).bytes());
  expect(frames.map(shownDatagram)).toEqual(['198.51.100.1:50000 > 192.0.2.1:20000 80']);
  expect(issues).toEqual([
    'The file does not say addresses: 198.51.100.1 stands for the sender, 192.0.2.1 for the receiver.',
  ]);
});

it('a length below its own header ends the file, a cut record is named', async () => {
  const good = file().u16(9, 1).u32(0).u8(0x80);
  const damaged = await convert(new Octetter(false).add(good.bytes()).u16(7, 1).u32(0).u8(1, 2, 3).bytes());
  expect(damaged.frames).toHaveLength(1);
  expect(damaged.issues[0]).toContain(`a record at octet ${good.length} says it holds 7 octets`);
  const cut = await convert(new Octetter(false).add(good.bytes()).u16(20, 12).u32(0).u8(1, 2, 3).bytes());
  expect(cut.frames).toHaveLength(1);
  expect(cut.issues).toEqual(['The file ends within its last record: 11 octets of it are there.']);
});
