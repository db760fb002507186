/**
 * Tones by their properties: RFC 4733, section 4.3. A word of modulation, volume and duration, then two octets for
 * each frequency that sounds:
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     |    modulation   |T|  volume   |            duration           |
 *     |R R R R|       frequency       |R R R R|       frequency       |
 */
import type { Octets } from '../../base/octets.ts';
import {
  type DescribeContext,
  type DissectContext,
  type Dissector,
  type Rows,
  type TreeBuilder,
  Verdict,
} from '../dissector.ts';
import { rtpToneFields } from './fields.ts';

const HEADER = 4;
/** Frequencies that a summary names; a tone of a telephone network has up to four. */
const NAMED_FREQUENCIES = 4;

/** One row per packet. */
export const rtpToneColumns = {
  volume: 'u8',
  /** In units of the RTP timestamp. */
  duration: 'u16',
  /** The first frequency, 0 for silence. */
  frequencyHz: 'u16',
} as const;
export type RtpToneColumns = typeof rtpToneColumns;

function dissect(data: Octets, out: Rows<RtpToneColumns>, ctx: DissectContext): Verdict {
  if (data.length >= HEADER) {
    const row = out.add();
    out.columns.volume.set(row, data.u8(1) & 0x3f);
    out.columns.duration.set(row, data.u16(2));
    if (data.length >= HEADER + 2) out.columns.frequencyHz.set(row, data.u16(HEADER) & 0x0fff);
  }
  if ((data.length >= HEADER && data.length % 2 === 0) || ctx.truncated) return Verdict.Ok;
  ctx.issue('rtp-tone-length', data.length < HEADER ? 0 : data.length - 1);
  return Verdict.Malformed;
}

function summarize(data: Octets): string {
  if (data.length < HEADER) return 'tone';
  const frequencies: number[] = [];
  const end = Math.min(data.length, HEADER + NAMED_FREQUENCIES * 2);
  for (let at = HEADER; at + 2 <= end; at += 2) frequencies.push(data.u16(at) & 0x0fff);
  return `tone  ${frequencies.join(' + ') || 'none'} Hz  duration ${data.u16(2)}`;
}

function describe(data: Octets, tree: TreeBuilder, ctx: DescribeContext): void {
  let at = 0;
  if (data.length >= HEADER) {
    tree.field('rtptone.modulation', 'Modulation', 0, 2, data.u16(0) >> 7, 'Hz');
    tree.field('rtptone.thirds', 'Modulation divided by three', 1, 1, (data.u8(1) & 0x40) !== 0);
    tree.field('rtptone.volume', 'Volume', 1, 1, data.u8(1) & 0x3f, `−${data.u8(1) & 0x3f} dBm0`);
    tree.field('rtptone.duration', 'Duration', 2, 2, data.u16(2), 'in units of the RTP timestamp');
    for (at = HEADER; at + 2 <= data.length; at += 2) {
      tree.field('rtptone.frequency', 'Frequency', at, 2, data.u16(at) & 0x0fff, 'Hz');
    }
  }
  if (at === data.length && at > 0) return;
  tree.field('rtptone.data', 'Data', at, data.length - at, data.hex(at));
  tree.fault(ctx.truncated ? 'truncated' : 'rtp-tone-length', 'Not a whole tone', at, data.length - at);
}

export const rtpTone: Dissector<RtpToneColumns> = {
  id: 'rtp-tone',
  label: 'Telephone tone',
  specs: ['RFC 4733'],
  claims: [{ kind: 'media-type', type: 'audio/tone' }],
  columns: rtpToneColumns,
  fields: rtpToneFields,
  dissect,
  summarize,
  describe,
};
