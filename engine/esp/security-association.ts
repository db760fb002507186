import { octetsOfHex } from '../../base/octet-text.ts';
import { formatIPv4, formatIPv6, parseIPv4, parseIPv6 } from '../store/addresses.ts';

/** How ESP keeps its payload from being read. `keyBytes` are the lengths its key may have, a salt of `saltBytes` at its end. */
export interface EspCipher {
  readonly name: string;
  readonly kind: 'null' | 'cbc' | 'ctr' | 'aead';
  readonly keyBytes: readonly number[];
  readonly saltBytes: number;
  /** In front of what is encrypted. */
  readonly ivBytes: number;
  /** Of an AEAD: its integrity check value; else 0. */
  readonly tagBytes: number;
}

/** How ESP keeps its packets from being changed: `hash` as Node calls it, '' where nothing is checked. */
export interface EspAuthentication {
  readonly name: string;
  readonly hash: string;
  readonly icvBytes: number;
}

/** One direction between two hosts (RFC 4301 section 4.1), as a person entered it. */
export interface EspSa {
  /** 4 or 16 octets; null for any. */
  readonly source: Uint8Array | null;
  readonly destination: Uint8Array | null;
  /** null for any. */
  readonly spi: number | null;
  readonly cipher: EspCipher;
  /** Without the salt, which follows in `salt`. */
  readonly key: Uint8Array;
  readonly salt: Uint8Array;
  readonly authentication: EspAuthentication;
  readonly authenticationKey: Uint8Array;
  /** The high 32 bits of an extended sequence number (RFC 4304), where packets authenticate with them. */
  readonly sequenceHigh: number;
}

const AES_KEYS = [16, 24, 32];

function cipher(
  name: string,
  kind: EspCipher['kind'],
  keyBytes: readonly number[],
  saltBytes: number,
  ivBytes: number,
  tagBytes: number,
): EspCipher {
  return { name, kind, keyBytes, saltBytes, ivBytes, tagBytes };
}

const NULL_CIPHER = cipher('null', 'null', [0], 0, 0, 0);

/** RFC 2410, 3602, 2451, 3686, 4106 and 7634. */
export const ESP_CIPHERS: readonly EspCipher[] = [
  NULL_CIPHER,
  cipher('aes-cbc', 'cbc', AES_KEYS, 0, 16, 0),
  cipher('3des-cbc', 'cbc', [24], 0, 8, 0),
  cipher('aes-ctr', 'ctr', AES_KEYS, 4, 8, 0),
  cipher('aes-gcm', 'aead', AES_KEYS, 4, 8, 16),
  cipher('aes-gcm-12', 'aead', AES_KEYS, 4, 8, 12),
  cipher('aes-gcm-8', 'aead', AES_KEYS, 4, 8, 8),
  cipher('chacha20-poly1305', 'aead', [32], 4, 8, 16),
];

const NO_AUTHENTICATION: EspAuthentication = { name: 'null', hash: '', icvBytes: 0 };

/** RFC 2403, 2404 and 4868; a check value whose key nobody has. */
export const ESP_AUTHENTICATIONS: readonly EspAuthentication[] = [
  NO_AUTHENTICATION,
  { name: 'hmac-sha1-96', hash: 'sha1', icvBytes: 12 },
  { name: 'hmac-md5-96', hash: 'md5', icvBytes: 12 },
  { name: 'hmac-sha256-128', hash: 'sha256', icvBytes: 16 },
  { name: 'hmac-sha256-96', hash: 'sha256', icvBytes: 12 },
  { name: 'hmac-sha384-192', hash: 'sha384', icvBytes: 24 },
  { name: 'hmac-sha512-256', hash: 'sha512', icvBytes: 32 },
  { name: 'unchecked-64', hash: '', icvBytes: 8 },
  { name: 'unchecked-96', hash: '', icvBytes: 12 },
  { name: 'unchecked-128', hash: '', icvBytes: 16 },
  { name: 'unchecked-192', hash: '', icvBytes: 24 },
  { name: 'unchecked-256', hash: '', icvBytes: 32 },
];

/** As Wireshark's table of ESP SAs calls them, without what stands in brackets. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  tripledescbc: '3des-cbc',
  des3cbc: '3des-cbc',
  aesgcmwith16octeticv: 'aes-gcm',
  aesgcmwith12octeticv: 'aes-gcm-12',
  aesgcmwith8octeticv: 'aes-gcm-8',
  chacha20withpoly1305: 'chacha20-poly1305',
  any64bitauthentication: 'unchecked-64',
  any96bitauthentication: 'unchecked-96',
  any128bitauthentication: 'unchecked-128',
  any192bitauthentication: 'unchecked-192',
  any256bitauthentication: 'unchecked-256',
};

const FORM = 'an ESP SA is written as SPI=CIPHER:KEY,AUTH:KEY, with SOURCE,DESTINATION, before it where that matters.';

/**
 * Reads `[SOURCE,DESTINATION,]SPI=CIPHER[:KEY][,AUTH[:KEY]]`, keys in hexadecimal and `*` for any address or SPI; or a line
 * of Wireshark's file `esp_sa`. A string is what is wrong: a sentence that repeats no key.
 */
