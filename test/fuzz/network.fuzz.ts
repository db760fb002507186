/**
 * Fuzzes reassembly and the description of layers. Where nothing is lost the result must be the original; with
 * anything at all nothing may throw, and memory must stay bounded. A violation throws.
 */
import { Octets } from '../../base/octets.ts';
import type { TreeBuilder } from '../../dissectors/dissector.ts';
import { describeFrameLayers, describeReassembledLayers } from '../../engine/network/describe/frame-layers.ts';
import type { FramePiece } from '../../engine/network/ip-issues.ts';
import { IpFragments } from '../../engine/network/ip-fragments.ts';
import { IpReassembly, ipv4FragmentKey } from '../../engine/network/ip-reassembly.ts';
import { NetworkDecoder, Payload } from '../../engine/network/network-decoder.ts';
import { type TcpConsumer, TcpFlag, TcpReassembly } from '../../engine/network/tcp-reassembly.ts';
import { FlowTable } from '../../engine/store/flow-table.ts';
import { IPV6_WAYS, WAYS, wrapCapture } from '../recording/wrap.ts';

type Random = () => number;

const CASES = [ipOrder, tcpOrder, ipHostile, tcpHostile, layersHostile, tunnelsHostile];

/** Runs `inputs` cases; `random` gives 0 ≤ x < 1. */
export function fuzzNetwork(random: Random, inputs: number): void {
  for (let i = 0; i < inputs; i++) CASES[i % CASES.length](random);
}

function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

function randomBytes(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => below(random, 256));
}

function shuffle<T>(random: Random, items: T[]): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const k = below(random, i + 1);
    [items[i], items[k]] = [items[k], items[i]];
  }
  return items;
}

function check(isTrue: boolean, what: string): void {
  if (!isTrue) throw new Error(`network fuzz: ${what}`);
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, i) => octet === b[i]);
}

/** Octets that pieces name, read back from the frames. */
function readPieces(frames: readonly Uint8Array[], pieces: readonly FramePiece[]): Uint8Array {
  const out: number[] = [];
  for (const { frame, at, length } of pieces) out.push(...frames[frame].subarray(at, at + length));
  return Uint8Array.from(out);
}

/** Cuts `length` octets into ranges that cover all of it, with duplicates and overlaps, in units of `unit`. */
function randomRanges(random: Random, length: number, unit: number): [number, number][] {
  const ranges: [number, number][] = [];
  for (let from = 0; from < length; ) {
    const to = Math.min(length, from + unit * (1 + below(random, 20)));
    ranges.push([from, to]);
    from = to;
  }
  for (let extra = below(random, 4); extra > 0; extra--) {
    const from = unit * below(random, Math.ceil(length / unit));
    ranges.push([from, Math.min(length, from + unit * (1 + below(random, 30)))]);
  }
  return shuffle(random, ranges);
}

/** Fragments of one datagram in any order, some twice or overlapping: the datagram must come out once whole. */
function ipOrder(random: Random): void {
  const datagram = randomBytes(random, 1 + below(random, 3000));
  const reassembly = new IpReassembly();
  const frames: Uint8Array[] = [];
  let wholes = 0;
  for (const [from, to] of randomRanges(random, datagram.length, 8)) {
    const frameAt = below(random, 60);
    const bytes = new Uint8Array(frameAt + to - from);
    bytes.set(datagram.subarray(from, to), frameAt);
    frames.push(bytes);
    const whole = reassembly.add({
      key: 'one',
      frame: frames.length - 1,
      seconds: 0,
      bytes,
      at: frameAt,
      length: to - from,
      fragmentOffset: from,
      moreFragments: to < datagram.length,
      frameAt,
      protocol: 17,
    });
    if (whole === null) continue;
    wholes++;
    check(isSame(whole.bytes, datagram), 'the datagram differs');
    check(isSame(readPieces(frames, whole.pieces), datagram), 'the pieces differ');
  }
  check(wholes >= 1, 'the datagram never came');
  reassembly.finish();
  check(reassembly.issues.total === 0 && reassembly.heldBytes === 0, 'issues in a sound datagram');
}

