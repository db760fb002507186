import { createHash } from 'node:crypto';
import { HEX } from '../../base/octets.ts';
import { readCertificate } from '../../dissectors/tls/x509.ts';
import type { DtlsCertificate } from './dtls-session.ts';

/** A certificate with what SDP says of it (RFC 8122 section 5). */
export function dtlsCertificate(der: Uint8Array): DtlsCertificate {
  return {
    der,
    fingerprints: {
      'sha-1': fingerprint('sha1', der),
      'sha-224': fingerprint('sha224', der),
      'sha-256': fingerprint('sha256', der),
      'sha-384': fingerprint('sha384', der),
      'sha-512': fingerprint('sha512', der),
    },
    subject: readCertificate(der)?.subject.text ?? '',
  };
}

/** `AB:CD:…` */
function fingerprint(hash: string, der: Uint8Array): string {
  return Array.from(createHash(hash).update(der).digest(), (octet) => HEX[octet].toUpperCase()).join(':');
}
