const TITLES: Readonly<Record<string, string>> = { icmpv6: 'ICMPv6', unknown: 'unknown', other: 'Other' };

/** `sip` → `SIP`, `rtp-event` → `RTP event`. */
export function protocolTitle(protocol: string): string {
  const [first, ...rest] = protocol.split('-');
  return TITLES[protocol] ?? [first.toUpperCase(), ...rest].join(' ');
}

/** Protocols that the display filter has no name for. */
const UNFILTERED: ReadonlySet<string> = new Set(['unknown', 'sctp', 'igmp', 'ip-fragment', 'other']);

/** The display filter that picks a protocol's packets; null where the language has no name for it. */
export function protocolCondition(protocol: string): string | null {
  if (UNFILTERED.has(protocol)) return null;
  // Wireshark writes this one without the hyphen.
  return protocol === 'rtp-event' ? 'rtpevent' : protocol;
}
