import { SrtpStatus } from '../../media/srtp/status.ts';
import type { OctetRun } from '../audio/rtp-packets.ts';
import type { MediaKey } from '../keys/media-key.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import type { KeyChain } from './key-chain.ts';
import { MOST_KEYS_OF_STREAM, REFUSED } from './opened-media.ts';
import type { SrtpReceiver } from '../../media/srtp/receiver.ts';

/** A tag this long is proof by itself; of a shorter one several packets must agree. */
const PROVING_TAG_BYTES = 8;
const PACKETS_OF_PROOF = 2;
/** A packet that the key at hand refuses is tried with the others, until that many in a row were refused by all. */
const REFUSED_IN_A_ROW = 64;
/** After that only every so-many-th is. */
const TRY_AGAIN_EVERY = 16;

/** A key that opens a stream's packets, and the rollover counter of the first of them. */
export interface FoundKey {
  readonly key: MediaKey;
  readonly rollover: number;
}

/** What became of a packet. */
export interface Taken {
  /** Place (+ 1) among the stream's keys, `NOT_OPENED` or `REFUSED`. */
  key: number;
  rollover: number;
}

/**
 * Goes through a stream's packets in capture order and finds the key of each: that of the packet before it, or where that
 * refuses (keys are changed by re-INVITE) another of the candidates.
 */
export class StreamOpening {
  readonly stream: Stream;
  readonly candidates: readonly MediaKey[];
  /** Keys that opened something, in order of use. */
  readonly keys: MediaKey[] = [];
  /** Packets of each of `keys` that it authenticates. */
  readonly packetsByKey: number[] = [];
  authenticated = 0;
  failed = 0;
  replayed = 0;
  unverified = 0;
  firstRollover = 0;
  expiredFrame = -1;
  private readonly chain: KeyChain;
  private readonly receivers = new Map<MediaKey, SrtpReceiver>();
  private current: MediaKey | null = null;
  private refusedInARow = 0;

  /** `first` is the candidate that was found to open packets, and the rollover counter it begins with. */
  constructor(stream: Stream, candidates: readonly MediaKey[], first: FoundKey, chain: KeyChain) {
    this.stream = stream;
    this.candidates = candidates;
    this.chain = chain;
    this.current = first.key;
    this.receivers.set(first.key, chain.receiver(first.key, first.rollover));
  }

  /** Takes the next packet, captured in `frame`. */
  take(packet: OctetRun, frame: number, into: Taken): void {
    into.rollover = 0;
    const current = this.current;
    if (current !== null && this.opens(current, packet, frame, into)) return;
    if (++this.refusedInARow < REFUSED_IN_A_ROW || this.refusedInARow % TRY_AGAIN_EVERY === 0) {
      for (const key of this.candidates) {
        if (key === current || !this.opens(key, packet, frame, into)) continue;
        this.current = key;
        return;
      }
    }
    this.failed++;
    into.key = REFUSED;
  }

  private opens(key: MediaKey, packet: OctetRun, frame: number, into: Taken): boolean {
    const receiver = this.receiverOf(key);
    const status = receiver.unprotect(packet.bytes, packet.at, packet.length);
    const isVerified = status !== SrtpStatus.Unverified;
    if (!isVerified) {
      // Without a tag anything would open: only the key that was decided on may.
      if (key !== this.current) return false;
      this.unverified++;
    } else if (status === SrtpStatus.Ok || status === SrtpStatus.Replayed || status === SrtpStatus.Old) {
      this.authenticated++;
      if (status === SrtpStatus.Replayed) this.replayed++;
    } else return false;
    let place = this.keys.indexOf(key) + 1;
    if (place === 0) {
      if (this.keys.length >= MOST_KEYS_OF_STREAM) return false;
      place = this.keys.push(key);
      this.packetsByKey.push(0);
      if (place === 1) this.firstRollover = receiver.roc;
    }
    if (this.expiredFrame < 0 && receiver.packetsAtLeast > lifetimeOf(key)) this.expiredFrame = frame;
    if (isVerified) this.packetsByKey[place - 1]++;
    this.refusedInARow = 0;
    into.key = place;
    into.rollover = Math.floor(receiver.index / 0x10000);
    return true;
  }

  private receiverOf(key: MediaKey): SrtpReceiver {
    let receiver = this.receivers.get(key);
    if (receiver === undefined) {
      // A new key of the same sender goes on with its counter, or begins at 0: implementations differ, the tag tells.
      const before = this.current === null ? undefined : this.receivers.get(this.current);
      const rollover = Math.max(0, before?.roc ?? 0);
      this.receivers.set(key, (receiver = this.chain.receiver(key, rollover)));
    }
    return receiver;
  }
}

/** Packets that a key may serve (RFC 4568 section 6.1; RFC 3711 section 9.2). */
function lifetimeOf({ lifetime }: MediaKey): number {
  const match = /^(2\^)?(\d{1,15})$/.exec(lifetime ?? '');
  if (match === null) return 2 ** 48;
  return match[1] === undefined ? Number(match[2]) : 2 ** Math.min(48, Number(match[2]));
}

/** How many of some packets of one sender, in capture order, a key authenticates. */
export function authenticatedBy(
  receiver: SrtpReceiver,
  packets: readonly OctetRun[],
): { authenticated: number; unverified: number } {
  let authenticated = 0;
  let unverified = 0;
  for (const { bytes, at, length } of packets) {
    const status = receiver.unprotect(bytes, at, length);
    if (status === SrtpStatus.Unverified) unverified++;
    else if (status <= SrtpStatus.Old) authenticated++;
  }
  return { authenticated, unverified };
}

/** Whether so many authenticated packets prove a key with tags of `tagBytes`. */
export function isProof(authenticated: number, tried: number, tagBytes: number): boolean {
  const needed = tagBytes >= PROVING_TAG_BYTES ? 1 : Math.min(PACKETS_OF_PROOF, tried);
  return authenticated >= Math.max(1, needed);
}
