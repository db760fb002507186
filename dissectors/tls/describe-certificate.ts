/** The Certificate message in the detail tree (RFC 5246, section 7.4.2; RFC 8446, section 4.4.2). */
import { describeExtensions } from './describe-extensions.ts';
import { HandshakeType } from './handshake.ts';
import type { Span } from './span.ts';
import { type CertificateFacts, readCertificate } from './x509.ts';

/** Adds a whole Certificate message; of 1.3 each certificate is followed by extensions. */
export function describeCertificates(span: Span, isVersion13: boolean): void {
  if (isVersion13) {
    const length = { name: 'handshake.certificate_request_context_length', label: 'Context length' };
    span.vector(8, length, (context) => {
      context.rest('handshake.certificate_request_context', 'Certificate request context');
    });
  }
  span.vector(24, { name: 'handshake.certificates_length', label: 'Certificates length' }, (list) => {
    while (list.left >= 3) {
      list.vector(24, { name: 'handshake.certificate_length', label: 'Certificate length' }, describeCertificate);
      if (isVersion13) describeExtensions(list, HandshakeType.Certificate);
    }
  });
}

function describeCertificate(span: Span): void {
  const { at, left } = span;
  if (left === 0) return;
  const view = span.view();
  const facts = readCertificate(view.bytes.slice(view.start, view.start + view.length));
  if (facts === null) span.fault('certificate', 'This is no certificate in DER', at, left);
  span.group('handshake.certificate', 'Certificate', left, facts === null ? '' : titleOf(facts), (part) => {
    if (facts !== null) describeFacts(part, facts);
    part.rest('handshake.certificate.der', 'DER');
  });
}

function titleOf({ subject, isSelfSigned }: CertificateFacts): string {
  return `${subject.commonName || subject.text || 'no subject'}${isSelfSigned ? ', self-signed' : ''}`;
}

function describeFacts(span: Span, facts: CertificateFacts): void {
  const { at, left, tree } = span;
  const add = (name: string, label: string, value: string | boolean, meaning = ''): void => {
    if (value === '') return;
    if (meaning === '') tree.field(name, label, at, left, value);
    else tree.field(name, label, at, left, value, meaning);
  };
  add('x509af.subject', 'Subject', facts.subject.text);
  add('x509af.issuer', 'Issuer', facts.issuer.text);
  add('x509af.serialNumber', 'Serial number', facts.serial);
  add('x509af.notBefore', 'Valid from', facts.notBefore);
  add('x509af.notAfter', 'Valid until', facts.notAfter);
  for (const name of facts.dnsNames) add('x509ce.dNSName', 'DNS name', name);
  for (const address of facts.ipAddresses) add('x509ce.iPAddress', 'IP address', address);
  add('x509af.subjectPublicKey', 'Public key', facts.keyType, facts.keyBits > 0 ? `${facts.keyBits} bits` : '');
  add('x509af.signature', 'Signature algorithm', facts.signatureAlgorithm);
  add('x509af.self_signed', 'Subject is issuer', facts.isSelfSigned);
}
