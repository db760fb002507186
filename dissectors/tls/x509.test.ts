import { expect, test } from 'vitest';
import { Octets } from '../../base/octets.ts';
import { fromHex } from '../rtcp/samples.ts';
import { parseCertificates } from './handshake.ts';
import { tlsSamples } from './samples.ts';
import { readCertificate } from './x509.ts';

/** The certificate of a sample record. */
function derOf(name: 'certificate' | 'clientCertificate'): Uint8Array {
  return parseCertificates(new Octets(fromHex(tlsSamples[name])).sub(9), false)[0];
}

/** An element of DER with what it holds, all in hexadecimal; at most 255 octets. */
function element(tag: string, ...contents: string[]): string {
  const inside = contents.join('');
  const length = (inside.length / 2).toString(16).padStart(2, '0');
  return `${tag}${inside.length < 256 ? '' : '81'}${length}${inside}`;
}

function commonName(value: string): string {
  return element('30', element('31', element('30', '0603550403', value)));
}

test('reads what openssl x509 -text says', () => {
  expect(readCertificate(derOf('certificate'))).toEqual({
    subject: {
      commonName: 'sip.example.com',
      organization: 'Example Ltd',
      text: 'O=Example Ltd, CN=sip.example.com',
    },
    issuer: {
      commonName: 'sip.example.com',
      organization: 'Example Ltd',
      text: 'O=Example Ltd, CN=sip.example.com',
    },
    serial: '1234',
    notBefore: '2026-11-21T08:04:47Z',
    notAfter: '2036-11-18T08:04:47Z',
    dnsNames: ['sip.example.com', '*.example.org'],
    ipAddresses: ['192.0.2.7', '2001:db8:0:0:0:0:0:7'],
    keyType: 'ECDSA secp256r1',
    keyBits: 256,
    signatureAlgorithm: 'ecdsa-with-SHA256',
    isSelfSigned: true,
  });
});

test('reads an Ed25519 key, and a time past 2049', () => {
  const facts = readCertificate(derOf('clientCertificate'));
  expect(facts).toMatchObject({ keyType: 'Ed25519', keyBits: 256, signatureAlgorithm: 'Ed25519', dnsNames: [] });
  // 30 000 days, which UTCTime cannot say.
  expect(facts?.notAfter).toBe('2109-01-10T08:04:47Z');
});

test('reads an RSA key, another issuer, and a name in BMPString', () => {
  // Made by hand: modulus of 16 bits, CN=A issued by CN=B.
  const body = element(
    '30',
    '020105',
    element('30', '06092a864886f70d01010b', '0500'),
    commonName('0c0142'),
    element('30', '170d3439303130313030303030305a', '170d3530303130313030303030305a'),
    commonName('1e020041'),
    element('30', element('30', '06092a864886f70d010101', '0500'), element('03', '00', '3007', '020300c001', '0200')),
  );
  const facts = readCertificate(fromHex(element('30', body)));
  expect(facts).toMatchObject({
    subject: { commonName: 'A' },
    issuer: { commonName: 'B' },
    serial: '05',
    notBefore: '2049-01-01T00:00:00Z',
    notAfter: '1950-01-01T00:00:00Z',
    keyType: 'RSA',
    keyBits: 16,
    signatureAlgorithm: 'sha256WithRSAEncryption',
    isSelfSigned: false,
  });
});

test('cut or damaged anywhere it is null or facts, never an exception', () => {
  const der = derOf('certificate');
  for (let length = 0; length < der.length; length++) expect(readCertificate(der.slice(0, length))).toBeNull();
  for (let at = 0; at < der.length; at++) {
    const damaged = der.slice();
    damaged[at] ^= 0xff;
    expect(() => readCertificate(damaged)).not.toThrow();
  }
  expect(readCertificate(fromHex('3000'))).toBeNull();
});
