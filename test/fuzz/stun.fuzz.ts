/** Damaged STUN messages, ChannelData and frames, over datagrams and streams. */
import { Octets } from '../../base/octets.ts';
import { StringTable } from '../../base/string-table.ts';
import { fromHex } from '../../dissectors/rtcp/samples.ts';
import { integrityInput, integrityValue } from '../../dissectors/stun/integrity.ts';
import { stunSamples } from '../../dissectors/stun/samples.ts';
import { stun } from '../../dissectors/stun/stun.ts';
import {
  describeToTree,
  dissectOnce,
  type FakeOptions,
  nodesOutside,
  summarizeOnce,
  uncoveredOctets,
} from '../../dissectors/testing/fake-context.ts';

const SEEDS = Object.values(stunSamples).map(fromHex);
/** Names and addresses are cut short, each attribute once or a few times: what a line has at most. */
const LONGEST_LINE = 2000;

/**
 * Gives `inputs` damaged messages to the dissector and to what is made of integrity attributes; `random` gives 0 ≤ x < 1.
 * Throws where one of them throws, shows octets outside the message, leaves some unshown, or takes more than there is.
 */
export function fuzzStun(random: () => number, inputs: number): void {
  const strings = new StringTable();
  for (let i = 0; i < inputs; i++) {
    const options: FakeOptions = { strings, truncated: random() < 0.3, transport: random() < 0.4 ? 'tcp' : 'udp' };
    check(damaged(random), options);
  }
}

function check(bytes: Uint8Array, options: FakeOptions): void {
  const fail = (what: string): never => {
    throw new Error(`stun: ${what}: ${Buffer.from(bytes).toString('hex')} ${options.transport} ${options.truncated}`);
  };
  const result = dissectOnce(stun, bytes, options);
  if (result.rows.length > 1) fail(`${result.rows.length} rows`);
  if (result.consumed > bytes.length) fail(`${result.consumed} octets taken`);
  for (const issue of result.issues) {
    if (issue.at < 0 || issue.at > bytes.length) fail(`issue ${issue.code} at ${issue.at}`);
  }
  for (const row of result.rows) {
    if (Number(row.dataAt) + Number(row.dataLength) > bytes.length) fail('data outside');
    if (Number(row.integrityAt) + 24 > bytes.length && Number(row.integrityAt) > 0) fail('integrity outside');
  }
  if (summarizeOnce(stun, bytes, options).length > LONGEST_LINE) fail('a long summary');
  const tree = describeToTree(stun, bytes, options);
  if (nodesOutside(tree, bytes.length).length > 0) fail('a node outside');
  if (uncoveredOctets(tree, bytes.length).length > 0) fail('an octet not shown');
  const view = new Octets(bytes);
  for (const at of [-1, 0, 20, bytes.length - 24, bytes.length]) {
    if (integrityInput(view, at).length > bytes.length + 64) fail('more to hash than there is');
    integrityValue(view, at);
  }
}

function damaged(random: () => number): Uint8Array {
  const whole = (below: number) => Math.floor(random() * below);
  let bytes = Uint8Array.from(pick(SEEDS, random));
  if (random() < 0.2) bytes = Uint8Array.from([...bytes, ...pick(SEEDS, random)]);
  for (let flips = whole(5); flips > 0 && bytes.length > 0; flips--) {
    // Type and length are near the front; lengths are small or extreme. The cookie is spared, to get past it.
    const at = random() < 0.4 ? pick([0, 1, 2, 3, 20, 21, 22, 23], random) : whole(bytes.length);
    if (at >= bytes.length || (at >= 4 && at < 8 && random() < 0.9)) continue;
    bytes[at] = random() < 0.4 ? pick([0, 1, 0x40, 0x80, 0xff], random) : whole(256);
  }
  if (random() < 0.4) bytes = bytes.slice(0, whole(bytes.length + 1));
  return bytes;
}

function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)];
}
