/** One attribute in the detail tree. */
import type { Octets } from '../../base/octets.ts';
import type { TreeBuilder } from '../dissector.ts';
import { AddressFamily, addressLength } from './address-text.ts';
import { attributeLayout, type Part } from './attribute-layouts.ts';
import { attributeName, isComprehensionRequired, StunAttribute as A } from './attributes.ts';
import { ATTRIBUTE_HEADER, fingerprintOf } from './message-header.ts';
import { errorName } from './methods.ts';
import { errorText, formatAddress, textWithoutZeros } from './summarize-stun.ts';

const ADDRESS = 'address';
const XORED = 'xored';
/** Attributes whose value is a transport address. */
const ADDRESSES: Readonly<Record<number, typeof ADDRESS | typeof XORED>> = {
  0x0001: ADDRESS,
  0x0002: ADDRESS,
  0x0004: ADDRESS,
  0x0005: ADDRESS,
  0x000b: ADDRESS,
  0x000e: ADDRESS,
  0x0011: ADDRESS,
  0x0012: XORED,
  0x0016: XORED,
  0x0020: XORED,
  0x0028: XORED,
  0x8020: XORED,
  0x8023: ADDRESS,
  0x802b: ADDRESS,
  0x802c: ADDRESS,
  0x8059: XORED,
  0x805a: XORED,
  0x805b: XORED,
  0x805c: XORED,
  0x8090: ADDRESS,
};
const CLASSIC_REQUESTED_ADDRESS = 0x0016;
const UNKNOWN_ATTRIBUTES = 0x000a;
const PASSWORD_ALGORITHMS = 0x8002;
const ADDRESS_ERROR_CODE = 0x8001;
const MISC_INFO = 0xc059;
const ALGORITHMS: Readonly<Record<number, string>> = { 0: 'reserved', 1: 'MD5', 2: 'SHA-256' };

/** The message that an attribute is in, as its description needs it. */
export interface AttributeContext {
  readonly data: Octets;
  readonly tree: TreeBuilder;
  /** Where the message begins. */
  readonly messageAt: number;
  readonly isClassic: boolean;
  /** An attribute that is not all there was cut by the capture. */
  readonly truncated: boolean;
}

/**
 * Adds the attribute at `at`, whose own length field says `length` and whose last octet, padding counted, is before `end`.
 * `held` ends what may be read of its value: the message's or the capture's end where those come first.
 */
export function describeAttribute(message: AttributeContext, at: number, held: number, end: number): void {
  const { data, tree, isClassic } = message;
  const type = data.u16(at);
  const length = data.u16(at + 2);
  const name = attributeName(type, isClassic) || 'Unknown attribute';
  const valueAt = at + ATTRIBUTE_HEADER;
  const value = new Value(message, valueAt, Math.min(valueAt + length, held));
  tree.group('stun.attribute', name, at, end - at, titleOf(message, type, valueAt, value.end - valueAt), () => {
    const need = isComprehensionRequired(type) ? 'comprehension required' : 'comprehension optional';
    tree.field('stun.att.type', 'Type', at, 2, type, `0x${hex4(type)}, ${need}`);
    tree.field('stun.att.length', 'Length', at + 2, 2, length, 'octets');
    describeValue(value, type, length, isClassic);
    value.rest();
    if (value.end < end)
      tree.field('stun.att.padding', 'Padding', value.end, end - value.end, data.hex(value.end, end - value.end));
  });
}

function describeValue(value: Value, type: number, length: number, isClassic: boolean): void {
  const isOldRequest = isClassic && type === CLASSIC_REQUESTED_ADDRESS;
  const address = isOldRequest ? undefined : ADDRESSES[type];
  if (address !== undefined) {
    return describeAddress(value, address === XORED && !(isClassic && type === A.XorPeerAddress));
  }
  switch (type) {
    case A.ErrorCode:
      return describeError(value, 2);
    case ADDRESS_ERROR_CODE:
      return describeError(value, 1);
    case UNKNOWN_ATTRIBUTES:
      while (value.has(2)) value.u16('unknown', 'Attribute', (unknown) => attributeName(unknown, isClassic));
      return;
    case A.PasswordAlgorithm:
    case PASSWORD_ALGORITHMS:
      while (value.has(4)) describeAlgorithm(value);
      return;
    case MISC_INFO:
      while (value.has(2)) value.u16('google.misc_info', 'Entry');
      return;
    case A.Fingerprint:
      return describeFingerprint(value);
    default:
      for (const part of attributeLayout(type, length, isClassic)) value.part(part);
  }
}

function describeAddress(value: Value, isXored: boolean): void {
  const { data, tree, messageAt } = value.message;
  const from = value.at;
  const family = data.u8(from + 1);
  const text = formatAddress(data, from, value.end - from, isXored ? messageAt + 4 : -1);
  value.octets(1, 'reserved', 'Reserved');
  value.number(1, 'family', 'Protocol family', (said) => (said === 1 ? 'IPv4' : said === 2 ? 'IPv6' : ''));
  if (text === '') {
    if (value.has(2) && addressLength(family) === 0) {
      tree.fault('stun-address-family', 'Neither IPv4 nor IPv6', from + 1, 1);
    } else if (!value.message.truncated) {
      tree.fault('stun-attribute-short', 'Too short for an address', from - 2, 2);
    }
    return;
  }
  const colon = text.lastIndexOf(':');
  const isIPv6 = family === AddressFamily.IPv6;
  const address = isIPv6 ? text.slice(1, colon - 1) : text.slice(0, colon);
  const length = isIPv6 ? 16 : 4;
  tree.field('stun.att.port', 'Port', from + 2, 2, Number(text.slice(colon + 1)));
  tree.field(isIPv6 ? 'stun.att.ipv6' : 'stun.att.ipv4', 'IP', from + 4, length, address);
  value.at = from + 4 + length;
}

