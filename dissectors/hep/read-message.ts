/**
 * The headers of HEP. Version 3 is `HEP3`, the message's length, and chunks of vendor, type, length and value. Versions 1 and
 * 2 are a header of 8 octets and two addresses; version 2 adds 12 octets of time and agent, in the sender's byte order:
 *
 *     version | header length | IP family | IP protocol | source port | destination port | addresses
 *     seconds | microseconds | agent, 2 octets | padding                                    (version 2)
 */
import type { Octets } from '../../base/octets.ts';
import { Chunk, chunkSize } from './chunk-types.ts';
import { SIP_TYPE } from './protocol-types.ts';

/** `HEP3` */
export const HEP3_MAGIC = 0x48455033;
export const HEP3_HEADER = 6;
export const CHUNK_HEADER = 6;
export const OLD_HEADER = 8;
export const OLD_TIME = 12;

/** What a sender's system calls IPv4, and IPv6: Linux, Windows, BSD and macOS. */
const FAMILY_IPV4 = 2;
const FAMILIES_IPV6: ReadonlySet<number> = new Set([10, 23, 24, 28, 30]);

export const HepResult = { Found: 0, Not: 1, Short: 2 } as const;
export type HepResult = (typeof HepResult)[keyof typeof HepResult];

/** What was read of a message. One object is filled again and again. */
export class HepMessage {
  version = 0;
  /** Octets by the length field; of versions 1 and 2 those of the datagram. */
  total = 0;
  ipVersion = 0;
  transport = 0;
  sourceAt = 0;
  destinationAt = 0;
  sourcePort = 0;
  destinationPort = 0;
  hasTime = false;
  seconds = 0;
  micros = 0;
  protocolType = 0;
  agent = 0;
  nodeNameAt = 0;
  nodeNameLength = 0;
  correlationAt = 0;
  correlationLength = 0;
  payloadAt = 0;
  payloadLength = 0;
  isCompressed = false;
  hasAuthKey = false;
  vendorChunks = 0;
  /** The first thing that is wrong, '' for nothing, and where. */
  fault = '';
  faultAt = 0;

  clear(): void {
    this.version = 0;
    this.total = 0;
    this.ipVersion = 0;
    this.transport = 0;
    this.sourceAt = 0;
    this.destinationAt = 0;
    this.sourcePort = 0;
    this.destinationPort = 0;
    this.hasTime = false;
    this.seconds = 0;
    this.micros = 0;
    this.protocolType = 0;
    this.agent = 0;
    this.nodeNameAt = 0;
    this.nodeNameLength = 0;
    this.correlationAt = 0;
    this.correlationLength = 0;
    this.payloadAt = 0;
    this.payloadLength = 0;
    this.isCompressed = false;
    this.hasAuthKey = false;
    this.vendorChunks = 0;
    this.fault = '';
    this.faultAt = 0;
  }

  /** Notes a fault; the first counts. */
  fail(fault: string, at: number): void {
    if (this.fault !== '') return;
    this.fault = fault;
    this.faultAt = at;
  }
}

/** IPv6 for a family number of any system, IPv4 for 2, 0 for others. */
export function ipVersionOf(family: number): number {
  return family === FAMILY_IPV4 ? 4 : FAMILIES_IPV6.has(family) ? 6 : 0;
}

/**
 * Octets of the header and addresses of versions 1 and 2, 0 where these octets are no such header. In place of this length
 * sngrep 1.6 sends the upper octet of the whole message's.
 */
export function oldHeaderLength(data: Octets): number {
  if (data.u8(0) !== 1 && data.u8(0) !== 2) return 0;
  const ipVersion = ipVersionOf(data.u8(2));
  if (ipVersion === 0) return 0;
  const length = OLD_HEADER + 2 * addressBytes(ipVersion);
  return data.u8(1) === length || data.u8(1) === data.length >> 8 ? length : 0;
}

export function addressBytes(ipVersion: number): number {
  return ipVersion === 6 ? 16 : 4;
}

/**
 * Reads the message at the front of `data` into `message`. `isStream` says that another may follow and this one may go on;
 * versions 1 and 2 do not say how long they are and so come in datagrams alone. `truncated`: the capture has less than was sent.
 */
export function readMessage(data: Octets, isStream: boolean, truncated: boolean, message: HepMessage): HepResult {
  message.clear();
  const first = data.u8(0);
  if (first === HEP3_MAGIC >>> 24) return readHep3(data, isStream, truncated, message);
  if (isStream || (first !== 1 && first !== 2)) return HepResult.Not;
  return readOld(data, truncated, message);
}

function readHep3(data: Octets, isStream: boolean, truncated: boolean, message: HepMessage): HepResult {
  if (data.length < HEP3_HEADER) {
    if (!isStream) return HepResult.Not;
    for (let at = 1; at < Math.min(4, data.length); at++) {
      if (data.u8(at) !== ((HEP3_MAGIC >>> (24 - 8 * at)) & 255)) return HepResult.Not;
    }
    return HepResult.Short;
  }
  if (data.u32(0) !== HEP3_MAGIC) return HepResult.Not;
  const total = data.u16(4);
  if (isStream && total > data.length && !truncated) return HepResult.Short;
  message.version = 3;
  message.total = Math.max(total, HEP3_HEADER);
  if (total < HEP3_HEADER || (total > data.length && !truncated)) message.fail('hep-length', 4);
  readChunks(data, truncated, message);
  if (!isStream && total < data.length) message.fail('hep-trailing-octets', message.total);
  return HepResult.Found;
}

