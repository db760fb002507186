/** Octets as HTTP's grammar sorts them (RFC 9110 section 5.6), and words compared without regard to case. */
export const CR = 0x0d;
export const LF = 0x0a;
export const SPACE = 0x20;
export const TAB = 0x09;
export const COLON = 0x3a;
export const COMMA = 0x2c;
export const SEMICOLON = 0x3b;

const LOWER_CASE = 0x20;

export function isBlank(octet: number): boolean {
  return octet === SPACE || octet === TAB;
}

export function isCapital(octet: number): boolean {
  return octet >= 0x41 && octet <= 0x5a;
}

export function isDigit(octet: number): boolean {
  return octet >= 0x30 && octet <= 0x39;
}

/** The octets of an ASCII text in lower case. */
export function word(text: string): Uint8Array {
  return Uint8Array.from(text.toLowerCase(), (letter) => letter.charCodeAt(0));
}

/** Whether `length` octets at `at` are the word, whatever their case. */
export function isWord(bytes: Uint8Array, at: number, length: number, lower: Uint8Array): boolean {
  if (length !== lower.length) return false;
  for (let i = 0; i < length; i++) {
    const octet = bytes[at + i];
    if ((isCapital(octet) ? octet | LOWER_CASE : octet) !== lower[i]) return false;
  }
  return true;
}

/** Whether a comma-separated list has the word as an item; parameters after a semicolon do not count. */
export function listHas(bytes: Uint8Array, at: number, length: number, lower: Uint8Array): boolean {
  const end = at + length;
  while (at < end) {
    while (at < end && (isBlank(bytes[at]) || bytes[at] === COMMA)) at++;
    let to = at;
    while (to < end && bytes[to] !== COMMA && bytes[to] !== SEMICOLON && !isBlank(bytes[to])) to++;
    if (isWord(bytes, at, to - at, lower)) return true;
    while (to < end && bytes[to] !== COMMA) to++;
    at = to;
  }
  return false;
}
