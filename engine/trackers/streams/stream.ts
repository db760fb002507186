import type { EncryptionState } from './encryption.ts';
import { PayloadKind, type PayloadMap, STATIC_PAYLOADS } from './payload-map.ts';
import type { StreamFigures } from './stream-figures.ts';
import type { VertoCall } from '../verto/verto-call.ts';

/** How a stream was recognised. */
export const Evidence = {
  /** Not recognised (yet): the packets look like RTP one by one, nothing more. */
  None: 0,
  /** Several packets agree with each other. */
  Consistent: 1,
  /** SDP announced one of its addresses. */
  Signalled: 2,
  /** The user said so (Decode As). */
  DecodeAs: 3,
} as const;
export type Evidence = (typeof Evidence)[keyof typeof Evidence];

/** Octets of a telephone-event's payload (RFC 4733 section 2.3). */
const EVENT_OCTETS = 4;

/** A one-way RTP stream: a flow and an SSRC. */
export class Stream {
  readonly index: number;
  readonly flow: number;
  readonly ssrc: number;
  firstFrame: number;
  lastFrame: number;
  /** See `LayerTable.later`: of its first and its last packet. */
  firstLater = 0;
  lastLater = 0;
  /** All packets, duplicates included, but not what several agents reported of one. */
  packets = 0;
  /** Octets of payload. */
  payloadBytes = 0;
  /** Payload types in order of appearance, and packets of each. */
  readonly payloadTypes: number[] = [];
  readonly payloadTypePackets: number[] = [];
  /** Packets with a payload that has the shape of a telephone-event, by place in `payloadTypes`. */
  readonly eventShaped: number[] = [];
  /** Steps of the sequence number that a live stream makes; the first packet's counts too. */
  consistentSteps = 0;
  /** Packets with the number of the packet before them: they prove nothing, a counter may stand still. */
  repeats = 0;
  private lastSequence = -1;
  private lastPlace = 0;

  // Known once signalling was matched.
  evidence: Evidence = Evidence.None;
  payloads: PayloadMap = STATIC_PAYLOADS;
  /** What `payloads` was before a codec was guessed; null where none was. */
  unguessed: PayloadMap | null = null;
  /** Payload types taken for telephone-events by their shape alone. */
  guessedEvents: readonly number[] = [];
  /** The payload type whose codec was guessed from what its packets hold; -1 where none was. */
  guessedCodec = -1;
  /** SIP row that set the stream up, -1 where none did. */
  setupRow = -1;
  /** Call index, -1 where none. */
  call = -1;
  /** The call of Verto that set the stream up; null where none did. */
  verto: VertoCall | null = null;
  /** True where the caller's side sends, false where the callee's does, null where not known. */
  fromCaller: boolean | null = null;
  encryption: EncryptionState | null = null;
  /** Signalling says that it is encrypted, and its packets are not. */
  isPlainDespite = false;

  /** What `figures` gives; null until somebody asks. */
  measured: StreamFigures | null = null;
  /** Makes the figures of all streams. */
  private readonly measure: () => void;

  constructor(index: number, flow: number, ssrc: number, firstFrame: number, measure: () => void) {
    this.index = index;
    this.flow = flow;
    this.ssrc = ssrc;
    this.firstFrame = firstFrame;
    this.lastFrame = firstFrame;
    this.measure = measure;
  }

  /** No signalling in the capture set it up. */
  get isUnsignalled(): boolean {
    return this.call < 0 && this.verto === null;
  }

  /** What is known of the payload types without a guess: no figure is made of one. */
  get knownPayloads(): PayloadMap {
    return this.unguessed ?? this.payloads;
  }

  /** Of a stream that was recognised; null of a mere candidate. They are made when they are asked for first. */
  get figures(): StreamFigures | null {
    if (this.measured === null && this.evidence !== Evidence.None) this.measure();
    return this.measured;
  }

  /** Forgets what `count` took. */
  countAnew(): void {
    this.payloadBytes = 0;
    this.payloadTypes.length = 0;
    this.payloadTypePackets.length = 0;
    this.eventShaped.length = 0;
    this.consistentSteps = 0;
    this.repeats = 0;
    this.lastSequence = -1;
    this.lastPlace = 0;
  }

  /** Takes the next packet in capture order. */
  count(sequence: number, payloadType: number, payloadLength: number): void {
    this.payloadBytes += payloadLength;
    const step = ((sequence - this.lastSequence) << 16) >> 16;
    // Duplicates and small reorderings are what real streams show; random octets do not.
    if (step === 0 && this.lastSequence >= 0) this.repeats++;
    else if ((step >= -16 && step <= 64) || this.lastSequence < 0) this.consistentSteps++;
    this.lastSequence = sequence;
    let place = this.lastPlace;
    if (this.payloadTypes[place] !== payloadType) place = this.placeOf(payloadType);
    this.payloadTypePackets[place]++;
    if (payloadLength === EVENT_OCTETS) this.eventShaped[place]++;
  }

  private placeOf(payloadType: number): number {
    let place = this.payloadTypes.indexOf(payloadType);
    if (place < 0) {
      place = this.payloadTypes.length;
      this.payloadTypes.push(payloadType);
      this.payloadTypePackets.push(0);
      this.eventShaped.push(0);
    }
    this.lastPlace = place;
    return place;
  }

  /** Its payload cannot be read: it is encrypted, and no key opened it. */
  get isSealed(): boolean {
    return this.encryption !== null && this.encryption.opening === null;
  }

  /** The payload type that carries the stream's media: the one with most packets that is not an event or noise; -1 for none. */
  get mainPayloadType(): number {
    let best = -1;
    let bestPackets = 0;
    this.payloadTypes.forEach((payloadType, place) => {
      const kind = this.payloads.kind[payloadType];
      if (kind === PayloadKind.Event || kind === PayloadKind.ComfortNoise) return;
      if (this.payloadTypePackets[place] > bestPackets) {
        best = payloadType;
        bestPackets = this.payloadTypePackets[place];
      }
    });
    return best;
  }
}
