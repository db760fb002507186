/**
 * Where Earshot and Wireshark differ over the captures, and why. Every difference the comparison finds has to be
 * listed, and every line of the list has to be found: what no longer differs is taken out.
 */
export interface Difference {
  /** The beginning of the capture's path in its folder. */
  readonly path: string;
  /** What the lines of the comparison look like. */
  readonly line: RegExp;
  readonly why: string;
}

export const OWN_DIFFERENCES: readonly Difference[] = [
  ...['hep-agents.pcap', 'hep-agents-tcp.pcap', 'hep-agents-http.pcap'].map((path) => ({
    path,
    line: /^(SIP packet \d+: )?only here: /,
    why: 'Wireshark knows HEP by a plugin only; hep-agents-wire.pcap holds the call plain',
  })),
  ...['hep-v1', 'hep-v2', 'hep-v3', 'hep-tcp'].map((path) => ({
    path,
    line: /^SIP packet \d+: only here: /,
    why: 'Wireshark knows HEP by a plugin only; the capture holds each message plain as well',
  })),
  {
    path: 'tls-suites.pcapng',
    line: /^SIP packet \d+: only here: tls12-aria128-gcm@/,
    why: 'Wireshark does not decrypt ARIA in GCM; the capture knows what was said',
  },
  {
    path: 'tls-early-data.pcapng',
    line: /^SIP packet \d+: \|\|\|\| here, early@/,
    why: 'Wireshark opens early data (0-RTT); Earshot says that they are there and leaves them closed',
  },
  ...['srtp-cm-128-32', 'srtp-dtls', 'srtp-sdes-speech', 'dtls-retransmitted'].map((path) => ({
    path,
    line: /^DTMF only here: event/,
    why: 'Wireshark does not decrypt SRTP, and the digits are in encrypted telephone-events',
  })),
  {
    path: 'plugins/vpn-rtp.pcap',
    line: /only here: /,
    why: 'behind a header of a VPN that Wireshark has no dissector for',
  },
  ...['ws-late', 'ws-fragments'].map((path) => ({
    path,
    line: /^SIP packet \d+: only here: /,
    why: 'Wireshark wants the handshake of a WebSocket, and reads no SIP in messages of several frames',
  })),
  {
    path: 'wss-chromium.pcapng',
    line: /mean jitter [\d.]+, not 0;/,
    why: 'Wireshark has no clock for the payload type, for the SDP is in TLS',
  },
  {
    path: 'ice-',
    line: /mean jitter [\d.]+, not 0;/,
    why: "as webrtc-chromium's: Wireshark has no clock for the payload type",
  },
  {
    path: 'webrtc-chromium',
    line: /mean jitter [\d.]+, not 0;/,
    why: 'Wireshark does not match the streams of the bundled section with its rtpmap, so it has no clock for Opus',
  },
];

/** With its heuristic Wireshark guesses, packet by packet. */
export const OWN_GUESSED: readonly Difference[] = [
  {
    path: 'srtp-roc-no-keys',
    line: /^0x(b0b00001|a11ce001) .* packets 1\d\d, not 12[37];/,
    why: 'nothing announces the stream, and Wireshark takes some of its encrypted packets for other protocols',
  },
  ...['ws-late', 'ws-verto', 'wss-chromium'].map((path) => ({
    path,
    line: /packets \d+, not \d+; lost 0, not [12];/,
    why: 'announced in a WebSocket that Wireshark does not read, and its heuristic wants two packets first',
  })),
  {
    path: 'sip-ice-trickle',
    line: /mean jitter [\d.]+, not 0;/,
    why: "as webrtc-chromium's",
  },
];

