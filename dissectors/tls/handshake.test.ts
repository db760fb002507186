import { describe, expect, test } from 'vitest';
import { Octets } from '../../base/octets.ts';
import { fromHex } from '../rtcp/samples.ts';
import {
  DTLS_HANDSHAKE_HEADER,
  parseCertificateRequest,
  parseCertificates,
  parseCertificateVerify,
  parseClientHello,
  parseEncryptedExtensions,
  parseFinished,
  parseHelloVerifyRequest,
  parseKeyUpdate,
  parseNewSessionTicket,
  parseServerHello,
  parseServerKeyExchange,
  readHandshakeHeader,
  TLS_HANDSHAKE_HEADER,
} from './handshake.ts';
import { DTLS_RECORD_HEADER, TLS_RECORD_HEADER } from './records.ts';
import { dtlsSamples, tlsSamples } from './samples.ts';
import { formatCipherSuite, formatExtension, formatGroup, formatSrtpProfile } from './names.ts';

// The expected figures are tshark's of the same handshakes.

function hex(octets: Uint8Array): string {
  return new Octets(octets).hex();
}

/** The body of the first message of a record. */
function tlsBody(name: keyof typeof tlsSamples): Octets {
  return new Octets(fromHex(tlsSamples[name])).sub(TLS_RECORD_HEADER + TLS_HANDSHAKE_HEADER);
}

function dtlsBody(name: keyof typeof dtlsSamples): Octets {
  const datagram = new Octets(fromHex(dtlsSamples[name]));
  const header = readHandshakeHeader(datagram, DTLS_RECORD_HEADER, true);
  return datagram.sub(DTLS_RECORD_HEADER + DTLS_HANDSHAKE_HEADER, header?.fragmentLength ?? 0);
}

describe('hellos', () => {
  test('a ClientHello of TLS 1.2', () => {
    expect(parseClientHello(tlsBody('clientHello'))).toMatchObject({
      legacyVersion: 0x0303,
      random: fromHex('2733a9cb86f883a3a93631718dffde2f5063be465ac5f8b154eb49b5b00f23cf'),
      sessionId: new Uint8Array(0),
      cookie: new Uint8Array(0),
      cipherSuites: [0xc02b, 0x00a8, 0x00ff],
      compression: [0],
      supportedVersions: [],
      serverName: 'sip.example.com',
      alpn: ['sip', 'http/1.1'],
      srtpProfiles: [],
      extendedMasterSecret: true,
      encryptThenMac: true,
      connectionId: null,
    });
    expect(parseClientHello(tlsBody('clientHello'))?.extensions.map(({ type }) => type)).toEqual([
      0, 11, 10, 35, 16, 22, 23, 13,
    ]);
  });

  test('its answer', () => {
    expect(parseServerHello(tlsBody('serverHello'))).toMatchObject({
      version: 0x0303,
      random: fromHex('a85e88d4e6d32bfc495865bf1bc0632573997ec694054a71a73efe97ede23688'),
      cipherSuite: 0xc02b,
      alpn: ['sip'],
      srtpProfile: null,
      extendedMasterSecret: true,
      encryptThenMac: false,
      isHelloRetryRequest: false,
    });
  });

  test('TLS 1.3 is told by supported_versions, a HelloRetryRequest by its random', () => {
    const client = parseClientHello(tlsBody('clientHello13'));
    expect(client).toMatchObject({ legacyVersion: 0x0303, supportedVersions: [0x0304], groups: [29, 24] });
    expect(client?.serverName).toBe('');
    expect(parseServerHello(tlsBody('helloRetryRequest'))).toMatchObject({
      legacyVersion: 0x0303,
      version: 0x0304,
      cipherSuite: 0x1302,
      isHelloRetryRequest: true,
    });
    expect(parseServerHello(tlsBody('serverHello13'))).toMatchObject({ version: 0x0304, isHelloRetryRequest: false });
  });

  test('DTLS: cookie and use_srtp', () => {
    const first = parseClientHello(dtlsBody('clientHello'));
    const again = parseClientHello(dtlsBody('clientHelloAgain'));
    const request = parseHelloVerifyRequest(dtlsBody('helloVerifyRequest'));
    expect(first).toMatchObject({ legacyVersion: 0xfefd, cookie: new Uint8Array(0), srtpProfiles: [7, 1] });
    expect(request).toMatchObject({ version: 0xfeff });
    expect(request?.cookie.length).toBe(20);
    expect(again?.cookie).toEqual(request?.cookie);
    expect(again?.random).toEqual(first?.random);
    expect(parseServerHello(dtlsBody('serverHello'))).toMatchObject({
      version: 0xfefd,
      cipherSuite: 0xc02b,
      srtpProfile: 1,
      srtpMki: new Uint8Array(0),
    });
  });

  test('use_srtp with an MKI, and a connection identifier, in EncryptedExtensions', () => {
    const facts = parseEncryptedExtensions(new Octets(fromHex('0012 000e0007 0002 0008 02 abcd 0036 0003 02 1122')));
    expect(facts).toMatchObject({ srtpProfiles: [8], alpn: [] });
    expect(hex(facts?.srtpMki ?? new Uint8Array(0))).toBe('abcd');
    expect(hex(facts?.connectionId ?? new Uint8Array(0))).toBe('1122');
    expect(parseEncryptedExtensions(new Octets(fromHex('00')))).toBeNull();
  });

  test('what was copied outlives the view', () => {
    const bytes = fromHex(tlsSamples.clientHello);
    const view = new Octets(bytes).sub(TLS_RECORD_HEADER + TLS_HANDSHAKE_HEADER);
    const hello = parseClientHello(view);
    bytes.fill(0);
    expect(hello?.random[0]).toBe(0x27);
  });

  test('cut anywhere, a hello is null or holds what was there', () => {
    for (const [parse, body] of [
      [parseClientHello, tlsBody('clientHello13')],
      [parseServerHello, tlsBody('serverHello13')],
      [parseClientHello, dtlsBody('clientHelloAgain')],
    ] as const) {
      const whole = parse(body)?.extensions.length ?? 0;
      const counts = Array.from({ length: body.length }, (_, n) => parse(body.sub(0, n))?.extensions.length ?? -1);
      expect(counts[33]).toBe(-1);
      expect(counts.at(-1)).toBe(whole - 1);
      expect(Math.max(...counts)).toBe(whole - 1);
    }
  });
});

