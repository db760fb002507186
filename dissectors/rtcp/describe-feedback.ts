/** Feedback messages in the detail tree: RFC 4585, RFC 5104, and REMB (draft-alvestrand-rmcat-remb). */
import { describeTransportCc } from './describe-transport-cc.ts';
import { RtcpType } from './packet-types.ts';
import type { Span } from './span.ts';
import { formatBitrate, formatSsrc } from './units.ts';

const REMB = 'REMB';

/** Adds the two SSRCs and the feedback control information (FCI) of a message type `fmt`. */
export function describeFeedback(span: Span, type: number, fmt: number): void {
  span.ssrc('rtcp.senderssrc', 'Sender SSRC');
  span.ssrc('rtcp.mediassrc', 'Media source SSRC');
  if (type === RtcpType.Rtpfb) describeTransport(span, fmt);
  else describePayloadSpecific(span, fmt);
  span.rest('rtcp.fci', 'Feedback control information');
}

function describeTransport(span: Span, fmt: number): void {
  switch (fmt) {
    case 1:
      while (span.has(4)) describeNack(span);
      break;
    case 3:
    case 4:
      while (span.has(8)) describeTmmbr(span);
      break;
    case 15:
      describeTransportCc(span);
      break;
    default:
      break;
  }
}

function describePayloadSpecific(span: Span, fmt: number): void {
  switch (fmt) {
    case 2:
      while (span.has(4)) describeSli(span);
      break;
    case 3:
      describeRpsi(span);
      break;
    case 4:
      while (span.has(8)) describeFir(span);
      break;
    case 15:
      if (span.has(8) && span.data.text(span.at, 4) === REMB) describeRemb(span);
      break;
    default:
      break;
  }
}

/** RFC 4585, section 6.2.1: a lost packet, and which of the sixteen after it are lost too. */
function describeNack(span: Span): void {
  const first = span.data.u16(span.at);
  const mask = span.data.u16(span.at + 2);
  const lost = [first];
  for (let bit = 0; bit < 16; bit++) if ((mask & (1 << bit)) !== 0) lost.push((first + bit + 1) & 0xffff);
  span.group('rtcp.nack', 'Lost', 4, lost.join(', '), (entry) => {
    entry.u16('rtcp.rtpfb.nack_pid', 'Packet identifier');
    entry.u16('rtcp.rtpfb.nack_blp', 'Following lost packets', (blp) => `0x${blp.toString(16).padStart(4, '0')}`);
  });
}

/** RFC 5104, section 4.2.1.1: 6 bits of exponent, 17 of mantissa, 9 of overhead. */
function describeTmmbr(span: Span): void {
  const word = span.data.u32(span.at + 4);
  const exponent = word >>> 26;
  const mantissa = (word >>> 9) & 0x1ffff;
  const bitrate = mantissa * 2 ** exponent;
  const text = `${formatSsrc(span.data.u32(span.at))}  ${formatBitrate(bitrate)}`;
  span.group('rtcp.rtpfb.tmmbr.fci', 'Entry', 8, text, (entry) => {
    entry.ssrc('rtcp.rtpfb.tmmbr.fci.ssrc', 'SSRC');
    const { at, tree } = entry;
    tree.field('rtcp.rtpfb.tmmbr.fci.exp', 'Exponent', at, 1, exponent);
    tree.field('rtcp.rtpfb.tmmbr.fci.mantissa', 'Mantissa', at, 3, mantissa);
    tree.field('rtcp.rtpfb.tmmbr.fci.bitrate', 'Maximum bit rate', at, 3, bitrate, formatBitrate(bitrate));
    tree.field(
      'rtcp.rtpfb.tmmbr.fci.measuredoverhead',
      'Measured overhead',
      at + 2,
      2,
      word & 0x1ff,
      'octets a packet',
    );
    entry.at += 4;
  });
}

/** RFC 4585, section 6.3.2.2. */
function describeSli(span: Span): void {
  const word = span.data.u32(span.at);
  span.group('rtcp.psfb.fir.sli', 'Lost slice', 4, '', (entry) => {
    const { at, tree } = entry;
    tree.field('rtcp.psfb.fir.sli.first', 'First macroblock', at, 2, word >>> 19);
    tree.field('rtcp.psfb.fir.sli.number', 'Number of macroblocks', at + 1, 3, (word >>> 6) & 0x1fff);
    tree.field('rtcp.psfb.fir.sli.picture_id', 'Picture id', at + 3, 1, word & 0x3f);
    entry.at += 4;
  });
}

/** RFC 4585, section 6.3.3.2: how many bits at the end are not used, the payload type, the codec's own bit string. */
function describeRpsi(span: Span): void {
  span.u8('rtcp.psfb.rpsi.pb', 'Padding bits');
  span.u8('rtcp.psfb.rpsi.p_type', 'Payload type', (value) => `${value & 0x7f}`);
  span.rest('rtcp.psfb.rpsi.bits', 'Reference picture');
}

/** RFC 5104, section 4.3.1.1. */
function describeFir(span: Span): void {
  span.group('rtcp.psfb.fir.fci', 'Entry', 8, formatSsrc(span.data.u32(span.at)), (entry) => {
    entry.ssrc('rtcp.psfb.fir.fci.ssrc', 'SSRC');
    entry.u8('rtcp.psfb.fir.fci.csn', 'Command sequence number');
    entry.octets('rtcp.psfb.fir.fci.reserved', 'Reserved', 3);
  });
}

/** draft-alvestrand-rmcat-remb-03, section 2.2. */
function describeRemb(span: Span): void {
  const { data, tree } = span;
  span.text('rtcp.psfb.remb.identifier', 'Identifier', 4);
  span.u8('rtcp.psfb.remb.fci.number_ssrcs', 'Number of SSRCs');
  const exponent = data.u8(span.at) >> 2;
  const mantissa = data.u24(span.at) & 0x3ffff;
  const bitrate = mantissa * 2 ** exponent;
  tree.field('rtcp.psfb.remb.fci.br_exp', 'Exponent', span.at, 1, exponent);
  tree.field('rtcp.psfb.remb.fci.br_mantissa', 'Mantissa', span.at, 3, mantissa);
  tree.field('rtcp.psfb.remb.fci.bitrate', 'Maximum bit rate', span.at, 3, bitrate, formatBitrate(bitrate));
  span.at += 3;
  while (span.has(4)) span.ssrc('rtcp.psfb.remb.fci.ssrc', 'SSRC');
}
