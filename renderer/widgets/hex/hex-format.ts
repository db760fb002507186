/** Octets as text: for the hex view and for the clipboard. */

export const OCTETS_PER_ROW = 16;

const HEX = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));

/** `0d`. */
export function hexOf(octet: number): string {
  return HEX[octet];
}

/** The character of an octet; a middle dot where ASCII has nothing to show. */
export function asciiOf(octet: number): string {
  return octet > 0x1f && octet < 0x7f ? String.fromCharCode(octet) : '·';
}

/** `00b0`; as many digits as the last offset of the source needs, at least four. */
export function offsetText(at: number, lengthBytes: number): string {
  return at.toString(16).padStart(Math.max(4, (lengthBytes - 1).toString(16).length), '0');
}

/** `0d 0a 56`. */
export function hexText(bytes: Uint8Array): string {
  return Array.from(bytes, hexOf).join(' ');
}

/** A C array, twelve octets a line. */
export function cArrayText(bytes: Uint8Array, name: string): string {
  const identifier = name
    .replace(/\W+/g, '_')
    .replace(/^(?=\d)/, '_')
    .toLowerCase();
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 12) {
    lines.push(`  ${Array.from(bytes.subarray(at, at + 12), (octet) => `0x${hexOf(octet)}`).join(', ')}`);
  }
  return `static const unsigned char ${identifier}[${bytes.length}] = {\n${lines.join(',\n')}\n};\n`;
}

/** The octets as UTF-8 text; what is none becomes a replacement character. */
export function plainText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Offset, octets and characters of every row: what other tools read as a hex dump. */
export function dumpText(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += OCTETS_PER_ROW) {
    const row = bytes.subarray(at, at + OCTETS_PER_ROW);
    const octets = hexText(row).padEnd(OCTETS_PER_ROW * 3 - 1);
    lines.push(`${offsetText(at, bytes.length)}  ${octets}  ${Array.from(row, asciiOf).join('')}`);
  }
  return lines.join('\n');
}

/** Where a key takes the octet at hand; null where it is not the hex view's. */
export function hexMove(
  key: string,
  at: number,
  lengthBytes: number,
  pageRows: number,
  isControl: boolean,
): number | null {
  const last = lengthBytes - 1;
  if (last < 0) return null;
  const rowStart = at - (at % OCTETS_PER_ROW);
  const to = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at - OCTETS_PER_ROW,
    ArrowDown: at + OCTETS_PER_ROW,
    PageUp: at - pageRows * OCTETS_PER_ROW,
    PageDown: at + pageRows * OCTETS_PER_ROW,
    Home: isControl ? 0 : rowStart,
    End: isControl ? last : rowStart + OCTETS_PER_ROW - 1,
  }[key];
  if (to === undefined) return null;
  // A row up or down that is not there leaves the octet where it is.
  if ((key === 'ArrowUp' && to < 0) || (key === 'ArrowDown' && to > last)) return at;
  return Math.max(0, Math.min(last, to));
}
