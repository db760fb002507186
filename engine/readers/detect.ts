import type { ByteSource } from '../sources/byte-source.ts';
import { throwIfAborted, untilAborted } from './abort.ts';
import type { ReadingOptions } from './block-reader.ts';
import type { CaptureReader } from './frame-batch.ts';
import { isPcapMagic, PCAP_HEADER_BYTES, PcapReader, parsePcapHeader } from './pcap.ts';
import { isPcapngStart, PcapngReader } from './pcapng.ts';
import { isSnoopStart, SNOOP_HEADER_BYTES, SnoopReader } from './snoop.ts';
import { UnreadableCaptureError } from './unreadable-capture-error.ts';

const SNIFF_BYTES = 64;

/** Formats told apart only to say what was opened; `magic` in Latin-1. */
const KNOWN_OTHERS: readonly { readonly magic: string; readonly what: string }[] = [
  { magic: '#!rtpplay', what: 'an rtpdump file of another version' },
  { magic: 'btsnoop\0', what: 'a btsnoop file' },
  { magic: 'GMBU', what: 'a Microsoft Network Monitor capture' },
  { magic: 'RTSS', what: 'a Microsoft Network Monitor 1.x capture' },
  { magic: 'XCP\0', what: 'a NetXRay or Sniffer capture' },
  { magic: 'TRSNIFF data', what: 'a Sniffer capture' },
  { magic: '\x7fver', what: 'an OmniPeek capture' },
  { magic: '\x05VNF', what: 'a Visual Networks capture' },
  { magic: 'iptrace ', what: 'an AIX iptrace file' },
  { magic: '\x54\x52\x00\x64', what: 'an HP-UX nettl file' },
  { magic: '\x00\x00\x02\x00\x12\x05\x00\x10', what: 'a Tektronix K12 capture' },
  { magic: 'ObserverPktBuffe', what: 'an Observer capture' },
  { magic: 'LOGG', what: 'a Vector BLF log' },
  { magic: '\xa1\xb2\x3c\x4d', what: 'a Navtel capture' },
  { magic: '\xab\x01\x00\x1c', what: 'an IxVeriWave capture' },
  { magic: '\xac\x01\x00\x1c', what: 'an IxVeriWave capture' },
  { magic: '\x1f\x8b', what: 'a gzip file inside another' },
  { magic: 'PK\x03\x04', what: 'a zip archive' },
  { magic: 'BZh', what: 'a bzip2 file' },
  { magic: '\xfd7zXZ\0', what: 'an xz file' },
  { magic: '\x28\xb5\x2f\xfd', what: 'a zstd file' },
  { magic: '\x04\x22\x4d\x18', what: 'an lz4 file' },
  { magic: '7z\xbc\xaf\x27\x1c', what: 'a 7-Zip archive' },
  { magic: 'Rar!\x1a\x07', what: 'a RAR archive' },
  { magic: 'RIFF', what: 'a RIFF file (WAV or AVI)' },
  { magic: '.snd', what: 'an AU sound file' },
  { magic: 'OggS', what: 'an Ogg file' },
  { magic: '%PDF', what: 'a PDF document' },
  { magic: '\x7fELF', what: 'a program' },
  { magic: 'INVITE sip:', what: 'SIP text' },
  { magic: 'SIP/2.0 ', what: 'SIP text' },
];

/**
 * Opens a capture by its first octets. The reader and the caller share `source`, which the caller closes. Rejects with
 * UnreadableCaptureError for what is no capture, with AbortError, or with the source's own error.
 */
export async function openReader(source: ByteSource, options: ReadingOptions = {}): Promise<CaptureReader> {
  const { signal } = options;
  throwIfAborted(signal);
  const buffer = new Uint8Array(SNIFF_BYTES);
  const start = buffer.subarray(0, await untilAborted(source.read(0, buffer, 0, SNIFF_BYTES), signal));
  const header = parsePcapHeader(start);
  if (header) return new PcapReader(source, header, options);
  if (isPcapngStart(start)) return new PcapngReader(source, options);
  if (isSnoopStart(start)) return new SnoopReader(source, start, options);
  throw new UnreadableCaptureError(whyUnreadable(start, source));
}

function whyUnreadable(start: Uint8Array, source: ByteSource): string {
  if (start.length === 0) return source.issues?.[0]?.message ?? 'The file is empty.';
  if (isCutHeader(start)) return 'The capture is cut off inside its first header.';
  const text = latin1(start);
  const other = KNOWN_OTHERS.find(({ magic }) => text.startsWith(magic));
  if (other) return `This is ${other.what}, which this version cannot open.`;
  const first = start.subarray(0, 8);
  const hex = Array.from(first, (octet) => octet.toString(16).padStart(2, '0')).join(' ');
  const shown = latin1(first).replace(/[^\x20-\x7e]/g, '.');
  return `This is not a capture: it begins with ${hex} ("${shown}").`;
}

/** Whether a capture's magic is there but its header is not whole. */
function isCutHeader(start: Uint8Array): boolean {
  if (start.length < 4) return false;
  const view = new DataView(start.buffer, start.byteOffset, start.length);
  const isPcap = isPcapMagic(view.getUint32(0, true)) || isPcapMagic(view.getUint32(0, false));
  const isSnoop = latin1(start).startsWith('snoop\0\0\0');
  return (
    (isPcap && start.length < PCAP_HEADER_BYTES) ||
    (view.getUint32(0) === 0x0a0d0d0a && start.length < 12) ||
    (isSnoop && start.length < SNOOP_HEADER_BYTES)
  );
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
