/** Options of the IPv4 header (RFC 791 section 3.1) and of IPv6 option headers (RFC 8200 section 4.2). */
import type { LayerWalk } from './layer-walk.ts';

const IPV4_OPTIONS: Readonly<Record<number, string>> = {
  0: 'End of options',
  1: 'No operation',
  7: 'Record route',
  68: 'Timestamp',
  130: 'Security',
  131: 'Loose source route',
  136: 'Stream identifier',
  137: 'Strict source route',
  148: 'Router alert',
};

/** Options from `at` to `end`. */
export function describeIpv4Options(walk: LayerWalk, at: number, end: number): void {
  const { octets, tree } = walk;
  tree.group('ip.options', 'Options', at, end - at, `${end - at} octets`, () => {
    let p = at;
    while (p < end) {
      const type = octets.u8(p);
      const label = IPV4_OPTIONS[type] ?? `Option ${type}`;
      if (type <= 1) {
        const size = type === 0 ? end - p : 1;
        tree.field('ip.opt.type', label, p, size, type);
        p += size;
        continue;
      }
      const length = p + 1 < end ? octets.u8(p + 1) : 0;
      if (length < 2 || p + length > end) {
        tree.fault('ip-option-length', `${label} with length ${length}`, p, end - p);
        return;
      }
      tree.field('ip.opt.type', label, p, length, type, octets.hex(p + 2, length - 2));
      p += length;
    }
  });
}

const IPV6_OPTIONS: Readonly<Record<number, string>> = {
  0x05: 'Router alert',
  0x07: 'CALIPSO',
  0x0f: 'Performance and diagnostic metrics',
  0x26: 'Quick-start',
  0x63: 'RPL',
  0xc2: 'Jumbo payload',
  0xc9: 'Home address',
};

/** Options of a hop-by-hop or destination options header, from `at` to `end`. */
export function describeIpv6Options(walk: LayerWalk, at: number, end: number): void {
  const { octets, tree } = walk;
  let p = at;
  while (p < end) {
    const type = octets.u8(p);
    if (type === 0) {
      tree.field('ipv6.opt.pad1', 'Padding', p, 1, 1);
      p++;
      continue;
    }
    const length = p + 1 < end ? octets.u8(p + 1) : 0;
    if (p + 2 + length > end) {
      tree.fault('ipv6-option-length', `Option ${type} with length ${length}`, p, end - p);
      return;
    }
    if (type === 1) tree.field('ipv6.opt.padn', 'Padding', p, 2 + length, 2 + length);
    else
      tree.field(
        'ipv6.opt.type',
        IPV6_OPTIONS[type] ?? `Option ${type}`,
        p,
        2 + length,
        type,
        octets.hex(p + 2, length),
      );
    p += 2 + length;
  }
}
