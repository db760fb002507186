import type { Encoding } from '../trackers/streams/payload-map.ts';
import { ANYTHING, parseSelector, type Selector } from './selector.ts';

/** What a payload type means, by the user's word. */
export interface CodecRule {
  /** Whose. */
  readonly selector: Selector;
  readonly payloadType: number;
  readonly encoding: Encoding;
}

/**
 * Parses `96=opus/48000/2`: payload type, then encoding name, clock rate in Hz and channels (1 where left out) as in
 * a=rtpmap (RFC 8866 section 6.6); what may stand before it and a comma is that of `parseSelector`. Gives the rule, or one
 * sentence saying what is wrong with it.
 */
export function parseCodecRule(text: string): CodecRule | string {
  const comma = text.lastIndexOf(',');
  const selector = comma < 0 ? ANYTHING : parseSelector(text.slice(0, comma));
  if (typeof selector === 'string') return `${selector.slice(0, -1)} (in "${text}").`;
  const match = /^(\d{1,3})=([A-Za-z0-9][A-Za-z0-9._+-]*)\/(\d{1,9})(?:\/(\d{1,3}))?$/.exec(
    text.slice(comma + 1).trim(),
  );
  if (selector === null || match === null) return `"${text}" is not a codec; write it like 96=opus/48000/2.`;
  if (selector.transport === 'tcp') return `RTP does not run over TCP by itself (in "${text}").`;
  const [payloadType, clockRate, channels] = [Number(match[1]), Number(match[3]), Number(match[4] ?? 1)];
  if (payloadType > 127) return `Payload type ${match[1]} in "${text}" is not between 0 and 127.`;
  if (clockRate < 1) return `Clock rate ${match[3]} in "${text}" is not a rate in Hz.`;
  if (channels < 1) return `A codec cannot have ${match[4]} channels ("${text}").`;
  return { selector, payloadType, encoding: { name: match[2], clockRate, channels, parameters: '' } };
}
