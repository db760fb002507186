/**
 * The sandbox has no TextDecoder, and `base/octets.ts` wants one. This is the decoder of the WHATWG Encoding standard for
 * UTF-8: each maximal part that is no UTF-8 becomes U+FFFD, a byte order mark at the front is dropped.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  let text = '';
  let units: number[] = [];
  const end = bytes.length;
  let at = end >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (at < end) {
    const lead = bytes[at++];
    if (lead < 0x80) units.push(lead);
    else {
      const more =
        lead >= 0xc2 && lead <= 0xdf ? 1 : lead >= 0xe0 && lead <= 0xef ? 2 : lead >= 0xf0 && lead <= 0xf4 ? 3 : 0;
      let point = more === 0 ? REPLACEMENT : lead & (0x3f >> more);
      for (let i = 0; i < more; i++) {
        const octet = at < end ? bytes[at] : 0;
        const [low, high] = i === 0 ? firstRange(lead) : WHOLE;
        if (octet < low || octet > high) {
          point = REPLACEMENT;
          break;
        }
        point = (point << 6) | (octet & 0x3f);
        at++;
      }
      if (point < 0x10000) units.push(point);
      else units.push(0xd800 + ((point - 0x10000) >> 10), 0xdc00 + ((point - 0x10000) & 0x3ff));
    }
    if (units.length < MOST_UNITS) continue;
    text += String.fromCharCode(...units);
    units = [];
  }
  return text + String.fromCharCode(...units);
}

const REPLACEMENT = 0xfffd;
/** Arguments of a call. */
const MOST_UNITS = 1024;
const WHOLE: readonly [number, number] = [0x80, 0xbf];

/** Of the octet after the lead: no overlong forms, no surrogates, nothing past U+10FFFF. */
function firstRange(lead: number): readonly [number, number] {
  if (lead === 0xe0) return [0xa0, 0xbf];
  if (lead === 0xed) return [0x80, 0x9f];
  if (lead === 0xf0) return [0x90, 0xbf];
  if (lead === 0xf4) return [0x80, 0x8f];
  return WHOLE;
}

const scope = globalThis as unknown as { TextDecoder?: unknown };
scope.TextDecoder ??= class {
  decode(bytes: Uint8Array): string {
    return decodeUtf8(bytes);
  }
};
