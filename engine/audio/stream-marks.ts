import { packetSecondsOf } from '../../media/audio/packet-seconds.ts';
import { Fate } from '../../media/jitter/fate.ts';
import type { AudioMark } from '../../shared/engine-api.ts';
import type { Capture } from '../capture.ts';
import { Arrival } from '../trackers/streams/sequence-gaps.ts';
import type { HeardStream } from './heard-audio.ts';
import { orderBySequence, type SequenceOrder } from './sequence-order.ts';

/**
 * A packet is late when it came more than this after the moment it would have had to be there, in a playout buffer of this
 * length that follows the least delayed packet of the last `DELAY_WINDOW_SECONDS` (and so the sender's clock).
 */
export const LATE_SECONDS = 0.06;
const DELAY_WINDOW_SECONDS = 10;
/** Late packets this close together are one mark. */
const LATE_RUN_SECONDS = 0.1;
/** More marks of one kind than this are joined with their neighbours. */
const MOST_MARKS = 4000;

/** Seconds of audio in a packet, by most of a stream's packets; null where none follows another. */
export function packetSeconds({ stream, audio: { packets } }: HeardStream): number | null {
  return packetSecondsOf(packets, stream.payloads.clockRate);
}

/**
 * What is to be seen of a stream before a sample is decoded: lost, late and reordered packets, changes of codec, digits.
 * `origin` is the first sample of the audio, in seconds from the streams' zero. In order of time.
 */
export function streamMarks(capture: Capture, heard: HeardStream, origin: number): AudioMark[] {
  const { packets } = heard.audio;
  const order = orderBySequence(packets.count, (packet) => packets.sequence[packet]);
  const places = placesOf(heard);
  const mark = new Marker(heard, origin);
  return [
    ...limited(lossMarks(heard, order, places, mark)),
    ...limited(
      heard.audio.timeline.counts === null ? lateMarks(heard, places, mark) : missedMarks(heard, places, mark),
    ),
    ...limited(bridgedMarks(heard, mark)),
    ...limited(reorderedMarks(order, places, mark)),
    ...limited(codecMarks(heard, places, mark)),
    ...limited(digitMarks(capture, heard, places, mark)),
  ].toSorted((a, b) => a.at - b.at);
}

class Marker {
  private readonly frame: Uint32Array;
  private readonly origin: number;

  constructor({ places }: HeardStream, origin: number) {
    this.frame = places.frame;
    this.origin = origin;
  }

  /** `from … to` in seconds from the streams' zero; `packet` is a place in the stream. */
  make(kind: AudioMark['kind'], from: number, to: number, label: string, count: number, packet: number): AudioMark {
    const at = Math.max(0, from - this.origin);
    const seconds = Math.max(0, to - this.origin - at);
    return { kind, at, seconds, label, count, packet: this.frame[packet] + 1 };
  }
}

/** Where each packet is heard, in seconds; one that is not heard lies as far after its neighbour as it came, or as it is late. */
export function placesOf({ audio: { packets, timeline } }: HeardStream): Float64Array {
  const places = timeline.moment?.slice() ?? new Float64Array(packets.count).fill(Number.NaN);
  for (let row = 0; row < timeline.rows; row++) {
    places[timeline.packet[row]] = timeline.at[row] / timeline.sampleRate[row];
  }
  let lead = 0;
  for (let packet = 0; packet < packets.count; packet++) {
    const arrival = packets.arrival[packet];
    if (Number.isNaN(places[packet])) places[packet] = arrival + lead;
    else lead = places[packet] - arrival;
  }
  return places;
}

function lossMarks(heard: HeardStream, order: SequenceOrder, places: Float64Array, mark: Marker): AudioMark[] {
  const length = packetSeconds(heard) ?? 0.02;
  const marks: AudioMark[] = [];
  for (let i = 1; i < order.sent.length; i++) {
    const lost = order.lostBefore(i);
    if (lost === 0) continue;
    const packet = order.sent[i];
    const end = places[packet];
    // A gap in the timestamps may be longer than the packets lost: the sender was silent too.
    const from = Math.min(end, Math.max(places[order.sent[i - 1]] + length, end - lost * length));
    marks.push(mark.make('loss', from, end, `${countOf(lost, 'packet')} lost`, lost, packet));
  }
  return marks;
}

function lateMarks({ audio: { packets, timeline } }: HeardStream, places: Float64Array, mark: Marker): AudioMark[] {
  const isHeard = new Uint8Array(packets.count);
  for (let row = 0; row < timeline.rows; row++) isHeard[timeline.packet[row]] = 1;
  const marks: AudioMark[] = [];
  // The packets of the window that are less delayed than all after them: the first is the least delayed.
  const least = new Uint32Array(packets.count);
  let head = 0;
  let tail = 0;
  let run: { first: number; last: number; count: number; worst: number } | null = null;
  const endRun = (): void => {
    if (run === null) return;
    const { first, last, count, worst } = run;
    const label = `${countOf(count, 'packet')} late, by up to ${Math.round(worst * 1000)} ms`;
    marks.push(mark.make('late', places[first], places[last], label, count, first));
    run = null;
  };
  const delayOf = (packet: number): number => packets.arrival[packet] - places[packet];
  for (let packet = 0; packet < packets.count; packet++) {
    if (isHeard[packet] === 0) continue;
    const delay = delayOf(packet);
    while (tail > head && delayOf(least[tail - 1]) >= delay) tail--;
    least[tail++] = packet;
    while (packets.arrival[packet] - packets.arrival[least[head]] > DELAY_WINDOW_SECONDS) head++;
    const beyond = delay - delayOf(least[head]) - LATE_SECONDS;
    if (beyond <= 0) continue;
    if (run !== null && Math.abs(places[packet] - places[run.last]) > LATE_RUN_SECONDS) endRun();
    run ??= { first: packet, last: packet, count: 0, worst: 0 };
    run.last = packet;
    run.count++;
    run.worst = Math.max(run.worst, beyond);
  }
  endRun();
  return marks;
}

