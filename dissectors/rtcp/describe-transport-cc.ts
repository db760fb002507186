/** Transport-wide congestion control feedback: draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1. */
import type { Span } from './span.ts';

const SMALL_DELTA = 1;
const LARGE_DELTA = 2;
const STATUS_NAMES = ['not received', 'small delta', 'large delta', 'reserved'] as const;

/** What the chunks say of the packets, in order. */
interface Statuses {
  readonly symbols: number[];
  readonly wanted: number;
}

/** Adds the FCI: its header, the status chunks, and a receive delta for each packet that arrived. */
export function describeTransportCc(span: Span): void {
  if (!span.has(8)) return;
  const { data, tree } = span;
  const base = data.u16(span.at);
  const statuses: Statuses = { symbols: [], wanted: data.u16(span.at + 2) };
  span.u16('rtcp.rtpfb.transportcc.baseseq', 'Base sequence number');
  span.u16('rtcp.rtpfb.transportcc.statuscount', 'Packet status count');
  const reference = (data.u24(span.at) << 8) >> 8;
  tree.field('rtcp.rtpfb.transportcc.reftime', 'Reference time', span.at, 3, reference, `${reference * 64} ms`);
  span.at += 3;
  span.u8('rtcp.rtpfb.transportcc.pktcount', 'Feedback packet count');
  while (statuses.symbols.length < statuses.wanted && span.has(2)) describeChunk(span, statuses);
  describeDeltas(span, base, statuses.symbols);
  if (span.left > 0) span.rest('rtcp.rtpfb.transportcc.recv_delta.padding', 'Fills the word');
}

/** Section 3.1.3 (run length: bit 15 clear) and 3.1.4 (vector of one-bit or two-bit symbols). */
function describeChunk(span: Span, statuses: Statuses): void {
  const chunk = span.data.u16(span.at);
  const room = statuses.wanted - statuses.symbols.length;
  if (chunk < 0x8000) {
    const symbol = chunk >> 13;
    const run = Math.min(chunk & 0x1fff, room);
    for (let i = 0; i < run; i++) statuses.symbols.push(symbol);
    const text = `run of ${chunk & 0x1fff}: ${STATUS_NAMES[symbol]}`;
    span.u16('rtcp.rtpfb.transportcc.pktchunk', 'Packet chunk', () => text);
    return;
  }
  const bits = (chunk & 0x4000) === 0 ? 1 : 2;
  const symbols: number[] = [];
  for (let at = 14 - bits; at >= 0; at -= bits) symbols.push((chunk >> at) & ((1 << bits) - 1));
  const used = symbols.slice(0, room);
  statuses.symbols.push(...used);
  span.u16('rtcp.rtpfb.transportcc.pktchunk', 'Packet chunk', () => `vector: ${used.join(' ')}`);
}

function describeDeltas(span: Span, base: number, symbols: readonly number[]): void {
  for (let i = 0; i < symbols.length; i++) {
    const symbol = symbols[i];
    if (symbol !== SMALL_DELTA && symbol !== LARGE_DELTA) continue;
    const length = symbol === SMALL_DELTA ? 1 : 2;
    if (!span.has(length)) {
      span.tree.fault('rtcp-transport-cc-deltas', 'Fewer receive deltas than packets received', span.at, span.left);
      return;
    }
    const delta = length === 1 ? span.data.u8(span.at) : (span.data.u16(span.at) << 16) >> 16;
    const label = `Receive delta of ${(base + i) & 0xffff}`;
    span.tree.field('rtcp.rtpfb.transportcc.recv_delta', label, span.at, length, delta, `${delta * 0.25} ms`);
    span.at += length;
  }
}
