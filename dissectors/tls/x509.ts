/**
 * What a person asks of a certificate, by a walk through its DER (RFC 5280, section 4.1). Nothing is verified. Bounded
 * by the octets given, never throws.
 */
import { Octets } from '../../base/octets.ts';
import { algorithmName, curveSizeBits } from './x509-names.ts';

/** A name: what is empty was not there. */
export interface DistinguishedName {
  readonly commonName: string;
  readonly organization: string;
  /** All attributes that have a short form, e.g. `CN=example.com, O=Example`. */
  readonly text: string;
}

export interface CertificateFacts {
  readonly subject: DistinguishedName;
  readonly issuer: DistinguishedName;
  /** Hexadecimal. */
  readonly serial: string;
  /** ISO 8601 in UTC to the second; '' where it cannot be read. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  /** E.g. `RSA`, `ECDSA secp256r1`, or an object identifier. */
  readonly keyType: string;
  /** 0 where it is not known. */
  readonly keyBits: number;
  /** E.g. `sha256WithRSAEncryption`. */
  readonly signatureAlgorithm: string;
  /** Subject and issuer are the same octets. The signature is not checked. */
  readonly isSelfSigned: boolean;
}

const SEQUENCE = 0x30;
const SET = 0x31;
const OBJECT_IDENTIFIER = 0x06;
const BIT_STRING = 0x03;
const INTEGER = 0x02;
const UTC_TIME = 0x17;
const BMP_STRING = 0x1e;
const EXTENSIONS_TAG = 0xa3;
const SUBJECT_ALT_NAME = '2.5.29.17';
/** More names than this no certificate that works has; a hostile one must not fill the page. */
const MAX_NAMES = 200;

/** One element of DER: where its contents are. */
interface Element {
  readonly tag: number;
  /** Of the element with its header. */
  readonly from: number;
  readonly at: number;
  readonly end: number;
}

/** The facts of a certificate in DER; null where its outline does not read as one. */
export function readCertificate(der: Uint8Array): CertificateFacts | null {
  const data = new Octets(der);
  const outer = elementAt(data, 0, data.length);
  const body = outer === null ? null : elementAt(data, outer.at, outer.end);
  if (body === null || body.tag !== SEQUENCE) return null;
  const parts = children(data, body);
  // The version is there from version 2 on, as [0].
  const first = parts.length > 0 && parts[0].tag === 0xa0 ? 1 : 0;
  if (parts.length < first + 6) return null;
  const [serial, signature, issuer, validity, subject, key] = parts.slice(first);
  if (serial.tag !== INTEGER || key.tag !== SEQUENCE) return null;
  const [notBefore, notAfter] = children(data, validity);
  const { dnsNames, ipAddresses } = readAltNames(data, parts);
  return {
    subject: readName(data, subject),
    issuer: readName(data, issuer),
    serial: data.hex(serial.at, serial.end - serial.at),
    notBefore: readTime(data, notBefore),
    notAfter: readTime(data, notAfter),
    dnsNames,
    ipAddresses,
    ...readKey(data, key),
    signatureAlgorithm: algorithmName(firstIdentifier(data, signature)),
    isSelfSigned:
      data.hex(issuer.from, issuer.end - issuer.from) === data.hex(subject.from, subject.end - subject.from),
  };
}

/** The element at `at`, which must end by `limit`; null where it does not, or where its header is none. */
function elementAt(data: Octets, at: number, limit: number): Element | null {
  if (at + 2 > limit) return null;
  const first = data.u8(at + 1);
  let contentAt = at + 2;
  let length = first;
  if (first >= 0x80) {
    const octets = first & 0x7f;
    if (octets === 0 || octets > 4 || contentAt + octets > limit) return null;
    length = 0;
    for (let i = 0; i < octets; i++) length = length * 256 + data.u8(contentAt + i);
    contentAt += octets;
  }
  const end = contentAt + length;
  return end > limit ? null : { tag: data.u8(at), from: at, at: contentAt, end };
}

/** The elements inside another, as far as they are sound. */
function children(data: Octets, parent: Element | undefined): Element[] {
  const list: Element[] = [];
  if (parent === undefined) return list;
  let { at } = parent;
  for (;;) {
    const child = elementAt(data, at, parent.end);
    if (child === null) return list;
    list.push(child);
    at = child.end;
  }
}

