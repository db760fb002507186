/** Literals of a filter and values of packets as things that compare. */
import type { FilterType } from '../../base/filter-field.ts';
import type { FieldValue } from '../../dissectors/dissector.ts';
import { formatIPv4, formatIPv6, parseIPv4, parseIPv6 } from '../store/addresses.ts';
import type { Value } from './field.ts';
import type { Literal } from './syntax/ast.ts';

/** A value, or from `low` to `high` where it is a network. */
export interface Wanted {
  readonly low: Value;
  readonly high: Value;
}

function one(value: Value): Wanted {
  return { low: value, high: value };
}

/** The value a literal is for a field of a type; a text says what is wrong with it. */
export function wantedOf(type: FilterType, { kind, text }: Literal): Wanted | string {
  const needs = (what: string): string =>
    `${what} is needed here, not ${kind === 'string' ? JSON.stringify(text) : `"${text}"`}`;
  switch (type) {
    case 'number': {
      const value = parseNumber(text);
      return value === null ? needs('a number') : one(value);
    }
    case 'boolean': {
      const value = parseBoolean(text);
      return value === null ? needs('"true" or "false"') : one(value);
    }
    case 'id': {
      const digits = /^[a-z]?(\d{1,9})$/.exec(text);
      return digits === null ? needs('a number') : one(Number(digits[1]));
    }
    case 'ipv4':
      return networkV4(text) ?? needs('an IPv4 address');
    case 'ipv6':
      return networkV6(text) ?? needs('an IPv6 address');
    case 'address':
      return networkV4(text) ?? networkV6(text) ?? needs('an address');
    case 'mac': {
      const value = parseHardwareAddress(text);
      return value === null ? needs('an address like 00:11:22:33:44:55') : one(value);
    }
    case 'duration': {
      const value = parseSeconds(text);
      return value === null
        ? needs('a number of seconds')
        : one(value.sign * (value.seconds * 1e9 + value.nanoseconds));
    }
    case 'time': {
      const value = parseTime(text);
      return value === null ? needs('a time, as 1700000000.5 or "2026-01-31 12:00:00"') : one(value);
    }
    default:
      return one(text);
  }
}

/** Octets written `0d:0a`, as Latin-1 text; null where the text is no octets. */
export function parseOctets(text: string): string | null {
  if (!/^[0-9a-f]{2}([:.-][0-9a-f]{2})+$/i.test(text)) return null;
  return text
    .split(/[:.-]/)
    .map((hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    .join('');
}

/** The value of a described field, null where it is none of that type. */
export function valueOf(type: FilterType, value: FieldValue): Value | null {
  if (value === null) return null;
  switch (type) {
    case 'number':
    case 'id':
      if (typeof value === 'string') return parseNumber(value.trim());
      return typeof value === 'boolean' ? Number(value) : value;
    case 'boolean':
      return typeof value === 'string' ? parseBoolean(value) : Number(value) === 0 ? 0 : 1;
    case 'ipv4': {
      const address = parseIPv4(String(value));
      return address < 0 ? null : address;
    }
    case 'ipv6':
      return parseV6Number(String(value));
    case 'address':
      return addressValue(String(value));
    case 'mac':
      return parseHardwareAddress(String(value));
    case 'duration':
      return typeof value === 'number' ? Math.round(value * 1e9) : null;
    case 'time':
      return parseTime(String(value));
    default:
      return String(value);
  }
}

/** A value as a filter writes it. */
export function formatValue(type: FilterType, value: Value): string {
  if (typeof value === 'bigint') {
    const bytes = Uint8Array.from({ length: 16 }, (_, i) => Number((value >> BigInt(120 - 8 * i)) & 255n));
    return formatIPv6(bytes, 0);
  }
  if (typeof value === 'string') return `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
  if (type === 'ipv4' || type === 'address') return formatIPv4(value);
  if (type === 'boolean') return value === 0 ? 'false' : 'true';
  return String(type === 'duration' ? value / 1e9 : value);
}

/** An address of either kind, null where it is none. */
export function addressValue(text: string): Value | null {
  const v4 = parseIPv4(text);
  return v4 >= 0 ? v4 : parseV6Number(text);
}

/** Decimal with or without fraction, `0x…`, or octal with a leading zero. */
function parseNumber(text: string): number | null {
  if (/^-?0x[0-9a-f]{1,13}$/i.test(text)) return text.startsWith('-') ? -Number(text.slice(1)) : Number(text);
  if (/^-?0[0-7]{1,15}$/.test(text)) return Number.parseInt(text, 8);
  return /^[+-]?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : null;
}

function parseBoolean(text: string): number | null {
  if (/^true$/i.test(text)) return 1;
  if (/^false$/i.test(text)) return 0;
  const number = parseNumber(text);
  return number === null ? null : number === 0 ? 0 : 1;
}

interface Seconds {
  readonly sign: 1 | -1;
  readonly seconds: number;
  readonly nanoseconds: number;
}

function parseSeconds(text: string): Seconds | null {
  const parts = /^(-?)(\d{1,12})(?:\.(\d{1,12}))?$/.exec(text);
  if (parts === null) return null;
  const nanoseconds = Number((parts[3] ?? '').padEnd(9, '0').slice(0, 9));
  return { sign: parts[1] === '-' ? -1 : 1, seconds: Number(parts[2]), nanoseconds };
}

/** Seconds since the epoch, rounded as the frame table rounds them; a date without zone is in local time. */
function parseTime(text: string): number | null {
  const number = parseSeconds(text);
  if (number !== null) return number.sign * (number.seconds + number.nanoseconds / 1e9);
  const date = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(?::(\d\d)(\.\d{1,9})?)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/.exec(text);
  if (date === null) return null;
  const [, day, minute = '00:00', second = '00', fraction = '', zone = ''] = date;
  const milliseconds = Date.parse(`${day}T${minute}:${second}${zone === 'UTC' ? 'Z' : zone}`);
  if (Number.isNaN(milliseconds)) return null;
  return milliseconds / 1000 + Number(fraction.slice(1).padEnd(9, '0')) / 1e9;
}

function parseHardwareAddress(text: string): number | null {
  const octets = /^[0-9a-f]{2}([:.-])[0-9a-f]{2}(?:\1[0-9a-f]{2}){4}$/i.test(text);
  return octets ? Number.parseInt(text.replaceAll(/[:.-]/g, ''), 16) : null;
}

function networkV4(text: string): Wanted | null {
  const [address, bits, ...more] = text.split('/');
  const value = parseIPv4(address);
  const width = prefixWidth(bits, 32);
  if (value < 0 || width < 0 || more.length > 0) return null;
  const size = 2 ** (32 - width);
  const low = Math.floor(value / size) * size;
  return { low, high: low + size - 1 };
}

function networkV6(text: string): Wanted | null {
  const [address, bits, ...more] = text.split('/');
  const value = address.includes(':') && !/[[\]%]/.test(address) ? parseV6Number(address) : null;
  const width = prefixWidth(bits, 128);
  if (value === null || width < 0 || more.length > 0) return null;
  const size = 1n << BigInt(128 - width);
  const low = value - (value % size);
  return { low, high: low + size - 1n };
}

function prefixWidth(text: string | undefined, most: number): number {
  if (text === undefined) return most;
  const width = /^\d{1,3}$/.test(text) ? Number(text) : -1;
  return width <= most ? width : -1;
}

function parseV6Number(text: string): bigint | null {
  const bytes = parseIPv6(text);
  if (bytes === null) return null;
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return value;
}
