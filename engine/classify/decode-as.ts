import { parseSelector, type Selector } from './selector.ts';

/** What may follow skipped octets beside the payload of a dissector: a whole IP packet, a UDP header, or who claims it. */
const AFTER_SKIP = ['ip', 'udp', 'payload'];
/** Octets that can be skipped. */
export const MAX_SKIP_BYTES = 1024;

/** One Decode As rule. */
export interface DecodeAsRule {
  readonly selector: Selector;
  /** Octets before what `as` says, with which each payload begins; -1 where the payload itself is meant. */
  readonly skipBytes: number;
  /** Dissector id; or `none`, which nobody dissects; after skipped octets also `ip`, `udp` or `payload`. */
  readonly as: string;
}

/**
 * Parses `udp.port==5000,rtp`, `udp.port==4500,skip 12,ip` or `ip.addr==10.0.0.1,none`; what stands before the first comma
 * is that of `parseSelector`. Gives the rule, or one sentence saying what is wrong with it.
 */
export function parseDecodeAs(text: string, dissectorIds: readonly string[]): DecodeAsRule | string {
  const notOne = `"${text}" is not a Decode As rule; write it like udp.port==5000,rtp.`;
  const parts = text.split(',').map((part) => part.trim());
  const as = parts.at(-1) ?? '';
  if (parts.length < 2 || parts.length > 3 || !/^[a-z0-9-]+$/.test(as)) return notOne;
  const selector = parseSelector(parts[0]);
  if (selector === null) return notOne;
  if (typeof selector === 'string') return `${selector.slice(0, -1)} (in "${text}").`;
  const skipBytes = parts.length === 2 ? -1 : skipOf(parts[1]);
  if (skipBytes === null) return notOne;
  if (skipBytes > MAX_SKIP_BYTES) return `No more than ${MAX_SKIP_BYTES} octets can be skipped (in "${text}").`;
  const isSkip = skipBytes >= 0;
  const isKnown = isSkip
    ? AFTER_SKIP.includes(as) || (as !== 'udp-encap' && dissectorIds.includes(as))
    : as === 'none' || (as !== 'udp-encap' && dissectorIds.includes(as));
  if (!isKnown) {
    const choices = dissectorIds.filter((id) => id !== 'udp-encap');
    const others = isSkip ? AFTER_SKIP : ['none'];
    return `There is no dissector "${as}"; there are ${[...choices, ...others].join(', ')}.`;
  }
  if (isSkip && selector.transport === 'tcp') return `Octets are skipped in datagrams only (in "${text}").`;
  if (selector.ssrc !== null && (isSkip || as !== 'rtp')) return `What has an SSRC is rtp (in "${text}").`;
  return { selector, skipBytes, as };
}

function skipOf(text: string): number | null {
  const match = /^skip\s+(\d{1,6})$/.exec(text);
  return match === null ? null : Number(match[1]);
}
