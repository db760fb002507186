import { digitOf } from '../../../dissectors/rtp-event/digits.ts';
import type { CaptureStore } from '../../store/capture-store.ts';
import { PayloadKind } from '../streams/payload-map.ts';
import { Evidence, type Stream } from '../streams/stream.ts';
import type { StreamTracker } from '../streams/stream-tracker.ts';
import type { Tracker } from '../tracker.ts';

/** One telephone-event as it was received, from its first packet to its last (RFC 4733). */
export interface DigitEvent {
  readonly stream: number;
  readonly event: number;
  /** `0`…`9`, `*`, `#`, `A`…`D`, `flash`; null for events that are no digit. */
  readonly digit: string | null;
  readonly timestamp: number;
  /** Longest duration that was reported, in timestamp units. */
  duration: number;
  readonly clockRate: number;
  /** Power level in dBm0 without its sign, 0…63. */
  readonly volume: number;
  /** A packet with the end bit was seen. */
  ended: boolean;
  /** 0-based frames of all its packets. */
  readonly frames: number[];
  /** The payload type was taken for telephone-event by its shape, not by signalling. */
  readonly guessed: boolean;
}

/** The RTP clock of telephone-events where nothing says otherwise (RFC 4733 section 2.1). */
const DEFAULT_CLOCK_RATE = 8000;
/** The longest duration that a packet can say. */
const MAX_DURATION = 0xffff;
/** Events of a stream that a late packet may still belong to. */
const RECENT_EVENTS = 4;
/** Packets of one event that arrive this much later belong to another of the same timestamp (a sender's restart). */
const MAX_EVENT_SECONDS = 60;

/**
 * Digits from telephone-events. All packets with one timestamp are one event (RFC 4733 section 2.5.1.2), however many
 * carry the end bit; a duration that exceeds its 16 bits goes on in segments with new timestamps, which are joined
 * (section 2.5.1.3).
 */
export class DigitTracker implements Tracker {
  readonly id = 'digits';
  /** In order of their first packet. */
  events: DigitEvent[] = [];
  private readonly store: CaptureStore;
  private readonly streams: StreamTracker;

  constructor(store: CaptureStore, streams: StreamTracker) {
    this.store = store;
    this.streams = streams;
  }

  advance(): void {}

  finish(): void {
    this.events = [];
    const carriers = this.streams.candidates.map((stream) => eventTypes(stream));
    if (carriers.every((types) => types === null)) return;
    const { rtp, streamOfRow, copies } = this.streams;
    const { payloadType, payloadLength } = rtp.rows.columns;
    /** The newest events of each stream, newest first. */
    const open = new Map<number, DigitEvent[]>();
    // By number (index + 1): most rows are of streams without any, and are passed over with one look.
    const isCarrier = Uint8Array.from([null, ...carriers], (types) => (types === null ? 0 : 1));
    for (let row = 0; row < rtp.count; row++) {
      const number = streamOfRow.get(row);
      if (isCarrier[number] === 0 || copies.get(row) !== 0) continue;
      const index = number - 1;
      const types = carriers[index];
      if (types === null || types[payloadType.get(row) & 0x7f] === 0 || payloadLength.get(row) < 4) continue;
      this.take(row, index, open);
    }
  }

  private take(row: number, index: number, open: Map<number, DigitEvent[]>): void {
    const { rtp, candidates } = this.streams;
    const c = rtp.rows.columns;
    const stream = candidates[index];
    const head = c.head.get(row);
    const event = head >>> 24;
    const duration = head & 0xffff;
    const frame = rtp.frame.get(row);
    const timestamp = c.timestamp.get(row);
    const ended = (head & 0x800000) !== 0;
    const recent = open.get(index) ?? [];
    const current = recent.find((candidate) => this.continues(candidate, event, timestamp, frame));
    if (current !== undefined) {
      const offset = (timestamp - current.timestamp) >>> 0;
      current.duration = Math.max(current.duration, offset + duration);
      current.ended ||= ended;
      current.frames.push(frame);
      return;
    }
    const type = c.payloadType.get(row) & 0x7f;
    const found: DigitEvent = {
      stream: index,
      event,
      digit: digitOf(event),
      timestamp,
      duration,
      clockRate: stream.payloads.clockRate[type] || DEFAULT_CLOCK_RATE,
      volume: (head >>> 16) & 0x3f,
      ended,
      frames: [frame],
      guessed: stream.guessedEvents.includes(type),
    };
    open.set(index, [found, ...recent.slice(0, RECENT_EVENTS - 1)]);
    this.events.push(found);
  }

  /**
   * The same timestamp, or a segment of an event too long for one: each begins where the one before reached the limit
   * of its duration, so it lies a multiple of that after the event's beginning.
   */
  private continues(current: DigitEvent, event: number, timestamp: number, frame: number): boolean {
    if (event !== current.event) return false;
    const since = this.store.frames.secondsBetween(current.frames[current.frames.length - 1], frame);
    if (since > MAX_EVENT_SECONDS) return false;
    if (timestamp === current.timestamp) return true;
    const offset = (timestamp - current.timestamp) >>> 0;
    if (offset % MAX_DURATION !== 0) return false;
    return current.ended ? offset < current.duration : offset <= current.duration;
  }
}

/** Which payload types of a stream carry telephone-events; null where none does. */
function eventTypes(stream: Stream): Uint8Array | null {
  // What is encrypted is not an event, however it looks.
  if (stream.evidence === Evidence.None || stream.isSealed) return null;
  const types = new Uint8Array(128);
  let some = false;
  for (const type of stream.payloadTypes) {
    if (stream.payloads.kind[type] !== PayloadKind.Event && !stream.guessedEvents.includes(type)) continue;
    types[type] = 1;
    some = true;
  }
  return some ? types : null;
}
