/** Payload types with a meaning of their own (RFC 3551 section 6, tables 4 and 5), in the shape signalling gives. */
import { STATIC_PAYLOAD_TYPES as STATIC } from '../../base/static-payload-types.ts';

export interface PayloadFormat {
  /** As registered or as signalled, e.g. `PCMU`, `telephone-event`. */
  readonly encoding: string;
  /** RTP clock rate, Hz. */
  readonly clockRate: number;
  readonly channels: number;
  /** Format parameters as signalled, '' for none. */
  readonly fmtp: string;
}

export const STATIC_PAYLOAD_TYPES: ReadonlyMap<number, PayloadFormat> = new Map(
  Array.from(STATIC, ([payloadType, { name, clockRate, channels }]) => [
    payloadType,
    { encoding: name, clockRate, channels, fmtp: '' },
  ]),
);
