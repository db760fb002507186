/**
 * A VPN of our own that carries calls: every datagram on UDP port 24242 has a header of 14 octets, and behind it a whole
 * IP packet or a bare RTP packet. What is inside is handed on, and is dissected, listed and heard like anything else.
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     |       magic 'A' 'V'           |  version = 1  |     kind      |
 *     |                            session                            |
 *     |                        sequence number                        |
 *     |            length             |  what is carried …
 *
 * Try it: earshot streams test/captures/plugins/vpn-rtp.pcap --plugin resources/plugins/vpn-rtp.ts
 */
import {
  type DescribeContext,
  type DissectContext,
  type Dissector,
  type Octets,
  type Plugin,
  type Rows,
  type TreeBuilder,
  Verdict,
} from 'earshot';

const MAGIC = 0x4156;
const VERSION = 1;
const HEADER_LENGTH = 14;
const KINDS = ['', 'IP packet', 'bare payload', 'keep-alive'];
const IP_PACKET = 1;
const BARE_PAYLOAD = 2;

/** What is stored of every packet: it can be filtered for without reading the packet again. */
const columns = { kind: 'u8', session: 'u32', sequence: 'u32' } as const;

function dissect(data: Octets, out: Rows<typeof columns>, ctx: DissectContext): Verdict {
  // Not ours: others are asked. A read past the end gives 0 and never throws.
  if (data.u16(0) !== MAGIC || data.u8(2) !== VERSION) return Verdict.Reject;
  const kind = data.u8(3);
  const length = data.u16(12);
  const row = out.add();
  out.columns.kind.set(row, kind);
  out.columns.session.set(row, data.u32(4));
  out.columns.sequence.set(row, data.u32(8));

  const held = Math.min(length, data.length - HEADER_LENGTH);
  if (held < length && !ctx.truncated) {
    ctx.issue('vpn-rtp-length', 12);
    return Verdict.Malformed;
  }
  // This is all it takes: the rest of Earshot sees a packet with addresses of its own.
  if (kind === IP_PACKET) ctx.packet('ip', HEADER_LENGTH, held);
  // Without headers it has the addresses of the datagram around it.
  if (kind === BARE_PAYLOAD) ctx.packet('payload', HEADER_LENGTH, held);
  return Verdict.Ok;
}

function summarize(data: Octets): string {
  return `Acme VPN  ${KINDS[data.u8(3)] ?? `kind ${data.u8(3)}`}  seq ${data.u32(8)}  ${data.u16(12)} octets`;
}

function describe(data: Octets, tree: TreeBuilder, ctx: DescribeContext): void {
  if (data.length < HEADER_LENGTH) {
    tree.field('vpn-rtp.data', 'Data', 0, data.length, data.hex());
    tree.fault(ctx.truncated ? 'truncated' : 'vpn-rtp-short', 'Shorter than a header', 0, data.length);
    return;
  }
  const kind = data.u8(3);
  const length = data.u16(12);
  tree.field('vpn-rtp.magic', 'Magic', 0, 2, data.text(0, 2));
  tree.field('vpn-rtp.version', 'Version', 2, 1, data.u8(2));
  tree.field('vpn-rtp.kind', 'Kind', 3, 1, kind, KINDS[kind]);
  tree.field('vpn-rtp.session', 'Session', 4, 4, data.u32(4), `0x${data.hex(4, 4)}`);
  tree.field('vpn-rtp.sequence', 'Sequence number', 8, 4, data.u32(8));
  tree.field('vpn-rtp.length', 'Length', 12, 2, length, 'octets');
  const held = Math.min(length, data.length - HEADER_LENGTH);
  if (held < length) tree.fault('vpn-rtp-length', `${length} octets are announced, ${held} are there`, 12, 2);
  if (held > 0) tree.field('vpn-rtp.inside', 'What is carried', HEADER_LENGTH, held, `${held} octets`);
  const end = HEADER_LENGTH + held;
  if (end < data.length) tree.field('vpn-rtp.trailing', 'Behind it', end, data.length - end, data.hex(end));
}

const vpnRtp: Dissector<typeof columns> = {
  id: 'vpn-rtp',
  label: 'Acme VPN',
  specs: ['Acme VPN 1.0'],
  claims: [{ kind: 'port', transport: 'udp', port: 24242 }],
  columns,
  fields: [
    { id: 'vpn-rtp.kind', label: 'Kind', type: 'number', column: (c, row) => c.kind.get(row) },
    { id: 'vpn-rtp.session', label: 'Session', type: 'number', column: (c, row) => c.session.get(row) },
    { id: 'vpn-rtp.sequence', label: 'Sequence number', type: 'number', column: (c, row) => c.sequence.get(row) },
    { id: 'vpn-rtp.length', label: 'Length', type: 'number' },
  ],
  dissect,
  summarize,
  describe,
};

export default { dissectors: [vpnRtp] } satisfies Plugin;
