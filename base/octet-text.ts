/** Octets as text and back: hexadecimal and base64 (RFC 4648). */

export function hexOf(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets) text += octet.toString(16).padStart(2, '0');
  return text;
}

/** The octets that pairs of hexadecimal digits say, or null where the text is not so. */
export function octetsOfHex(text: string): Uint8Array | null {
  if (!/^(?:[0-9a-fA-F]{2})*$/.test(text)) return null;
  const octets = new Uint8Array(text.length / 2);
  for (let i = 0; i < octets.length; i++) octets[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return octets;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** With padding. */
export function base64Of(octets: Uint8Array): string {
  let text = '';
  for (let i = 0; i < octets.length; i += 3) {
    const left = octets.length - i;
    const bits = (octets[i] << 16) | ((left > 1 ? octets[i + 1] : 0) << 8) | (left > 2 ? octets[i + 2] : 0);
    text += ALPHABET[bits >>> 18] + ALPHABET[(bits >>> 12) & 63];
    text += left > 1 ? ALPHABET[(bits >>> 6) & 63] : '=';
    text += left > 2 ? ALPHABET[bits & 63] : '=';
  }
  return text;
}

/** Padding may be left out; null where the text is no base64. */
export function octetsOfBase64(text: string): Uint8Array | null {
  const digits = text.replace(/={1,2}$/, '');
  if (!/^[A-Za-z0-9+/]*$/.test(digits) || digits.length % 4 === 1) return null;
  const octets = new Uint8Array(Math.floor((digits.length * 6) / 8));
  let bits = 0;
  let count = 0;
  let at = 0;
  for (const digit of digits) {
    bits = ((bits << 6) | ALPHABET.indexOf(digit)) & 0xffffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    octets[at++] = (bits >>> count) & 0xff;
  }
  return octets;
}