/** Consumes random amounts, writes down everything and checks the pieces of what it consumed. */
class Collector implements TcpConsumer {
  readonly octets: number[] = [];
  readonly frames: Uint8Array[] = [];
  gaps = 0;
  private readonly random: Random;
  constructor(random: Random) {
    this.random = random;
  }
  data(
    _flow: number,
    bytes: Uint8Array,
    at: number,
    length: number,
    lookup: { pieces(at: number, n: number): FramePiece[] },
  ) {
    const taken = this.random() < 0.3 ? 0 : 1 + below(this.random, length);
    const part = bytes.subarray(at, at + taken);
    check(isSame(readPieces(this.frames, lookup.pieces(at, taken)), part), 'the pieces of a stream differ');
    this.octets.push(...part);
    return taken;
  }
  gap(): void {
    this.gaps++;
  }
  end(): void {}
}

/** Segments of one stream in any order, some twice or overlapping: the stream must come out exactly. */
function tcpOrder(random: Random): void {
  const stream = randomBytes(random, 1 + below(random, 3000));
  const first = below(random, 2 ** 32);
  const collector = new Collector(random);
  const tcp = new TcpReassembly(collector);
  tcp.segment(1, 0, 0, (first + 2 ** 32 - 1) % 2 ** 32, TcpFlag.Syn, stream, 0, 0, 0, 0);
  collector.frames.push(new Uint8Array(0));
  for (const [from, to] of randomRanges(random, stream.length, 1 + below(random, 90))) {
    const frameAt = below(random, 60);
    const bytes = new Uint8Array(frameAt + to - from);
    bytes.set(stream.subarray(from, to), frameAt);
    collector.frames.push(bytes);
    const frame = collector.frames.length - 1;
    tcp.segment(1, frame, 0, (first + from) % 2 ** 32, TcpFlag.Ack, bytes, frameAt, to - from, to - from, frameAt);
  }
  // Octets behind the end make the consumer look again at what it left, until it has taken all of it.
  for (let i = 0; i < 200 && collector.octets.length < stream.length + 1 + i; i++) {
    const frame = collector.frames.push(Uint8Array.of(i)) - 1;
    const sequence = (first + stream.length + i) % 2 ** 32;
    tcp.segment(1, frame, 0, sequence, TcpFlag.Ack, collector.frames[frame], 0, 1, 1, 0);
  }
  check(isSame(Uint8Array.from(collector.octets.slice(0, stream.length)), stream), 'the stream differs');
  check(collector.gaps === 0 && tcp.issues.total === 0, 'issues in a sound stream');
  tcp.finish();
  check(tcp.heldBytes === 0 && tcp.flowCount === 0, 'something is held after the end');
}

function ipHostile(random: Random): void {
  const maxBytes = 20_000;
  const reassembly = new IpReassembly({ maxBytes, maxDatagrams: 20 });
  const bytes = randomBytes(random, 3000);
  for (let frame = 0; frame < 200; frame++) {
    const length = below(random, 200);
    const whole = reassembly.add({
      key: ipv4FragmentKey(1, 2, 17, below(random, 40)),
      frame,
      seconds: below(random, 200),
      bytes,
      at: below(random, 2000),
      length,
      wireLength: length + below(random, 2) * below(random, 9),
      fragmentOffset: 8 * below(random, random() < 0.9 ? 16 : 8192),
      moreFragments: random() < 0.6,
      frameAt: below(random, 2000),
      protocol: 17,
    });
    if (whole !== null) {
      const sum = whole.pieces.reduce((total, piece) => total + piece.length, 0);
      check(sum === whole.length && whole.bytes.length >= whole.length, 'pieces do not fill the datagram');
    }
    check(reassembly.heldBytes <= maxBytes + (8 << 20), 'fragments hold too much');
  }
  reassembly.finish();
  check(reassembly.heldBytes === 0, 'fragments are held after the end');
}

