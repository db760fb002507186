/** One Decode As rule: payloads from or to this port are this dissector's. */
export interface DecodeAsRule {
  readonly transport: 'udp' | 'tcp';
  readonly port: number;
  /** Dissector id. */
  readonly dissector: string;
}

/**
 * Parses `udp.port==5000,rtp`. Gives the rule, or one sentence saying what is wrong with it.
 */
export function parseDecodeAs(text: string, dissectorIds: readonly string[]): DecodeAsRule | string {
  const match = /^(udp|tcp)\.port\s*==\s*(\d{1,5})\s*,\s*([a-z0-9-]+)$/.exec(text.trim());
  if (match === null) return `"${text}" is not a Decode As rule; write it like udp.port==5000,rtp.`;
  const port = Number(match[2]);
  if (port < 1 || port > 65535) return `Port ${match[2]} in "${text}" is not between 1 and 65535.`;
  if (!dissectorIds.includes(match[3])) {
    return `There is no dissector "${match[3]}"; there are ${dissectorIds.join(', ')}.`;
  }
  return { transport: match[1] as 'udp' | 'tcp', port, dissector: match[3] };
}
