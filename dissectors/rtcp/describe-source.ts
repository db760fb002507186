/** SDES, BYE and APP in the detail tree: RFC 3550, sections 6.5 to 6.7. */
import type { Span } from './span.ts';
import { formatSsrc } from './units.ts';

const ITEM_NAMES: Readonly<Record<number, string>> = {
  1: 'CNAME',
  2: 'NAME',
  3: 'EMAIL',
  4: 'PHONE',
  5: 'LOC',
  6: 'TOOL',
  7: 'NOTE',
  8: 'PRIV',
  9: 'H323-CADDR',
  10: 'APSI',
  11: 'RGRP',
  12: 'RtpStreamId',
  13: 'RepairedRtpStreamId',
  14: 'CCID',
  15: 'MID',
};
const PRIV = 8;

/** Adds `count` chunks, each an SSRC and its items. */
export function describeSdes(span: Span, count: number): void {
  const base = span.at - 4;
  for (let i = 0; i < count && span.has(4); i++) {
    const length = chunkLength(span, base);
    span.group('rtcp.sdes.chunk', `Chunk ${i + 1}`, length, formatSsrc(span.data.u32(span.at)), describeChunk);
  }
}

/** Octets of the chunk at `span.at`, its closing zeros included; what is left where an item passes the end. */
function chunkLength(span: Span, base: number): number {
  let at = span.at + 4;
  while (at < span.end && span.data.u8(at) !== 0) {
    if (at + 2 > span.end) return span.left;
    at += 2 + span.data.u8(at + 1);
  }
  return Math.min(at + 4 - ((at - base) & 3), span.end) - span.at;
}

function describeChunk(chunk: Span): void {
  chunk.ssrc('rtcp.ssrc.identifier', 'SSRC');
  while (chunk.left > 0 && chunk.data.u8(chunk.at) !== 0) {
    const type = chunk.data.u8(chunk.at);
    const length = chunk.has(2) ? chunk.data.u8(chunk.at + 1) : 0;
    if (!chunk.has(2 + length) || !chunk.has(2)) {
      const message = `The item says ${length} octets, ${Math.max(0, chunk.left - 2)} are there`;
      chunk.tree.fault('rtcp-sdes-item-length', message, chunk.at, chunk.left);
      return;
    }
    const text = chunk.data.text(chunk.at + 2, length);
    chunk.group('rtcp.sdes.item', itemName(type), 2 + length, text, (item) => {
      item.u8('rtcp.sdes.type', 'Type', itemName);
      item.u8('rtcp.sdes.length', 'Length');
      if (type === PRIV) describePrivate(item);
      item.text('rtcp.sdes.text', 'Text', item.left);
    });
  }
  const end = chunk.left > 1 ? `END, then ${chunk.left - 1} to fill the word` : 'END';
  if (chunk.left > 0) {
    chunk.tree.field('rtcp.sdes.type', 'Type', chunk.at, chunk.left, 0, end);
    chunk.at = chunk.end;
  }
}

function describePrivate(item: Span): void {
  const length = item.data.u8(item.at);
  if (!item.has(1 + length) || item.left === 0) return;
  item.u8('rtcp.sdes.prefix.length', 'Prefix length');
  item.text('rtcp.sdes.prefix.string', 'Prefix', length);
}

function itemName(type: number): string {
  return ITEM_NAMES[type] ?? `item ${type}`;
}

/** Adds `count` sources and the reason, if there is one. */
export function describeBye(span: Span, count: number): void {
  for (let i = 0; i < count && span.has(4); i++) span.ssrc('rtcp.ssrc.identifier', `Source ${i + 1}`);
  if (span.left === 0) return;
  const length = span.data.u8(span.at);
  if (!span.has(1 + length)) {
    const message = `The reason says ${length} octets, ${span.left - 1} are there`;
    span.tree.fault('rtcp-bye-reason-length', message, span.at, span.left);
    return;
  }
  span.u8('rtcp.sdes.length', 'Reason length');
  span.text('rtcp.sdes.text', 'Reason for leaving', length);
  span.rest('rtcp.padding.data', 'Fills the word');
}

/** Adds sender, name and data. */
export function describeApp(span: Span): void {
  span.ssrc('rtcp.ssrc.identifier', 'Sender SSRC');
  span.text('rtcp.app.name', 'Name', 4);
  span.rest('rtcp.app.data', 'Application-dependent data');
}
