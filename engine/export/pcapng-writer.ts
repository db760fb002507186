/** Builds the blocks of a pcapng (draft-ietf-opsawg-pcapng-05), little-endian, with times in nanoseconds. */
import { parseIPv4, parseIPv6 } from '../store/addresses.ts';

const SECTION_HEADER = 0x0a0d0d0a;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const INTERFACE_DESCRIPTION = 1;
const NAME_RESOLUTION = 4;
const ENHANCED_PACKET = 6;
const DECRYPTION_SECRETS = 10;

const OPTION_COMMENT = 1;
const OPTION_APPLICATION = 4;
const OPTION_INTERFACE_NAME = 2;
const OPTION_TIME_RESOLUTION = 9;
const NANOSECONDS = 9;

const RECORD_IPV4 = 1;
const RECORD_IPV6 = 2;
/** Lengths of options and records have 16 bits. */
const MAX_VALUE_BYTES = 0xffff;
/** Octets of names in one block: readers bound what they take of one. */
const NAMES_PER_BLOCK_BYTES = 1 << 16;
/** Type, length, and the length again behind the body. */
const BLOCK_OVERHEAD_BYTES = 12;
/** Of an enhanced packet block, before the frame. */
const PACKET_FIXED_BYTES = 28;

/** A frame to be written. `bytes` holds `length` octets of it at `at`. */
export interface PacketToWrite {
  readonly interfaceIndex: number;
  readonly seconds: number;
  readonly nanoseconds: number;
  readonly wireLength: number;
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly length: number;
  readonly comments: readonly string[];
}

/** The block every pcapng begins with (4.1): who wrote it, and the comments on the whole. */
export function sectionHeader(application: string, comments: readonly string[]): Uint8Array {
  const options = [
    ...comments.map((text) => textOption(OPTION_COMMENT, text)),
    textOption(OPTION_APPLICATION, application),
  ];
  const body = new Uint8Array(16);
  const view = new DataView(body.buffer);
  view.setUint32(0, BYTE_ORDER_MAGIC, true);
  view.setUint16(4, 1, true);
  // Its length is not known before its end, which is all ones.
  view.setBigInt64(8, -1n, true);
  return block(SECTION_HEADER, [body, ...closed(options)]);
}

/** An interface (4.2) whose frames have times in nanoseconds; `name` may be empty. Interfaces are counted from 0 in order. */
export function interfaceDescription(linkType: number, snapLength: number, name: string): Uint8Array {
  const options = [option(OPTION_TIME_RESOLUTION, Uint8Array.of(NANOSECONDS))];
  if (name !== '') options.unshift(textOption(OPTION_INTERFACE_NAME, name));
  const body = new Uint8Array(8);
  const view = new DataView(body.buffer);
  view.setUint16(0, linkType, true);
  view.setUint32(4, snapLength, true);
  return block(INTERFACE_DESCRIPTION, [body, ...closed(options)]);
}

/** Name resolution blocks (4.5) for addresses as text; what is no address is left out. */
export function* nameResolutions(
  names: readonly { readonly address: string; readonly name: string }[],
): Generator<Uint8Array> {
  let records: Uint8Array[] = [];
  let size = 0;
  for (const { address, name } of names) {
    const record = nameRecord(address, name);
    if (record === null) continue;
    records.push(record);
    size += record.length;
    if (size < NAMES_PER_BLOCK_BYTES) continue;
    yield block(NAME_RESOLUTION, closed(records));
    [records, size] = [[], 0];
  }
  if (records.length > 0) yield block(NAME_RESOLUTION, closed(records));
}

/** Decryption secrets (4.7). `type` says what they are, 0x544c534b a TLS key log. */
export function decryptionSecrets(type: number, secrets: Uint8Array): Uint8Array {
  const body = new Uint8Array(8 + padded(secrets.length));
  const view = new DataView(body.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, secrets.length, true);
  body.set(secrets, 8);
  return block(DECRYPTION_SECRETS, [body]);
}