/** Without the heuristic Wireshark knows no RTP that SDP did not announce. */
export const OWN_UNSIGNALLED: readonly Difference[] = [
  ...['rtp-only', 'missing-start', 'way-snap96', 'srtp-roc-no-keys', 'srtp-tls13.pcap'].map((path) => ({
    path,
    line: /^only here: .* consistency$/,
    why: 'nothing announces the RTP: Earshot recognises it by its packets',
  })),
  {
    path: 'ice-',
    line: /^only here: .* (signalling|consistency)$/,
    why: 'addresses that only ICE knows, and sessions without SDP: Earshot goes by the checks, or by the packets',
  },
  { path: 'sip-ice', line: /^only here: .* signalling$/, why: 'as ice-' },
  ...['ws-late', 'ws-verto', 'wss-chromium'].map((path) => ({
    path,
    line: /^only here: .* signalling$/,
    why: 'announced in a WebSocket that Wireshark does not read: without its handshake, by Verto, in TLS',
  })),
  {
    path: 'containers/browser-call.pcapng',
    line: /^only here: .* signalling$/,
    why: "as webrtc-'s",
  },
  {
    path: 'webrtc-',
    line: /^only here: .* signalling$/,
    why: "the SDP's addresses are not those the media comes from: Earshot goes by ICE's checks",
  },
];

export const FOREIGN_DIFFERENCES: readonly Difference[] = [
  {
    path: 'hep/',
    line: /^SIP packet \d+: only here: /,
    why: 'Wireshark knows HEP by a plugin only',
  },
  // Wireshark's heuristic takes single packets for RTP; Earshot wants four that agree.
  ...[
    ['linktype/ipv6_rtp', 'the capture is a single packet'],
    ['malformed/line.pcap.fuzzed', 'LINE voice with octets spoilt: 1 and 3 packets of an SSRC, without order'],
    ['malformed/line_2.pcap.fuzzed', 'LINE voice with octets spoilt: single packets of two SSRCs'],
    ['malformed/olsr-oobr-2', 'OLSR on its own port 698, one packet'],
    ['webrtc-ice-dtls/chrome_single_flexfec03_packet', 'the capture is a single packet'],
  ].map(([path, why]) => ({
    path,
    line: /^only there: 0x\w+ .* [123] packets, /,
    why: `four packets must agree: ${why}`,
  })),
  {
    path: 'ip-fragments/Pcap++Test-PcapExamples-ip4_fragments',
    line: /^only there: 0x0000000[02] .* Unassigned$/,
    why: 'Wireshark is wrong: NFS calls (6, 12, 18, 28, 40, 53) and an answer (29), whose transaction number begins like RTP',
  },
  {
    path: 'malformed/line.pcap.fuzzed',
    line: /^DTMF only there: event/,
    why: 'taken for events for payload type 101 alone; durations and events jump from packet to packet',
  },
  {
    path: 'linktype/DLT_NULL.a',
    line: /^only here: 0x(9c49ca0a|cead2a2b) .* consistency$/,
    why: 'Wireshark is wrong: it gives all 600 packets to LLC, for their port 12344; they are RTP (GSM), 20 ms apart',
  },
  {
    path: 'sip-call/sip.ipfixprobe',
    line: /^SIP packet (7|10|12|14|15): \|\|\|\| here/,
    why: 'quoted in ICMP errors: a message that is quoted was not sent there',
  },
  {
    path: 'sip-edge/no-to-tag',
    line: /^SIP packet 1: only here: ,INVITE/,
    why: 'Wireshark takes it for data in spite of port 5060: an INVITE of only To and From',
  },
  {
    path: 'sip-edge/to-tag',
    line: /^SIP packet 1: only here: ,INVITE/,
    why: 'as no-to-tag',
  },
  {
    path: 'tunnel-gtp/gtp4_udp_2152_inside',
    line: /^only there: .* 1 packets, /,
    why: 'four packets must agree: the capture is a single packet',
  },
];

/** Differences that the list does not have, and lines of the list that were not found. */
export function unexplained(found: ReadonlyMap<string, readonly string[]>, list: readonly Difference[]): string[] {
  const used = new Set<Difference>();
  const lines: string[] = [];
  for (const [path, differences] of found) {
    for (const difference of differences) {
      const known = list.filter((entry) => path.startsWith(entry.path) && entry.line.test(difference));
      for (const entry of known) used.add(entry);
      if (known.length === 0) lines.push(`${path}: ${difference}`);
    }
  }
  for (const entry of list) {
    if (!used.has(entry)) lines.push(`${entry.path} differs no longer: take "${entry.why}" out of the list`);
  }
  return lines;
}
