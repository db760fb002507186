/**
 * What a call must sound like, without the project's own code: packets as tshark lists them, payloads decoded by sox,
 * every sample where the RTP timestamp puts it, counted from the arrival of its stream's first packet; or, for the file's own timing,
 * where its packet's arrival does.
 */
import { soxDecode, type SOX_RAW, tsharkFields } from './outside.ts';

export interface HeardFormat {
  readonly codec: keyof typeof SOX_RAW;
  /** Samples and RTP clock ticks a second: the same for the codecs compared here. */
  readonly rate: number;
}

export interface ReferencePacket {
  readonly timeNs: bigint;
  readonly source: string;
  readonly ssrc: string;
  readonly sequence: number;
  readonly timestamp: number;
  readonly payloadType: number;
  readonly payload: Buffer;
}

export interface Reference {
  /** By source endpoint and SSRC, in order of appearance; packets in the order of the capture. */
  readonly streams: readonly (readonly ReferencePacket[])[];
  /** The address the first INVITE came from, '' where there is none. */
  readonly caller: string;
}

const FIELDS = [
  'frame.time_epoch',
  'ip.src',
  'ipv6.src',
  'udp.srcport',
  'rtp.ssrc',
  'rtp.seq',
  'rtp.timestamp',
  'rtp.p_type',
  'rtp.payload',
  'sip.Method',
];

/** RTP as tshark finds it; `ports` are read as RTP whatever signalling says. */
export async function readReference(path: string, ports: readonly number[] = []): Promise<Reference> {
  const decodeAs = ports.flatMap((port) => ['-d', `udp.port==${port},rtp`]);
  const streams = new Map<string, ReferencePacket[]>();
  let caller = '';
  for (const row of await tsharkFields(path, '(rtp && !icmp) || sip.Method == "INVITE"', FIELDS, decodeAs)) {
    const [time, v4, v6, port, ssrc, sequence, timestamp, payloadType, payload, method] = row;
    const source = v4 || v6;
    if (method === 'INVITE') {
      caller ||= source;
      continue;
    }
    const [seconds, fraction] = time.split('.');
    const packet: ReferencePacket = {
      timeNs: BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0')),
      source,
      ssrc,
      sequence: Number(sequence),
      timestamp: Number(timestamp),
      payloadType: Number(payloadType),
      payload: Buffer.from(payload.replaceAll(':', ''), 'hex'),
    };
    const key = `${source} ${port} ${ssrc}`;
    const stream = streams.get(key);
    if (stream === undefined) streams.set(key, [packet]);
    else stream.push(packet);
  }
  return { streams: [...streams.values()], caller };
}

/** When the first of the packets was captured. */
export function firstTimeNs(packets: readonly ReferencePacket[]): bigint {
  return packets.reduce((low, { timeNs }) => (timeNs < low ? timeNs : low), packets[0].timeNs);
}

/** Timestamps that part from the arrivals by more than this begin anew at the packet's arrival. */
const NEW_ANCHOR_SECONDS = 1;

/** What puts a packet in its place. */
type Timing = 'timestamp' | 'file';

interface Placed {
  readonly at: number;
  readonly samples: Int16Array;
}

/** Decodes a stream and says where each packet's samples go, counted in samples from `zeroNs`. */
async function placeStream(
  packets: readonly ReferencePacket[],
  formats: Readonly<Record<number, HeardFormat>>,
  zeroNs: bigint,
  timing: Timing,
): Promise<Placed[]> {
  const heard: ReferencePacket[] = [];
  const seen = new Set<string>();
  for (const packet of packets) {
    const name = `${packet.sequence} ${packet.timestamp}`;
    if (formats[packet.payloadType] === undefined || packet.payload.length === 0 || seen.has(name)) continue;
    seen.add(name);
    heard.push(packet);
  }
  const decoded = await decodeAll(heard, formats);
  let anchorAt = 0;
  let anchorTimestamp = -1;
  return heard.map((packet, i) => {
    const { rate } = formats[packet.payloadType];
    const arrival = Number(packet.timeNs - zeroNs) / 1e9;
    if (timing === 'file') return { at: Math.round(arrival * rate), samples: decoded[i] };
    let at = anchorAt + ((packet.timestamp - anchorTimestamp) | 0);
    if (anchorTimestamp < 0 || Math.abs(at / rate - arrival) > NEW_ANCHOR_SECONDS) {
      anchorAt = at = Math.round(arrival * rate);
      anchorTimestamp = packet.timestamp;
    }
    return { at, samples: decoded[i] };
  });
}

/** All payloads of one codec go through sox at once: sox starts slowly, and these codecs keep no state. */
async function decodeAll(
  packets: readonly ReferencePacket[],
  formats: Readonly<Record<number, HeardFormat>>,
): Promise<Int16Array[]> {
  const decoded: Int16Array[] = packets.map(() => new Int16Array(0));
  for (const type of new Set(packets.map(({ payloadType }) => payloadType))) {
    const { codec, rate } = formats[type];
    const mine = [...packets.entries()].filter(([, { payloadType }]) => payloadType === type);
    const all = await soxDecode(codec, rate, Buffer.concat(mine.map(([, { payload }]) => payload)));
    let from = 0;
    for (const [i, { payload }] of mine) {
      const to = from + (codec === 'L16' ? payload.length >> 1 : payload.length);
      decoded[i] = all.subarray(from, to);
      from = to;
    }
    if (from !== all.length) throw new Error(`sox gave ${all.length} samples for ${from}`);
  }
  return decoded;
}

/** The channels of a recording, each given as its streams: streams of one channel are added, with saturation. */
export async function referenceChannels(
  channels: readonly (readonly (readonly ReferencePacket[])[])[],
  formats: Readonly<Record<number, HeardFormat>>,
  timing: Timing = 'timestamp',
): Promise<Int16Array[]> {
  const zeroNs = firstTimeNs(channels.flat(2));
  const placed = await Promise.all(
    channels.map((streams) => Promise.all(streams.map((packets) => placeStream(packets, formats, zeroNs, timing)))),
  );
  const all = placed.flat(2);
  const from = Math.min(...all.map(({ at }) => at));
  const to = Math.max(...all.map(({ at, samples }) => at + samples.length));
  return placed.map((streams) => {
    const sum = new Int32Array(to - from);
    for (const stream of streams) {
      const alone = new Int16Array(to - from);
      for (const { at, samples } of stream) alone.set(samples, at - from);
      for (let i = 0; i < sum.length; i++) sum[i] += alone[i];
    }
    return Int16Array.from(sum, (sample) => Math.max(-32768, Math.min(32767, sample)));
  });
}
