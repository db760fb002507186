import type { Encoding } from '../engine/trackers/streams/payload-map.ts';

export interface CodecRule {
  readonly payloadType: number;
  readonly encoding: Encoding;
}

/**
 * Parses `96=opus/48000/2`: payload type, then encoding name, clock rate in Hz and channels (1 where left out) as in
 * a=rtpmap (RFC 8866 section 6.6). Gives the rule, or one sentence saying what is wrong with it.
 */
export function parseCodecOption(text: string): CodecRule | string {
  const match = /^(\d{1,3})=([A-Za-z0-9][A-Za-z0-9._+-]*)\/(\d{1,9})(?:\/(\d{1,3}))?$/.exec(text.trim());
  if (match === null) return `"${text}" is not a codec; write it like 96=opus/48000/2.`;
  const [payloadType, clockRate, channels] = [Number(match[1]), Number(match[3]), Number(match[4] ?? 1)];
  if (payloadType > 127) return `Payload type ${match[1]} in "${text}" is not between 0 and 127.`;
  if (clockRate < 1) return `Clock rate ${match[3]} in "${text}" is not a rate in Hz.`;
  if (channels < 1) return `A codec cannot have ${match[4]} channels ("${text}").`;
  return { payloadType, encoding: { name: match[2], clockRate, channels, parameters: '' } };
}

/** All rules together. Gives the map, or one sentence where one is wrong or two contradict each other. */
export function parseCodecOptions(texts: readonly string[]): ReadonlyMap<number, Encoding> | string {
  const codecs = new Map<number, Encoding>();
  for (const text of texts) {
    const rule = parseCodecOption(text);
    if (typeof rule === 'string') return rule;
    if (codecs.has(rule.payloadType)) return `--codec says twice what payload type ${rule.payloadType} means.`;
    codecs.set(rule.payloadType, rule.encoding);
  }
  return codecs;
}