describe('other messages', () => {
  test('headers', () => {
    const record = new Octets(fromHex(dtlsSamples.certificateMiddle));
    expect(readHandshakeHeader(record, DTLS_RECORD_HEADER, true)).toEqual({
      type: 11,
      length: 498,
      messageSequence: 2,
      fragmentOffset: 152,
      fragmentLength: 247,
      headerLength: 12,
    });
    expect(readHandshakeHeader(new Octets(fromHex('0e000000')), 0, false)).toMatchObject({ type: 14, length: 0 });
    expect(readHandshakeHeader(new Octets(fromHex('0e0000')), 0, false)).toBeNull();
  });

  test('certificates, before and in 1.3', () => {
    const body = tlsBody('certificate');
    const [certificate, ...others] = parseCertificates(body, false);
    expect(others).toEqual([]);
    expect(certificate.length).toBe(492);
    const der = hex(certificate);
    const length = body.hex(3, 3);
    const list13 = new Octets(fromHex(`00 0001f1 ${length} ${der} 0000`));
    expect(parseCertificates(list13, true).map(hex)).toEqual([der]);
    expect(parseCertificates(body.sub(0, 100), false)).toEqual([]);
    expect(parseCertificates(new Octets(fromHex('000005 000001 aa 0000')), false).map(hex)).toEqual(['aa']);
  });

  test('CertificateRequest', () => {
    const request = parseCertificateRequest(tlsBody('certificateRequest'), 0x0303);
    expect(request?.certificateTypes).toEqual([1, 2, 64]);
    expect(request?.signatureAlgorithms[0]).toBe(0x0403);
    expect(request?.authorities).toEqual([]);
    expect(parseCertificateRequest(new Octets(fromHex('02 0140 0004 0002 3000')), 0x0302)).toMatchObject({
      certificateTypes: [1, 64],
      signatureAlgorithms: [],
      authorities: [fromHex('3000')],
    });
    const of13 = new Octets(fromHex('01 aa 0008 000d 0004 0002 0804'));
    expect(parseCertificateRequest(of13, 0x0304)?.extensions).toEqual([{ type: 13, at: 8, length: 4 }]);
  });

  test('key exchange, signature, tickets, Finished, KeyUpdate', () => {
    const exchange = parseServerKeyExchange(tlsBody('serverKeyExchange'));
    expect([exchange?.group, exchange?.publicKey.length]).toEqual([29, 32]);
    expect(parseServerKeyExchange(new Octets(fromHex('0001 02 0001 03 0001 04')))).toBeNull();
    const verify = parseCertificateVerify(tlsBody('certificateVerify'), 0x0303);
    expect([verify?.algorithm, verify?.signature.length]).toEqual([0x0807, 64]);
    expect(parseCertificateVerify(new Octets(fromHex('0002 abcd')), 0x0301)?.algorithm).toBe(0);
    const ticket = new Octets(fromHex('00000e10 0003 aabbcc'));
    expect(parseNewSessionTicket(ticket, 0x0303)).toMatchObject({ lifetimeSeconds: 3600, ticket: fromHex('aabbcc') });
    const ticket13 = new Octets(fromHex('00000e10 00000007 01 05 0001 aa 0000'));
    expect(parseNewSessionTicket(ticket13, 0x0304)).toMatchObject({ ageAdd: 7, nonce: fromHex('05') });
    expect(parseNewSessionTicket(ticket13, 0x0303)?.ticket.length).toBe(0);
    expect(hex(parseFinished(new Octets(fromHex('0102'))))).toBe('0102');
    expect(parseKeyUpdate(new Octets(fromHex('01')))).toEqual({ isRequested: true });
    expect(parseKeyUpdate(new Octets(fromHex('02')))).toBeNull();
  });
});

test('names', () => {
  expect([0x1301, 0xc02f, 0xcca8, 0x00ae, 0x002f, 0xc09c].map(formatCipherSuite)).toEqual([
    'TLS_AES_128_GCM_SHA256',
    'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
    'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
    'TLS_PSK_WITH_AES_128_CBC_SHA256',
    'TLS_RSA_WITH_AES_128_CBC_SHA',
    'TLS_RSA_WITH_AES_128_CCM',
  ]);
  expect([0x3a3a, 0x1234].map(formatCipherSuite)).toEqual(['GREASE', '0x1234']);
  expect([14, 0xff01, 0x0b0b].map(formatExtension)).toEqual(['use_srtp', 'renegotiation_info', '0x0b0b']);
  expect(formatGroup(29)).toBe('x25519');
  expect(formatSrtpProfile(7)).toBe('SRTP_AEAD_AES_128_GCM');
});
