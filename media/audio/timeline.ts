/**
 * Where every sample of a stream goes: RTP packets, as captured, to positions on the call's clock.
 *
 * The stream is anchored to its first audio packet: that packet's first sample is heard at the packet's arrival. The
 * alternative, anchoring to the least delayed packet, would move a channel by as much as its first packet was late,
 * on evidence that may come an hour later; with the first packet the offset between the two channels is what anybody
 * reads off the capture. From there on the RTP timestamp alone places a packet (RFC 3550 section 5.1), so jitter,
 * reordering and loss move nothing, and a gap in the timestamps (loss, DTX) is silence.
 *
 * Arrival is consulted again in two cases only. A *discontinuity*: timestamps that depart from the arrivals by more
 * than jitter explains and do not come back (a restarted sender, a source or clock replaced under one SSRC); and a
 * change of RTP clock rate (RFC 7160), where the timestamps are followed over the change when the arrivals bear them
 * out. Each begins a new *segment*, and where segments overlap the later one is heard.
 */
import { ROWS_AT_ONCE } from '../../base/rows-at-once.ts';
import { extendTimestamp, sequenceStep } from '../../base/sequence.ts';
import { Fate } from '../jitter/fate.ts';
import type { JitterCounts } from '../jitter/jitter-buffer.ts';
import { arrange, Placement } from './arrange.ts';

/** The packets of one stream, in the order of the file: columns, by packet. */
export class StreamPackets {
  readonly count: number;
  /** RTP sequence number. */
  readonly sequence: Uint16Array;
  /** RTP timestamp. */
  readonly timestamp: Uint32Array;
  /** Seconds from the call's zero to the capture of the packet. */
  readonly arrival: Float64Array;
  /** 7 bits. */
  readonly payloadType: Uint8Array;
  /** Octets of payload, without padding. */
  readonly payloadLength: Uint16Array;

  /** All 0, to be filled in. */
  constructor(count: number) {
    this.count = count;
    this.sequence = new Uint16Array(count);
    this.timestamp = new Uint32Array(count);
    this.arrival = new Float64Array(count);
    this.payloadType = new Uint8Array(count);
    this.payloadLength = new Uint16Array(count);
  }
}

/** By payload type (128 entries each): the RTP clock and the samples a second. 0: not audio, or not to be played. */
export class PayloadRates {
  readonly clockRates = new Uint32Array(128);
  readonly sampleRates = new Uint32Array(128);
}

/** A stream laid out. Rows are in the order of play; two rows never cover the same moment. */
export interface Timeline {
  readonly rows: number;
  /** The packet of each row. */
  readonly packet: Uint32Array;
  /** Its first sample, counted from the call's zero at `sampleRate`; below 0 before it. A whole number. */
  readonly at: Float64Array;
  /** Samples until the next row begins: what a packet holds beyond that is not heard. */
  readonly room: Uint32Array;
  /** Samples a second of each row (of its payload type). */
  readonly sampleRate: Uint32Array;
  /** The distinct rates among `sampleRate`, in the order they come up. */
  readonly rates: readonly number[];
  /** Samples after each row's packet that its codec bridges as if a packet had been lost; null where nothing is bridged. */
  readonly bridged: Uint32Array | null;
  /** Seconds from the call's zero to where the stream begins, which is before the first row where that one waits. */
  readonly beginSeconds: number;
  /** By packet, one of `Fate`. */
  readonly fate: Uint8Array;
  /** By packet: when it is heard or would have been, in seconds from the call's zero; null where the rows say all of it. */
  readonly moment: Float64Array | null;
  /** What a jitter buffer made of it; null where none was simulated. */
  readonly counts: JitterCounts | null;
  /** Times the stream was anchored to arrival again. */
  readonly discontinuities: number;
  /** Copies of packets already placed. */
  readonly duplicates: number;
  /** Packets left out: a timestamp that fits nothing around it, or a moment outside the bounds or already taken. */
  readonly strays: number;
}

/** Timestamps and arrivals may part by this much before a discontinuity is considered. */
const JUMP_SECONDS = 1;
/** The same for parting little by little since the anchor: a clock that is wrong, not skewed (100 ppm needs 14 h). */
const DRIFT_SECONDS = 5;
/** Over a change of clock rate the timestamps are followed when they agree with the arrivals this well. */
const CLOCK_CHANGE_SECONDS = 0.2;
/** A packet is not placed further than this before the anchor of its segment. */
const BEFORE_ANCHOR_SECONDS = 1;
/** How far a suspected discontinuity is followed to see whether the timestamps come back. */
const LOOK_AHEAD_SECONDS = 10;
const LOOK_AHEAD_PACKETS = 512;
/** Packets that must come back for the departure to have been delay and not a discontinuity. */
const ENOUGH_BACK = 3;
/** The longest timeline, either side of the call's zero, unless the caller says otherwise. */
export const LONGEST_SECONDS = 24 * 3600;