/** Builds enhanced packet blocks (4.3), all in the same memory: this is for the millions. */
export class PacketBlocks {
  private bytes = new Uint8Array(4096);
  private view = new DataView(this.bytes.buffer);

  /** The block of a frame, good until the next call. */
  of(packet: PacketToWrite): Uint8Array {
    const { bytes, at, length, comments } = packet;
    const options =
      comments.length === 0 ? NO_OPTIONS : closed(comments.map((text) => textOption(OPTION_COMMENT, text)));
    const total = PACKET_FIXED_BYTES + padded(length) + lengthOf(options) + 4;
    this.makeRoom(total);
    const { view } = this;
    view.setUint32(0, ENHANCED_PACKET, true);
    view.setUint32(4, total, true);
    view.setUint32(8, packet.interfaceIndex, true);
    this.putTime(packet.seconds, packet.nanoseconds);
    view.setUint32(20, length, true);
    view.setUint32(24, packet.wireLength, true);
    const end = PACKET_FIXED_BYTES + length;
    this.bytes.set(bytes.subarray(at, at + length), PACKET_FIXED_BYTES);
    const optionsAt = PACKET_FIXED_BYTES + padded(length);
    this.bytes.fill(0, end, optionsAt);
    let to = optionsAt;
    for (const one of options) {
      this.bytes.set(one, to);
      to += one.length;
    }
    view.setUint32(to, total, true);
    return this.bytes.subarray(0, total);
  }

  /** Nanoseconds since the epoch as 64 bits, in parts that doubles hold exactly. */
  private putTime(seconds: number, nanoseconds: number): void {
    const upper = Math.floor(seconds / 65536) * 1e9;
    const lower = (seconds % 65536) * 1e9 + nanoseconds + (upper % 65536) * 65536;
    this.view.setUint32(12, Math.floor(upper / 65536) + Math.floor(lower / 4294967296), true);
    this.view.setUint32(16, lower % 4294967296, true);
  }

  private makeRoom(total: number): void {
    if (this.bytes.length >= total) return;
    this.bytes = new Uint8Array(2 * total);
    this.view = new DataView(this.bytes.buffer);
  }
}

const utf8 = new TextEncoder();
/** opt_endofopt, and nrb_record_end. */
const END = new Uint8Array(4);
const NO_OPTIONS: readonly Uint8Array[] = [];

function block(type: number, body: readonly Uint8Array[]): Uint8Array {
  const total = BLOCK_OVERHEAD_BYTES + lengthOf(body);
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, total, true);
  bytes.set(joined(body), 8);
  view.setUint32(total - 4, total, true);
  return bytes;
}

/** With the end that options need where there are any, and records always. */
function closed(options: readonly Uint8Array[]): Uint8Array[] {
  return [...options, END];
}

function textOption(code: number, text: string): Uint8Array {
  return option(code, utf8.encode(text));
}

/** A longer value than its length field can say is cut. */
function option(code: number, value: Uint8Array): Uint8Array {
  const length = Math.min(value.length, MAX_VALUE_BYTES);
  const bytes = new Uint8Array(4 + padded(length));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, code, true);
  view.setUint16(2, length, true);
  bytes.set(value.subarray(0, length), 4);
  return bytes;
}

/** null where `address` is none. */
function nameRecord(address: string, name: string): Uint8Array | null {
  const text = utf8.encode(`${name}\0`);
  const v4 = parseIPv4(address);
  if (v4 >= 0) return option(RECORD_IPV4, joined([Uint8Array.of(v4 >>> 24, v4 >>> 16, v4 >>> 8, v4), text]));
  const v6 = parseIPv6(address);
  return v6 === null ? null : option(RECORD_IPV6, joined([v6, text]));
}

function padded(length: number): number {
  return (length + 3) & ~3;
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(lengthOf(parts));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
