/**
 * Puts a capture inside a tunnel: what it holds is then known, whatever the tunnel.
 *
 * node scripts/run.mjs test/recording/wrap.ts IN.pcap OUT.pcap WAY
 *
 * IN is a classic little-endian pcap of Ethernet frames; those that are not IP stay as they are. WAY is a name of `WAYS`.
 */
import { createCipheriv, createHmac } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

type Bytes = number[];

/** What there is to put into a tunnel: a frame, and the IP packet in it. */
interface Packet {
  readonly ethernet: Bytes;
  readonly ip: Bytes;
  readonly isIPv6: boolean;
  /** From the lower of two addresses to the higher: the ends of the tunnel go the same way round. */
  readonly isForward: boolean;
}

/** Gives the frames (without an Ethernet header's addresses: type first) that carry a packet. */
type Way = (packet: Packet) => { type: number; body: Bytes }[];

const u16 = (value: number): Bytes => [(value >>> 8) & 255, value & 255];
const u32 = (value: number): Bytes => [...u16(value >>> 16), ...u16(value)];
const hex = (text: string): Bytes => [...Buffer.from(text.replaceAll(' ', ''), 'hex')];

function checksum(bytes: Bytes): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += (bytes[i] << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function ipv4Header(protocol: number, length: number, ends: Bytes, identification = 0, fragment = 0): Bytes {
  const header = [0x45, 0, ...u16(20 + length), ...u16(identification), ...u16(fragment), 64, protocol, 0, 0, ...ends];
  return header.toSpliced(10, 2, ...u16(checksum(header)));
}

function endsOf({ isForward }: Packet): Bytes {
  return hex(isForward ? 'c0000201 c0000202' : 'c0000202 c0000201');
}

const V6_ENDS = ['20010db8 00000000 00000000 00000001', '20010db8 00000000 00000000 00000002'];

function inIPv4(protocol: number, packet: Packet, body: Bytes) {
  return { type: 0x0800, body: [...ipv4Header(protocol, body.length, endsOf(packet)), ...body] };
}

function inIPv6(next: number, { isForward }: Packet, body: Bytes) {
  const ends = isForward ? V6_ENDS : V6_ENDS.toReversed();
  return { type: 0x86dd, body: [0x60, 0, 0, 0, ...u16(body.length), next, 64, ...ends.flatMap(hex), ...body] };
}

const udp = (source: number, destination: number, body: Bytes): Bytes => [
  ...u16(source),
  ...u16(destination),
  ...u16(8 + body.length),
  0,
  0,
  ...body,
];

const inUdp = (port: number, packet: Packet, body: Bytes, source = 50_000) =>
  inIPv4(17, packet, udp(source, port, body));

const etherType = ({ isIPv6 }: Packet): Bytes => hex(isIPv6 ? '86dd' : '0800');
const pppType = ({ isIPv6 }: Packet): Bytes => hex(isIPv6 ? '0057' : '0021');

let sequence = 0;

/** AH (RFC 4302) with an empty integrity check value of twelve octets. */
const ah = (next: number, body: Bytes): Bytes => [
  next,
  4,
  0,
  0,
  ...u32(7),
  ...u32(++sequence),
  ...hex('00'.repeat(12)),
  ...body,
];

/** ESP with NULL encryption (RFC 2410) and a check value of so many octets. */
function esp(next: number, body: Bytes, icvLength: number): Bytes {
  const padding = (4 - ((body.length + 2) % 4)) % 4;
  const pad = Array.from({ length: padding }, (_, i) => i + 1);
  const icv = Array.from({ length: icvLength }, (_, i) => (i * 37 + body.length * 11) & 255);
  return [...u32(0x1234), ...u32(++sequence), ...body, ...pad, padding, next, ...icv];
}

const CBC_KEY = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
const HMAC_KEY = Buffer.from('ffeeddccbbaa99887766554433221100ffeeddcc', 'hex');
const GCM_KEY = Buffer.from('0f1e2d3c4b5a69788796a5b4c3d2e1f0', 'hex');
const GCM_SALT = Buffer.from('c0ffee01', 'hex');

/** What opens `ESP_WAYS`, as `--esp-sa` takes it. */
export const ESP_SAS = [
  `0x1001=aes-cbc:${CBC_KEY.toString('hex')},hmac-sha1-96:${HMAC_KEY.toString('hex')}`,
  `0x1002=aes-gcm:${GCM_KEY.toString('hex')}${GCM_SALT.toString('hex')}`,
];

/** What ESP encrypts (RFC 4303 section 2.4): padded to whole blocks. */
function padded(next: number, body: Bytes, block: number): Uint8Array {
  const padding = (block - ((body.length + 2) % block)) % block;
  return Uint8Array.from([...body, ...Array.from({ length: padding }, (_, i) => i + 1), padding, next]);
}

/** ESP with AES-CBC (RFC 3602) and HMAC-SHA-1-96 (RFC 2404). */
function espCbc(next: number, body: Bytes): Bytes {
  const iv = Uint8Array.from([...hex('a0a1a2a3 a4a5a6a7 a8a9aaab'), ...u32(++sequence)]);
  const cipher = createCipheriv('aes-128-cbc', CBC_KEY, iv).setAutoPadding(false);
  const packet = [...u32(0x1001), ...u32(sequence), ...iv, ...cipher.update(padded(next, body, 16)), ...cipher.final()];
  return [...packet, ...createHmac('sha1', HMAC_KEY).update(Uint8Array.from(packet)).digest().subarray(0, 12)];
}

/** ESP with AES-GCM (RFC 4106). */
function espGcm(next: number, body: Bytes): Bytes {
  const iv = Uint8Array.from([...u32(0xa0a1a2a3), ...u32(++sequence)]);
  const header = Uint8Array.from([...u32(0x1002), ...u32(sequence)]);
  const cipher = createCipheriv('aes-128-gcm', GCM_KEY, Uint8Array.from([...GCM_SALT, ...iv])).setAAD(header);
  const text = cipher.update(padded(next, body, 4));
  return [...header, ...iv, ...text, ...cipher.final(), ...cipher.getAuthTag()];
}

/** The datagram in IP fragments of at most so many octets of payload. */
function fragments(protocol: number, packet: Packet, body: Bytes, size: number) {
  const id = ++sequence & 0xffff;
  const parts: { type: number; body: Bytes }[] = [];
  for (let at = 0; at < body.length; at += size) {
    const part = body.slice(at, at + size);
    const more = at + size < body.length ? 0x2000 : 0;
    const header = ipv4Header(protocol, part.length, endsOf(packet), id, more | (at >>> 3));
    parts.push({ type: 0x0800, body: [...header, ...part] });
  }
  return parts;
}

/** The packet itself in fragments: an IPv4 header without options is expected. */
function innerFragments({ ip }: Packet, size: number): Bytes[] {
  const id = ++sequence & 0xffff;
  const body = ip.slice(20);
  const parts: Bytes[] = [];
  for (let at = 0; at < body.length; at += size) {
    const part = body.slice(at, at + size);
    const more = at + size < body.length ? 0x2000 : 0;
    parts.push([...ipv4Header(ip[9], part.length, ip.slice(12, 20), id, more | (at >>> 3)), ...part]);
  }
  return parts;
}

const GTP_HEADER = (length: number, flags = 0x30): Bytes => [flags, 255, ...u16(length), ...u32(0xabcd)];
const VXLAN = hex('08000000 00004d00');

/** Ways for IPv4 inside; every one carries the whole packet in frames of its own. */
export const WAYS: Readonly<Record<string, Way>> = {
  ipip: (p) => [inIPv4(4, p, p.ip)],
  '4in6': (p) => [inIPv6(4, p, p.ip)],
  gre: (p) => [inIPv4(47, p, [...hex('0000'), ...etherType(p), ...p.ip])],
  'gre-ipv6': (p) => [inIPv6(47, p, [...hex('0000'), ...etherType(p), ...p.ip])],
  'gre-checksum-key-sequence': (p) => [
    inIPv4(47, p, [...hex('b000'), ...etherType(p), 0, 0, 0, 0, ...u32(99), ...u32(++sequence), ...p.ip]),
  ],
  'gre-routing': (p) => [
    inIPv4(47, p, [...hex('4000'), ...etherType(p), ...hex('00000000 08000404 0a000001 00000000'), ...p.ip]),
  ],
  'gre-ethernet': (p) => [inIPv4(47, p, [...hex('0000 6558'), ...p.ethernet])],
  nvgre: (p) => [inIPv4(47, p, [...hex('2000 6558 00004d01'), ...p.ethernet])],
  pptp: (p) => [
    inIPv4(47, p, [
      ...hex('3081 880b'),
      ...u16(p.ip.length + 4),
      0,
      9,
      ...u32(++sequence),
      ...u32(3),
      ...hex('ff03'),
      ...pppType(p),
      ...p.ip,
    ]),
  ],
  'gre-udp': (p) => [inUdp(4754, p, [...hex('0000'), ...etherType(p), ...p.ip])],
  'erspan-1': (p) => [inIPv4(47, p, [...hex('0000 88be'), ...p.ethernet])],
  'erspan-2': (p) => [
    inIPv4(47, p, [...hex('1000 88be'), ...u32(++sequence), ...hex('10010002 00000003'), ...p.ethernet]),
  ],
  'erspan-3': (p) => [
    inIPv4(47, p, [
      ...hex('1000 22eb'),
      ...u32(++sequence),
      ...hex('20010002 00000003 00000001 3000000000000000'),
      ...p.ethernet,
    ]),
  ],
  vxlan: (p) => [inUdp(4789, p, [...VXLAN, ...p.ethernet])],
  'vxlan-8472': (p) => [inUdp(8472, p, [...VXLAN, ...p.ethernet])],
  'vxlan-policy': (p) => [inUdp(4789, p, [...hex('88000007 00004d00'), ...p.ethernet])],
  'vxlan-gpe': (p) => [inUdp(4790, p, [...hex('0c000001 00004d00'), ...p.ip])],
  'vxlan-gpe-ethernet': (p) => [inUdp(4790, p, [...hex('0c000003 00004d00'), ...p.ethernet])],
  'vxlan-gpe-nsh': (p) => [
    inUdp(4790, p, [...hex('0c000004 00004d00'), ...hex('0fc60101 000001ff'), ...hex('00'.repeat(16)), ...p.ip]),
  ],
  geneve: (p) => [inUdp(6081, p, [...hex('00006558 00004d00'), ...p.ethernet])],
  'geneve-options': (p) => [
    inUdp(6081, p, [...hex('0240'), ...etherType(p), ...hex('00004d00 0102 80 01 deadbeef'), ...p.ip]),
  ],
  'gtp-u': (p) => [inUdp(2152, p, [...GTP_HEADER(p.ip.length), ...p.ip], 2152)],
  'gtp-u-sequence': (p) => [
    inUdp(2152, p, [...GTP_HEADER(p.ip.length + 4, 0x32), ...u16(++sequence), 0, 0, ...p.ip], 2152),
  ],
  'gtp-u-extension': (p) => [
    inUdp(2152, p, [...GTP_HEADER(p.ip.length + 8, 0x34), 0, 0, 0, 0x85, ...hex('01 1009 00'), ...p.ip], 2152),
  ],
  l2tp: (p) => [inUdp(1701, p, [...hex('0002 0007 0009 ff03'), ...pppType(p), ...p.ip], 1701)],
  'l2tp-all': (p) => {
    const rest = [...hex('0007 0009 0001 0002 0002 0000'), ...pppType(p), ...p.ip];
    return [inUdp(1701, p, [...hex('4a02'), ...u16(rest.length + 4), ...rest], 1701)];
  },
  pppoe: (p) => [{ type: 0x8864, body: [...hex('1100 0042'), ...u16(p.ip.length + 2), ...pppType(p), ...p.ip] }],
  mpls: (p) => [{ type: 0x8847, body: [...hex('00010040 00011140'), ...p.ip] }],
  'mpls-ethernet': (p) => [{ type: 0x8847, body: [...hex('00011140'), ...p.ethernet] }],
  'mpls-control-word': (p) => [{ type: 0x8847, body: [...hex('00011140 00000000'), ...p.ethernet] }],
  'mpls-udp': (p) => [inUdp(6635, p, [...hex('00011140'), ...p.ip])],
  ah: (p) => [inIPv4(51, p, ah(4, p.ip))],
  'ah-transport': (p) => [
    { type: 0x0800, body: [...ipv4Header(51, p.ip.length + 4, p.ip.slice(12, 20)), ...ah(p.ip[9], p.ip.slice(20))] },
  ],
  'esp-null': (p) => [inIPv4(50, p, esp(4, p.ip, 12))],
  'esp-null-16': (p) => [inIPv4(50, p, esp(4, p.ip, 16))],
  'esp-null-transport': (p) => {
    const body = esp(p.ip[9], p.ip.slice(20), 12);
    return [{ type: 0x0800, body: [...ipv4Header(50, body.length, p.ip.slice(12, 20)), ...body] }];
  },
  'esp-null-udp': (p) => [inUdp(4500, p, esp(4, p.ip, 12), 4500)],
  etherip: (p) => [inIPv4(97, p, [0x30, 0, ...p.ethernet])],
  'vlan-in-vxlan': (p) => [
    inUdp(4789, p, [...VXLAN, ...p.ethernet.slice(0, 12), ...hex('8100 0064'), ...p.ethernet.slice(12)]),
  ],
  'pppoe-in-vxlan-in-gre': (p) => {
    const session = [...hex('1100 0042'), ...u16(p.ip.length + 2), ...pppType(p), ...p.ip];
    const { body } = inUdp(4789, p, [...VXLAN, ...p.ethernet.slice(0, 12), ...hex('8864'), ...session]);
    return [inIPv4(47, p, [...hex('0000 0800'), ...body])];
  },
  'gre-fragments': (p) => fragments(47, p, [...hex('0000 0800'), ...p.ip], 96),
  'fragments-in-gtp-u': (p) =>
    innerFragments(p, 104).map((part) => inUdp(2152, p, [...GTP_HEADER(part.length), ...part], 2152)),
  'fragments-in-fragments': (p) =>
    innerFragments(p, 104).flatMap((part) =>
      fragments(17, p, udp(2152, 2152, [...GTP_HEADER(part.length), ...part]), 64),
    ),
};

/** Inside ESP that takes a key to open; of IPv4 or IPv6 where not said otherwise. */
export const ESP_WAYS: Readonly<Record<string, Way>> = {
  'aes-cbc': (p) => [inIPv4(50, p, espCbc(p.isIPv6 ? 41 : 4, p.ip))],
  'aes-gcm over IPv6': (p) => [inIPv6(50, p, espGcm(p.isIPv6 ? 41 : 4, p.ip))],
  'aes-gcm in UDP, port 4500': (p) => [inUdp(4500, p, espGcm(p.isIPv6 ? 41 : 4, p.ip), 4500)],
  'aes-cbc in UDP, other ports': (p) => [inUdp(20_123, p, espCbc(p.isIPv6 ? 41 : 4, p.ip), 31_000)],
  'aes-cbc in fragments': (p) => fragments(50, p, espCbc(p.isIPv6 ? 41 : 4, p.ip), 96),
  'aes-gcm in aes-cbc': (p) => [inIPv4(50, p, espCbc(4, inIPv4(50, p, espGcm(p.isIPv6 ? 41 : 4, p.ip)).body))],
};

/** Of IPv4 alone. */
export const ESP_WAYS_OF_IPV4: Readonly<Record<string, Way>> = {
  'aes-cbc, transport mode': (p) => {
    const body = espCbc(p.ip[9], p.ip.slice(20));
    return [{ type: 0x0800, body: [...ipv4Header(50, body.length, p.ip.slice(12, 20)), ...body] }];
  },
  'aes-gcm in aes-cbc in fragments': (p) => fragments(50, p, espCbc(4, inIPv4(50, p, espGcm(4, p.ip)).body), 104),
  'aes-gcm around fragments': (p) => innerFragments(p, 104).map((part) => inIPv4(50, p, espGcm(4, part))),
};

/** Ways for IPv6 inside. */
export const IPV6_WAYS: Readonly<Record<string, Way>> = {
  '6in4': (p) => [inIPv4(41, p, p.ip)],
  '6in6': (p) => [inIPv6(41, p, p.ip)],
  gre: WAYS.gre,
  'gtp-u': WAYS['gtp-u'],
  pppoe: WAYS.pppoe,
  mpls: WAYS.mpls,
  'esp-null-6': (p) => [inIPv4(50, p, esp(41, p.ip, 12))],
  teredo: (p) => [inUdp(3544, p, p.ip)],
  'teredo-authentication-origin': (p) => [
    inUdp(3544, p, [...hex('0001 0000 0102030405060708 00'), ...hex('0000 0101 aabbccdd'), ...p.ip]),
  ],
};

/** The UDP payload of an IPv4 packet without options; null where it holds something else. */
function udpPayload({ ip, isIPv6 }: Packet): Bytes | null {
  return isIPv6 || ip[9] !== 17 ? null : ip.slice(28);
}

/** Whether a payload begins as RTP and RTCP do. */
const isMedia = (payload: Bytes | null): payload is Bytes => payload !== null && payload[0] >>> 6 === 2;

/** Packet types of RTCP (RFC 5761 section 4). */
const isRtcp = (payload: Bytes): boolean => payload[1] >= 192 && payload[1] <= 223;

/** Octets that look random and are the same each time. */
function noise(length: number): Bytes {
  return Array.from({ length }, () => {
    sequence = (Math.imul(sequence, 1_103_515_245) + 12_345) >>> 0;
    return (sequence >>> 23) & 255;
  });
}

/** The packet with another UDP payload, from and to the same addresses and ports, or others. */
function withPayload({ ip }: Packet, body: Bytes, ports: Bytes = ip.slice(20, 24)) {
  const datagram = [...ports, ...u16(8 + body.length), 0, 0, ...body];
  return { type: 0x0800, body: [...ipv4Header(17, datagram.length, ip.slice(12, 20)), ...datagram] };
}

const counted = (length: number): Bytes => [0xa5, 1, ...u16(length), ...u32(++sequence)];

/** Headers that nobody has a name for; none of them has a port that says anything. */
export const UNKNOWN_WAYS: Readonly<Record<string, Way>> = {
  'ip-behind-8': (p) => [inUdp(40_500, p, [...counted(p.ip.length), ...p.ip], 40_500)],
  'ip-behind-8-with-trailer': (p) => [inUdp(40_500, p, [...counted(p.ip.length), ...p.ip, ...noise(16)], 40_500)],
  'ip-behind-1': (p) => [inUdp(40_500, p, [7, ...p.ip], 40_500)],
  // Signalling, RTCP and all else stays as it is.
  'rtp-behind-12': (p) => {
    const payload = udpPayload(p);
    return [
      isMedia(payload) && !isRtcp(payload) ? withPayload(p, [...noise(12), ...payload]) : { type: 0x0800, body: p.ip },
    ];
  },
  'udp-behind-16': (p) => {
    const payload = udpPayload(p);
    if (!isMedia(payload)) return [{ type: 0x0800, body: p.ip }];
    return [withPayload(p, [...noise(8), ...counted(payload.length), ...p.ip.slice(20)], hex('9c40 9c40'))];
  },
};

interface WrapOptions {
  /** The packet as it was comes first: the capture is of both sides of the tunnel. */
  readonly isBothSides?: boolean;
}

/** A capture with every IP packet of `capture` inside a tunnel, at its time. */
export function wrapCapture(capture: Uint8Array, way: Way, { isBothSides = false }: WrapOptions = {}): Buffer {
  const input = Buffer.from(capture);
  const parts = [input.subarray(0, 24)];
  for (let at = 24; at + 16 <= input.length; ) {
    const length = input.readUInt32LE(at + 8);
    const time = input.subarray(at, at + 8);
    const ethernet = [...input.subarray(at + 16, at + 16 + length)];
    at += 16 + length;
    const etherTypeNumber = (ethernet[12] << 8) | ethernet[13];
    if (etherTypeNumber !== 0x0800 && etherTypeNumber !== 0x86dd) {
      parts.push(input.subarray(at - 16 - length, at));
      continue;
    }
    const isIPv6 = etherTypeNumber === 0x86dd;
    const ipLength = isIPv6 ? 40 + ((ethernet[18] << 8) | ethernet[19]) : (ethernet[16] << 8) | ethernet[17];
    const [from, size] = isIPv6 ? [22, 16] : [26, 4];
    const ends = Buffer.from(ethernet.slice(from, from + 2 * size));
    const isForward = Buffer.compare(ends.subarray(0, size), ends.subarray(size)) < 0;
    const frames = way({ ethernet, ip: ethernet.slice(14, 14 + ipLength), isIPv6, isForward }).map(({ type, body }) => [
      ...ethernet.slice(0, 12),
      ...u16(type),
      ...body,
    ]);
    for (const frame of isBothSides ? [ethernet, ...frames] : frames) {
      const lengths = Buffer.alloc(8);
      lengths.writeUInt32LE(frame.length, 0);
      lengths.writeUInt32LE(frame.length, 4);
      parts.push(time, lengths, Buffer.from(frame));
    }
  }
  return Buffer.concat(parts);
}

const [from, to, name, sides] = process.argv.slice(2);
if (basename(process.argv[1] ?? '').startsWith('wrap') && name !== undefined) {
  const way = WAYS[name] ?? IPV6_WAYS[name] ?? UNKNOWN_WAYS[name];
  if (way === undefined)
    throw new Error(`no such way: ${Object.keys({ ...WAYS, ...IPV6_WAYS, ...UNKNOWN_WAYS }).join(' ')}`);
  writeFileSync(to, wrapCapture(readFileSync(from), way, { isBothSides: sides === 'both' }));
}