/** ERROR-CODE, and ADDRESS-ERROR-CODE, which has the family first (RFC 8656, section 18.11). */
function describeError(value: Value, reservedLength: 1 | 2): void {
  if (reservedLength === 1) value.number(1, 'family', 'Protocol family');
  value.octets(reservedLength, 'reserved', 'Reserved');
  if (!value.has(2)) return value.short('Too short for an error code');
  const { data, tree } = value.message;
  const code = (data.u8(value.at) & 7) * 100 + data.u8(value.at + 1);
  tree.field('stun.att.error.code', 'Code', value.at, 2, code, errorName(code));
  value.number(1, 'error.class', 'Class');
  value.number(1, 'error', 'Number');
  const length = value.end - value.at;
  const reason = textWithoutZeros(data, value.at, length);
  if (length > 0) tree.field('stun.att.error.reason', 'Reason phrase', value.at, length, reason);
  value.at = value.end;
}

function describeAlgorithm(value: Value): void {
  value.u16('pw_alg', 'Algorithm', (algorithm) => ALGORITHMS[algorithm] ?? '');
  const length = value.message.data.u16(value.at);
  value.u16('pw_alg_len', 'Parameter length');
  value.octets(length, 'pw_alg_data', 'Parameters');
  value.octets((4 - (length & 3)) & 3, 'reserved', 'Padding of the parameters');
}

function describeFingerprint(value: Value): void {
  if (!value.has(4)) return value.short('Too short for a CRC-32');
  const { data, tree, messageAt } = value.message;
  const said = data.u32(value.at);
  const right = fingerprintOf(data, messageAt, value.at - ATTRIBUTE_HEADER);
  value.number(4, 'crc32', 'CRC-32', () => (said === right ? 'right' : `should be 0x${right.toString(16)}`));
  if (said !== right) tree.fault('stun-fingerprint', 'The CRC-32 is wrong', value.at - 4, 4);
}

/** What stands beside the attribute's name. */
function titleOf(message: AttributeContext, type: number, at: number, length: number): string {
  const { data, isClassic, messageAt } = message;
  const kind = isClassic && type === CLASSIC_REQUESTED_ADDRESS ? undefined : ADDRESSES[type];
  if (kind !== undefined) {
    const isXored = kind === XORED && !(isClassic && type === A.XorPeerAddress);
    return formatAddress(data, at, length, isXored ? messageAt + 4 : -1);
  }
  if (attributeName(type, isClassic) === '') return `0x${hex4(type)}`;
  if (type === A.ErrorCode && length >= 4) return errorText(data, at, length);
  const parts = attributeLayout(type, length, isClassic);
  const first = parts.find(({ name }) => name !== 'reserved');
  if (first === undefined || length < first.length || first !== parts[0]) return '';
  if (first.as === 'text') return data.text(at, length);
  if (first.as !== 'number') return '';
  const value = numberAt(data, at, first.length);
  const meaning = first.meaning?.(value) ?? '';
  return meaning === '' ? `${value}` : `${value} ${meaning}`;
}

/** An attribute's value, put into the tree from front to back. Names are given without their `stun.att.`. */
class Value {
  readonly message: AttributeContext;
  at: number;
  readonly end: number;

  constructor(message: AttributeContext, at: number, end: number) {
    this.message = message;
    this.at = at;
    this.end = Math.max(at, end);
  }

  has(length: number): boolean {
    return this.at + length <= this.end;
  }

  /** A part of a layout. One that is not all there is a fault; what there is of it is left to `rest`. */
  part(part: Part): void {
    const length = part.length || this.end - this.at;
    if (!this.has(length)) return this.short('Shorter than its type');
    if (part.as === 'text') this.text(part.name, part.label);
    else if (part.as === 'octets') this.octets(length, part.name, part.label);
    else this.number(part.length, part.name, part.label, part.meaning);
  }

  u16(name: string, label: string, meaning?: Part['meaning']): void {
    this.number(2, name, label, meaning);
  }

  number(length: number, name: string, label: string, meaning?: Part['meaning']): void {
    if (!this.has(length)) return;
    const value = numberAt(this.message.data, this.at, length);
    this.add(name, label, length, value, meaning?.(value));
  }

  /** `length` octets in hexadecimal, at most what is left. */
  octets(length: number, name: string, label: string): void {
    const held = Math.min(length, this.end - this.at);
    if (held > 0) this.add(name, label, held, this.message.data.hex(this.at, held));
  }

  /** All that is left, as text. */
  text(name: string, label: string): void {
    const length = this.end - this.at;
    if (length > 0) this.add(name, label, length, this.message.data.text(this.at, length));
  }

  /** All that nothing else has shown. */
  rest(): void {
    const length = this.end - this.at;
    if (length > 0)
      this.message.tree.field('stun.value', 'Value', this.at, length, this.message.data.hex(this.at, length));
    this.at = this.end;
  }

  /** Of a value that the capture cut nothing is said here: the message's end says it. */
  short(text: string): void {
    if (!this.message.truncated) this.message.tree.fault('stun-attribute-short', text, this.at, this.end - this.at);
  }

  private add(name: string, label: string, length: number, value: string | number, meaning?: string): void {
    const full = name === 'value' ? 'stun.value' : `stun.att.${name}`;
    this.message.tree.field(full, label, this.at, length, value, meaning ?? '');
    this.at += length;
  }
}

function numberAt(data: Octets, at: number, length: number): number {
  return length === 1 ? data.u8(at) : length === 2 ? data.u16(at) : data.u32(at);
}

function hex4(value: number): string {
  return value.toString(16).padStart(4, '0');
}
