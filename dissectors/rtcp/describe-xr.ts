/** Extended reports in the detail tree: RFC 3611. Blocks it does not know keep their octets. */
import { describeNtp } from './describe-report.ts';
import { XrBlock } from './read-xr.ts';
import type { Span } from './span.ts';
import { formatDelay } from './units.ts';
import { describeVoipMetrics } from './describe-voip-metrics.ts';

const BLOCK_NAMES: Readonly<Record<number, string>> = {
  1: 'Loss RLE',
  2: 'Duplicate RLE',
  3: 'Packet receipt times',
  4: 'Receiver reference time',
  5: 'DLRR',
  6: 'Statistics summary',
  7: 'VoIP metrics',
  8: 'BT XNQ (RFC 5093)',
  9: 'TI extended VoIP quality',
  10: 'Post-repair loss RLE (RFC 5725)',
  11: 'Multicast acquisition (RFC 6332)',
  12: 'Inter-destination media synchronization (RFC 7272)',
  13: 'ECN summary (RFC 6679)',
  14: 'Measurement information (RFC 6776)',
  15: 'Packet delay variation (RFC 6798)',
  16: 'Delay metrics (RFC 6843)',
  17: 'Burst/gap loss summary (RFC 7004)',
  18: 'Burst/gap discard summary (RFC 7004)',
  19: 'Frame impairment summary (RFC 7004)',
  20: 'Burst/gap loss (RFC 6958)',
  21: 'Burst/gap discard (RFC 7003)',
  24: 'Discard count (RFC 7002)',
  25: 'Discard RLE (RFC 7097)',
};

/** Adds the sender and its blocks. */
export function describeXr(span: Span): void {
  span.ssrc('rtcp.senderssrc', 'Sender SSRC');
  while (span.has(4)) {
    const type = span.data.u8(span.at);
    const length = (span.data.u16(span.at + 2) + 1) * 4;
    const name = blockName(type);
    if (!span.has(length)) {
      const message = `Block ${type} says ${length} octets, ${span.left} are there`;
      span.tree.fault('rtcp-xr-block-length', message, span.at + 2, 2);
    }
    span.group('rtcp.xr', name, length, `${length} octets`, (block) => {
      block.u8('rtcp.xr.bt', 'Block type', blockName);
      const specific = block.data.u8(block.at);
      describeTypeSpecific(block, type);
      block.u16('rtcp.xr.bl', 'Block length', (words) => `${(words + 1) * 4} octets`);
      describeBlock(block, type, specific);
    });
  }
}

function blockName(type: number): string {
  return BLOCK_NAMES[type] ?? `block ${type}`;
}

/** The octet after the block type: thinning for the run-length and receipt blocks, flags for the summary. */
function describeTypeSpecific(block: Span, type: number): void {
  const { at, data, tree } = block;
  const value = data.u8(at);
  if (type === XrBlock.StatisticsSummary) {
    tree.field('rtcp.xr.stats.lrflag', 'Loss reported', at, 1, (value & 0x80) !== 0);
    tree.field('rtcp.xr.stats.dupflag', 'Duplicates reported', at, 1, (value & 0x40) !== 0);
    tree.field('rtcp.xr.stats.jitterflag', 'Jitter reported', at, 1, (value & 0x20) !== 0);
    tree.field('rtcp.xr.stats.ttl', 'TTL or hop limit', at, 1, (value >> 3) & 3, ttlMeaning(value));
  } else if (type >= XrBlock.LossRle && type <= XrBlock.PacketReceiptTimes) {
    tree.field('rtcp.xr.tf', 'Thinning', at, 1, value & 0x0f, `every ${2 ** (value & 0x0f)}. packet`);
  } else {
    tree.field('rtcp.xr.bs', 'Type specific', at, 1, value);
  }
  block.at += 1;
}

function ttlMeaning(flags: number): string {
  return ['not reported', 'IPv4 TTL', 'IPv6 hop limit', 'reserved'][(flags >> 3) & 3];
}

