/** Damaged TLS and DTLS records, handshakes and certificates. */
import { Octets } from '../../base/octets.ts';
import { StringTable } from '../../base/string-table.ts';
import type { ColumnSpec, Dissector } from '../../dissectors/dissector.ts';
import { fromHex } from '../../dissectors/rtcp/samples.ts';
import {
  describeToTree,
  dissectOnce,
  type FakeOptions,
  nodesOutside,
  summarizeOnce,
  uncoveredOctets,
} from '../../dissectors/testing/fake-context.ts';
import { dtls } from '../../dissectors/tls/dtls.ts';
import {
  parseCertificateRequest,
  parseCertificates,
  parseCertificateVerify,
  parseClientHello,
  parseEncryptedExtensions,
  parseHelloVerifyRequest,
  parseKeyUpdate,
  parseNewSessionTicket,
  parseServerHello,
  parseServerKeyExchange,
} from '../../dissectors/tls/handshake.ts';
import { dtlsSamples, tlsSamples } from '../../dissectors/tls/samples.ts';
import { tls } from '../../dissectors/tls/tls.ts';
import { readCertificate } from '../../dissectors/tls/x509.ts';

const TLS_SEEDS = Object.values(tlsSamples).map(fromHex);
const DTLS_SEEDS = [
  ...Object.values(dtlsSamples).map(fromHex),
  fromHex(`2eabcd0014${'c3'.repeat(20)}2f00010010${'c3'.repeat(16)}`),
  fromHex(`3e112233abcd0014${'c3'.repeat(20)}`),
  fromHex(`19fefd00010001000000051122330011${'c3'.repeat(17)}`),
];
const VERSIONS = [0x0301, 0x0303, 0x0304, 0xfeff, 0xfefd, 0xfefc];
/** Header, length and a character of every name a line may have, and what escapes add. */
const SUMMARY_ROOM = 400;

/**
 * Gives `inputs` damaged records to both dissectors and their bodies to the parsers; `random` gives 0 ≤ x < 1. Throws
 * where one of them throws, shows octets outside the record, leaves some unshown, or takes more than there is.
 */
export function fuzzTls(random: () => number, inputs: number): void {
  const strings = new StringTable();
  for (let i = 0; i < inputs; i++) {
    const options: FakeOptions = { strings, truncated: random() < 0.3, transport: random() < 0.7 ? 'tcp' : 'udp' };
    check(tls, damaged(TLS_SEEDS, random), options);
    check(dtls, damaged(DTLS_SEEDS, random), { ...options, transport: 'udp' });
    parse(damaged(TLS_SEEDS, random).subarray(Math.floor(random() * 12)), pick(VERSIONS, random));
  }
}

function check<C extends ColumnSpec>(dissector: Dissector<C>, bytes: Uint8Array, options: FakeOptions): void {
  const fail = (what: string): never => {
    throw new Error(`${dissector.id}: ${what}: ${Buffer.from(bytes).toString('hex')} ${options.truncated}`);
  };
  const result = dissectOnce(dissector, bytes, options);
  if (result.rows.length > bytes.length / 13 + 1) fail(`${result.rows.length} rows`);
  if (result.consumed > bytes.length) fail(`${result.consumed} octets taken`);
  for (const issue of result.issues) {
    if (issue.at < 0 || issue.at > bytes.length) fail(`issue ${issue.code} at ${issue.at}`);
  }
  if (summarizeOnce(dissector, bytes, options).length > bytes.length + SUMMARY_ROOM) fail('a long summary');
  const tree = describeToTree(dissector, bytes, options);
  if (nodesOutside(tree, bytes.length).length > 0) fail('a node outside');
  if (uncoveredOctets(tree, bytes.length).length > 0) fail('an octet not shown');
}

function parse(body: Uint8Array, version: number): void {
  const view = new Octets(body);
  const hellos = [parseClientHello(view), parseServerHello(view), parseEncryptedExtensions(view)];
  for (const extension of hellos.flatMap((hello) => hello?.extensions ?? [])) {
    if (extension.at + extension.length > body.length) throw new Error('an extension outside its hello');
  }
  parseHelloVerifyRequest(view);
  parseCertificateRequest(view, version);
  parseCertificateVerify(view, version);
  parseServerKeyExchange(view);
  parseNewSessionTicket(view, version);
  parseKeyUpdate(view);
  for (const certificate of parseCertificates(view, version === 0x0304)) readCertificate(certificate);
  readCertificate(body);
}

function damaged(seeds: readonly Uint8Array[], random: () => number): Uint8Array {
  const whole = (below: number) => Math.floor(random() * below);
  let bytes = Uint8Array.from(pick(seeds, random));
  if (random() < 0.2) bytes = Uint8Array.from([...bytes, ...pick(seeds, random)]);
  for (let flips = whole(5); flips > 0 && bytes.length > 0; flips--) {
    // Headers are near the front; lengths are small or extreme.
    const at = random() < 0.4 ? whole(Math.min(26, bytes.length)) : whole(bytes.length);
    bytes[at] = random() < 0.4 ? pick([0, 1, 0x7f, 0x80, 0xff], random) : whole(256);
  }
  if (random() < 0.4) bytes = bytes.slice(0, whole(bytes.length + 1));
  return bytes;
}

function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)];
}