/**
 * A run of packets placed from one anchor. Fields that hold fractions begin with one that is no whole number: V8 takes a field for whole
 * numbers as long as there are no others (and a stream that begins with the capture is anchored at 0), and then compiles all anew.
 */
class Segment {
  readonly clockRate: number;
  readonly anchorSeconds: number = Number.NaN;
  /** Extended timestamp at the anchor. */
  readonly anchorTimestamp: number = Number.NaN;
  readonly firstSequence: number;
  /** Arrival minus position, in seconds: at the anchor, and smoothed over the packets since. */
  readonly anchorDelay: number = Number.NaN;
  delay: number = Number.NaN;
  /** Of the packet furthest on in the segment. */
  lastTimestamp: number = Number.NaN;
  lastSequence: number;

  constructor(clockRate: number, anchorSeconds: number, delay: number, timestamp: number, sequence: number) {
    this.clockRate = clockRate;
    this.anchorSeconds = anchorSeconds;
    this.anchorTimestamp = timestamp;
    this.firstSequence = sequence;
    this.anchorDelay = delay;
    this.delay = delay;
    this.lastTimestamp = timestamp;
    this.lastSequence = sequence;
  }
}

/**
 * Lays out one stream. Time is linear in the packets (plus, near enough, their disorder); memory is about 40 octets
 * a packet, whatever the timestamps say. Never throws.
 */
export function planTimeline(packets: StreamPackets, rates: PayloadRates, longestSeconds = LONGEST_SECONDS): Timeline {
  return laidOut(placePackets(packets, rates, { longestSeconds }));
}

/** Packets with their places by RTP timestamp, in the order of the file and not yet cut where they overlap. */
export interface PlacedPackets {
  readonly placement: Placement;
  /** By row of the placement: seconds from the call's zero, not rounded to samples. Empty where nobody asked for it. */
  readonly due: Float64Array;
  /** By packet: Played where it has a place. */
  readonly fate: Uint8Array;
  readonly discontinuities: number;
  readonly duplicates: number;
  readonly strays: number;
}

/** The first half of `planTimeline`. */
export function placePackets(
  packets: StreamPackets,
  rates: PayloadRates,
  { longestSeconds = LONGEST_SECONDS, wantsDue = false } = {},
): PlacedPackets {
  return new Planner(packets, rates, longestSeconds, wantsDue).place();
}

/** The second half: the order of play, and who is heard where two overlap. */
export function laidOut({
  placement,
  fate,
  discontinuities,
  duplicates,
  strays,
}: Omit<PlacedPackets, 'due'>): Timeline {
  const { timeline, covered } = arrange(placement);
  const beginSeconds = timeline.rows === 0 ? 0 : timeline.at[0] / timeline.sampleRate[0];
  return {
    ...timeline,
    beginSeconds,
    fate,
    moment: null,
    counts: null,
    discontinuities,
    duplicates,
    strays: strays + covered,
  };
}

class Planner {
  private readonly packets: StreamPackets;
  private readonly rates: PayloadRates;
  private readonly longestSeconds: number;
  private readonly placed: Placement;
  private readonly due: Float64Array;
  private readonly fate: Uint8Array;
  private segments = 0;
  private duplicates = 0;
  private strays = 0;
  // The segment + 1 and timestamp in which each sequence number was last placed: what tells a copy.
  private readonly seenSegment = new Uint32Array(65536);
  private readonly seenTimestamp = new Uint32Array(65536);
  // Looking ahead is paid for out of this, so that hostile timestamps cannot make the plan quadratic.
  private lookAheadLeft: number;

  constructor(packets: StreamPackets, rates: PayloadRates, longestSeconds: number, wantsDue: boolean) {
    this.packets = packets;
    this.rates = rates;
    this.longestSeconds = longestSeconds;
    this.lookAheadLeft = 32 * packets.count + 8 * LOOK_AHEAD_PACKETS;
    this.due = new Float64Array(wantsDue ? packets.count : 0);
    this.fate = new Uint8Array(packets.count);
    this.placed = new Placement(packets.count);
  }