/** Packets that a simulated buffer could not play because they came too late. */
function missedMarks({ audio: { packets, timeline } }: HeardStream, places: Float64Array, mark: Marker): AudioMark[] {
  const marks: AudioMark[] = [];
  let first = -1;
  let last = -1;
  let count = 0;
  const endRun = (): void => {
    if (first >= 0) marks.push(mark.make('late', places[first], places[last], lateLabel(count), count, first));
  };
  for (let packet = 0; packet < packets.count; packet++) {
    if (timeline.fate[packet] !== Fate.Late) continue;
    if (first < 0 || Math.abs(places[packet] - places[last]) > LATE_RUN_SECONDS) {
      endRun();
      first = packet;
      count = 0;
    }
    last = packet;
    count++;
  }
  endRun();
  return marks;
}

function lateLabel(count: number): string {
  return `${countOf(count, 'packet')} too late to be heard`;
}

/** What a simulated buffer bridged. */
function bridgedMarks({ audio: { timeline } }: HeardStream, mark: Marker): AudioMark[] {
  const { bridged, at, sampleRate, packet, rows } = timeline;
  const marks: AudioMark[] = [];
  if (bridged === null) return marks;
  for (let row = 0; row + 1 < rows; row++) {
    if (bridged[row] === 0) continue;
    const end = at[row + 1] / sampleRate[row + 1];
    const seconds = bridged[row] / sampleRate[row];
    marks.push(
      mark.make('concealed', end - seconds, end, `${Math.round(seconds * 1000)} ms concealed`, 1, packet[row]),
    );
  }
  return marks;
}

function reorderedMarks(order: SequenceOrder, places: Float64Array, mark: Marker): AudioMark[] {
  const marks: AudioMark[] = [];
  for (let packet = 0; packet < places.length; packet++) {
    if (order.arrival[packet] !== Arrival.Late) continue;
    marks.push(mark.make('reordered', places[packet], places[packet], 'Came out of order', 1, packet));
  }
  return marks;
}

function codecMarks({ stream, audio }: HeardStream, places: Float64Array, mark: Marker): AudioMark[] {
  const { timeline, packets } = audio;
  const marks: AudioMark[] = [];
  let before = -1;
  for (let row = 0; row < timeline.rows; row++) {
    const packet = timeline.packet[row];
    const type = packets.payloadType[packet];
    if (type === before) continue;
    if (before >= 0) {
      const { name, clockRate } = stream.payloads.encodings[type] ?? { name: `payload type ${type}`, clockRate: 0 };
      const label = clockRate === 8000 || clockRate === 0 ? name : `${name}/${clockRate}`;
      marks.push(mark.make('codec', places[packet], places[packet], label, 1, packet));
    }
    before = type;
  }
  return marks;
}

function digitMarks(capture: Capture, heard: HeardStream, places: Float64Array, mark: Marker): AudioMark[] {
  const { frame } = heard.places;
  const marks: AudioMark[] = [];
  let packet = 0;
  for (const event of capture.digits.events) {
    if (event.stream !== heard.stream.index) continue;
    while (packet < frame.length && frame[packet] < event.frames[0]) packet++;
    if (packet === frame.length) break;
    const seconds = event.duration / event.clockRate;
    const label = event.digit ?? `event ${event.event}`;
    marks.push(mark.make('digit', places[packet], places[packet] + seconds, label, 1, packet));
  }
  return marks;
}

/** Neighbours are joined, two by two, until there are few enough to draw and to send. */
function limited(marks: AudioMark[]): AudioMark[] {
  let list = marks;
  while (list.length > MOST_MARKS) {
    const joined: AudioMark[] = [];
    for (let i = 0; i < list.length; i += 2) {
      const [a, b] = [list[i], list[i + 1]];
      joined.push(b === undefined ? a : joinMarks(a, b));
    }
    list = joined;
  }
  return list;
}

function joinMarks(a: AudioMark, b: AudioMark): AudioMark {
  const at = Math.min(a.at, b.at);
  const end = Math.max(a.at + a.seconds, b.at + b.seconds);
  const count = a.count + b.count;
  const words = { loss: 'lost', late: 'late', reordered: 'out of order' };
  const label = a.kind in words ? `${count} packets ${words[a.kind as keyof typeof words]}` : `${count} × ${a.kind}`;
  return { ...a, at, seconds: end - at, count, label };
}

function countOf(value: number, word: string): string {
  return `${value} ${word}${value === 1 ? '' : 's'}`;
}
