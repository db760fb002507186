/** Handshake messages in the detail tree. */
import { describeCertificates } from './describe-certificate.ts';
import { describeExtensions, describeSignatureAlgorithms } from './describe-extensions.ts';
import { describeClientKeyExchange, describeServerKeyExchange, describeSignature } from './describe-key-exchange.ts';
import {
  DTLS_HANDSHAKE_HEADER,
  type HandshakeHeader,
  HandshakeType,
  hasSignatureAlgorithms,
  isDtlsVersion,
  isVersion13,
  readHandshakeHeader,
} from './handshake.ts';
import { formatCipherSuite, formatClientCertificateType, formatHandshakeType, formatVersion } from './names.ts';
import type { Span } from './span.ts';

/**
 * Adds the handshake messages of a record, or of decrypted content. `version` is the negotiated one where it is known,
 * else the record's: it says what a certificate request, a ticket or a signature looks like.
 */
export function describeHandshake(span: Span, version: number): void {
  while (span.left > 0) {
    const header = readHandshakeHeader(span.view(), 0, span.protocol === 'dtls');
    if (header === null) {
      span.rest('handshake.fragment', 'Part of a handshake header');
      return;
    }
    describeMessage(span, header, version);
  }
}

function describeMessage(span: Span, header: HandshakeHeader, version: number): void {
  const { type, length, fragmentOffset, fragmentLength, headerLength } = header;
  const held = Math.min(fragmentLength, span.left - headerLength);
  const isWhole = fragmentOffset === 0 && fragmentLength === length && held === length;
  const part = isWhole ? '' : `, ${fragmentText(fragmentOffset, held, length)}`;
  span.group('handshake', 'Handshake', headerLength + held, `${formatHandshakeType(type)}${part}`, (message) => {
    const { at } = message;
    message.u8('handshake.type', 'Type', formatHandshakeType);
    message.u24('handshake.length', 'Length');
    if (headerLength === DTLS_HANDSHAKE_HEADER) {
      message.u16('handshake.message_seq', 'Message sequence');
      message.u24('handshake.fragment_offset', 'Fragment offset');
      message.u24('handshake.fragment_length', 'Fragment length');
      if (fragmentOffset + fragmentLength > length) {
        message.fault('fragment', 'The fragment reaches past the end of the message', at + 6, 6);
      } else if (held < fragmentLength) {
        message.fault('fragment', `The fragment has ${fragmentLength} octets, ${held} are in the record`, at + 9, 3);
      }
    }
    if (isWhole) describeBody(message, type, version);
    else message.rest('handshake.fragment', 'Fragment', fragmentText(fragmentOffset, held, length));
  });
}

/** `fragment 500–999 of 2 300`. */
function fragmentText(offset: number, held: number, length: number): string {
  const range = held > 0 ? `${grouped(offset)}–${grouped(offset + held - 1)}` : 'empty';
  return `fragment ${range} of ${grouped(length)}`;
}

function grouped(value: number): string {
  return `${value}`.replace(/\B(?=(?:\d{3})+$)/g, ' ');
}

function describeBody(span: Span, type: number, version: number): void {
  switch (type) {
    case HandshakeType.ClientHello:
      return describeClientHello(span);
    case HandshakeType.ServerHello:
      return describeServerHello(span);
    case HandshakeType.HelloVerifyRequest:
      return describeHelloVerifyRequest(span);
    case HandshakeType.NewSessionTicket:
      return describeTicket(span, version);
    case HandshakeType.EncryptedExtensions:
      return describeExtensions(span, type);
    case HandshakeType.Certificate:
      return describeCertificates(span, isVersion13(version));
    case HandshakeType.ServerKeyExchange:
      return describeServerKeyExchange(span, version);
    case HandshakeType.CertificateRequest:
      return describeCertificateRequest(span, version);
    case HandshakeType.CertificateVerify:
      return describeSignature(span, version, 'handshake.client_cert_vrfy.sig');
    case HandshakeType.ClientKeyExchange:
      return describeClientKeyExchange(span);
    case HandshakeType.Finished:
      return span.rest('handshake.verify_data', 'Verify data');
    case HandshakeType.CertificateStatus:
      return describeCertificateStatus(span);
    case HandshakeType.KeyUpdate:
      return span.u8('handshake.key_update.request_update', 'Request update', (asked) =>
        asked === 1 ? 'requested' : 'not requested',
      );
    default:
      return span.rest('handshake.body', 'Body');
  }
}

