import { FIRST_ROOM } from '../../base/first-room.ts';
import { u16 } from './inner-shapes.ts';

/** What is kept of each payload: enough for headers of IP, UDP and RTP behind an unknown one. */
export const SAMPLE_BYTES = 192;
const PACKETS = 8;
const MAX_FLOWS = 4096;
/** Packets that pass before a flow is looked at again that showed nothing: keep-alives may come first. */
const WAITS = [24, 128, 512];
/** In `waits`: no more of this flow. */
export const ENOUGH = 0xffff;
const RTP_HEADER = 12;

/** The beginning of a payload. */
export interface PayloadSample {
  readonly bytes: Uint8Array;
  /** Octets of it in `bytes`. */
  readonly captured: number;
  /** Octets of the payload on the wire. */
  readonly sent: number;
}

interface Samples {
  readonly flow: number;
  readonly list: PayloadSample[];
}

/**
 * Keeps a few payloads of each flow that nobody has claimed; memory is bounded, and a flow whose samples were looked at gives
 * its own back.
 */
export class PayloadSamples {
  /** By flow: packets to let pass; 0 where the next is wanted, `ENOUGH` where none is. */
  waits = new Uint16Array(FIRST_ROOM);
  /** By flow: how often it was looked at in vain. */
  private rounds = new Uint8Array(FIRST_ROOM);
  private readonly kept = new Map<number, Samples>();
  /** Called with the samples of a flow as soon as they are enough; true where no more are wanted. */
  private readonly look: (flow: number, samples: readonly PayloadSample[]) => boolean;

  constructor(look: (flow: number, samples: readonly PayloadSample[]) => boolean) {
    this.look = look;
  }

  /** Takes a payload, where its flow wants one. */
  take(flow: number, bytes: Uint8Array, at: number, length: number, sent: number): void {
    if (flow >= this.waits.length) this.grow(flow);
    const wait = this.waits[flow];
    if (wait !== 0) {
      if (wait !== ENOUGH) this.waits[flow] = wait - 1;
      return;
    }
    if (length > 0) this.keep(flow, bytes, at, length, sent);
  }

  /** Whether the next payload of a flow is not wanted; if so, it counts as passed. */
  letsPass(flow: number): boolean {
    const wait = this.waits[flow];
    if (wait === ENOUGH) return true;
    if (!(wait > 0)) return false;
    this.waits[flow] = wait - 1;
    return true;
  }

  /** Looks at what is kept of every flow, enough or not. */
  finish(): void {
    for (const { flow, list } of this.kept.values()) {
      this.stop(flow);
      this.look(flow, list);
    }
  }

  /** The payloads of a flow that are kept now. */
  of(flow: number): readonly PayloadSample[] {
    return this.kept.get(flow)?.list ?? [];
  }

  /** Whether payloads of a flow were enough once and showed nothing. */
  wasLookedAt(flow: number): boolean {
    return flow < this.rounds.length && this.rounds[flow] > 0;
  }

  stop(flow: number): void {
    if (flow >= this.waits.length) this.grow(flow);
    this.kept.delete(flow);
    this.waits[flow] = ENOUGH;
  }

  private keep(flow: number, bytes: Uint8Array, at: number, length: number, sent: number): void {
    let samples = this.kept.get(flow);
    if (samples === undefined) {
      if (this.kept.size >= MAX_FLOWS) {
        this.waits[flow] = ENOUGH;
        return;
      }
      samples = { flow, list: [] };
      this.kept.set(flow, samples);
    }
    const captured = Math.min(length, SAMPLE_BYTES);
    const own = bytes.slice(at, at + captured);
    if (isNextRtp(samples.list, own)) {
      this.stop(flow);
      return;
    }
    samples.list.push({ bytes: own, captured, sent });
    if (samples.list.length < PACKETS) return;
    const isDone = this.look(flow, samples.list);
    this.kept.delete(flow);
    const round = this.rounds[flow]++;
    this.waits[flow] = isDone || round >= WAITS.length ? ENOUGH : WAITS[round];
  }

  private grow(flow: number): void {
    const next = new Uint16Array(Math.max(flow + 1, this.waits.length * 2));
    next.set(this.waits);
    this.waits = next;
    const rounds = new Uint8Array(next.length);
    rounds.set(this.rounds);
    this.rounds = rounds;
  }
}

/** Whether a payload follows two others of one RTP stream: by far the most flows are RTP as they stand, and soon known. */
function isNextRtp(before: readonly PayloadSample[], bytes: Uint8Array): boolean {
  if (before.length < 2) return false;
  const [one, two] = before.slice(-2);
  return isRtpStep(one.bytes, two.bytes) && isRtpStep(two.bytes, bytes);
}

/** The same SSRC and payload type, and the next sequence number (RFC 3550 section 5.1). */
function isRtpStep(before: Uint8Array, bytes: Uint8Array): boolean {
  if (before.length < RTP_HEADER || bytes.length < RTP_HEADER || (before[0] & bytes[0]) >>> 6 !== 2) return false;
  for (let at = 8; at < RTP_HEADER; at++) if (bytes[at] !== before[at]) return false;
  if (((bytes[1] ^ before[1]) & 0x7f) !== 0) return false;
  return ((u16(bytes, 2) - u16(before, 2)) & 0xffff) === 1;
}
