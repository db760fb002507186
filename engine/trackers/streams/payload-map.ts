/** What the payload types of a stream mean: from signalling, the static table, or the user. */

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
  readonly encodings: (Encoding | undefined)[] = new Array<Encoding | undefined>(128).fill(undefined);
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

/** RFC 3551 tables 4 and 5: audio and video payload types that need no signalling. */
const STATIC: readonly (readonly [number, string, number, number])[] = [
  [0, 'PCMU', 8000, 1],
  [3, 'GSM', 8000, 1],
  [4, 'G723', 8000, 1],
  [5, 'DVI4', 8000, 1],
  [6, 'DVI4', 16000, 1],
  [7, 'LPC', 8000, 1],
  [8, 'PCMA', 8000, 1],
  [9, 'G722', 8000, 1],
  [10, 'L16', 44100, 2],
  [11, 'L16', 44100, 1],
  [12, 'QCELP', 8000, 1],
  [13, 'CN', 8000, 1],
  [14, 'MPA', 90000, 1],
  [15, 'G728', 8000, 1],
  [16, 'DVI4', 11025, 1],
  [17, 'DVI4', 22050, 1],
  [18, 'G729', 8000, 1],
  [19, 'CN', 8000, 1],
  [25, 'CelB', 90000, 1],
  [26, 'JPEG', 90000, 1],
  [28, 'nv', 90000, 1],
  [31, 'H261', 90000, 1],
  [32, 'MPV', 90000, 1],
  [33, 'MP2T', 90000, 1],
  [34, 'H263', 90000, 1],
];

/** The payload types that mean the same everywhere. */
export const STATIC_PAYLOADS: PayloadMap = (() => {
  const map = new PayloadMap();
  for (const [payloadType, name, clockRate, channels] of STATIC) {
    map.add(payloadType, { name, clockRate, channels, parameters: '' });
  }
  return map;
})();
