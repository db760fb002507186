import { STATIC_PAYLOAD_TYPES } from '../../base/static-payload-types.ts';

/** `name/clock rate[/channels]` of a statically assigned payload type, '' where there is none. */
export function staticEncoding(payloadType: number): string {
  const type = STATIC_PAYLOAD_TYPES.get(payloadType);
  if (type === undefined) return '';
  return `${type.name}/${type.clockRate}${type.channels > 1 ? `/${type.channels}` : ''}`;
}

/** The encoding name without clock rate and channels: `PCMU/8000` → `PCMU`. */
export function encodingName(encoding: string): string {
  const slash = encoding.indexOf('/');
  return slash < 0 ? encoding : encoding.slice(0, slash);
}
