/** Where filters of Earshot and Wireshark let through different packets, and why (see differences.ts). */
import type { Difference } from './differences.ts';

export const OWN_FILTER_DIFFERENCES: readonly Difference[] = [
  ...['fragments.pcap', 'fragments-v6.pcap'].map((path) => ({
    path,
    line: /^udp\.length > 300: here none; there \d+ \d+$/,
    why: 'the UDP header lies in another fragment: Earshot shows it with the packet that holds it',
  })),
  {
    path: 'tcp-segments.pcap',
    line: /: (here 22; there none|here none; there 22)$/,
    why: 'packet 22 is a keep-alive (RFC 5626) on a connection of SIP: SIP here, TCP there',
  },
];

export const FOREIGN_FILTER_DIFFERENCES: readonly Difference[] = [
  {
    path: 'sip-call/sip.ipfixprobe',
    line: /: (here 7 10 12 14 15; there none|here none; there 7 10 12 14 15)$/,
    why: 'SIP quoted in ICMP errors: a message that is quoted was not sent there',
  },
  {
    path: 'sip-edge/sip-i.pcap',
    line: /^udp\.length > 300: here none; there 2$/,
    why: 'the UDP header lies in another fragment',
  },
  ...['no-to-tag', 'to-tag', 'sip-junk-before-request'].map((path) => ({
    path: `sip-edge/${path}`,
    line: /: (here 1; there none|here none; there 1)$/,
    why: 'on port 5060, and Wireshark takes it for data',
  })),
];
