/** Damaged SIP and SDP: whatever comes in, the dissectors must come back with an answer. */
import { Octets } from '../../base/octets.ts';
import { Table } from '../../base/table.ts';
import { type ColumnSpec, type Dissector, Verdict } from '../../dissectors/dissector.ts';
import { parseSdp } from '../../dissectors/sdp/parse-sdp.ts';
import { sdp } from '../../dissectors/sdp/sdp.ts';
import { sip } from '../../dissectors/sip/sip.ts';
import { sipDtmf } from '../../dissectors/sip-dtmf/sip-dtmf.ts';
import { describeToTree, FakeContext, nodesOutside, summarizeOnce } from '../../dissectors/testing/fake-context.ts';
import { FUZZ_MESSAGES } from './sip-messages.ts';

const utf8 = new TextEncoder();
const SEEDS = [...FUZZ_MESSAGES, 'Signal=5\r\nDuration=160\r\n', '12'].map((text) => utf8.encode(text));

/** Throws where a dissector throws, takes more than there is, or shows octets that are not there. */
export function fuzzSip(random: () => number, inputs: number): void {
  for (const seed of SEEDS) cutEverywhere(seed, inputs);
  for (let i = 0; i < inputs; i++) {
    const bytes = mutate(pick(SEEDS, random), random);
    check(bytes, random() < 0.5 ? 'tcp' : 'udp', random() < 0.3);
  }
}

/** The hot pass on each length of the message; the cold pass on some. */
function cutEverywhere(seed: Uint8Array, inputs: number): void {
  const step = Math.max(1, Math.floor((seed.length * SEEDS.length) / Math.max(1, inputs)));
  for (let length = 0; length <= seed.length; length += step) {
    check(seed.subarray(0, length), length % 2 === 0 ? 'udp' : 'tcp', length % 3 === 0);
  }
}

function check(message: Uint8Array, transport: 'udp' | 'tcp', truncated: boolean): void {
  // Octets around the view that must not be read: they would go on with the message.
  const around = utf8.encode('Call-ID: outside\r\n\r\nv=0\r\n');
  const bytes = new Uint8Array(around.length * 2 + message.length);
  bytes.set(around);
  bytes.set(message, around.length);
  bytes.set(around, around.length + message.length);
  const data = new Octets(bytes, around.length, message.length);
  dissectWithin(sip, data, transport, truncated);
  dissectWithin(sdp, data, transport, truncated);
  dissectWithin(sipDtmf, data, transport, truncated);
  const options = { transport, truncated, children: { 'application/sdp': sdp } } as const;
  for (const dissector of [sip, sdp, sipDtmf]) {
    summarizeOnce(dissector, message, options);
    const outside = nodesOutside(describeToTree(dissector, message, options), message.length);
    if (outside.length > 0) throw new Error(`${dissector.id}: ${outside[0].name} lies outside the message`);
  }
  parseSdp(new TextDecoder().decode(message));
}

function dissectWithin<C extends ColumnSpec>(
  dissector: Dissector<C>,
  data: Octets,
  transport: 'udp' | 'tcp',
  truncated: boolean,
): void {
  const ctx = new FakeContext({ transport, truncated });
  const table = new Table(dissector.columns);
  dissector.probe?.(data, ctx);
  const verdict = dissector.dissect(data, table, ctx);
  if (verdict === Verdict.NeedMore && transport !== 'tcp')
    throw new Error(`${dissector.id}: NeedMore without a stream`);
  if (verdict === Verdict.NeedMore && ctx.consumed > 0) throw new Error(`${dissector.id}: NeedMore took octets`);
  if (ctx.consumed < 0 || ctx.consumed > data.length) throw new Error(`${dissector.id}: took ${ctx.consumed}`);
  for (const { at, length } of ctx.children) {
    if (at < 0 || length < 0 || at + length > data.length) throw new Error(`${dissector.id}: body outside the message`);
  }
  for (const { code, at } of ctx.issues) {
    if (at < 0 || at > data.length) throw new Error(`${dissector.id}: ${code} at ${at} of ${data.length}`);
  }
  for (let id = 1; id < ctx.strings.size; id++) {
    if (ctx.strings.text(id).includes('outside')) throw new Error(`${dissector.id}: read past the view`);
  }
}

const PIECES = [
  '\r\n',
  '\n',
  '\r\n ',
  ' ',
  ':',
  ';',
  ',',
  '<',
  '>',
  '"',
  '\\',
  '=',
  '/',
  '--',
  '\0',
  '[',
  ']',
  '@',
  '%00',
  'Content-Length: 99999999999\r\n',
  'Content-Length: -1\r\n',
  'SIP/2.0 200 OK\r\n',
  ';tag=',
  ';branch=z9hG4bK',
  'Content-Type: multipart/mixed;boundary=x\r\n',
  '--x\r\n',
  '--x--\r\n',
  'm=audio 99999/300 RTP/AVP 0\r\n',
  'a=',
  'c=IN',
].map((text) => utf8.encode(text));

/** One to four changes: bits, cuts, repeats, pieces of grammar in wrong places, another message's tail. */
function mutate(seed: Uint8Array, random: () => number): Uint8Array {
  let bytes = Uint8Array.from(seed);
  for (let changes = 1 + Math.floor(random() * 4); changes > 0; changes--) {
    const at = Math.floor(random() * bytes.length);
    switch (Math.floor(random() * 6)) {
      case 0:
        if (bytes.length > 0) bytes[at] ^= 1 << Math.floor(random() * 8);
        break;
      case 1:
        bytes = bytes.slice(0, at);
        break;
      case 2:
        bytes = joined(bytes.subarray(0, at), pick(PIECES, random), bytes.subarray(at));
        break;
      case 3:
        bytes = joined(bytes.subarray(0, at), pick(SEEDS, random).subarray(at));
        break;
      case 4:
        bytes = joined(bytes.subarray(0, at), bytes.subarray(Math.max(0, at - 40)));
        break;
      default:
        bytes = joined(bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + Math.floor(random() * 30))));
    }
  }
  return bytes;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function pick<T>(list: readonly T[], random: () => number): T {
  return list[Math.floor(random() * list.length)];
}
