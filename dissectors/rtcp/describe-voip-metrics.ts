/** The VoIP metrics block of an extended report in the detail tree: RFC 3611, section 4.7. */
import type { Span } from './span.ts';
import { formatPart } from './units.ts';

const UNAVAILABLE = 127;
const CONCEALMENT = ['unspecified', 'disabled', 'enhanced', 'standard'] as const;
const ADAPTATION = ['unknown', 'reserved', 'non-adaptive', 'adaptive'] as const;

/** Adds the block's fields after its header. */
export function describeVoipMetrics(block: Span): void {
  block.ssrc('rtcp.ssrc.identifier', 'SSRC reported on');
  block.u8('rtcp.ssrc.fraction', 'Loss rate', formatPart);
  block.u8('rtcp.ssrc.discarded', 'Discard rate', formatPart);
  block.u8('rtcp.xr.voipmetrics.burstdensity', 'Burst density', formatPart);
  block.u8('rtcp.xr.voipmetrics.gapdensity', 'Gap density', formatPart);
  block.u16('rtcp.xr.voipmetrics.burstduration', 'Burst duration', milliseconds);
  block.u16('rtcp.xr.voipmetrics.gapduration', 'Gap duration', milliseconds);
  block.u16('rtcp.xr.voipmetrics.rtdelay', 'Round trip delay', milliseconds);
  block.u16('rtcp.xr.voipmetrics.esdelay', 'End system delay', milliseconds);
  level(block, 'rtcp.xr.voipmetrics.signallevel', 'Signal level');
  level(block, 'rtcp.xr.voipmetrics.noiselevel', 'Noise level');
  block.u8('rtcp.xr.voipmetrics.rerl', 'Residual echo return loss', (value) => known(value, 'dB'));
  block.u8('rtcp.xr.voipmetrics.gmin', 'Gmin', () => 'packets');
  block.u8('rtcp.xr.voipmetrics.rfactor', 'R factor', known);
  block.u8('rtcp.xr.voipmetrics.extrfactor', 'External R factor', known);
  mos(block, 'rtcp.xr.voipmetrics.moslq', 'MOS, listening quality');
  mos(block, 'rtcp.xr.voipmetrics.moscq', 'MOS, conversational quality');
  receiverConfig(block);
  block.u8('rtcp.xr.voipmetrics.reserved', 'Reserved');
  block.u16('rtcp.xr.voipmetrics.jbnominal', 'Jitter buffer, nominal', milliseconds);
  block.u16('rtcp.xr.voipmetrics.jbmax', 'Jitter buffer, maximum', milliseconds);
  block.u16('rtcp.xr.voipmetrics.jbabsmax', 'Jitter buffer, absolute maximum', milliseconds);
}

function milliseconds(value: number): string {
  return `${value} ms`;
}

function known(value: number, unit = ''): string {
  if (value === UNAVAILABLE) return 'unavailable';
  return unit === '' ? '' : `${value} ${unit}`;
}

function level(block: Span, name: string, label: string): void {
  if (!block.has(1)) return;
  const value = (block.data.u8(block.at) << 24) >> 24;
  block.tree.field(name, label, block.at, 1, value, known(value, 'dBm0'));
  block.at += 1;
}

function mos(block: Span, name: string, label: string): void {
  if (!block.has(1)) return;
  const value = block.data.u8(block.at);
  if (value === UNAVAILABLE) block.tree.field(name, label, block.at, 1, null, 'unavailable');
  else block.tree.field(name, label, block.at, 1, value / 10);
  block.at += 1;
}

function receiverConfig(block: Span): void {
  if (!block.has(1)) return;
  const { at, data, tree } = block;
  const value = data.u8(at);
  tree.field('rtcp.xr.voipmetrics.plc', 'Packet loss concealment', at, 1, value >> 6, CONCEALMENT[value >> 6]);
  const adaptation = (value >> 4) & 3;
  tree.field('rtcp.xr.voipmetrics.jba', 'Jitter buffer adaptation', at, 1, adaptation, ADAPTATION[adaptation]);
  tree.field('rtcp.xr.voipmetrics.jbrate', 'Jitter buffer rate', at, 1, value & 0x0f);
  block.at += 1;
}
