/**
 * Handshake messages of TLS 1.0 to 1.3 (RFC 5246, 8446) and DTLS (RFC 6347, 9147): the header, and pure parsers of
 * whole messages without it. None throws; null is a message that does not fit.
 */
import type { Octets } from '../../base/octets.ts';
import { Cursor } from './cursor.ts';
import { type Extension, readExtensions } from './hello.ts';

export {
  type ClientHello,
  type Extension,
  type ExtensionFacts,
  ExtensionType,
  isDtlsVersion,
  parseClientHello,
  parseEncryptedExtensions,
  parseServerHello,
  type ServerHello,
} from './hello.ts';

/** Handshake message types (IANA, TLS HandshakeType). */
export const HandshakeType = {
  HelloRequest: 0,
  ClientHello: 1,
  ServerHello: 2,
  HelloVerifyRequest: 3,
  NewSessionTicket: 4,
  EndOfEarlyData: 5,
  EncryptedExtensions: 8,
  RequestConnectionId: 9,
  NewConnectionId: 10,
  Certificate: 11,
  ServerKeyExchange: 12,
  CertificateRequest: 13,
  ServerHelloDone: 14,
  CertificateVerify: 15,
  ClientKeyExchange: 16,
  Finished: 20,
  CertificateUrl: 21,
  CertificateStatus: 22,
  KeyUpdate: 24,
  CompressedCertificate: 25,
} as const;

/** Octets of the header of a message: type and length; of DTLS also number, offset and length of the fragment. */
export const TLS_HANDSHAKE_HEADER = 4;
export const DTLS_HANDSHAKE_HEADER = 12;

export interface HandshakeHeader {
  readonly type: number;
  /** Octets of the whole message without header. */
  readonly length: number;
  /** DTLS; 0 in TLS. */
  readonly messageSequence: number;
  readonly fragmentOffset: number;
  /** Octets of the message that follow this header by its own word; in TLS the length. */
  readonly fragmentLength: number;
  readonly headerLength: number;
}

/** The header of the message at `at`; null where it is not wholly there. */
export function readHandshakeHeader(data: Octets, at: number, isDtls: boolean): HandshakeHeader | null {
  const headerLength = isDtls ? DTLS_HANDSHAKE_HEADER : TLS_HANDSHAKE_HEADER;
  if (at < 0 || at + headerLength > data.length) return null;
  const length = data.u24(at + 1);
  return {
    type: data.u8(at),
    length,
    messageSequence: isDtls ? data.u16(at + 4) : 0,
    fragmentOffset: isDtls ? data.u24(at + 6) : 0,
    fragmentLength: isDtls ? data.u24(at + 9) : length,
    headerLength,
  };
}

/** The certificates of a Certificate message in DER, the peer's own first; what was read before a fault is kept. */
export function parseCertificates(body: Octets, is13: boolean): Uint8Array[] {
  const certificates: Uint8Array[] = [];
  const cursor = new Cursor(body);
  if (is13) cursor.vector(8);
  const list = cursor.vector(24);
  while (list.left > 0 && !list.failed) {
    const certificate = list.vector(24);
    if (is13) list.vector(16);
    if (!list.failed) certificates.push(certificate.rest());
  }
  return certificates;
}

export interface HelloVerifyRequest {
  readonly version: number;
  readonly cookie: Uint8Array;
}

/** DTLS, RFC 6347, section 4.2.1. */
export function parseHelloVerifyRequest(body: Octets): HelloVerifyRequest | null {
  const cursor = new Cursor(body);
  const version = cursor.u16();
  const cookie = cursor.vector(8).rest();
  return cursor.failed ? null : { version, cookie };
}

export interface CertificateRequest {
  /** Not in 1.3. */
  readonly certificateTypes: readonly number[];
  /** Not before 1.2; of 1.3, where it is an extension, see there. */
  readonly signatureAlgorithms: readonly number[];
  /** Distinguished names in DER; of 1.3 see the extension certificate_authorities. */
  readonly authorities: readonly Uint8Array[];
  /** 1.3 only. */
  readonly context: Uint8Array;
  readonly extensions: readonly Extension[];
}

