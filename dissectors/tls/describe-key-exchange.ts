/**
 * Key exchanges in the detail tree: RFC 5246, sections 7.4.3 and 7.4.7; RFC 8422, section 5.4; RFC 4279 for PSK. Which
 * kind a message is the cipher suite says, in another record; here its lengths do, which fit one kind.
 */
import type { Octets } from '../../base/octets.ts';
import { hasSignatureAlgorithms, NAMED_CURVE } from './handshake.ts';
import { formatGroup, formatSignatureScheme } from './names.ts';
import type { Span } from './span.ts';

const UNKNOWN_KIND = 'The cipher suite says what it is';

/** ECDHE with a named curve or DHE, with a signature or none, after a PSK hint or none; others as octets. */
export function describeServerKeyExchange(span: Span, version: number): void {
  const view = span.view();
  const end = parametersEnd(view, 0);
  if (end >= 0 && isSignature(view, end, version)) {
    describeParameters(span);
    describeSignature(span, version, 'handshake.sig');
    return;
  }
  const hintEnd = 2 + view.u16(0);
  if (hintEnd === view.length || parametersEnd(view, hintEnd) === view.length) {
    span.vector(16, { name: 'handshake.hint_len', label: 'PSK hint length' }, (hint) => {
      hint.restText('handshake.hint', 'PSK hint');
    });
    if (span.left > 0) describeParameters(span);
  } else {
    span.rest('handshake.server_key_exchange', 'Key exchange', UNKNOWN_KIND);
  }
}

export function describeClientKeyExchange(span: Span): void {
  const view = span.view();
  if (view.length > 1 && view.u8(0) === view.length - 1) {
    span.vector(8, { name: 'handshake.client_point_len', label: 'Public key length' }, (point) => {
      point.rest('handshake.client_point', 'Public key');
    });
  } else if (view.length > 2 && view.u16(0) === view.length - 2) {
    span.vector(16, { name: 'handshake.epms_len', label: 'Length' }, (secret) => {
      secret.rest('handshake.epms', 'Encrypted premaster secret, public key or PSK identity');
    });
  } else {
    span.rest('handshake.client_key_exchange', 'Key exchange', UNKNOWN_KIND);
  }
}

/** A signature with its algorithm, where the version tells it; `name` is the field's, its length's has `_len`. */
export function describeSignature(span: Span, version: number, name: string): void {
  if (span.left === 0) return;
  if (hasSignatureAlgorithms(version)) {
    span.u16('handshake.sig_hash_alg', 'Signature algorithm', formatSignatureScheme);
  }
  span.vector(16, { name: `${name}_len`, label: 'Signature length' }, (signature) => {
    signature.rest(name, 'Signature');
  });
}

function describeParameters(span: Span): void {
  if (isNamedCurve(span.view(), 0)) {
    span.u8('handshake.server_curve_type', 'Curve type', () => 'named_curve');
    span.u16('handshake.server_named_curve', 'Named curve', formatGroup);
    span.vector(8, { name: 'handshake.server_point_len', label: 'Public key length' }, (point) => {
      point.rest('handshake.server_point', 'Public key');
    });
    return;
  }
  for (const [name, label] of DHE_PARTS) {
    span.vector(16, { name: `handshake.${name}_len`, label: `${label} length` }, (value) => {
      value.rest(`handshake.${name}`, label);
    });
  }
}

const DHE_PARTS = [
  ['p', 'p'],
  ['g', 'g'],
  ['ys', 'Public key'],
] as const;

/** Where the parameters that begin at `at` end, by either kind; −1 where neither fits. */
function parametersEnd(view: Octets, at: number): number {
  if (isNamedCurve(view, at)) return at + 4 + view.u8(at + 3);
  let end = at;
  for (let i = 0; i < DHE_PARTS.length; i++) {
    if (end + 2 > view.length || view.u16(end) === 0) return -1;
    end += 2 + view.u16(end);
  }
  return end <= view.length ? end : -1;
}

function isNamedCurve(view: Octets, at: number): boolean {
  return at + 4 <= view.length && view.u8(at) === NAMED_CURVE && at + 4 + view.u8(at + 3) <= view.length;
}

/** Whether what begins at `at` is a signature to the end, or nothing (anonymous key exchange). */
function isSignature(view: Octets, at: number, version: number): boolean {
  if (at === view.length) return true;
  const lengthAt = hasSignatureAlgorithms(version) ? at + 2 : at;
  return lengthAt + 2 <= view.length && lengthAt + 2 + view.u16(lengthAt) === view.length;
}