  place(): PlacedPackets {
    let current: Segment | null = null;
    let previous: Segment | null = null;
    for (let packet = 0; packet < this.packets.count; packet++) {
      if (current !== null) packet = this.goOn(packet, current, previous);
      if (packet === this.packets.count) break;
      const payloadType = this.packets.payloadType[packet];
      const clockRate = this.rates.clockRates[payloadType];
      if (clockRate === 0 || this.rates.sampleRates[payloadType] === 0) continue;
      if (!(this.packets.payloadLength[packet] > 0) || !Number.isFinite(this.packets.arrival[packet])) continue;
      if (current === null) {
        current = this.begin(packet, clockRate, null);
        continue;
      }
      if (previous !== null && this.isLeftBehind(packet, clockRate, current, previous)) {
        this.put(packet, this.extended(packet, previous), previous, this.segments - 1);
        continue;
      }
      if (clockRate !== current.clockRate) {
        previous = current;
        current = this.begin(packet, clockRate, current);
        continue;
      }
      const timestamp = this.extended(packet, current);
      const delay = this.delay(packet, timestamp, current);
      if (!this.comesBack(packet, current)) {
        previous = current;
        current = this.begin(packet, clockRate, null);
      } else if (this.isDelayed(packet, timestamp, delay, current)) {
        this.put(packet, timestamp, current, this.segments);
      } else {
        this.leaveOut(packet);
      }
    }
    return {
      placement: this.placed,
      due: this.due,
      fate: this.fate,
      discontinuities: Math.max(0, this.segments - 1),
      duplicates: this.duplicates,
      strays: this.strays,
    };
  }

  /** Places packets from `first` on for as long as they fit `segment`. Gives the first that does not, or is of another kind. */
  private goOn(first: number, segment: Segment, previous: Segment | null): number {
    const { count } = this.packets;
    let packet = first;
    while (packet < count) {
      const end = Math.min(count, packet + ROWS_AT_ONCE);
      packet = this.goOnTo(end, packet, segment, previous);
      if (packet < end) break;
    }
    return packet;
  }

  /**
   * The same up to packet `end`, learning from them. Most streams are this from beginning to end, and most of the time went by before it was
   * compiled: hence one loop without calls, which returns soon (V8 compiles one that runs long twice).
   */
  private goOnTo(end: number, first: number, segment: Segment, previous: Segment | null): number {
    const { packets, rates, placed, due, fate, seenSegment, seenTimestamp, segments } = this;
    const { clockRate, anchorSeconds, anchorTimestamp, anchorDelay } = segment;
    const wantsDue = due.length > 0;
    let { delay, lastTimestamp, lastSequence } = segment;
    let { rows } = placed;
    let packet = first;
    for (; packet < end; packet++) {
      const payloadType = packets.payloadType[packet];
      const sampleRate = rates.sampleRates[payloadType];
      if (rates.clockRates[payloadType] !== clockRate || sampleRate === 0 || packets.payloadLength[packet] === 0) break;
      if (previous !== null && this.isLeftBehind(packet, clockRate, segment, previous)) break;
      const timestamp = packets.timestamp[packet];
      const extended = extendTimestamp(lastTimestamp, timestamp);
      const units = extended - anchorTimestamp;
      const seconds = anchorSeconds + units / clockRate;
      const late = packets.arrival[packet] - seconds;
      if (!(Math.abs(late - delay) <= JUMP_SECONDS && Math.abs(late - anchorDelay) <= DRIFT_SECONDS)) break;
      delay += (late - delay) / 16;
      const sequence = packets.sequence[packet];
      if (extended >= lastTimestamp) {
        lastTimestamp = extended;
        lastSequence = sequence;
      }
      // The timestamp first: the other way round it is not looked at until numbers come round, and the loop is compiled anew.
      const isCopy = seenTimestamp[sequence] === timestamp && seenSegment[sequence] === segments;
      if (isCopy || this.isBeyond(seconds, segment)) {
        this.put(packet, extended, segment, segments);
        continue;
      }
      seenSegment[sequence] = segments;
      seenTimestamp[sequence] = timestamp;
      fate[packet] = Fate.Played;
      if (wantsDue) due[rows] = seconds;
      placed.packet[rows] = packet;
      placed.segment[rows] = segments;
      placed.sampleRate[rows] = sampleRate;
      placed.at[rows] = samplesAt(units, segment, sampleRate);
      rows++;
    }
    segment.delay = delay;
    segment.lastTimestamp = lastTimestamp;
    segment.lastSequence = lastSequence;
    placed.rows = rows;
    return packet;
  }

  /** Begins a segment at `packet`: at its arrival, or where `before` puts it when only the clock changed. */
  private begin(packet: number, clockRate: number, before: Segment | null): Segment {
    const arrival = this.packets.arrival[packet];
    const timestamp = this.packets.timestamp[packet];
    const sequence = this.packets.sequence[packet];
    let anchorSeconds = arrival;
    if (before !== null) {
      const delay = this.delay(packet, this.extended(packet, before), before);
      if (Math.abs(delay - before.delay) <= CLOCK_CHANGE_SECONDS) anchorSeconds = arrival - delay;
    }
    const segment = new Segment(clockRate, anchorSeconds, arrival - anchorSeconds, timestamp, sequence);
    this.segments++;
    this.put(packet, timestamp, segment, this.segments);
    return segment;
  }

