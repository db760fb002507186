/**
 * Telephone-events: RFC 4733, section 2.3. The payload of an RTP packet, four octets an event:
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     |     event     |E|R|  volume   |            duration           |
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
import { rtpEventFields } from './fields.ts';
import { digitOf, eventName } from './digits.ts';

const BLOCK = 4;

/** One row per event; a packet has one as a rule, several where short events were packed (section 2.5.1.5). */
export const rtpEventColumns = {
  /** See `digitOf` and `eventName`. */
  event: 'u8',
  /** 0x80 the event has ended, 0x40 reserved. */
  flags: 'u8',
  /** Below the reference level: 10 is −10 dBm0. */
  volume: 'u8',
  /** Since the event began, in units of the RTP timestamp. */
  duration: 'u16',
} as const;
export type RtpEventColumns = typeof rtpEventColumns;

function dissect(data: Octets, out: Rows<RtpEventColumns>, ctx: DissectContext): Verdict {
  const c = out.columns;
  let at = 0;
  for (; at + BLOCK <= data.length; at += BLOCK) {
    const row = out.add();
    const level = data.u8(at + 1);
    c.event.set(row, data.u8(at));
    c.flags.set(row, level & 0xc0);
    c.volume.set(row, level & 0x3f);
    c.duration.set(row, data.u16(at + 2));
  }
  if ((at === data.length && at > 0) || ctx.truncated) return Verdict.Ok;
  ctx.issue('rtp-event-length', at);
  return Verdict.Malformed;
}

function summarize(data: Octets): string {
  if (data.length < BLOCK) return 'telephone-event';
  const end = data.u8(1) >= 128 ? '  end' : '';
  return `telephone-event  ${eventName(data.u8(0))}  duration ${data.u16(2)}${end}`;
}

function describe(data: Octets, tree: TreeBuilder, ctx: DescribeContext): void {
  let at = 0;
  for (; at + BLOCK <= data.length; at += BLOCK) {
    const from = at;
    tree.group('rtpevent', 'Telephone event', from, BLOCK, eventName(data.u8(from)), () => event(data, from, tree));
  }
  if (at < data.length) tree.field('rtpevent.data', 'Data', at, data.length - at, data.hex(at));
  if (at < data.length || at === 0) {
    const code = ctx.truncated ? 'truncated' : 'rtp-event-length';
    tree.fault(code, 'An event is four octets', at, data.length - at);
  }
}

function event(data: Octets, at: number, tree: TreeBuilder): void {
  const code = data.u8(at);
  const level = data.u8(at + 1);
  tree.field('rtpevent.event_id', 'Event', at, 1, code, eventName(code));
  tree.field('rtpevent.end_of_event', 'End of event', at + 1, 1, level >= 128);
  tree.field('rtpevent.reserved', 'Reserved', at + 1, 1, (level & 0x40) !== 0);
  const volume = digitOf(code) === null ? '' : `−${level & 0x3f} dBm0`;
  tree.field('rtpevent.volume', 'Volume', at + 1, 1, level & 0x3f, volume);
  tree.field('rtpevent.duration', 'Duration', at + 2, 2, data.u16(at + 2), 'in units of the RTP timestamp');
}

export const rtpEvent: Dissector<RtpEventColumns> = {
  id: 'rtp-event',
  label: 'Telephone event',
  specs: ['RFC 4733', 'RFC 4734', 'RFC 5244'],
  claims: [{ kind: 'media-type', type: 'audio/telephone-event' }],
  columns: rtpEventColumns,
  fields: rtpEventFields,
  dissect,
  summarize,
  describe,
};
