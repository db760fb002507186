/** Classes of octets that SIP's grammar (RFC 3261 section 25.1) is made of. */

export const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const SEMICOLON = 0x3b;
export const LESS = 0x3c;
export const EQUALS = 0x3d;
export const GREATER = 0x3e;
export const BACKSLASH = 0x5c;

const TOKEN = new Uint8Array(256);
for (const letter of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.!%*_+`'~") {
  TOKEN[letter.charCodeAt(0)] = 1;
}

/** `token`: what methods, header names and tags are made of. */
export function isTokenOctet(octet: number): boolean {
  return TOKEN[octet] === 1;
}

export function isDigit(octet: number): boolean {
  return octet >= 0x30 && octet <= 0x39;
}

/** White space as it may stand around and inside a header value, line folds included. */
export function isSpace(octet: number): boolean {
  // Nearly every octet is asked about and is none: one comparison has to do for those.
  return octet <= SPACE && (octet === SPACE || octet === TAB || octet === CR || octet === LF);
}

/** The first octet after the quoted string that begins at `at`; `end` where it is not closed. */
export function afterQuoted(bytes: Uint8Array, at: number, end: number): number {
  for (let i = at + 1; i < end; i++) {
    if (bytes[i] === QUOTE) return i + 1;
    if (bytes[i] === BACKSLASH) i++;
  }
  return end;
}
