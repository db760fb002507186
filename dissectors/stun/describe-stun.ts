/** The detail tree of STUN, ChannelData and frames. */
import type { Octets } from '../../base/octets.ts';
import type { DescribeContext, TreeBuilder } from '../dissector.ts';
import { StunAttribute } from './attributes.ts';
import { StunKind } from './columns.ts';
import { type AttributeContext, describeAttribute } from './describe-attribute.ts';
import {
  ATTRIBUTE_HEADER,
  CHANNEL_HEADER,
  FRAME_HEADER,
  HeaderResult,
  MessageHeader,
  readHeader,
  STUN_HEADER,
} from './message-header.ts';
import { className, methodName } from './methods.ts';
import { formatChannel } from './summarize-stun.ts';

/** Every octet in order; what cannot be read is shown all the same, with a fault beside it. */
export function describeStun(data: Octets, tree: TreeBuilder, ctx: DescribeContext): void {
  const header = new MessageHeader();
  if (readHeader(data, ctx.transport, ctx.truncated, header) !== HeaderResult.Found) {
    if (data.length > 0) tree.field('stun.data', 'Data', 0, data.length, data.hex());
    tree.fault(ctx.truncated ? 'truncated' : 'stun-short', 'No whole header', 0, data.length);
    return;
  }
  switch (header.kind) {
    case StunKind.ChannelData:
      describeChannelData(data, header, tree, ctx);
      break;
    case StunKind.Frame:
      describeFrame(data, header, tree, ctx);
      break;
    default:
      describeMessage(data, header, tree, ctx);
  }
}

function describeChannelData(data: Octets, header: MessageHeader, tree: TreeBuilder, ctx: DescribeContext): void {
  tree.field('stun.channel', 'Channel number', 0, 2, data.u16(0), formatChannel(data.u16(0)));
  tree.field('stun.length', 'Length', 2, 2, data.u16(2), 'octets');
  const end = Math.min(header.end, data.length);
  if (header.end > data.length) missing(tree, ctx, header.end - data.length, 2);
  if (end > CHANNEL_HEADER) {
    tree.field(
      'stun.channel.data',
      'Application data',
      CHANNEL_HEADER,
      end - CHANNEL_HEADER,
      data.hex(CHANNEL_HEADER, end - CHANNEL_HEADER),
    );
  }
  const filled = Math.min(header.total, data.length);
  if (end < filled) tree.field('stun.channel.padding', 'Padding', end, filled - end, data.hex(end, filled - end));
  trailing(data, tree, filled);
}

function describeFrame(data: Octets, header: MessageHeader, tree: TreeBuilder, ctx: DescribeContext): void {
  tree.field('stun.tcp_frame_length', 'Frame length', 0, FRAME_HEADER, data.u16(0), 'octets');
  const end = Math.min(header.end, data.length);
  if (header.end > data.length) missing(tree, ctx, header.end - data.length, 0);
  if (end > FRAME_HEADER) {
    tree.field(
      'stun.frame.data',
      'RTP, RTCP or DTLS',
      FRAME_HEADER,
      end - FRAME_HEADER,
      data.hex(FRAME_HEADER, end - FRAME_HEADER),
    );
  }
  trailing(data, tree, end);
}

function describeMessage(data: Octets, header: MessageHeader, tree: TreeBuilder, ctx: DescribeContext): void {
  const { at, type } = header;
  const isClassic = header.kind === StunKind.Classic;
  const name = methodName(header.method, isClassic);
  const kind = className(header.class);
  if (at > 0) tree.field('stun.tcp_frame_length', 'Frame length', 0, FRAME_HEADER, data.u16(0), 'octets');
  tree.field('stun.type', 'Message type', at, 2, type, `${name} ${kind}`);
  tree.field('stun.type.class', 'Class', at, 2, (type & 0x0110) >> 4, kind);
  tree.field('stun.type.method', 'Method', at, 2, header.method, name);
  tree.field('stun.length', 'Message length', at + 2, 2, data.u16(at + 2), 'octets');
  if (!isClassic && ((header.end - at) & 3) !== 0)
    tree.fault('stun-length', 'The length is no multiple of 4', at + 2, 2);
  if (header.end > data.length) missing(tree, ctx, header.end - data.length, at + 2);
  else if (header.end > header.total) tree.fault('stun-length', 'The message is longer than its frame', at + 2, 2);
  if (!isClassic) tree.field('stun.cookie', 'Magic cookie', at + 4, 4, data.hex(at + 4, 4));
  const idAt = isClassic ? 4 : at + 8;
  const idLength = Math.min(at + STUN_HEADER, data.length) - idAt;
  if (idLength > 0) tree.field('stun.id', 'Transaction ID', idAt, idLength, data.hex(idAt, idLength));
  const from = at + STUN_HEADER;
  const end = Math.min(header.end, header.at === 0 ? data.length : Math.min(header.total, data.length));
  if (end > from) {
    tree.group('stun.attributes', 'Attributes', from, end - from, '', () => {
      describeAttributes({ data, tree, messageAt: at, isClassic, truncated: ctx.truncated }, from, header.end, end);
    });
  }
  trailing(data, tree, Math.max(end, Math.min(from, data.length)), 'stun-trailing-octets');
}

/** The attributes from `from`; `end` is the message's by its length field, `held` that of what the capture has of it. */
function describeAttributes(message: AttributeContext, from: number, end: number, held: number): void {
  const { data, tree, messageAt, isClassic } = message;
  for (let at = from; at < held; ) {
    const cut = message.truncated && held < end;
    if (at + ATTRIBUTE_HEADER > held) {
      tree.field('stun.value', 'Value', at, held - at, data.hex(at, held - at));
      if (!cut) tree.fault('stun-attribute-length', 'No room for an attribute', at, held - at);
      return;
    }
    const length = data.u16(at + 2);
    const valueEnd = at + ATTRIBUTE_HEADER + length;
    const next = isClassic ? valueEnd : messageAt + ((valueEnd - messageAt + 3) & ~3);
    if (valueEnd > end) {
      const text = `The length says ${length} octets, ${end - at - ATTRIBUTE_HEADER} are left in the message`;
      tree.fault('stun-attribute-length', text, at + 2, 2);
    }
    const isLast = next >= held;
    const isFingerprint = data.u16(at) === StunAttribute.Fingerprint;
    describeAttribute({ ...message, truncated: cut && valueEnd > held }, at, held, Math.min(next, held));
    if (isFingerprint && !isLast) tree.fault('stun-fingerprint-not-last', 'Attributes follow FINGERPRINT', at, 2);
    at = next;
  }
}

function missing(tree: TreeBuilder, ctx: DescribeContext, octets: number, at: number): void {
  tree.fault(ctx.truncated ? 'truncated' : 'stun-length', `${octets} octets of the message are not there`, at, 2);
}

function trailing(data: Octets, tree: TreeBuilder, at: number, code = ''): void {
  if (at >= data.length) return;
  tree.field('stun.trailing', 'After the message', at, data.length - at, data.hex(at));
  if (code !== '') tree.fault(code, 'More octets than the message', at, data.length - at);
}
