/** The detail tree of HEP. */
import type { Octets } from '../../base/octets.ts';
import type { DescribeContext, TreeBuilder } from '../dissector.ts';
import { describeChunk } from './describe-chunk.ts';
import { describePayload } from './describe-payload.ts';
import { addressText, transportName } from './header-text.ts';
import {
  addressBytes,
  CHUNK_HEADER,
  HEP3_HEADER,
  HEP3_MAGIC,
  HepMessage,
  HepResult,
  ipVersionOf,
  isBigEndianTime,
  littleU32,
  OLD_HEADER,
  OLD_TIME,
  oldHeaderLength,
  readMessage,
} from './read-message.ts';

/** Of a body that holds messages of version 3, one after the other. */
export const MEDIA_TYPE = 'application/hep';

/** Every octet in order; what cannot be read is shown all the same, with a fault beside it. */
export function describeHep(data: Octets, tree: TreeBuilder, ctx: DescribeContext): void {
  if (!isBody(ctx)) {
    describeMessage(data, 0, data.length, tree, ctx);
    return;
  }
  for (let at = 0; at < data.length; ) {
    const left = data.length - at;
    const isMessage = left >= HEP3_HEADER && data.u32(at) === HEP3_MAGIC;
    const length = isMessage ? Math.min(left, Math.max(HEP3_HEADER, data.u16(at + 4))) : left;
    const from = at;
    tree.group('hep.message', 'Message', at, length, '', () => describeMessage(data, from, length, tree, ctx));
    at += length;
  }
}

/** A body may hold several messages, and everything else one. */
function isBody({ mediaType }: DescribeContext): boolean {
  return mediaType.split(';')[0].trim().toLowerCase() === MEDIA_TYPE;
}

function describeMessage(whole: Octets, at: number, length: number, outer: TreeBuilder, ctx: DescribeContext): void {
  const data = at === 0 && length === whole.length ? whole : whole.sub(at, length);
  const tree = at === 0 ? outer : shifted(outer, at);
  const message = new HepMessage();
  if (readMessage(data, ctx.transport === 'tcp', ctx.truncated, message) !== HepResult.Found) {
    if (data.length > 0) tree.field('hep.trailing', 'Data', 0, data.length, data.hex());
    tree.fault(ctx.truncated ? 'truncated' : 'hep-short', 'No whole header', 0, data.length);
    return;
  }
  if (message.version === 3) describeHep3(data, message, tree, ctx);
  else describeOld(data, message, tree, ctx);
}

/** The tree for octets that begin at `by`. */
function shifted(tree: TreeBuilder, by: number): TreeBuilder {
  return {
    field: (name, label, at, length, value, meaning) => tree.field(name, label, at + by, length, value, meaning),
    group: (name, label, at, length, text, build) => tree.group(name, label, at + by, length, text, build),
    fault: (code, message, at, length) => tree.fault(code, message, at + by, length),
  };
}

function describeHep3(data: Octets, message: HepMessage, tree: TreeBuilder, ctx: DescribeContext): void {
  const length = data.u16(4);
  tree.field('hep.magic', 'Magic', 0, 4, 'HEP3');
  tree.field('hep.version', 'Version', 0, 4, 3);
  tree.field('hep.length', 'Length', 4, 2, length, 'octets');
  if (length > data.length || length < HEP3_HEADER) {
    const isCut = ctx.truncated && length > data.length;
    const text = length < HEP3_HEADER ? 'Shorter than the header' : `${length - data.length} octets are not there`;
    tree.fault(isCut ? 'truncated' : 'hep-length', text, 4, 2);
  }
  const held = Math.min(message.total, data.length);
  const isCut = ctx.truncated && held < message.total;
  let at = HEP3_HEADER;
  while (at + CHUNK_HEADER <= held) {
    const size = data.u16(at + 4);
    if (size < CHUNK_HEADER) break;
    describeChunk(data, at, Math.min(at + size, held), isCut && at + size <= message.total, message, tree);
    at += size;
  }
  if (at < held) {
    tree.field('hep.chunk.value', 'Rest', at, held - at, data.hex(at, held - at));
    if (!isCut) tree.fault('hep-chunk-length', 'No room for a chunk', at, held - at);
  }
  if (held >= data.length) return;
  tree.field('hep.trailing', 'After the message', held, data.length - held, data.hex(held));
  tree.fault('hep-trailing-octets', 'More octets than the message', held, data.length - held);
}

function describeOld(data: Octets, message: HepMessage, tree: TreeBuilder, ctx: DescribeContext): void {
  const header = oldHeaderLength(data);
  const ipVersion = ipVersionOf(data.u8(2));
  const cut = header + (message.version === 2 ? OLD_TIME : 0) > data.length;
  tree.field('hep.version', 'Version', 0, 1, message.version);
  const isLength = data.u8(1) === header;
  tree.field('hep.header_length', 'Header length', 1, 1, data.u8(1), isLength ? 'octets' : 'not the length');
  tree.field('hep.ip_family', 'IP family', 2, 1, data.u8(2), `IPv${ipVersion}`);
  if (data.length < OLD_HEADER) {
    if (data.length > 3) tree.field('hep.trailing', 'Rest', 3, data.length - 3, data.hex(3));
  } else {
    tree.field('hep.ip_protocol', 'IP protocol', 3, 1, data.u8(3), transportName(data.u8(3)));
    tree.field('hep.src_port', 'Source port', 4, 2, data.u16(4));
    tree.field('hep.dst_port', 'Destination port', 6, 2, data.u16(6));
    if (data.length < header) {
      const rest = data.length - OLD_HEADER;
      if (rest > 0) tree.field('hep.trailing', 'Rest', OLD_HEADER, rest, data.hex(OLD_HEADER));
    } else {
      const size = addressBytes(ipVersion);
      addressField(data, tree, 'src', 'source', OLD_HEADER, ipVersion);
      addressField(data, tree, 'dst', 'destination', OLD_HEADER + size, ipVersion);
      if (message.version === 2) describeOldTime(data, header, tree);
    }
  }
  if (cut) tree.fault('truncated', 'The capture ends within the header', 0, data.length);
  if (message.payloadAt === 0) return;
  describePayload(data, message, tree, ctx.truncated);
}

function addressField(
  data: Octets,
  tree: TreeBuilder,
  side: string,
  word: string,
  at: number,
  ipVersion: number,
): void {
  const size = addressBytes(ipVersion);
  const label = `IPv${ipVersion} ${word} address`;
  tree.field(`hep.${side}_ip${ipVersion}`, label, at, size, addressText(data, at, ipVersion));
}

function describeOldTime(data: Octets, at: number, tree: TreeBuilder): void {
  if (data.length < at + OLD_TIME) {
    if (data.length > at) tree.field('hep.trailing', 'Rest', at, data.length - at, data.hex(at));
    return;
  }
  const isBig = isBigEndianTime(data, at);
  const order = isBig ? 'network byte order' : 'little-endian';
  tree.field('hep.time_sec', 'Time, seconds', at, 4, isBig ? data.u32(at) : littleU32(data, at), order);
  tree.field('hep.time_usec', 'Time, microseconds', at + 4, 4, isBig ? data.u32(at + 4) : littleU32(data, at + 4));
  const agent = isBig ? data.u16(at + 8) : data.u8(at + 8) | (data.u8(at + 9) << 8);
  tree.field('hep.agent_id', 'Capture agent ID', at + 8, 2, agent);
  tree.field('hep.padding', 'Padding', at + 10, 2, data.hex(at + 10, 2));
}