export function parseEspSa(text: string): EspSa | string {
  const line = text.trim();
  if (line.startsWith('"')) return parseWiresharkLine(line);
  const match =
    /^(?:([^,=\s]+),([^,=\s]+),)?([^,=\s]+)=([^,:\s]+)(?::([^,:\s]*))?(?:,([^,:\s]+)(?::([^,:\s]*))?)?$/.exec(line);
  if (match === null) return FORM;
  const [, source = '*', destination = '*', spi, encryption, key = '', check = 'null', checkKey = ''] = match;
  return fromFields({ source, destination, spi, encryption, key, check, checkKey, high: '' });
}

/** Of a file of Wireshark's preferences, `"IPv4","*","*","0x1234","AES-CBC [RFC3602]","0x…","HMAC-SHA-1-96 [RFC2404]","0x…"`. */
function parseWiresharkLine(line: string): EspSa | string {
  const match = /^"[^"]*"(?:\s*,\s*"[^"]*"){7,9}$/.exec(line);
  if (match === null) return 'a line of esp_sa has eight to ten texts in quotation marks, with commas between them.';
  const fields = [...line.matchAll(/"([^"]*)"/g)].map(([, field]) => field.replace(/\\x22/g, ''));
  const [, source, destination, spi, encryption, key, check, checkKey, , high = ''] = fields;
  return fromFields({ source, destination, spi, encryption, key, check, checkKey, high });
}

interface Fields {
  readonly source: string;
  readonly destination: string;
  readonly spi: string;
  readonly encryption: string;
  readonly key: string;
  readonly check: string;
  readonly checkKey: string;
  readonly high: string;
}

function fromFields(fields: Fields): EspSa | string {
  const source = addressOf(fields.source);
  const destination = addressOf(fields.destination);
  if (source === undefined || destination === undefined) return 'an address of an ESP SA is IPv4, IPv6 or *.';
  const spi = spiOf(fields.spi);
  if (spi === undefined) return 'the SPI of an ESP SA is a number from 1 to 0xffffffff, or *.';
  const encryption = named(fields.encryption, ESP_CIPHERS);
  if (encryption === null) return `the cipher of an ESP SA is one of ${namesOf(ESP_CIPHERS)}.`;
  const authentication = named(fields.check, ESP_AUTHENTICATIONS);
  if (authentication === null) return `the authentication of an ESP SA is one of ${namesOf(ESP_AUTHENTICATIONS)}.`;
  const keys = octetsOfHex(fields.key.replace(/^0x/i, ''));
  const authenticationKey = octetsOfHex(fields.checkKey.replace(/^0x/i, ''));
  if (keys === null || authenticationKey === null)
    return 'the keys of an ESP SA are hexadecimal digits, two for an octet.';
  const { saltBytes } = encryption;
  const keyBytes = keys.length - saltBytes;
  if (!encryption.keyBytes.includes(keyBytes)) {
    const wanted = encryption.keyBytes.map((length) => length + saltBytes).join(' or ');
    const salt = saltBytes > 0 ? `, ${saltBytes} of salt at their end` : '';
    return `the key of ${encryption.name} has ${wanted} octets${salt}; these are ${keys.length}.`;
  }
  if (authentication.hash !== '' && authenticationKey.length === 0) return `${authentication.name} wants a key.`;
  return {
    source,
    destination,
    spi,
    cipher: encryption,
    key: keys.slice(0, keyBytes),
    salt: keys.slice(keyBytes),
    // An AEAD has its own.
    authentication: encryption.kind === 'aead' ? NO_AUTHENTICATION : authentication,
    authenticationKey,
    sequenceHigh: spiOf(fields.high) ?? 0,
  };
}

/** An address of an SA as people write it; null for any. */
export function espAddressText(octets: Uint8Array | null): string | null {
  if (octets === null) return null;
  if (octets.length === 16) return formatIPv6(octets, 0);
  return formatIPv4(((octets[0] << 24) | (octets[1] << 16) | (octets[2] << 8) | octets[3]) >>> 0);
}

/** null for any, undefined where it is none. */
function addressOf(text: string): Uint8Array | null | undefined {
  if (text === '*' || text === '') return null;
  const v4 = parseIPv4(text);
  if (v4 >= 0) return Uint8Array.of(v4 >>> 24, v4 >>> 16, v4 >>> 8, v4);
  return parseIPv6(text) ?? undefined;
}

/** null for any, undefined where it is none. */
function spiOf(text: string): number | null | undefined {
  if (text === '*') return null;
  if (!/^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text)) return undefined;
  const spi = Number(text);
  return spi >= 1 && spi <= 0xffff_ffff ? spi : undefined;
}

function named<T extends { readonly name: string }>(text: string, all: readonly T[]): T | null {
  const plain = plainName(text.replace(/\[.*$/, ''));
  const wanted = plainName(OTHER_NAMES[plain] ?? plain);
  return all.find(({ name }) => plainName(name) === wanted) ?? null;
}

function plainName(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function namesOf(all: readonly { readonly name: string }[]): string {
  return all.map(({ name }) => name).join(', ');
}
