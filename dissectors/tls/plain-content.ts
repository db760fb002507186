/**
 * Whether a record's content is readable. DTLS says so by the epoch; in TLS nothing but the content itself does, where
 * one record is all there is to see. No function here allocates.
 */
import type { Octets } from '../../base/octets.ts';
import { HandshakeType, TLS_HANDSHAKE_HEADER } from './handshake.ts';
import { isHandshakeType } from './names.ts';

/** No message of a handshake is longer: certificates have 24 bits of length, and chains of 128 KiB break elsewhere. */
const MAX_PARTIAL_LENGTH = 1 << 17;

/**
 * Whether the content from `at` to `end` of a TLS handshake record begins with a message in clear. Encrypted content
 * reads like random octets: the messages must fill the record to its end, or the last of them begin as its type does.
 */
export function isPlainHandshake(data: Octets, at: number, end: number): boolean {
  let messageAt = at;
  while (messageAt + TLS_HANDSHAKE_HEADER <= end) {
    const type = data.u8(messageAt);
    const length = data.u24(messageAt + 1);
    const bodyAt = messageAt + TLS_HANDSHAKE_HEADER;
    if (!isHandshakeType(type)) return false;
    // A nonce of zeros, with which many implementations begin, reads like two of these.
    if (type === HandshakeType.HelloRequest) return length === 0 && messageAt === at && bodyAt === end;
    if (bodyAt + length > end) return beginsLikeMessage(data, type, bodyAt, length, end);
    messageAt = bodyAt + length;
  }
  return messageAt > at;
}

/** Whether the beginning of a message that goes on in the next record fits its type. */
function beginsLikeMessage(data: Octets, type: number, at: number, length: number, end: number): boolean {
  if (length > MAX_PARTIAL_LENGTH || at + 4 > end) return false;
  switch (type) {
    case HandshakeType.ClientHello:
    case HandshakeType.ServerHello:
      return data.u8(at) === 3 && data.u8(at + 1) <= 4;
    case HandshakeType.NewSessionTicket:
      return at + 6 <= end && data.u16(at + 4) === length - 6;
    case HandshakeType.Certificate:
      return data.u24(at) === length - 3;
    case HandshakeType.CertificateStatus:
      return data.u24(at + 1) === length - 4;
    case HandshakeType.ServerKeyExchange:
      return data.u8(at) === 3 ? data.u8(at + 3) + 4 <= length : data.u16(at) + 2 <= length;
    case HandshakeType.CertificateRequest:
      return data.u8(at) > 0 && data.u8(at) < 16;
    case HandshakeType.ClientKeyExchange:
      return data.u16(at) + 2 === length;
    default:
      return false;
  }
}

/** Whether the content of an alert record is an alert in clear: level and description. */
export function isPlainAlert(data: Octets, at: number, end: number): boolean {
  const level = data.u8(at);
  return end - at === 2 && (level === 1 || level === 2);
}
