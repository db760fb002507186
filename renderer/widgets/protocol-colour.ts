const COLOURS: readonly (readonly [RegExp, string])[] = [
  [/^sip|^sdp/i, 'var(--p-sip)'],
  [/^rtcp/i, 'var(--p-rtcp)'],
  [/^s?rtp/i, 'var(--p-rtp)'],
  [/^turn|channeldata/i, 'var(--p-turn)'],
  [/^stun/i, 'var(--p-stun)'],
  [/^dtls|^tls/i, 'var(--p-dtls)'],
  [/^hep/i, 'var(--p-hep)'],
];

/** The colour token of a protocol's bar and name. */
export function protocolColour(protocol: string): string {
  return COLOURS.find(([pattern]) => pattern.test(protocol))?.[1] ?? 'var(--p-other)';
}
