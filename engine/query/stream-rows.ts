import type { StreamRow } from '../../shared/api.ts';
import type { Capture } from '../capture.ts';
import { mosOf } from '../quality/rating.ts';
import type { Stream } from '../trackers/streams/stream.ts';
import { callId } from './call-rows.ts';
import { streamEncryption } from './encryption-advice.ts';
import { vertoCallRow } from './verto-rows.ts';

const RECOGNISED_BY = ['consistency', 'consistency', 'signalling', 'decode-as'] as const;

/** Stable for the same file and options: candidates are numbered in order of their first packet. */
export function streamId(stream: Stream): string {
  return `s${stream.index + 1}`;
}

/** `0x0000abcd`, as Wireshark writes it. */
export function formatSsrc(ssrc: number): string {
  return `0x${ssrc.toString(16).padStart(8, '0')}`;
}

/** RTP streams in order of their first packet. */
export function streamRows(capture: Capture): StreamRow[] {
  const digits = digitsByStream(capture);
  return capture.streams.streams.map((stream) => streamRow(capture, stream, digits.get(stream.index) ?? null));
}

/** Streams with this row id (`s1`) or SSRC (`0x…`, any case); an SSRC can be that of several. */
export function findStreams(capture: Capture, id: string): Stream[] {
  const wanted = id.toLowerCase();
  if (/^0x[0-9a-f]{1,8}$/.test(wanted)) {
    const ssrc = Number.parseInt(wanted.slice(2), 16);
    return capture.streams.streams.filter((stream) => stream.ssrc === ssrc);
  }
  return capture.streams.streams.filter((stream) => streamId(stream) === wanted);
}

/** One row; `digits` are those of the stream. */
export function streamRow(capture: Capture, stream: Stream, digits: string | null): StreamRow {
  const { store } = capture;
  const { frames, flows } = store;
  const figures = stream.figures;
  if (figures === null) throw new Error('only recognised streams have figures');
  const type = stream.mainPayloadType;
  const encoding = type < 0 ? undefined : stream.payloads.encodings[type];
  const event = stream.payloadTypes.map((t) => stream.payloads.encodings[t]).find((e) => e !== undefined);
  const shown = encoding ?? (type < 0 ? event : undefined);
  const { gaps, wireshark } = figures;
  return {
    id: streamId(stream),
    ssrc: formatSsrc(stream.ssrc),
    src: flows.sourceEndpoint(stream.flow),
    dst: flows.destinationEndpoint(stream.flow),
    payloadTypes: [...stream.payloadTypes],
    codec: shown?.name ?? null,
    ...(stream.guessedCodec >= 0 ? { codecGuessed: true } : {}),
    clockRate: shown?.clockRate || null,
    channels: shown?.channels ?? null,
    packets: stream.packets,
    bytes: stream.payloadBytes,
    expected: gaps.expected,
    lost: gaps.lost,
    lostPercent: gaps.expected === 0 ? 0 : (gaps.lost * 100) / gaps.expected,
    duplicates: gaps.duplicates,
    outOfOrder: figures.outOfOrder,
    jitterMs: {
      mean: figures.meanJitterMs,
      max: figures.meanJitterMs === null ? null : figures.maxJitterMs,
    },
    maxDeltaMs: figures.maxDeltaMs,
    skewMs: figures.skewMs,
    wireshark: {
      lost: wireshark.lost,
      maxDeltaMs: wireshark.maxDeltaMs,
      meanJitterMs: wireshark.meanJitterMs,
      maxJitterMs: wireshark.maxJitterMs,
    },
    startTime: frames.time(stream.firstFrame) + stream.firstLater,
    durationSeconds: frames.secondsBetween(stream.firstFrame, stream.lastFrame) + stream.lastLater - stream.firstLater,
    carriedIn: carriedIn(capture, stream),
    sameAs: sameAs(capture, stream),
    setupPacket: setupPacketOf(capture, stream),
    call: stream.call < 0 ? null : callId(capture.calls.entries[stream.call]),
    ...(stream.verto === null ? {} : { verto: vertoCallRow(capture, stream.verto) }),
    direction: directionOf(capture, stream),
    encryption: streamEncryption(capture, stream),
    mos: mosOf(capture, stream),
    digits,
    recognisedBy: RECOGNISED_BY[stream.evidence],
    capturedTwice: figures.capturedTwice,
  };
}

/** What a stream's packets are inside of. */
export function carriedIn({ store, pass }: Capture, { flow }: Stream): StreamRow['carriedIn'] {
  const carrier = store.flows.carrier(flow);
  if (carrier === null) return 'udp';
  if (carrier.protocol !== 'turn') return carrier.protocol;
  const count = pass.relays.counts.get(flow);
  if (count === undefined) return 'ice-tcp';
  return count.channel >= count.indication ? 'turn-channel' : 'turn-indication';
}

/** On both sides of a relay or a tunnel a stream has the same addresses, SSRC and packets. */
function sameAs(capture: Capture, stream: Stream): string | null {
  if (capture.store.flows.carriers.length === 1) return null;
  const twin = twinsOf(capture).get(stream);
  return twin === undefined ? null : streamId(twin);
}

const knownTwins = new WeakMap<Capture, { readonly count: number; readonly twins: Map<Stream, Stream> }>();

/**
 * Streams with the same addresses and SSRC that are carried in several ways: each by the first of them, the one on the
 * wire where there is one, and that by the second.
 */
function twinsOf(capture: Capture): Map<Stream, Stream> {
  const { streams } = capture.streams;
  const known = knownTwins.get(capture);
  if (known?.count === streams.length) return known.twins;
  const { flows } = capture.store;
  const twins = new Map<Stream, Stream>();
  const firsts = new Map<string, Stream>();
  const isOnWire = ({ flow }: Stream): boolean => flows.carrier(flow) === null;
  for (const stream of [...streams.filter(isOnWire), ...streams.filter((one) => !isOnWire(one))]) {
    const key = `${flows.endsKey(stream.flow)} ${stream.ssrc}`;
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, stream);
    else if (first.flow !== stream.flow) {
      twins.set(stream, first);
      if (!twins.has(first)) twins.set(first, stream);
    }
  }
  knownTwins.set(capture, { count: streams.length, twins });
  return twins;
}

function setupPacketOf({ calls }: Capture, { setupRow, verto }: Stream): number | null {
  if (verto !== null) return verto.firstFrame + 1;
  return setupRow < 0 ? null : calls.sip.frame.get(setupRow) + 1;
}

/** null where nothing tells the sides: no call, or one whose beginning the capture does not hold. */
function directionOf(capture: Capture, { call, verto, fromCaller }: Stream): StreamRow['direction'] {
  if (verto !== null && fromCaller !== null) return fromCaller ? 'caller-to-callee' : 'callee-to-caller';
  if (fromCaller === null || call < 0 || !capture.calls.knowsSides(capture.calls.entries[call])) return null;
  return fromCaller ? 'caller-to-callee' : 'callee-to-caller';
}

/** The digits of each stream that has some, by its index. */
export function digitsByStream(capture: Capture): Map<number, string> {
  const digits = new Map<number, string>();
  for (const event of capture.digits.events) {
    if (event.digit === null) continue;
    digits.set(event.stream, (digits.get(event.stream) ?? '') + event.digit);
  }
  return digits;
}
