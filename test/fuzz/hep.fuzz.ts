/** Damaged HEP messages, over datagrams and streams. */
import { StringTable } from '../../base/string-table.ts';
import { hep } from '../../dissectors/hep/hep.ts';
import { hepSamples, SAMPLE_KEY } from '../../dissectors/hep/samples.ts';
import {
  describeToText,
  describeToTree,
  dissectOnce,
  type FakeOptions,
  nodesOutside,
  summarizeOnce,
  uncoveredOctets,
} from '../../dissectors/testing/fake-context.ts';

const SEEDS = Object.values(hepSamples);
/** A name and a text, both cut short. */
const LONGEST_LINE = 400;
const CHUNK_FIELDS = 6;

/**
 * Gives `inputs` damaged messages to the dissector; `random` gives 0 ≤ x < 1. Throws where it throws, shows octets outside
 * the message, leaves some unshown, shows a key that is in its chunk, or takes more than there is.
 */
export function fuzzHep(random: () => number, inputs: number): void {
  const strings = new StringTable();
  for (let i = 0; i < inputs; i++) {
    const options: FakeOptions = { strings, truncated: random() < 0.3, transport: random() < 0.4 ? 'tcp' : 'udp' };
    // In a body, several may follow one another.
    const isBody = random() < 0.2;
    check(damaged(random), isBody ? { ...options, transport: 'tcp', mediaType: 'application/hep' } : options);
  }
  const whole = describeToText(hep, hepSamples.sip);
  if (whole.includes(SAMPLE_KEY)) throw new Error('hep: the key is shown');
}

function check(bytes: Uint8Array, options: FakeOptions): void {
  const fail = (what: string): never => {
    throw new Error(`hep: ${what}: ${Buffer.from(bytes).toString('hex')} ${options.transport} ${options.truncated}`);
  };
  const result = dissectOnce(hep, bytes, options);
  if (result.rows.length > 1) fail(`${result.rows.length} rows`);
  if (result.consumed > bytes.length) fail(`${result.consumed} octets taken`);
  for (const { code, at } of result.issues) if (at < 0 || at > bytes.length) fail(`issue ${code} at ${at}`);
  for (const row of result.rows) {
    const size = row.ipVersion === 6 ? 16 : 4;
    if (Number(row.payloadAt) + Number(row.payloadLength) > bytes.length) fail('payload outside');
    for (const at of [Number(row.sourceAt), Number(row.destinationAt)]) {
      if (at !== 0 && at + size > bytes.length) fail('address outside');
    }
    if ((row.sourceAt === 0) !== (row.destinationAt === 0)) fail('one address');
  }
  if (summarizeOnce(hep, bytes, options).length > LONGEST_LINE) fail('a long summary');
  const tree = describeToTree(hep, bytes, options);
  if (nodesOutside(tree, bytes.length).length > 0) fail('a node outside');
  if (uncoveredOctets(tree, bytes.length).length > 0) fail('an octet not shown');
}

function damaged(random: () => number): Uint8Array {
  const whole = (below: number) => Math.floor(random() * below);
  let bytes = Uint8Array.from(pick(SEEDS, random));
  if (random() < 0.2) bytes = Uint8Array.from([...bytes, ...pick(SEEDS, random)]);
  for (let flips = whole(5); flips > 0; flips--) {
    // Lengths and types are in the fields of chunks, the first of which are near the front.
    const at = random() < 0.5 ? 4 + whole(10 * CHUNK_FIELDS) : whole(bytes.length);
    if (at < bytes.length) bytes[at] = random() < 0.5 ? pick([0, 1, 5, 6, 0x0f, 0x10, 0xff], random) : whole(256);
  }
  if (random() < 0.4) bytes = bytes.slice(0, whole(bytes.length + 1));
  return bytes;
}

function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)];
}