function tcpHostile(random: Random): void {
  const maxBytes = 50_000;
  let tcp: TcpReassembly | null = null;
  const consumer: TcpConsumer = {
    data(flow, _bytes, _at, length) {
      if (random() < 0.02) tcp?.forget(flow);
      return below(random, 20) === 0 ? -1 : below(random, length + 3);
    },
    gap: () => undefined,
    end: () => undefined,
  };
  tcp = new TcpReassembly(consumer, { maxBytes, maxFlows: 8, maxWaitingBytes: 5000, maxLeftBytes: 5000 });
  const bytes = randomBytes(random, 3000);
  for (let frame = 0; frame < 300; frame++) {
    const flow = below(random, 12);
    const near = (0xffffff00 + below(random, 4000)) % 2 ** 32;
    const sequence = random() < 0.95 ? near : below(random, 2 ** 32);
    const flags = random() < 0.8 ? TcpFlag.Ack : below(random, 256);
    const length = below(random, 1000);
    const wireLength = length + (random() < 0.1 ? below(random, 500) : 0);
    tcp.segment(flow, frame, below(random, 9000), sequence, flags, bytes, below(random, 2000), length, wireLength, 54);
    if (random() < 0.3) tcp.acknowledge(below(random, 12), random() < 0.9 ? near : below(random, 2 ** 32));
    check(tcp.heldBytes >= 0 && tcp.heldBytes <= maxBytes, `streams hold ${tcp.heldBytes}`);
    check(tcp.flowCount <= 8, 'too many flows');
  }
  tcp.finish();
  check(tcp.heldBytes === 0 && tcp.flowCount === 0, 'something is held after the end');
}

const LINK_TYPES = [0, 1, 9, 12, 14, 50, 51, 101, 108, 113, 228, 229, 276, 999];

/** Headers that lead deep into the code, to be damaged. */
const SEEDS: readonly (readonly number[])[] = [
  // Ethernet, VLAN, IPv4 with a router alert, UDP.
  [
    ...Array(12).fill(1),
    0x81,
    0,
    0,
    5,
    8,
    0,
    0x46,
    0,
    0,
    40,
    0,
    1,
    0,
    0,
    64,
    17,
    0,
    0,
    10,
    0,
    0,
    1,
    10,
    0,
    0,
    2,
    148,
    4,
    0,
    0,
    1,
    2,
    3,
    4,
    0,
    16,
    0,
    0,
  ],
  // Ethernet, IPv6 with hop-by-hop, routing and fragment headers, TCP with options.
  [
    ...Array(12).fill(2),
    0x86,
    0xdd,
    0x60,
    0,
    0,
    0,
    0,
    80,
    0,
    64,
    ...Array(32).fill(3),
    43,
    0,
    1,
    4,
    0,
    0,
    0,
    0,
    44,
    2,
    0,
    1,
    0,
    0,
    0,
    0,
    ...Array(16).fill(4),
    6,
    0,
    0,
    0,
    0,
    0,
    0,
    9,
    1,
    2,
    3,
    4,
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    2,
    0x80,
    2,
    1,
    0,
    0,
    0,
    0,
    0,
    2,
    4,
    5,
    0xb4,
    3,
    3,
    7,
    0,
  ],
  // Ethernet, IPv4, GRE, IPv4, ICMP error with a quoted packet.
  [
    ...Array(12).fill(5),
    8,
    0,
    0x45,
    0,
    0,
    100,
    0,
    1,
    0,
    0,
    64,
    47,
    0,
    0,
    10,
    0,
    0,
    1,
    10,
    0,
    0,
    2,
    0x20,
    0,
    8,
    0,
    0,
    0,
    0,
    1,
    0x45,
    0,
    0,
    76,
    0,
    1,
    0,
    0,
    64,
    1,
    0,
    0,
    1,
    1,
    1,
    1,
    2,
    2,
    2,
    2,
    3,
    3,
    0,
    0,
    0,
    0,
    0,
    0,
    0x45,
    0,
    2,
    0,
    0,
    1,
    0,
    0,
    64,
    17,
    0,
    0,
    2,
    2,
    2,
    2,
    1,
    1,
    1,
    1,
    1,
    2,
    3,
    4,
    0,
    99,
    0,
    0,
  ],
];

