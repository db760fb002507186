/**
 * ClientHello, ServerHello and EncryptedExtensions: RFC 5246 and 8446, section 4.1; DTLS by RFC 6347 and 9147. Pure
 * parsers of a whole message without its handshake header; offsets count from where the body begins.
 */
import type { Octets } from '../../base/octets.ts';
import { Cursor } from './cursor.ts';

/** Extension types that are read here (IANA, TLS ExtensionType values). */
export const ExtensionType = {
  ServerName: 0,
  StatusRequest: 5,
  SupportedGroups: 10,
  EcPointFormats: 11,
  SignatureAlgorithms: 13,
  UseSrtp: 14,
  Alpn: 16,
  Padding: 21,
  EncryptThenMac: 22,
  ExtendedMasterSecret: 23,
  RecordSizeLimit: 28,
  SessionTicket: 35,
  PreSharedKey: 41,
  EarlyData: 42,
  SupportedVersions: 43,
  Cookie: 44,
  PskKeyExchangeModes: 45,
  SignatureAlgorithmsCert: 50,
  KeyShare: 51,
  OldConnectionId: 53,
  ConnectionId: 54,
  RenegotiationInfo: 0xff01,
} as const;

/** Where an extension's data lie in the message's body. */
export interface Extension {
  readonly type: number;
  readonly at: number;
  readonly length: number;
}

/** What extensions of either hello say; empty, false or null where the extension is absent. */
export interface ExtensionFacts {
  readonly extensions: readonly Extension[];
  /** RFC 5764: the profiles offered, or the one chosen. */
  readonly srtpProfiles: readonly number[];
  readonly srtpMki: Uint8Array;
  readonly alpn: readonly string[];
  /** RFC 7627. */
  readonly extendedMasterSecret: boolean;
  /** RFC 7366. */
  readonly encryptThenMac: boolean;
  /** RFC 9146: the identifier that the other side shall put in its records; empty is "none, but I understand them". */
  readonly connectionId: Uint8Array | null;
}

export interface ClientHello extends ExtensionFacts {
  readonly legacyVersion: number;
  /** 32 octets: what key logs name a connection by. */
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  /** DTLS only. */
  readonly cookie: Uint8Array;
  readonly cipherSuites: readonly number[];
  readonly compression: readonly number[];
  readonly supportedVersions: readonly number[];
  readonly serverName: string;
  readonly groups: readonly number[];
  readonly signatureAlgorithms: readonly number[];
}

export interface ServerHello extends ExtensionFacts {
  readonly legacyVersion: number;
  /** As negotiated: supported_versions' where it is there, else the legacy version. */
  readonly version: number;
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly cipherSuite: number;
  readonly compression: number;
  /** The SRTP profile chosen, null where there is none (1.3 says it in EncryptedExtensions). */
  readonly srtpProfile: number | null;
  /** RFC 8446, section 4.1.3: a ServerHello with a certain random asks for another ClientHello. */
  readonly isHelloRetryRequest: boolean;
}

/** Whether a version number is DTLS's: 0xfeff 1.0, 0xfefd 1.2, 0xfefc 1.3, and 0x0100 of OpenSSL before 0.9.8f. */
export function isDtlsVersion(version: number): boolean {
  return version >> 8 === 0xfe || version === 0x0100;
}

/** A ClientHello; null where its fixed part does not fit. A damaged list of extensions is kept as far as it goes. */
export function parseClientHello(body: Octets): ClientHello | null {
  const cursor = new Cursor(body);
  const legacyVersion = cursor.u16();
  const random = cursor.octets(32);
  const sessionId = cursor.vector(8).rest();
  const cookie = isDtlsVersion(legacyVersion) ? cursor.vector(8).rest() : new Uint8Array(0);
  const cipherSuites = cursor.vector(16).u16List();
  const compression = Array.from(cursor.vector(8).rest());
  if (cursor.failed) return null;
  const extensions = readExtensions(cursor);
  return {
    legacyVersion,
    random,
    sessionId,
    cookie,
    cipherSuites,
    compression,
    ...factsOf(body, extensions),
    supportedVersions: inside(body, extensions, ExtensionType.SupportedVersions)?.vector(8).u16List() ?? [],
    serverName: readServerName(inside(body, extensions, ExtensionType.ServerName)),
    groups: inside(body, extensions, ExtensionType.SupportedGroups)?.vector(16).u16List() ?? [],
    signatureAlgorithms: inside(body, extensions, ExtensionType.SignatureAlgorithms)?.vector(16).u16List() ?? [],
  };
}

