/** Reads the `formats` column: what the payload types of a media section mean. */
import { type PayloadFormat, STATIC_PAYLOAD_TYPES } from './static-payload-types.ts';

export type { PayloadFormat } from './static-payload-types.ts';

/**
 * Payload type → format, in the order of the m= line, then those that only an rtpmap names. A type without rtpmap
 * has its static meaning (RFC 3551); one without either is left out, as are formats that are no payload types
 * (`t38`, `webrtc-datachannel`). The first rtpmap and fmtp of a type count.
 */
export function parseFormats(formatsText: string): Map<number, PayloadFormat> {
  const [list, ...lines] = formatsText.split('\n');
  const maps = new Map<number, PayloadFormat>();
  const parameters = new Map<number, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'rtpmap') {
      const map = parseRtpmap(value);
      if (map !== null && !maps.has(map.payloadType)) maps.set(map.payloadType, map);
    } else if (name === 'fmtp') {
      const fmtp = parseFmtp(value);
      if (fmtp !== null && !parameters.has(fmtp.payloadType)) parameters.set(fmtp.payloadType, fmtp.parameters);
    }
  }
  const formats = new Map<number, PayloadFormat>();
  const listed = list.split(' ').map(payloadTypeOf);
  for (const payloadType of [...listed, ...maps.keys()]) {
    const format = maps.get(payloadType) ?? STATIC_PAYLOAD_TYPES.get(payloadType);
    if (format === undefined || formats.has(payloadType)) continue;
    const { encoding, clockRate, channels } = format;
    formats.set(payloadType, { encoding, clockRate, channels, fmtp: parameters.get(payloadType) ?? '' });
  }
  return formats;
}

export interface Rtpmap extends PayloadFormat {
  readonly payloadType: number;
}

/** `<payload type> <encoding>/<clock rate>[/<channels>]` (RFC 8866 section 6.6), or null where it is not so. */
export function parseRtpmap(value: string): Rtpmap | null {
  const match = /^(\d{1,3})\s+([^/\s]+)\/(\d{1,9})(?:\/(\d{1,3}))?/.exec(value);
  if (match === null) return null;
  const payloadType = payloadTypeOf(match[1]);
  if (payloadType < 0) return null;
  return {
    payloadType,
    encoding: match[2],
    clockRate: Number(match[3]),
    channels: Number(match[4] ?? 1) || 1,
    fmtp: '',
  };
}

/** `<format> <parameters>` (RFC 8866 section 6.15), or null where the format is no payload type. */
export function parseFmtp(value: string): { payloadType: number; parameters: string } | null {
  const match = /^(\d{1,3})(?:\s+([\s\S]*))?$/.exec(value);
  if (match === null || payloadTypeOf(match[1]) < 0) return null;
  return { payloadType: Number(match[1]), parameters: (match[2] ?? '').trim() };
}

function payloadTypeOf(text: string): number {
  return /^\d{1,3}$/.test(text) && Number(text) <= 127 ? Number(text) : -1;
}