function describeHelloStart(span: Span): void {
  span.u16('handshake.version', 'Version', formatVersion);
  span.octets('handshake.random', 'Random', 32);
  span.vector(8, { name: 'handshake.session_id_length', label: 'Session ID length' }, (session) => {
    session.rest('handshake.session_id', 'Session ID');
  });
}

function describeClientHello(span: Span): void {
  const isDtls = isDtlsVersion(span.data.u16(span.at));
  describeHelloStart(span);
  if (isDtls) describeCookie(span);
  const suites = { name: 'handshake.cipher_suites_length', label: 'Cipher suites length' };
  span.vector(16, suites, (list) => {
    list.group('handshake.ciphersuites', 'Cipher suites', list.left, `${list.left >> 1}`, (inner) => {
      while (inner.left >= 2) inner.u16('handshake.ciphersuite', 'Cipher suite', formatCipherSuite);
    });
  });
  const compression = { name: 'handshake.comp_methods_length', label: 'Compression methods length' };
  span.vector(8, compression, (list) => {
    while (list.left > 0) describeCompression(list);
  });
  describeExtensions(span, HandshakeType.ClientHello);
}

function describeServerHello(span: Span): void {
  describeHelloStart(span);
  span.u16('handshake.ciphersuite', 'Cipher suite', formatCipherSuite);
  describeCompression(span);
  describeExtensions(span, HandshakeType.ServerHello);
}

function describeCompression(span: Span): void {
  span.u8('handshake.comp_method', 'Compression method', (method) => (method === 0 ? 'null' : ''));
}

function describeHelloVerifyRequest(span: Span): void {
  span.u16('handshake.version', 'Version', formatVersion);
  describeCookie(span);
}

function describeCookie(span: Span): void {
  span.vector(8, { name: 'handshake.cookie_length', label: 'Cookie length' }, (cookie) => {
    cookie.rest('handshake.cookie', 'Cookie');
  });
}

function describeTicket(span: Span, version: number): void {
  span.u32('handshake.session_ticket_lifetime_hint', 'Lifetime', (seconds) => `${seconds} s`);
  if (isVersion13(version)) {
    span.u32('handshake.session_ticket_age_add', 'Age add');
    span.vector(8, { name: 'handshake.session_ticket_nonce_length', label: 'Nonce length' }, (nonce) => {
      nonce.rest('handshake.session_ticket_nonce', 'Nonce');
    });
  }
  span.vector(16, { name: 'handshake.session_ticket_length', label: 'Ticket length' }, (ticket) => {
    ticket.rest('handshake.session_ticket', 'Ticket');
  });
  describeExtensions(span, HandshakeType.NewSessionTicket);
}

function describeCertificateRequest(span: Span, version: number): void {
  if (isVersion13(version)) {
    const length = { name: 'handshake.certificate_request_context_length', label: 'Context length' };
    span.vector(8, length, (context) => {
      context.rest('handshake.certificate_request_context', 'Certificate request context');
    });
    describeExtensions(span, HandshakeType.CertificateRequest);
    return;
  }
  span.vector(8, { name: 'handshake.cert_types_count', label: 'Certificate types count' }, (list) => {
    while (list.left > 0) list.u8('handshake.cert_type', 'Certificate type', formatClientCertificateType);
  });
  if (hasSignatureAlgorithms(version)) describeSignatureAlgorithms(span);
  span.vector(16, { name: 'handshake.dnames_len', label: 'Distinguished names length' }, (list) => {
    while (list.left >= 2) {
      list.vector(16, { name: 'handshake.dname_len', label: 'Distinguished name length' }, (name) => {
        name.rest('handshake.dname', 'Distinguished name');
      });
    }
  });
}

/** RFC 6066, section 8. */
function describeCertificateStatus(span: Span): void {
  const type = { name: 'handshake.extensions_status_request_type', label: 'Status type' };
  span.u8(type.name, type.label, (code) => (code === 1 ? 'OCSP' : ''));
  span.vector(24, { name: 'handshake.ocsp_response_len', label: 'OCSP response length' }, (response) => {
    response.rest('handshake.ocsp_response', 'OCSP response');
  });
}