/** Short forms of RFC 4514 and those in common use. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '1.2.840.113549.1.9.1': 'emailAddress',
  '0.9.2342.19200300.100.1.25': 'DC',
};

function readName(data: Octets, name: Element): DistinguishedName {
  const attributes: [string, string][] = [];
  for (const set of children(data, name)) {
    if (set.tag !== SET || attributes.length >= MAX_NAMES) continue;
    for (const pair of children(data, set)) {
      const [type, value] = children(data, pair);
      if (value !== undefined && type.tag === OBJECT_IDENTIFIER) {
        attributes.push([identifierText(data, type), readText(data, value)]);
      }
    }
  }
  const valueOf = (short: string): string => attributes.find(([type]) => ATTRIBUTES[type] === short)?.[1] ?? '';
  return {
    commonName: valueOf('CN'),
    organization: valueOf('O'),
    text: attributes.map(([type, value]) => `${ATTRIBUTES[type] ?? type}=${value}`).join(', '),
  };
}

function readText(data: Octets, element: Element): string {
  if (element.tag !== BMP_STRING) return data.text(element.at, element.end - element.at);
  let text = '';
  for (let at = element.at; at + 2 <= element.end; at += 2) text += String.fromCharCode(data.u16(at));
  return text;
}

/** UTCTime or GeneralizedTime as RFC 5280, section 4.1.2.5 has them: to the second, in UTC. */
function readTime(data: Octets, element: Element | undefined): string {
  if (element === undefined) return '';
  const digits = data.text(element.at, element.end - element.at);
  const match = /^(\d{2,4}?)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(digits);
  if (match === null) return '';
  const [, year, month, day, hour, minute, second] = match;
  const short = element.tag === UTC_TIME;
  if (year.length !== (short ? 2 : 4)) return '';
  const century = Number(year) >= 50 ? '19' : '20';
  return `${short ? century : ''}${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}

function readAltNames(data: Octets, parts: readonly Element[]): { dnsNames: string[]; ipAddresses: string[] } {
  const dnsNames: string[] = [];
  const ipAddresses: string[] = [];
  const wrapped = parts.find(({ tag }) => tag === EXTENSIONS_TAG);
  const [list] = children(data, wrapped);
  for (const extension of children(data, list)) {
    const members = children(data, extension);
    const [id] = members;
    if (id === undefined || id.tag !== OBJECT_IDENTIFIER || identifierText(data, id) !== SUBJECT_ALT_NAME) continue;
    const [names] = children(data, members.at(-1));
    for (const name of children(data, names)) {
      if (dnsNames.length + ipAddresses.length >= MAX_NAMES) break;
      const length = name.end - name.at;
      if (name.tag === 0x82) dnsNames.push(data.text(name.at, length));
      else if (name.tag === 0x87) ipAddresses.push(formatAddress(data, name.at, length));
    }
  }
  return { dnsNames, ipAddresses };
}

function formatAddress(data: Octets, at: number, length: number): string {
  if (length === 4) return [0, 1, 2, 3].map((i) => data.u8(at + i)).join('.');
  if (length !== 16) return data.hex(at, length);
  return Array.from({ length: 8 }, (_, i) => data.u16(at + 2 * i).toString(16)).join(':');
}

function readKey(data: Octets, key: Element): { keyType: string; keyBits: number } {
  const [algorithm, value] = children(data, key);
  const [type, parameter] = children(data, algorithm);
  const id = type === undefined || type.tag !== OBJECT_IDENTIFIER ? '' : identifierText(data, type);
  const name = algorithmName(id);
  if (name === 'EC' && parameter !== undefined && parameter.tag === OBJECT_IDENTIFIER) {
    const curve = algorithmName(identifierText(data, parameter));
    return { keyType: `ECDSA ${curve}`, keyBits: curveSizeBits(curve) };
  }
  if (name === 'RSA' && value !== undefined && value.tag === BIT_STRING) {
    return { keyType: name, keyBits: modulusBits(data, value) };
  }
  return { keyType: name, keyBits: curveSizeBits(name) };
}

/** Bits of the modulus in the RSAPublicKey that a BIT STRING holds (RFC 8017, appendix A.1.1). */
function modulusBits(data: Octets, value: Element): number {
  const sequence = elementAt(data, value.at + 1, value.end);
  const [modulus] = sequence === null ? [] : children(data, sequence);
  if (modulus === undefined || modulus.tag !== INTEGER) return 0;
  let { at } = modulus;
  while (at < modulus.end && data.u8(at) === 0) at++;
  return at === modulus.end ? 0 : (modulus.end - at) * 8 - (Math.clz32(data.u8(at)) - 24);
}

function firstIdentifier(data: Octets, parent: Element): string {
  const [first] = children(data, parent);
  return first === undefined || first.tag !== OBJECT_IDENTIFIER ? '' : identifierText(data, first);
}

/** `1.2.840.113549` of the octets (X.690, section 8.19); hexadecimal where they are none. */
function identifierText(data: Octets, element: Element): string {
  const arcs: number[] = [];
  let value = 0;
  for (let { at } = element; at < element.end; at++) {
    const octet = data.u8(at);
    value = value * 128 + (octet & 0x7f);
    if (value > Number.MAX_SAFE_INTEGER / 128) return data.hex(element.at, element.end - element.at);
    if (octet >= 0x80) continue;
    if (arcs.length === 0) {
      const top = Math.min(2, Math.floor(value / 40));
      arcs.push(top, value - top * 40);
    } else {
      arcs.push(value);
    }
    value = 0;
  }
  return arcs.join('.');
}