/** `version` as negotiated: 1.2 added the signature algorithms (RFC 5246, section 7.4.4), 1.3 made all extensions. */
export function parseCertificateRequest(body: Octets, version: number): CertificateRequest | null {
  const cursor = new Cursor(body);
  const empty = { certificateTypes: [], signatureAlgorithms: [], authorities: [], extensions: [] };
  if (isVersion13(version)) {
    const context = cursor.vector(8).rest();
    return cursor.failed ? null : { ...empty, context, extensions: readExtensions(cursor) };
  }
  const certificateTypes = Array.from(cursor.vector(8).rest());
  const signatureAlgorithms = hasSignatureAlgorithms(version) ? cursor.vector(16).u16List() : [];
  const names = cursor.vector(16);
  const authorities: Uint8Array[] = [];
  while (names.left > 0 && !names.failed) {
    const name = names.vector(16);
    if (!names.failed) authorities.push(name.rest());
  }
  if (cursor.failed) return null;
  return { ...empty, certificateTypes, signatureAlgorithms, authorities, context: new Uint8Array(0) };
}

export interface CertificateVerify {
  /** 0 before 1.2, which did not say. */
  readonly algorithm: number;
  readonly signature: Uint8Array;
}

export function parseCertificateVerify(body: Octets, version: number): CertificateVerify | null {
  const cursor = new Cursor(body);
  const algorithm = hasSignatureAlgorithms(version) ? cursor.u16() : 0;
  const signature = cursor.vector(16).rest();
  return cursor.failed ? null : { algorithm, signature };
}

/** Values of ECCurveType (RFC 8422, section 5.4). */
export const NAMED_CURVE = 3;

export interface ServerKeyExchange {
  readonly group: number;
  readonly publicKey: Uint8Array;
}

/** Of ECDHE with a named curve; null of any other kind (which kind it is, the cipher suite says). */
export function parseServerKeyExchange(body: Octets): ServerKeyExchange | null {
  const cursor = new Cursor(body);
  if (cursor.u8() !== NAMED_CURVE) return null;
  const group = cursor.u16();
  const publicKey = cursor.vector(8).rest();
  return cursor.failed ? null : { group, publicKey };
}

export interface NewSessionTicket {
  readonly lifetimeSeconds: number;
  readonly ticket: Uint8Array;
  /** 1.3 only. */
  readonly ageAdd: number;
  readonly nonce: Uint8Array;
  readonly extensions: readonly Extension[];
}

/** RFC 5077, section 3.3; of 1.3 RFC 8446, section 4.6.1. */
export function parseNewSessionTicket(body: Octets, version: number): NewSessionTicket | null {
  const cursor = new Cursor(body);
  const lifetimeSeconds = cursor.u32();
  const isNew = isVersion13(version);
  const ageAdd = isNew ? cursor.u32() : 0;
  const nonce = isNew ? cursor.vector(8).rest() : new Uint8Array(0);
  const ticket = cursor.vector(16).rest();
  if (cursor.failed) return null;
  return { lifetimeSeconds, ticket, ageAdd, nonce, extensions: isNew ? readExtensions(cursor) : [] };
}

/** The verify data: 12 octets before 1.3, as long as the hash in it. */
export function parseFinished(body: Octets): Uint8Array {
  return new Cursor(body).rest();
}

/** Whether the other side shall change its keys too (RFC 8446, section 4.6.3); null where it is no such message. */
export function parseKeyUpdate(body: Octets): { readonly isRequested: boolean } | null {
  const request = body.u8(0);
  return body.length === 1 && request <= 1 ? { isRequested: request === 1 } : null;
}

/** TLS 1.3 or DTLS 1.3. */
export function isVersion13(version: number): boolean {
  return version === 0x0304 || version === 0xfefc;
}

/** TLS or DTLS 1.2 and after. */
export function hasSignatureAlgorithms(version: number): boolean {
  return (version >= 0x0303 && version < 0x0400) || version === 0xfefd || version === 0xfefc;
}
