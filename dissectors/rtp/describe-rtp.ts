/** The detail tree of an RTP packet. Field names are Wireshark's. */
import type { Octets } from '../../base/octets.ts';
import type { DescribeContext, TreeBuilder } from '../dissector.ts';
import { describeHeaderExtension } from './header-extension.ts';
import { encodingName, staticEncoding } from './payload-types.ts';

const FIXED_HEADER = 12;

/** Encodings that other dissectors read further, by name in lower case (RFC 4733). */
const CHILD_TYPES: Readonly<Record<string, string>> = {
  'telephone-event': 'audio/telephone-event',
  tone: 'audio/tone',
};

/** Adds every octet of `data` to `tree`; whatever is cut short is shown as far as it goes. */
export function describeRtp(data: Octets, tree: TreeBuilder, ctx: DescribeContext): void {
  if (data.length < FIXED_HEADER) {
    tree.field('rtp.payload', 'Payload', 0, data.length, data.hex());
    tree.fault(ctx.truncated ? 'truncated' : 'rtp-short', 'Shorter than an RTP header (12 octets)', 0, data.length);
    return;
  }
  const payloadType = data.u8(1) & 0x7f;
  const signalled = ctx.encodingOf(payloadType);
  const encoding = signalled || staticEncoding(payloadType);
  describeFixedHeader(data, tree, encoding === '' ? 'Dynamic' : encoding);
  const afterCsrc = describeCsrc(data, tree, ctx);
  const payloadAt =
    (data.u8(0) & 0x10) === 0 ? afterCsrc : describeHeaderExtension(data, afterCsrc, tree, ctx.truncated);
  if (ctx.srtp !== null) describeEncrypted(data, payloadAt, ctx.srtp, tree);
  else describePayload(data, payloadAt, encodingName(signalled), tree, ctx);
}

/** RFC 3711, figure 1: padding is inside what is encrypted. */
function describeEncrypted(
  data: Octets,
  at: number,
  srtp: NonNullable<DescribeContext['srtp']>,
  tree: TreeBuilder,
): void {
  const rest = data.length - at;
  const tag = Math.min(srtp.tagLength, rest);
  const mki = Math.min(srtp.mkiLength, rest - tag);
  const length = rest - tag - mki;
  if (length > 0)
    tree.field('srtp.enc_payload', 'Encrypted payload', at, length, data.hex(at, length), `${length} octets`);
  if (mki > 0) tree.field('srtp.mki', 'Master key identifier', at + length, mki, data.hex(at + length, mki));
  if (tag > 0)
    tree.field('srtp.auth_tag', 'Authentication tag', at + length + mki, tag, data.hex(at + length + mki, tag));
}

function describeFixedHeader(data: Octets, tree: TreeBuilder, encoding: string): void {
  const first = data.u8(0);
  const second = data.u8(1);
  tree.field('rtp.version', 'Version', 0, 1, first >> 6, first >> 6 === 2 ? 'RFC 3550' : 'not RTP');
  tree.field('rtp.padding', 'Padding', 0, 1, (first & 0x20) !== 0);
  tree.field('rtp.ext', 'Extension', 0, 1, (first & 0x10) !== 0);
  tree.field('rtp.cc', 'Contributing source count', 0, 1, first & 0x0f);
  tree.field('rtp.marker', 'Marker', 1, 1, second >= 128);
  tree.field('rtp.p_type', 'Payload type', 1, 1, second & 0x7f, encoding);
  tree.field('rtp.seq', 'Sequence number', 2, 2, data.u16(2));
  tree.field('rtp.timestamp', 'Timestamp', 4, 4, data.u32(4));
  tree.field('rtp.ssrc', 'Synchronization source', 8, 4, data.u32(8), `0x${data.hex(8, 4)}`);
}

/** Gives the offset after the CSRC list, at most the end of the view. */
function describeCsrc(data: Octets, tree: TreeBuilder, ctx: DescribeContext): number {
  const count = data.u8(0) & 0x0f;
  if (count === 0) return FIXED_HEADER;
  const held = Math.min(count, (data.length - FIXED_HEADER) >> 2);
  if (held > 0) {
    tree.group('rtp.csrc.items', 'Contributing sources', FIXED_HEADER, held * 4, `${held} of ${count}`, () => {
      for (let i = 0, at = FIXED_HEADER; i < held; i++, at += 4) {
        tree.field('rtp.csrc.item', 'CSRC', at, 4, data.u32(at), `0x${data.hex(at, 4)}`);
      }
    });
  }
  const end = FIXED_HEADER + held * 4;
  if (held === count) return end;
  const code = ctx.truncated ? 'truncated' : 'rtp-csrc-length';
  tree.fault(code, `The CSRC list holds ${held} of ${count} entries`, end, data.length - end);
  return data.length;
}

function describePayload(data: Octets, at: number, name: string, tree: TreeBuilder, ctx: DescribeContext): void {
  const rest = data.length - at;
  // The count is the last octet sent, which a cut frame does not hold.
  const padded = (data.u8(0) & 0x20) !== 0 && !ctx.truncated;
  const count = padded && rest > 0 ? data.u8(data.length - 1) : 0;
  const padding = count <= rest ? count : 0;
  const length = rest - padding;
  if (length > 0) {
    tree.field('rtp.payload', 'Payload', at, length, data.hex(at, length), `${length} octets`);
    const mediaType = CHILD_TYPES[name.toLowerCase()];
    if (mediaType !== undefined) ctx.child(mediaType, at, length);
  }
  if (padding > 1) {
    tree.field('rtp.padding.data', 'Padding data', at + length, padding - 1, data.hex(at + length, padding - 1));
  }
  if (padding > 0) tree.field('rtp.padding.count', 'Padding count', data.length - 1, 1, padding);
  else if (padded) {
    const message = `The padding count ${count} does not fit the ${rest} octets after the header`;
    tree.fault('rtp-bad-padding', message, data.length - 1, 1);
  }
}