  private extended(packet: number, segment: Segment): number {
    return extendTimestamp(segment.lastTimestamp, this.packets.timestamp[packet]);
  }

  /** Seconds by which the packet arrived after the moment its extended timestamp says. */
  private delay(packet: number, timestamp: number, segment: Segment): number {
    const since = (timestamp - segment.anchorTimestamp) / segment.clockRate;
    return this.packets.arrival[packet] - (segment.anchorSeconds + since);
  }

  /** Whether the stream returns to `segment` soon after `packet`, which does not fit it. */
  private comesBack(packet: number, segment: Segment): boolean {
    const until = this.packets.arrival[packet] + LOOK_AHEAD_SECONDS;
    const end = Math.min(this.packets.count, packet + 1 + LOOK_AHEAD_PACKETS);
    let seen = 0;
    let back = 0;
    for (let next = packet + 1; next < end && this.lookAheadLeft > 0; next++) {
      this.lookAheadLeft--;
      if (this.packets.arrival[next] > until) break;
      if (this.rates.clockRates[this.packets.payloadType[next]] !== segment.clockRate) continue;
      seen++;
      if (this.fits(next, segment) && ++back >= ENOUGH_BACK) return true;
    }
    return back > 0 && back * 2 >= seen;
  }

  /**
   * Whether a packet that does not fit, in a stream that comes back, was merely late: what the network does. The
   * timestamp must then run the same way as the sequence number, and cannot be ahead of its time.
   */
  private isDelayed(packet: number, timestamp: number, delay: number, segment: Segment): boolean {
    if (delay < segment.delay) return false;
    const sequence = sequenceStep(segment.lastSequence, this.packets.sequence[packet]);
    const isAhead = timestamp > segment.lastTimestamp;
    if (sequence > 0 !== isAhead) return false;
    if (isAhead) {
      segment.lastTimestamp = timestamp;
      segment.lastSequence = this.packets.sequence[packet];
    }
    return true;
  }

  /** Whether the packet was overtaken by the beginning of the current segment and belongs to the one before. */
  private isLeftBehind(packet: number, clockRate: number, current: Segment, previous: Segment): boolean {
    if (clockRate !== previous.clockRate) return false;
    const sequence = this.packets.sequence[packet];
    if (sequenceStep(current.firstSequence, sequence) >= 0) return false;
    if (Math.abs(sequenceStep(previous.lastSequence, sequence)) > LOOK_AHEAD_PACKETS) return false;
    return this.fits(packet, previous);
  }

  private fits(packet: number, segment: Segment): boolean {
    const late = this.delay(packet, this.extended(packet, segment), segment);
    return Math.abs(late - segment.delay) <= JUMP_SECONDS && Math.abs(late - segment.anchorDelay) <= DRIFT_SECONDS;
  }

  private leaveOut(packet: number): void {
    this.strays++;
    this.fate[packet] = Fate.Stray;
  }

  /** Places a packet by its extended timestamp. */
  private put(packet: number, extended: number, segment: Segment, number: number): void {
    const sequence = this.packets.sequence[packet];
    const timestamp = this.packets.timestamp[packet];
    if (this.seenSegment[sequence] === number && this.seenTimestamp[sequence] === timestamp) {
      this.duplicates++;
      this.fate[packet] = Fate.Duplicate;
      return;
    }
    const sampleRate = this.rates.sampleRates[this.packets.payloadType[packet]];
    const units = extended - segment.anchorTimestamp;
    const seconds = segment.anchorSeconds + units / segment.clockRate;
    if (this.isBeyond(seconds, segment)) {
      this.leaveOut(packet);
      return;
    }
    this.seenSegment[sequence] = number;
    this.seenTimestamp[sequence] = timestamp;
    this.fate[packet] = Fate.Played;
    const { placed } = this;
    const row = placed.rows++;
    if (row < this.due.length) this.due[row] = seconds;
    placed.packet[row] = packet;
    placed.segment[row] = number;
    placed.sampleRate[row] = sampleRate;
    placed.at[row] = samplesAt(units, segment, sampleRate);
  }

  /** Whether a moment lies outside the timeline, or too far before the anchor of its segment. */
  private isBeyond(seconds: number, { anchorSeconds }: Segment): boolean {
    return Math.abs(seconds) > this.longestSeconds || seconds < anchorSeconds - BEFORE_ANCHOR_SECONDS;
  }
}

/** The sample `units` of the RTP clock after the anchor of a segment. The anchor is rounded once, so that steps between packets stay exact. */
function samplesAt(units: number, { anchorSeconds, clockRate }: Segment, sampleRate: number): number {
  return Math.round(anchorSeconds * sampleRate) + Math.round((units * sampleRate) / clockRate);
}
