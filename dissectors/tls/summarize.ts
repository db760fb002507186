/** The packet list's line for TLS and DTLS, in the words every analyser uses. */
import type { Octets } from '../../base/octets.ts';
import { type HandshakeHeader, HandshakeType, readHandshakeHeader } from './handshake.ts';
import { parseClientHello, parseServerHello } from './hello.ts';
import { formatAlert, formatAlertLevel, formatContentType, formatHandshakeType } from './names.ts';
import { isEncrypted } from './read-content.ts';
import { ContentType, findConnectionIdLength, readDtlsRecord, readTlsRecord, RecordHeader } from './records.ts';

/** Titles a line names before it says how many more there are. */
const NAMED = 8;
/** Encrypted handshake messages are Finished and little else: a longer record more likely continues a message. */
const LONG_HANDSHAKE = 256;

/** `Client Hello (SNI=example.com)`, `Server Hello, Certificate, Server Hello Done`, `Application Data`. */
export function summarizeTls(data: Octets): string {
  const header = new RecordHeader();
  if (!readTlsRecord(data, 0, header)) return 'TLS';
  const end = Math.min(header.headerLength + header.length, data.length);
  return contentTitle(data, header, Math.min(header.headerLength, end), end, false);
}

/** The same of every record in a datagram. */
export function summarizeDtls(data: Octets): string {
  const header = new RecordHeader();
  const identifier = findConnectionIdLength(data);
  const titles: string[] = [];
  let at = 0;
  while (at < data.length && readDtlsRecord(data, at, identifier, header)) {
    const contentAt = at + header.headerLength;
    at = Math.min(contentAt + header.length, data.length);
    titles.push(contentTitle(data, header, Math.min(contentAt, at), at, true));
  }
  return joined(titles) || 'DTLS';
}

/** What a record holds, from `at` to `end`. */
export function contentTitle(data: Octets, header: RecordHeader, at: number, end: number, isDtls: boolean): string {
  const { contentType } = header;
  if (header.isUnified) return 'Encrypted record';
  const encrypted = isEncrypted(data, header, at, end, isDtls);
  switch (contentType) {
    case ContentType.Handshake:
      if (!encrypted) return handshakeTitle(data, at, end, isDtls);
      if (!isDtls && end - at >= LONG_HANDSHAKE) return 'Handshake message, encrypted or continued';
      return 'Encrypted Handshake Message';
    case ContentType.Alert:
      if (encrypted || end - at < 2) return encrypted ? 'Encrypted Alert' : 'Alert';
      return `Alert (Level: ${formatAlertLevel(data.u8(at))}, Description: ${formatAlert(data.u8(at + 1))})`;
    case ContentType.ConnectionId:
      return 'Encrypted record (Connection ID)';
    default:
      return formatContentType(contentType);
  }
}

function handshakeTitle(data: Octets, from: number, end: number, isDtls: boolean): string {
  const titles: string[] = [];
  for (let at = from; at < end; ) {
    const header = readHandshakeHeader(data.sub(at, end - at), 0, isDtls);
    if (header === null) break;
    const bodyAt = at + header.headerLength;
    titles.push(messageTitle(data.sub(bodyAt, end - bodyAt), header));
    at = bodyAt + header.fragmentLength;
  }
  return joined(titles) || 'Handshake';
}

function messageTitle(rest: Octets, { type, length, fragmentOffset, fragmentLength }: HandshakeHeader): string {
  const name = formatHandshakeType(type);
  if (fragmentOffset > 0 || fragmentLength !== length || length > rest.length) return `${name} (Fragment)`;
  const body = rest.sub(0, length);
  if (type === HandshakeType.ClientHello) {
    const serverName = parseClientHello(body)?.serverName ?? '';
    return serverName === '' ? name : `${name} (SNI=${serverName})`;
  }
  return type === HandshakeType.ServerHello && parseServerHello(body)?.isHelloRetryRequest === true
    ? 'Hello Retry Request'
    : name;
}

function joined(titles: readonly string[]): string {
  const more = titles.length - NAMED;
  return [...titles.slice(0, NAMED), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