function layersHostile(random: Random): void {
  const isSeed = random() < 0.7;
  const frame = isSeed ? Uint8Array.from(SEEDS[below(random, SEEDS.length)]) : randomBytes(random, below(random, 200));
  describeHostile(random, frame, isSeed);
}

/** A classic capture of one frame: Ethernet, UDP over IPv4 or IPv6, and a little payload. */
function captureOfOne(isIPv6: boolean): Uint8Array {
  const udp = [0x0f, 0xa0, 0x0f, 0xa2, 0, 28, 0, 0, ...Array(20).fill(0x80)];
  const ip = isIPv6
    ? [0x60, 0, 0, 0, 0, 28, 17, 64, ...Array(16).fill(1), ...Array(16).fill(2), ...udp]
    : [0x45, 0, 0, 48, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, ...udp];
  const frame = [...Array(12).fill(2), ...(isIPv6 ? [0x86, 0xdd] : [8, 0]), ...ip];
  return Uint8Array.from([...Array(32).fill(0), frame.length, 0, 0, 0, frame.length, 0, 0, 0, ...frame]);
}

/** Sound frames of every tunnel. */
const TUNNELLED: readonly Uint8Array[] = [
  ...Object.values(WAYS).map((way) => wrapCapture(captureOfOne(false), way)),
  ...Object.values(IPV6_WAYS).map((way) => wrapCapture(captureOfOne(true), way)),
].map((capture) => Uint8Array.from(capture.subarray(40, 40 + capture.readUInt32LE(32))));

/** Tunnels with octets spoilt, one inside the other or cut: the payload lies in its frame, and nothing is allocated for ever. */
function tunnelsHostile(random: Random): void {
  const frame = TUNNELLED[below(random, TUNNELLED.length)].slice();
  for (let i = below(random, 5); i > 0; i--) frame[below(random, frame.length)] = below(random, 256);
  const length = random() < 0.5 ? frame.length : below(random, frame.length + 1);
  const decoder = new NetworkDecoder(new FlowTable(), new IpFragments());
  const before = below(random, 20);
  const bytes = new Uint8Array(before + length + 20).fill(0x45);
  bytes.set(frame.subarray(0, length), before);
  decoder.decode(bytes, before, length, length + below(random, 2) * below(random, 100), 1, 0, 0);
  if (decoder.payload !== Payload.None && decoder.pieces === null) {
    const { at, length: payloadLength, wireLength } = decoder;
    check(at >= before && payloadLength >= 0 && at + payloadLength <= before + length, 'the payload lies outside');
    check(wireLength >= payloadLength, 'less on the wire than captured');
  }
  describeHostile(random, frame, true);
}

function describeHostile(random: Random, frame: Uint8Array, isSeed: boolean): void {
  for (let i = below(random, 6); i > 0 && frame.length > 0; i--)
    frame[below(random, frame.length)] = below(random, 256);
  const length = random() < 0.5 ? frame.length : below(random, frame.length + 1);
  const octets = new Octets(frame, 0, length);
  const inside = (what: string, at: number, size: number) => {
    check(
      at >= 0 && size >= 0 && at + size <= length,
      `${what} lies outside of the frame (${at}, ${size} of ${length})`,
    );
  };
  const tree: TreeBuilder = {
    field: (name, _label, at, size) => inside(name, at, size),
    group: (name, _label, at, size, _text, build) => {
      inside(name, at, size);
      build();
    },
    fault: (code, _message, at, size) => inside(code, at, size),
  };
  const linkType = isSeed && random() < 0.9 ? 1 : LINK_TYPES[below(random, LINK_TYPES.length)];
  const layers = describeFrameLayers(linkType, octets, tree, length + below(random, 3) * below(random, 100));
  inside('the payload', layers.at, layers.length);
  check(layers.wireLength >= layers.length, 'less on the wire than captured');
  check(!octets.overrun, 'a field was read past the end');
  describeReassembledLayers(below(random, 256), octets, tree, layers);
}
