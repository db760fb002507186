/** What the payload types of a stream mean: from signalling, the static table, or the user. */
import { STATIC_PAYLOAD_TYPES } from '../../../base/static-payload-types.ts';

/** What a payload type carries, as far as figures and audio care. */
export const PayloadKind = { Unknown: 0, Media: 1, Event: 2, ComfortNoise: 3 } as const;

export interface Encoding {
  /** As registered, e.g. `PCMU`, `opus`, `telephone-event`. */
  readonly name: string;
  readonly clockRate: number;
  readonly channels: number;
  /** Format parameters as signalled, '' for none. */
  readonly parameters: string;
}

export class PayloadMap {
  /** By payload type, 0…127. */
  readonly encodings: (Encoding | undefined)[] = Array.from({ length: 128 }, () => undefined);
  /** Hz, 0 where unknown. */
  readonly clockRate = new Int32Array(128);
  /** One of `PayloadKind`. */
  readonly kind = new Uint8Array(128);

  /** Sets a payload type where nothing is set yet. */
  add(payloadType: number, encoding: Encoding): void {
    if (payloadType < 0 || payloadType > 127 || this.encodings[payloadType] !== undefined) return;
    this.encodings[payloadType] = encoding;
    this.clockRate[payloadType] = encoding.clockRate;
    this.kind[payloadType] = kindOf(encoding.name);
  }

  /** A new map: this one, then what `other` adds for payload types this one leaves open. */
  with(other: PayloadMap): PayloadMap {
    const both = new PayloadMap();
    for (const map of [this, other]) {
      map.encodings.forEach((encoding, payloadType) => encoding !== undefined && both.add(payloadType, encoding));
    }
    return both;
  }
}

function kindOf(name: string): number {
  const lower = name.toLowerCase();
  if (lower === 'telephone-event') return PayloadKind.Event;
  return lower === 'cn' ? PayloadKind.ComfortNoise : PayloadKind.Media;
}

/** Comfort noise before RFC 3389: reserved in RFC 3551, and still sent. */
const OLD_COMFORT_NOISE = 19;

/** The payload types that mean the same everywhere. */
export const STATIC_PAYLOADS: PayloadMap = (() => {
  const map = new PayloadMap();
  for (const [payloadType, type] of STATIC_PAYLOAD_TYPES) map.add(payloadType, { ...type, parameters: '' });
  map.add(OLD_COMFORT_NOISE, { name: 'CN', clockRate: 8000, channels: 1, parameters: '' });
  return map;
})();
