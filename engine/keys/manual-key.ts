import { octetsOfBase64, octetsOfHex } from '../../base/octet-text.ts';
import type { SrtpSuite } from '../../media/srtp/policy.ts';
import { suiteByName } from '../../media/srtp/suites.ts';
import type { SrtpKeyInput } from '../../shared/engine-api.ts';
import { formatEndpoint, formatIPv4, formatIPv6, parseIPv4, parseIPv6 } from '../store/addresses.ts';
import type { ManualScope } from './media-key.ts';

/** An SRTP key that a person entered. */
export interface ManualKey {
  readonly scope: ManualScope;
  readonly suite: SrtpSuite;
  readonly masterKey: Uint8Array;
  readonly masterSalt: Uint8Array;
}

/** What is wrong with a key as it was entered: the field, and a sentence. */
export interface KeyComplaint {
  readonly field: 'scope' | 'suite' | 'key' | 'salt';
  readonly error: string;
}

const ANYBODY: ManualScope = { ssrc: null, endpoint: null, call: null };

/** Reads a key from the fields of a form. */
export function parseManualKeyInput(input: SrtpKeyInput): ManualKey | KeyComplaint {
  const scope = parseScope(input.scope.trim());
  if (scope === null) {
    return { field: 'scope', error: 'Whose key it is: an SSRC (0x1234abcd), an address (10.0.0.1:4000), or a call.' };
  }
  const suite = suiteByName(input.suite.trim());
  if (suite === null) return { field: 'suite', error: unknownSuite(input.suite.trim()) };
  const key = octetsOf(input.key, suite, input.salt.trim() === '' ? 'both' : 'key');
  if (key === null) return { field: 'key', error: 'The key is neither base64 nor hexadecimal.' };
  const { keyBytes, saltBytes } = suite;
  if (input.salt.trim() === '') {
    if (key.length !== keyBytes + saltBytes) {
      return {
        field: 'key',
        error: `${suite.name} wants ${keyBytes + saltBytes} octets, ${keyBytes} of key and ${saltBytes} of salt; these are ${key.length}.`,
      };
    }
    return { scope, suite, masterKey: key.slice(0, keyBytes), masterSalt: key.slice(keyBytes) };
  }
  const salt = octetsOf(input.salt, suite, 'salt');
  if (salt === null) return { field: 'salt', error: 'The salt is neither base64 nor hexadecimal.' };
  if (key.length !== keyBytes) {
    return { field: 'key', error: `The key of ${suite.name} has ${keyBytes} octets; these are ${key.length}.` };
  }
  if (salt.length !== saltBytes) {
    return { field: 'salt', error: `The salt of ${suite.name} has ${saltBytes} octets; these are ${salt.length}.` };
  }
  return { scope, suite, masterKey: key, masterSalt: salt };
}

/** What stands in the suite's place may be the key: it is repeated only where it looks like the name of a suite. */
function unknownSuite(text: string): string {
  return /^(?=.*_)\w{3,40}$/.test(text) ? `No SRTP suite is called ${text}.` : 'That is not the name of an SRTP suite.';
}

/** Reads `SCOPE=SUITE:KEY` or `SUITE:KEY`, the scope as above, a call as `call:ID`. A string is what is wrong, a sentence. */
export function parseManualKey(text: string): ManualKey | string {
  // A suite has no equals sign, and base64 has it only at its end.
  const match = /^(?:(.*)=)?([A-Za-z0-9_]+):([A-Za-z0-9+/]+={0,2})$/.exec(text.trim());
  if (match === null) return 'a key is written as SSRC=SUITE:BASE64, IP:PORT=SUITE:BASE64 or SUITE:BASE64.';
  const [, scope = '', suite, key] = match;
  const parsed = parseManualKeyInput({ scope: scope.replace(/^call:/, 'call '), suite, key, salt: '' });
  return 'error' in parsed ? parsed.error : parsed;
}

/** null where the text is none of those. */
function parseScope(text: string): ManualScope | null {
  if (text === '') return ANYBODY;
  if (/^0x[0-9a-f]{1,8}$/i.test(text)) return { ...ANYBODY, ssrc: Number.parseInt(text.slice(2), 16) };
  if (/^\d{1,10}$/.test(text)) return Number(text) > 0xffff_ffff ? null : { ...ANYBODY, ssrc: Number(text) };
  const endpoint = /^\[?([0-9a-fA-F.:]+)\]?:(\d{1,5})$/.exec(text);
  if (endpoint !== null) {
    const address = addressOf(endpoint[1]);
    const port = Number(endpoint[2]);
    if (address !== null && port > 0 && port <= 0xffff) return { ...ANYBODY, endpoint: formatEndpoint(address, port) };
  }
  const call = /^(?:call )?(\S{1,200})$/.exec(text)?.[1];
  return call === undefined ? null : { ...ANYBODY, call };
}

/** As flows write it. */
function addressOf(text: string): string | null {
  const v4 = parseIPv4(text);
  if (v4 >= 0) return formatIPv4(v4);
  const v6 = parseIPv6(text);
  return v6 === null ? null : formatIPv6(v6, 0);
}

/** Base64 or hexadecimal: what has the right length as one of them is that; digits alone can be either. */
function octetsOf(text: string, suite: SrtpSuite, part: 'both' | 'key' | 'salt'): Uint8Array | null {
  const plain = text.replace(/^\s*inline:/i, '').replace(/[\s:-]+/g, '');
  const wanted = (part === 'salt' ? 0 : suite.keyBytes) + (part === 'key' ? 0 : suite.saltBytes);
  const hex = octetsOfHex(plain.replace(/^0x/i, ''));
  const base64 = octetsOfBase64(plain);
  if (base64?.length === wanted) return base64;
  return hex ?? base64;
}
