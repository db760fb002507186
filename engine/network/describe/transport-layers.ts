/** UDP (RFC 768) and TCP (RFC 9293). */
import { foldWords, verifyChecksum } from './checksum.ts';
import { enterLayer, flagText, hasHeader, hexText, type LayerWalk, leaveRest, type Range } from './layer-walk.ts';
import { describeUdpTunnel } from './tunnel-layers.ts';

export function describeUdp(walk: LayerWalk, range: Range): void {
  const { octets, tree, layers } = walk;
  const { at } = range;
  if (!enterLayer(walk, range) || !hasHeader(walk, range, 8, 'UDP')) return;
  const source = octets.u16(at);
  const destination = octets.u16(at + 2);
  const length = octets.u16(at + 4);
  const stored = octets.u16(at + 6);
  const ipLength = range.wireEnd - at;
  // Longer than IP is an error, 0 a jumbogram (RFC 2675); shorter leaves octets that nobody reads.
  const isUsable = length >= 8 && length <= ipLength;
  const wireEnd = isUsable ? at + length : range.wireEnd;
  const payload = { at: at + 8, end: Math.min(range.end, wireEnd), wireEnd };
  tree.group('udp', 'User Datagram Protocol', at, 8, `${source} → ${destination}`, () => {
    tree.field('udp.srcport', 'Source port', at, 2, source);
    tree.field('udp.dstport', 'Destination port', at + 2, 2, destination);
    const spare = length < ipLength ? `${ipLength - length} octets less than IP carries` : undefined;
    tree.field('udp.length', 'Length', at + 4, 2, length, isUsable ? spare : 'wrong');
    if (!isUsable && length !== 0) {
      tree.fault('udp-length', `Length ${length} where IP carries ${ipLength} octets`, at + 4, 2);
    }
    const isAbsent = stored === 0;
    // RFC 8200 section 8.1; RFC 6936 lets tunnels do without.
    const absent = layers.source.includes(':') ? 'none, though IPv6 requires one' : 'none';
    const isWhole = payload.end === wireEnd && (isUsable || length === 0);
    const meaning = isAbsent ? absent : checksumText(walk, 17, at, isWhole ? wireEnd - at : -1, stored);
    tree.field('udp.checksum', 'Checksum', at + 6, 2, hexText(stored, 4), meaning);
  });
  layers.payload = 'udp';
  layers.sourcePort = source;
  layers.destinationPort = destination;
  leaveRest(walk, payload);
  describeUdpTunnel(walk, source, destination, payload);
}

/** `length` is that of the whole segment or datagram, -1 where not all of it is here. */
function checksumText(walk: LayerWalk, protocol: number, at: number, length: number, stored: number): string {
  if (length < 0) return 'not computed';
  const { octets, layers } = walk;
  const start = foldWords(layers.addressSum + protocol + (length >>> 16) + (length & 0xffff));
  const { verdict, expected } = verifyChecksum(start, octets.bytes, octets.start + at, length, stored);
  if (verdict === 'correct') return 'correct';
  // UDP sends a computed 0 as ffff (RFC 768).
  const right = protocol === 17 && expected === 0 ? 0xffff : expected;
  return `incorrect, should be ${hexText(right, 4)} (offload leaves it so on the sender)`;
}

const FLAGS = [
  [0x100, 'AE'],
  [0x080, 'CWR'],
  [0x040, 'ECE'],
  [0x020, 'URG'],
  [0x010, 'ACK'],
  [0x008, 'PSH'],
  [0x004, 'RST'],
  [0x002, 'SYN'],
  [0x001, 'FIN'],
] as const;