function readChunks(data: Octets, truncated: boolean, message: HepMessage): void {
  const held = Math.min(message.total, data.length);
  const isCut = truncated && held < message.total;
  let at = HEP3_HEADER;
  while (at + CHUNK_HEADER <= held) {
    const length = data.u16(at + 4);
    if (length < CHUNK_HEADER) {
      message.fail('hep-chunk-length', at + 4);
      break;
    }
    const end = Math.min(at + length, held);
    if (at + length > message.total) message.fail('hep-chunk-length', at + 4);
    else if (at + length > held && !isCut) message.fail('hep-chunk-length', at + 4);
    if (data.u16(at) !== 0) message.vendorChunks++;
    else readChunk(data, at, end - at - CHUNK_HEADER, length - CHUNK_HEADER, message);
    at += length;
  }
  if (at < held && !isCut) message.fail('hep-chunk-short', at);
  concludeAddresses(data, isCut, message);
}

/** A generic chunk at `at`, whose value has `length` octets, `held` of which are there. */
function readChunk(data: Octets, at: number, held: number, length: number, message: HepMessage): void {
  const type = data.u16(at + 2);
  const size = chunkSize(type);
  if (size !== 0 && length !== size) {
    message.fail('hep-chunk-size', at + 4);
    return;
  }
  if (held < size) return;
  const value = at + CHUNK_HEADER;
  switch (type) {
    case Chunk.IpFamily:
      message.ipVersion = ipVersionOf(data.u8(value));
      break;
    case Chunk.IpProtocol:
      message.transport = data.u8(value);
      break;
    case Chunk.SourceIPv4:
    case Chunk.SourceIPv6:
      if (message.sourceAt === 0) message.sourceAt = value;
      break;
    case Chunk.DestinationIPv4:
    case Chunk.DestinationIPv6:
      if (message.destinationAt === 0) message.destinationAt = value;
      break;
    case Chunk.SourcePort:
      message.sourcePort = data.u16(value);
      break;
    case Chunk.DestinationPort:
      message.destinationPort = data.u16(value);
      break;
    case Chunk.Seconds:
      message.hasTime = true;
      message.seconds = data.u32(value);
      break;
    case Chunk.Micros:
      message.micros = data.u32(value);
      break;
    case Chunk.ProtocolType:
      message.protocolType = data.u8(value);
      break;
    case Chunk.AgentId:
      message.agent = data.u32(value);
      break;
    case Chunk.AuthKey:
      message.hasAuthKey = true;
      break;
    case Chunk.Payload:
    case Chunk.CompressedPayload:
      if (message.payloadAt !== 0) break;
      message.payloadAt = value;
      message.payloadLength = held;
      message.isCompressed = type === Chunk.CompressedPayload;
      break;
    case Chunk.CorrelationId:
      message.correlationAt = value;
      message.correlationLength = held;
      break;
    case Chunk.NodeName:
      message.nodeNameAt = value;
      message.nodeNameLength = held;
      break;
    default:
  }
}

/** What the address chunks are says more than the family chunk, which counts where there are none. */
function concludeAddresses(data: Octets, isCut: boolean, message: HepMessage): void {
  const { sourceAt, destinationAt } = message;
  const sourceType = sourceAt === 0 ? 0 : data.u16(sourceAt - CHUNK_HEADER + 2);
  const destinationType = destinationAt === 0 ? 0 : data.u16(destinationAt - CHUNK_HEADER + 2);
  if (sourceType === Chunk.SourceIPv4 && destinationType === Chunk.DestinationIPv4) {
    message.ipVersion = 4;
  } else if (sourceType === Chunk.SourceIPv6 && destinationType === Chunk.DestinationIPv6) {
    message.ipVersion = 6;
  } else {
    message.sourceAt = 0;
    message.destinationAt = 0;
    if (!isCut && (sourceType !== 0 || destinationType !== 0)) message.fail('hep-addresses', HEP3_HEADER);
  }
}

function readOld(data: Octets, truncated: boolean, message: HepMessage): HepResult {
  const header = oldHeaderLength(data);
  if (header === 0) return HepResult.Not;
  const version = data.u8(0);
  const payloadAt = version === 2 ? header + OLD_TIME : header;
  if (data.length < payloadAt && !truncated) return HepResult.Not;
  message.version = version;
  message.total = data.length;
  message.ipVersion = ipVersionOf(data.u8(2));
  message.transport = data.u8(3);
  message.sourcePort = data.u16(4);
  message.destinationPort = data.u16(6);
  message.protocolType = SIP_TYPE;
  if (data.length >= header) {
    message.sourceAt = OLD_HEADER;
    message.destinationAt = OLD_HEADER + addressBytes(message.ipVersion);
  }
  if (version === 2 && data.length >= payloadAt) readOldTime(data, header, message);
  if (data.length > payloadAt) {
    message.payloadAt = payloadAt;
    message.payloadLength = data.length - payloadAt;
  }
  return HepResult.Found;
}

/** The sender's byte order is not said: that of most machines, unless only the other gives a part of a second. */
function readOldTime(data: Octets, at: number, message: HepMessage): void {
  const isBig = isBigEndianTime(data, at);
  message.hasTime = true;
  message.seconds = isBig ? data.u32(at) : littleU32(data, at);
  message.micros = isBig ? data.u32(at + 4) : littleU32(data, at + 4);
  message.agent = isBig ? data.u16(at + 8) : data.u8(at + 8) | (data.u8(at + 9) << 8);
}

const MICROS = 1_000_000;

/** Whether the time of version 2 at `at` is in network byte order. */
export function isBigEndianTime(data: Octets, at: number): boolean {
  return littleU32(data, at + 4) >= MICROS && data.u32(at + 4) < MICROS;
}

export function littleU32(data: Octets, at: number): number {
  return (data.u8(at) | (data.u8(at + 1) << 8) | (data.u8(at + 2) << 16) | (data.u8(at + 3) << 24)) >>> 0;
}