function describeBlock(block: Span, type: number, specific: number): void {
  switch (type) {
    case XrBlock.LossRle:
    case XrBlock.DuplicateRle:
      return describeRunLengths(block);
    case XrBlock.PacketReceiptTimes:
      return describeReceiptTimes(block, specific);
    case XrBlock.ReferenceTime:
      if (block.has(8)) describeNtp(block, 'rtcp.xr.timestamp');
      return;
    case XrBlock.Dlrr:
      while (block.has(12)) describeDlrr(block);
      return;
    case XrBlock.StatisticsSummary:
      return describeStatistics(block, specific);
    case XrBlock.VoipMetrics:
      return describeVoipMetrics(block);
    default:
      return;
  }
}

function describeRange(block: Span): void {
  block.ssrc('rtcp.ssrc.identifier', 'SSRC reported on');
  block.u16('rtcp.xr.beginseq', 'Begin sequence number');
  block.u16('rtcp.xr.endseq', 'End sequence number', () => 'the first not reported');
}

/** RFC 3611, sections 4.1 and 4.2: runs of 14 bits, vectors of 15, zero to end. */
function describeRunLengths(block: Span): void {
  describeRange(block);
  while (block.has(2)) {
    const chunk = block.data.u16(block.at);
    if (chunk === 0) {
      block.u16('rtcp.xr.chunk.null_terminator', 'Null chunk', () => 'end');
    } else if (chunk < 0x8000) {
      const kind = (chunk & 0x4000) === 0 ? 'zeros' : 'ones';
      block.tree.field('rtcp.xr.chunk.length', 'Run', block.at, 2, chunk & 0x3fff, kind);
      block.at += 2;
    } else {
      const bits = (chunk & 0x7fff).toString(2).padStart(15, '0');
      block.tree.field('rtcp.xr.chunk.bit_vector', 'Bit vector', block.at, 2, chunk & 0x7fff, bits);
      block.at += 2;
    }
  }
}

/** RFC 3611, section 4.3: a time in RTP units for each packet that the thinning left. */
function describeReceiptTimes(block: Span, specific: number): void {
  const step = 2 ** (specific & 0x0f);
  const first = block.has(8) ? Math.ceil(block.data.u16(block.at + 4) / step) * step : 0;
  describeRange(block);
  for (let sequence = first; block.has(4); sequence += step) {
    block.u32('rtcp.xr.receipt_time_seq', `Receipt time of ${sequence & 0xffff}`);
  }
}

function describeDlrr(block: Span): void {
  block.ssrc('rtcp.ssrc.identifier', 'SSRC reported on');
  block.u32('rtcp.xr.lrr', 'Last RR timestamp');
  block.u32('rtcp.xr.dlrr', 'Delay since last RR', formatDelay);
}

/** RFC 3611, section 4.6; what a flag does not report is sent as 0. */
function describeStatistics(block: Span, flags: number): void {
  const onlyWith = (mask: number) => () => ((flags & mask) === 0 ? 'not reported' : '');
  const jitter = onlyWith(0x20);
  const ttl = onlyWith(0x18);
  describeRange(block);
  block.u32('rtcp.xr.stats.lost', 'Lost packets', onlyWith(0x80));
  block.u32('rtcp.xr.stats.dups', 'Duplicate packets', onlyWith(0x40));
  block.u32('rtcp.xr.stats.minjitter', 'Minimum jitter', jitter);
  block.u32('rtcp.xr.stats.maxjitter', 'Maximum jitter', jitter);
  block.u32('rtcp.xr.stats.meanjitter', 'Mean jitter', jitter);
  block.u32('rtcp.xr.stats.devjitter', 'Deviation of jitter', jitter);
  block.u8('rtcp.xr.stats.minttl', 'Minimum TTL', ttl);
  block.u8('rtcp.xr.stats.maxttl', 'Maximum TTL', ttl);
  block.u8('rtcp.xr.stats.meanttl', 'Mean TTL', ttl);
  block.u8('rtcp.xr.stats.devttl', 'Deviation of TTL', ttl);
}
