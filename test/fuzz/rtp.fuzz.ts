/** Damaged packets for the dissectors of RTP, RTCP, telephone-events, tones and the template. */
import { StringTable } from '../../base/string-table.ts';
import type { ColumnSpec, Dissector } from '../../dissectors/dissector.ts';
import { rtcp } from '../../dissectors/rtcp/rtcp.ts';
import { fromHex, rtcpSamples } from '../../dissectors/rtcp/samples.ts';
import { rtpEvent } from '../../dissectors/rtp-event/rtp-event.ts';
import { rtpTone } from '../../dissectors/rtp-event/rtp-tone.ts';
import { rtp } from '../../dissectors/rtp/rtp.ts';
import { template } from '../../dissectors/template/template.ts';
import {
  describeToTree,
  dissectOnce,
  type FakeOptions,
  nodesOutside,
  summarizeOnce,
  uncoveredOctets,
} from '../../dissectors/testing/fake-context.ts';

const RTP_SEEDS = [
  '8080 007b 000001c8 deadbeef 0102030405',
  'b263 0003 00000320 11223344 00000001 00000002 12340001 deadbeef 0102030405 000003',
  '9000 0001 00000320 11223344 bede0003 10ff 211122 0000 320304 0500 aabbccdd',
  '9080 0002 00000320 11223344 10050003 0100 0202aabb 00 0303010203',
  '80e5 0003 00000320 11223344 058a0320',
];
const SEEDS: readonly Uint8Array[] = [
  ...RTP_SEEDS.map(fromHex),
  ...Object.values(rtcpSamples).map(fromHex),
  fromHex('058a0320'),
  fromHex('0a030190 01b801e0'),
  fromHex('41420180 00050102 68656c6c6f'),
];
const RTCP_SEEDS = Object.values(rtcpSamples).map(fromHex);
const ENCODINGS = { 101: 'telephone-event/8000', 0: 'tone/8000' };
const CHILDREN = { 'audio/telephone-event': rtpEvent, 'audio/tone': rtpTone };

/**
 * Gives `inputs` damaged packets to every dissector here; `random` gives 0 ≤ x < 1. Throws where a dissector throws,
 * shows octets outside the packet, leaves some unshown, adds more rows than the packet has words, or reports an issue
 * outside the packet.
 */
export function fuzzRtp(random: () => number, inputs: number): void {
  const strings = new StringTable();
  for (let i = 0; i < inputs; i++) {
    const bytes = damaged(random);
    const options: FakeOptions = {
      strings,
      truncated: random() < 0.3,
      transport: random() < 0.2 ? 'tcp' : 'udp',
      encodings: ENCODINGS,
      children: CHILDREN,
    };
    check(rtp, bytes, options);
    check(rtcp, bytes, options);
    check(rtpEvent, bytes, options);
    check(rtpTone, bytes, options);
    check(template, bytes, options);
  }
}

function check<C extends ColumnSpec>(dissector: Dissector<C>, bytes: Uint8Array, options: FakeOptions): void {
  const fail = (what: string): never => {
    throw new Error(`${dissector.id}: ${what}: ${Buffer.from(bytes).toString('hex')} ${options.truncated}`);
  };
  const result = dissectOnce(dissector, bytes, options);
  if (result.rows.length > bytes.length / 4 + 1) fail(`${result.rows.length} rows`);
  if (result.consumed > bytes.length) fail(`${result.consumed} octets taken`);
  for (const issue of result.issues) {
    if (issue.at < 0 || issue.at > bytes.length) fail(`issue ${issue.code} at ${issue.at}`);
  }
  if (summarizeOnce(dissector, bytes, options).length > bytes.length + 200) fail('a long summary');
  const tree = describeToTree(dissector, bytes, options);
  if (nodesOutside(tree, bytes.length).length > 0) fail('a node outside');
  if (uncoveredOctets(tree, bytes.length).length > 0) fail('an octet not shown');
}

function damaged(random: () => number): Uint8Array {
  const whole = (below: number) => Math.floor(random() * below);
  let bytes = pick(SEEDS, random).slice();
  if (random() < 0.1) {
    bytes = Uint8Array.from({ length: whole(120) }, () => whole(256));
    if (bytes.length > 1 && random() < 0.7) bytes.set([0x80 | whole(64), 192 + whole(32)]);
  }
  for (let more = whole(3); more > 0; more--) bytes = joined(bytes, pick(RTCP_SEEDS, random));
  for (let flips = whole(5); flips > 0 && bytes.length > 0; flips--) {
    // Counts and lengths are near the front, and small or extreme.
    const at = random() < 0.5 ? whole(Math.min(16, bytes.length)) : whole(bytes.length);
    bytes[at] = random() < 0.3 ? pick([0, 1, 0x7f, 0x80, 0xff], random) : whole(256);
  }
  if (random() < 0.4) bytes = bytes.slice(0, whole(bytes.length + 1));
  if (random() < 0.2)
    bytes = joined(
      bytes,
      Uint8Array.from({ length: whole(24) }, () => whole(256)),
    );
  return bytes;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}

function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)];
}
