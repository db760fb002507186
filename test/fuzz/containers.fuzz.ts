import { converterFor } from '../../engine/containers/sniff.ts';
import { PacketSink } from '../../engine/containers/packet-sink.ts';
import { convert } from '../../engine/containers/testing.ts';
import { Octetter } from '../../engine/readers/test-source.ts';
import { UnreadableCaptureError } from '../../engine/readers/unreadable-capture-error.ts';

const OCTETS = '80 6f 00 01 00 00 00 02 00 00 00 03 aa bb';
const octets = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

/** A small file of each kind, to break. */
function seeds(): Uint8Array[] {
  const prefix = '[11:12:1121/105513.838530:VERBOSE1:third_party/webrtc/pc/srtp_session.cc:549] \n\n';
  const logged =
    '2026-11-21 10:55:14.001353 UTC - [Child 8484: Socket Thread]: D/RtpLogger {caf61d4c-bb3b-42f9-81ba}| Receive';
  const dump =
    '000000 00 0e b6 00 00 02 00 0e b6 00 00 01 08 00 45 00\n000010 00 28 00 00 00 00 ff 01 37 d1 c0 00 02 01 c0 00\n';
  const rtpdump = new Octetter(false).text('#!rtpplay1.0 10.0.0.2/5004\n').u32(1, 2, 0x0a000001).u16(6000, 0);
  for (let i = 0; i < 3; i++)
    rtpdump
      .u16(12, 4 * i)
      .u32(20 * i)
      .u8(0x80, 0, 0, i);
  const snoop = new Octetter(false).text('snoop').u8(0, 0, 0).u32(2, 4);
  for (let i = 0; i < 3; i++) snoop.u32(60, 4, 28, i, 1_700_000_000, 5).u8(1, 2, 3, i);
  const chromium = `${prefix}O 00:00:13.838 0000 ${OCTETS} # RTP_DUMP\n${prefix}I 00:00:13.900 0000 ${OCTETS} # SCTP_PACKET x\n`;
  return [
    octets(chromium + chromium),
    Buffer.from(`\ufeff${chromium}`, 'utf16le'),
    octets(`I 23:59:59.999 000000 ${OCTETS} # RTP_DUMP\nO 00:00:00.001 000000 ${OCTETS} # RTP_DUMP\n`),
    octets(
      `${logged} audio RTP_PACKET|>> I 10:55:13.1333  000000 ${OCTETS}\nI 10:55:14.5 000000 ${OCTETS} RTCP_PACKET 55f7a768a2ded2f1| x\n`,
    ),
    octets(
      `I 2019-05-14T19:04:57Z\n${dump}000020 02 02 08 00\nO 12:00:00.5\n${dump}\nFrame (4 bytes):\n0000 ${OCTETS}\n`,
    ),
    octets(`00000000: 806f 0001 0000 0002 0000 0003 aabb 0102  ................\n00000010: 03\n0000016 04 05\n`),
    rtpdump.bytes(),
    snoop.bytes(),
  ];
}

/** Breaks a copy: cut, flipped, told characters put in, a part doubled or moved, or noise behind a good beginning. */
function mutate(seed: Uint8Array, random: () => number): Uint8Array {
  const below = (limit: number): number => Math.floor(random() * limit);
  const telling = [0, 0x0a, 0x0d, 0x20, 0x23, 0x2d, 0x3a, 0x3e, 0x30, 0x39, 0x66, 0x49, 0x4f, 0x7f, 0xff];
  const bytes = seed.slice(0, random() < 0.3 ? below(seed.length + 1) : seed.length);
  if (bytes.length === 0) return bytes;
  const kind = below(10);
  if (kind === 0) return Uint8Array.from({ length: below(300) }, () => below(256));
  if (kind === 1) for (let i = below(bytes.length); i < bytes.length; i++) bytes[i] = below(256);
  else if (kind === 2) {
    const from = below(bytes.length);
    return Buffer.concat([bytes, bytes.subarray(from, from + below(300))]);
  } else {
    for (let i = below(6); i >= 0; i--) {
      const at = below(bytes.length);
      if (kind < 6) bytes[at] ^= 1 << below(8);
      else bytes[at] = telling[below(telling.length)];
    }
  }
  return bytes;
}

/** Opens and reads a file as the engine does; gives the frames, 0 where it is refused. Throws where a promise is broken. */
async function readAnything(bytes: Uint8Array): Promise<number> {
  try {
    const { frames, issues } = await convert(bytes);
    // An octet of a dump takes two characters at least, a packet of any kind more than one.
    const made = frames.reduce((sum, frame) => sum + frame.bytes.length - 28, 0);
    if (made > bytes.length || frames.length > bytes.length)
      throw new Error(`${frames.length} frames from ${bytes.length} octets`);
    if (issues.length > 101) throw new Error(`${issues.length} issues`);
    return frames.length;
  } catch (error) {
    if (error instanceof UnreadableCaptureError) return 0;
    throw error;
  }
}

/** What a converter makes of a file fed in pieces that end where `cut` says. */
function madeOf(bytes: Uint8Array, cut: () => number): string {
  const sink = new PacketSink();
  const converter = converterFor(bytes, sink);
  if (converter === undefined) return 'nothing';
  try {
    for (let at = 0; at < bytes.length; ) {
      const end = Math.min(bytes.length, at + cut());
      converter.feed(bytes.slice(at, end));
      at = end;
    }
    converter.end();
  } catch (error) {
    if (!(error instanceof UnreadableCaptureError)) throw error;
  }
  return JSON.stringify([Buffer.from(sink.take() ?? []).toString('hex'), sink.issues]);
}

/** Small files cut at every length: none may be a fault, and the whole of each gives packets. */
export async function convertEveryCut(): Promise<void> {
  for (const seed of seeds()) {
    for (let length = 0; length < seed.length; length++) await readAnything(seed.subarray(0, length));
    if ((await readAnything(seed)) === 0) throw new Error(`no packets in ${Buffer.from(seed).toString('latin1')}`);
  }
}

/** Reads `inputs` broken files. Rejects, with the input in hexadecimal, where one is a fault or depends on where its pieces end. */
export async function fuzzContainers(random: () => number, inputs: number): Promise<void> {
  const all = seeds();
  for (let i = 0; i < inputs; i++) {
    const bytes = mutate(all[Math.floor(random() * all.length)], random);
    try {
      await readAnything(bytes);
      // Two octets at least: a byte order mark comes whole.
      const pieces = madeOf(bytes, () => 2 + Math.floor(random() * 60));
      if (pieces !== madeOf(bytes, () => bytes.length)) throw new Error('depends on where pieces end');
    } catch (error) {
      throw new Error(`input ${i}: ${Buffer.from(bytes).toString('hex')}`, { cause: error });
    }
  }
}