/** A ServerHello; null where its fixed part does not fit. */
export function parseServerHello(body: Octets): ServerHello | null {
  const cursor = new Cursor(body);
  const legacyVersion = cursor.u16();
  const random = cursor.octets(32);
  const sessionId = cursor.vector(8).rest();
  const cipherSuite = cursor.u16();
  const compression = cursor.u8();
  if (cursor.failed) return null;
  const extensions = readExtensions(cursor);
  const facts = factsOf(body, extensions);
  const versions = inside(body, extensions, ExtensionType.SupportedVersions);
  return {
    legacyVersion,
    version: versions === null || versions.left < 2 ? legacyVersion : versions.u16(),
    random,
    sessionId,
    cipherSuite,
    compression,
    ...facts,
    srtpProfile: facts.srtpProfiles.length > 0 ? facts.srtpProfiles[0] : null,
    isHelloRetryRequest: random.every((octet, i) => octet === HELLO_RETRY_RANDOM[i]),
  };
}

/** EncryptedExtensions of 1.3 (RFC 8446, section 4.3.1), decrypted; null where it does not fit. */
export function parseEncryptedExtensions(body: Octets): ExtensionFacts | null {
  if (body.length < 2) return null;
  return factsOf(body, readExtensions(new Cursor(body)));
}

/** The list of extensions that begins at the cursor with its length, as far as it is sound; none where nothing is left. */
export function readExtensions(cursor: Cursor): Extension[] {
  const extensions: Extension[] = [];
  if (cursor.left < 2) return extensions;
  const lengthSaid = cursor.u16();
  const list = cursor.part(Math.min(lengthSaid, cursor.left));
  while (list.left >= 4) {
    const type = list.u16();
    const length = list.u16();
    const { at } = list;
    list.part(length);
    if (list.failed) break;
    extensions.push({ type, at, length });
  }
  return extensions;
}

/** SHA-256 of "HelloRetryRequest". */
const HELLO_RETRY_RANDOM = Uint8Array.from([
  0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11,
  0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
]);

function factsOf(body: Octets, extensions: readonly Extension[]): ExtensionFacts {
  const srtp = inside(body, extensions, ExtensionType.UseSrtp);
  const identifier = inside(body, extensions, ExtensionType.ConnectionId);
  return {
    extensions,
    srtpProfiles: srtp?.vector(16).u16List() ?? [],
    srtpMki: srtp?.vector(8).rest() ?? new Uint8Array(0),
    alpn: readNames(inside(body, extensions, ExtensionType.Alpn)),
    extendedMasterSecret: inside(body, extensions, ExtensionType.ExtendedMasterSecret) !== null,
    encryptThenMac: inside(body, extensions, ExtensionType.EncryptThenMac) !== null,
    connectionId: identifier?.vector(8).rest() ?? null,
  };
}

/** A cursor on the data of the first extension of a type; null where there is none. */
function inside(body: Octets, extensions: readonly Extension[], type: number): Cursor | null {
  const found = extensions.find((extension) => extension.type === type);
  return found === undefined ? null : new Cursor(body, found.at, found.at + found.length);
}

/** The first host name of the list (RFC 6066, section 3). A server answers with an empty extension. */
function readServerName(data: Cursor | null): string {
  if (data === null) return '';
  const list = data.vector(16);
  while (list.left >= 3 && !list.failed) {
    const type = list.u8();
    const name = list.vector(16);
    if (type === 0 && !list.failed) return name.text();
  }
  return '';
}

/** The list of protocol names (RFC 7301, section 3.1). */
function readNames(data: Cursor | null): string[] {
  const names: string[] = [];
  if (data === null) return names;
  const list = data.vector(16);
  while (list.left > 0 && !list.failed) {
    const name = list.vector(8);
    if (!list.failed) names.push(name.text());
  }
  return names;
}
