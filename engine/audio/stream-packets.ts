import { ROWS_AT_ONCE } from '../../base/rows-at-once.ts';
import type { Column } from '../../base/columns.ts';
import { batchOf, payloadOf } from '../../media/audio/payload-batch.ts';
import {
  packetToMeasure,
  type PayloadFormat,
  prepareStream,
  type StreamAudio,
  withLastPayload,
} from '../../media/audio/stream-audio.ts';
import type { Playout } from '../../media/audio/playout.ts';
import { StreamPackets } from '../../media/audio/timeline.ts';
import { type CodecFormat, codecFor } from '../../media/codecs/index.ts';
import type { Capture } from '../capture.ts';
import { CapturePayloads } from './capture-payloads.ts';
import type { PacketPlaces } from './packet-places.ts';
import { type Encoding, PayloadKind } from '../trackers/streams/payload-map.ts';
import type { Stream } from '../trackers/streams/stream.ts';

/** The first `limit` RTP rows of each of `streams`, in capture order: one scan of the table for all of them. */
export function rowsOfStreams(capture: Capture, streams: readonly Stream[], limit = Infinity): Uint32Array[] {
  const { streamOfRow, copies, rtp } = capture.streams;
  const lists = streams.map((stream) => new RowList(Math.min(stream.packets, limit)));
  // By a row's `streamOfRow`.
  const listOf: (RowList | undefined)[] = [];
  streams.forEach((stream, i) => (listOf[stream.index + 1] = lists[i]));
  const number = new Uint32Array(ROWS_AT_ONCE);
  const low = Math.min(...streams.map((s) => s.firstFrame));
  let missing = lists.reduce((sum, { rows }) => sum + rows.length, 0);
  for (let row = rtp.firstRowOf(low); row < rtp.count && missing > 0; row += ROWS_AT_ONCE) {
    const count = Math.min(ROWS_AT_ONCE, rtp.count - row);
    streamOfRow.read(row, count, number);
    missing -= takeRows(row, number, count, listOf, copies);
  }
  return lists.map(({ rows }) => rows);
}

class RowList {
  readonly rows: Uint32Array;
  filled = 0;

  constructor(count: number) {
    this.rows = new Uint32Array(count);
  }
}

/** Adds `count` rows from `first` on to the lists of their streams, copies of packets left out. Gives how many. */
function takeRows(
  first: number,
  streamOfRow: Uint32Array,
  count: number,
  listOf: readonly (RowList | undefined)[],
  copies: Column,
): number {
  const hasCopies = copies.lengthBytes > 0;
  let taken = 0;
  for (let i = 0; i < count; i++) {
    const list = listOf[streamOfRow[i]];
    if (list === undefined || list.filled === list.rows.length) continue;
    if (hasCopies && copies.get(first + i) !== 0) continue;
    list.rows[list.filled++] = first + i;
    taken++;
  }
  return taken;
}

/**
 * A stream's packets as the timeline wants them; `zeroFrame` is where the clock stands at 0. The timeline goes to and fro
 * in them, so they are gathered once, side by side.
 */
export function streamPackets(capture: Capture, { row: rows, frame }: PacketPlaces, zeroFrame: number): StreamPackets {
  const count = rows.length;
  const packets = new StreamPackets(count);
  for (let from = 0; from < count; from += ROWS_AT_ONCE) {
    const to = Math.min(count, from + ROWS_AT_ONCE);
    gatherPackets(capture, rows, packets, from, to);
    capture.store.frames.secondsSince(zeroFrame, frame, packets.arrival, from, to);
  }
  const { later } = capture.streams.rtp;
  if (later.lengthBytes > 0) for (let i = 0; i < count; i++) packets.arrival[i] += later.get(rows[i]);
  return packets;
}

function gatherPackets(capture: Capture, rows: Uint32Array, packets: StreamPackets, from: number, to: number): void {
  const c = capture.streams.rtp.rows.columns;
  c.sequence.gather(rows, packets.sequence, from, to);
  c.timestamp.gather(rows, packets.timestamp, from, to);
  c.payloadLength.gather(rows, packets.payloadLength, from, to);
  c.payloadType.gather(rows, packets.payloadType, from, to);
  clearMarkers(packets.payloadType.subarray(from, to));
}

function clearMarkers(payloadTypes: Uint8Array): void {
  for (let i = 0; i < payloadTypes.length; i++) payloadTypes[i] &= 0x7f;
}

/** The payload types of a stream that may be heard: voice, and the noise of its pauses. */
export function playableFormats(stream: Stream): PayloadFormat[] {
  const media = formatsOf(stream, PayloadKind.Media);
  const heard = media.filter((format) => codecFor(format) !== null);
  // Noise counts in the clock of the voice; where its payload type says another, its timestamps are not to be believed.
  const isOnClock = (format: PayloadFormat): boolean => heard.every(({ clockRate }) => clockRate === format.clockRate);
  return heard.length === 0 ? media : [...media, ...formatsOf(stream, PayloadKind.ComfortNoise).filter(isOnClock)];
}

function formatsOf(stream: Stream, kind: number): PayloadFormat[] {
  return stream.payloadTypes.flatMap((payloadType) => {
    const encoding = stream.payloads.encodings[payloadType];
    if (encoding === undefined || stream.payloads.kind[payloadType] !== kind) return [];
    return [{ ...formatOf(stream, encoding), payloadType }];
  });
}

/** What a stream's encoding is to those who decode it. */
export function formatOf(stream: Stream, { name, clockRate, channels, parameters }: Encoding): CodecFormat {
  const format = { encoding: name, clockRate, channels, parameters };
  if (name.toLowerCase() !== 'red') return format;
  // RED's parameters name the payload types of its blocks: 0/5/100 (RFC 2198 section 5).
  const blocks = new Map<number, CodecFormat>();
  for (const text of parameters.split('/')) {
    const block = /^\s*\d{1,3}\s*$/.test(text) ? stream.payloads.encodings[Number(text)] : undefined;
    if (block !== undefined && block.name.toLowerCase() !== 'red') blocks.set(Number(text), formatOf(stream, block));
  }
  return { ...format, blocks };
}

/** A stream laid out for rendering. */
export async function streamAudio(
  capture: Capture,
  stream: Stream,
  places: PacketPlaces,
  zeroFrame: number,
  playout?: Playout,
): Promise<StreamAudio> {
  const audio = prepareStream(streamPackets(capture, places, zeroFrame), playableFormats(stream), playout);
  const packet = packetToMeasure(audio);
  if (packet < 0) return audio;
  const batch = batchOf([packet]);
  await new CapturePayloads(capture, [places]).load(batch);
  const payload = payloadOf(batch, 0);
  return payload === null ? audio : withLastPayload(audio, payload, 0, payload.length);
}
