/** Sender and receiver reports in the detail tree: RFC 3550, section 6.4. */
import type { Span } from './span.ts';
import { formatDelay, formatNtp, formatPart, formatSsrc } from './units.ts';

const REPORT_BLOCK = 24;
const SENDER_INFO = 20;

/** Adds the body of an SR or RR with `count` report blocks; what is left after them is profile-specific. */
export function describeReport(span: Span, isSender: boolean, count: number): void {
  span.ssrc('rtcp.senderssrc', 'Sender SSRC');
  if (isSender) {
    if (!span.has(SENDER_INFO)) return;
    describeNtp(span, 'rtcp.timestamp.ntp');
    span.u32('rtcp.timestamp.rtp', 'RTP timestamp');
    span.u32('rtcp.sender.packetcount', "Sender's packet count");
    span.u32('rtcp.sender.octetcount', "Sender's octet count");
  }
  for (let i = 0; i < count && span.has(REPORT_BLOCK); i++) describeBlock(span, i + 1);
  if (span.left > 0 && span.left % 4 === 0) {
    span.octets('rtcp.profile-specific-extension', 'Profile-specific extension', span.left);
  }
}

/** Adds the time that an NTP timestamp means as the field `name`, and its two words. */
export function describeNtp(span: Span, name: string): void {
  const seconds = span.data.u32(span.at);
  const fraction = span.data.u32(span.at + 4);
  span.tree.field(name, 'NTP timestamp', span.at, 8, formatNtp(seconds, fraction));
  span.u32('rtcp.timestamp.ntp.msw', 'NTP seconds');
  span.u32('rtcp.timestamp.ntp.lsw', 'NTP fraction');
}

function describeBlock(span: Span, number: number): void {
  const about = formatSsrc(span.data.u32(span.at));
  span.group('rtcp.ssrc', `Source ${number}`, REPORT_BLOCK, about, (block) => {
    block.ssrc('rtcp.ssrc.identifier', 'SSRC reported on');
    block.u8('rtcp.ssrc.fraction', 'Fraction lost', formatPart);
    const lost = (block.data.u24(block.at) << 8) >> 8;
    const meaning = lost < 0 ? 'more received than expected (duplicates)' : 'packets';
    block.tree.field('rtcp.ssrc.cum_nr', 'Cumulative number of packets lost', block.at, 3, lost, meaning);
    block.at += 3;
    const highest = block.data.u32(block.at);
    block.tree.field('rtcp.ssrc.ext_high', 'Extended highest sequence number', block.at, 4, highest);
    block.u16('rtcp.ssrc.high_cycles', 'Sequence number cycles');
    block.u16('rtcp.ssrc.high_seq', 'Highest sequence number');
    block.u32('rtcp.ssrc.jitter', 'Interarrival jitter', () => 'in units of the RTP timestamp');
    block.u32('rtcp.ssrc.lsr', 'Last SR timestamp', (lsr) => (lsr === 0 ? 'no SR received' : ''));
    block.u32('rtcp.ssrc.dlsr', 'Delay since last SR', formatDelay);
  });
}