/** Sequence numbers are shown as sent: relative ones would need the connection. */
export function describeTcp(walk: LayerWalk, range: Range): void {
  const { octets, tree, layers } = walk;
  const { at } = range;
  if (!enterLayer(walk, range) || !hasHeader(walk, range, 20, 'TCP')) return;
  const source = octets.u16(at);
  const destination = octets.u16(at + 2);
  const size = (octets.u8(at + 12) >>> 4) * 4;
  const flags = octets.u16(at + 12) & 0x1ff;
  const hasAll = size >= 20 && at + size <= range.end;
  const flagNames = flagText(flags, FLAGS);
  const text = `${source} → ${destination}, ${flagNames}`;
  tree.group('tcp', 'Transmission Control Protocol', at, hasAll ? size : 20, text, () => {
    tree.field('tcp.srcport', 'Source port', at, 2, source);
    tree.field('tcp.dstport', 'Destination port', at + 2, 2, destination);
    tree.field('tcp.seq_raw', 'Sequence number', at + 4, 4, octets.u32(at + 4));
    tree.field('tcp.ack_raw', 'Acknowledgment number', at + 8, 4, octets.u32(at + 8));
    tree.field('tcp.hdr_len', 'Header length', at + 12, 1, size, 'octets');
    if (size < 20) tree.fault('tcp-header-length', `A header has at least 20 octets, not ${size}`, at + 12, 1);
    tree.field('tcp.flags', 'Flags', at + 12, 2, hexText(flags, 3), flagNames);
    tree.field('tcp.window_size_value', 'Window', at + 14, 2, octets.u16(at + 14), 'before scaling');
    const stored = octets.u16(at + 16);
    const length = range.end === range.wireEnd ? range.end - at : -1;
    tree.field('tcp.checksum', 'Checksum', at + 16, 2, hexText(stored, 4), checksumText(walk, 6, at, length, stored));
    tree.field('tcp.urgent_pointer', 'Urgent pointer', at + 18, 2, octets.u16(at + 18));
    if (hasAll && size > 20) describeTcpOptions(walk, at + 20, at + size);
  });
  layers.payload = 'tcp';
  layers.sourcePort = source;
  layers.destinationPort = destination;
  if (size >= 20 && !hasHeader(walk, range, size, 'TCP')) return;
  leaveRest(walk, { ...range, at: Math.min(range.end, at + Math.max(20, size)) });
}

const TCP_OPTIONS: Readonly<Record<number, string>> = {
  0: 'End of options',
  1: 'No operation',
  2: 'Maximum segment size',
  3: 'Window scale',
  4: 'Selective acknowledgment permitted',
  5: 'Selective acknowledgment',
  8: 'Timestamps',
  19: 'MD5 signature',
  28: 'User timeout',
  29: 'Authentication',
  30: 'Multipath TCP',
  34: 'Fast open',
};

function describeTcpOptions(walk: LayerWalk, at: number, end: number): void {
  const { octets, tree } = walk;
  tree.group('tcp.options', 'Options', at, end - at, `${end - at} octets`, () => {
    let p = at;
    while (p < end) {
      const kind = octets.u8(p);
      const label = TCP_OPTIONS[kind] ?? `Option ${kind}`;
      if (kind <= 1) {
        const size = kind === 0 ? end - p : 1;
        tree.field('tcp.option_kind', label, p, size, kind);
        p += size;
        continue;
      }
      const length = p + 1 < end ? octets.u8(p + 1) : 0;
      if (length < 2 || p + length > end) {
        tree.fault('tcp-option-length', `${label} with length ${length}`, p, end - p);
        return;
      }
      describeTcpOption(walk, kind, label, p, length);
      p += length;
    }
  });
}

function describeTcpOption(walk: LayerWalk, kind: number, label: string, at: number, length: number): void {
  const { octets, tree } = walk;
  if (kind === 2 && length === 4) {
    tree.field('tcp.options.mss_val', label, at, 4, octets.u16(at + 2));
  } else if (kind === 3 && length === 3) {
    tree.field('tcp.options.wscale.shift', label, at, 3, octets.u8(at + 2), `multiply by ${2 ** octets.u8(at + 2)}`);
  } else if (kind === 5 && length % 8 === 2) {
    const blocks: string[] = [];
    for (let p = at + 2; p < at + length; p += 8) blocks.push(`${octets.u32(p)}–${octets.u32(p + 4)}`);
    tree.field('tcp.options.sack', label, at, length, blocks.join(', '));
  } else if (kind === 8 && length === 10) {
    tree.group('tcp.options.timestamp', label, at, 10, '', () => {
      tree.field('tcp.options.timestamp.tsval', 'Value', at + 2, 4, octets.u32(at + 2));
      tree.field('tcp.options.timestamp.tsecr', 'Echo reply', at + 6, 4, octets.u32(at + 6));
    });
  } else {
    tree.field('tcp.option_kind', label, at, length, kind, octets.hex(at + 2, length - 2));
  }
}
