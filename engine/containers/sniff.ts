import { ChromiumLog, isChromiumPrefix } from './chromium-log.ts';
import type { Converter } from './converter.ts';
import { parseDumpLine } from './dump-line.ts';
import { FirefoxLog, isFirefoxLine } from './firefox-log.ts';
import { HexDump } from './hex-dump.ts';
import { looksLikeHexDump } from './hex-dump-lines.ts';
import { decoderOf, LineFeeder } from './line-feeder.ts';
import type { PacketSink } from './packet-sink.ts';
import { isRtpdumpStart, Rtpdump } from './rtpdump.ts';

/** What is looked at of a text before saying what it is. */
export const SNIFF_BYTES = 256 * 1024;
/** What a capture is told by; no more is waited for where it comes from a pipe. */
export const FIRST_LOOK_BYTES = 64;

/** What tells text from a binary file. */
const TEXT_LOOK_BYTES = 4096;

/** Whether octets could be the beginning of something that is converted, so that it is worth while to read on. */
export function mayBeContainer(start: Uint8Array): boolean {
  return isRtpdumpStart(start) || isText(start);
}

/** Who converts a file that begins with `start` (up to `SNIFF_BYTES` of it); undefined where nobody does. */
export function converterFor(start: Uint8Array, sink: PacketSink): Converter | undefined {
  if (isRtpdumpStart(start)) return new Rtpdump(sink);
  if (!isText(start.subarray(0, TEXT_LOOK_BYTES))) return undefined;
  const lines = decoderOf(start).decode(start).split('\n');
  // A packet of a kind decides; where no line is one, that the log is of a browser.
  for (const line of lines) {
    if (line.includes('# RTP_DUMP') && parseDumpLine(line)) return new LineFeeder(new ChromiumLog(sink), sink);
    if (line.includes('P_PACKET') && parseDumpLine(line)) return new LineFeeder(new FirefoxLog(sink), sink);
  }
  if (lines.some(isChromiumPrefix)) return new LineFeeder(new ChromiumLog(sink), sink);
  if (lines.some(isFirefoxLine)) return new LineFeeder(new FirefoxLog(sink), sink);
  return looksLikeHexDump(lines) ? new LineFeeder(new HexDump(sink), sink) : undefined;
}

/** Text has no zero octet (but every other one of UTF-16) and hardly a control character. */
function isText(start: Uint8Array): boolean {
  if (start.length === 0) return false;
  const isWide = (start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff);
  if (isWide) return true;
  return start.every(
    (octet) => octet >= 0x20 || octet === 0x09 || octet === 0x0a || octet === 0x0d || octet === 0x0c || octet === 0x1b,
  );
}
