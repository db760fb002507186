// Hex dumps as text2pcap reads them: an offset (more than two digits, hexadecimal unless -o says otherwise), then octets, then anything.
//   0010  08 00 06 04 00 01 02 00 00 77 00 01 0a 4d 00 01   .........w...M..     tshark -x
//   00000010  08 00 06 04 00 01 02 00  00 77 00 01 0a 4d 00 01  |.........w...M..|   hexdump -C
//   000010 08 00 06 04 00 01 02 00 00 77 00 01 0a 4d 00 01                          od -Ax -tx1
//   00000010: 0800 0604 0001 0200 0077 0001 0a4d 0001  .........w...M..             xxd
import { digitOf } from './dump-line.ts';

const OFFSET = /^[\da-fA-F]{3,16}:?$/;
/** Words in front of an offset: direction, date, time, a mail reader's marks. */
const MAX_WORDS_BEFORE = 12;
const MAX_LINE_OCTETS = 0x10000;
/** Between the octets and their characters there are at least as many blanks. */
const GAP_BEFORE_TEXT = 3;

/** A line of a dump: an offset and the octets behind it. */
export interface HexLine {
  /** The offset's digits. */
  readonly offset: string;
  /** What stands before it. */
  readonly before: string;
  /** Good until the next line is parsed. */
  readonly octets: Uint8Array;
}

const octets = new Uint8Array(MAX_LINE_OCTETS);

/**
 * The dump line that a text is; undefined where it is none. An offset other than zero has to be the first word, but for the
 * marks of forwarded mail.
 */
export function parseHexLine(text: string): HexLine | undefined {
  let at = 0;
  for (let word = 0; word <= MAX_WORDS_BEFORE; word++) {
    while (isBlank(text.charCodeAt(at)) || text[at] === '>') at++;
    let end = at;
    while (end < text.length && !isBlank(text.charCodeAt(end))) end++;
    if (end === at) return undefined;
    const offset = end - at <= 17 && OFFSET.test(text.slice(at, end)) ? text.slice(at, end).replace(':', '') : '';
    if (offset !== '' && (word === 0 || /^0+$/.test(offset))) {
      const count = octetsBehind(text, end);
      if (count > 0 || /^\s*$/.test(text.slice(end))) {
        return { offset, before: text.slice(0, at), octets: octets.subarray(0, count) };
      }
    }
    at = end;
  }
  return undefined;
}

/** Reads octets from `from` on, all in groups of as many digits as the first; gives how many. */
function octetsBehind(text: string, from: number): number {
  let at = from;
  let count = 0;
  let digits = 0;
  for (;;) {
    const group = digitsAt(text, skipTo(text, at));
    const start = skipTo(text, at);
    if (group === 0 || group % 2 !== 0 || start === at) break;
    // The last group of xxd may be shorter; groups of several octets have one blank between them.
    if (digits !== 0 && (group > digits || (digits > 2 && start - at > 1) || start - at >= GAP_BEFORE_TEXT)) break;
    if (digits === 0) digits = group;
    if (digits > 8) break;
    for (let i = 0; i < group && count < MAX_LINE_OCTETS; i += 2) {
      octets[count++] = 16 * digitOf(text.charCodeAt(start + i)) + digitOf(text.charCodeAt(start + i + 1));
    }
    at = start + group;
  }
  return count;
}

/** How many hexadecimal digits stand at `at`, alone between blanks (or Wireshark's dash in the middle); 0 where other characters join them. */
function digitsAt(text: string, at: number): number {
  let end = at;
  while (digitOf(text.charCodeAt(end)) >= 0) end++;
  const after = text.charCodeAt(end);
  return end >= text.length || isBlank(after) || (after === 0x2d && end - at === 2) ? end - at : 0;
}

function skipTo(text: string, from: number): number {
  let at = from;
  if (text[at] === '-') at++;
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** A line of this many octets at offset zero is a dump even where no second line follows. */
const SURE_OCTETS = 8;

/** Whether lines are a hex dump: one begins at offset zero, and has many octets or a next line at the offset that follows. */
export function looksLikeHexDump(lines: readonly string[]): boolean {
  let expected = -1;
  for (const line of lines) {
    const hex = parseHexLine(line);
    if (hex === undefined) continue;
    if (expected > 0 && radixOf(hex.offset, expected) !== undefined) return true;
    const isStart = /^0+$/.test(hex.offset);
    if (isStart && hex.octets.length >= SURE_OCTETS) return true;
    expected = isStart ? hex.octets.length : -1;
  }
  return false;
}

/** The radix in which an offset's digits say `expected`: hexadecimal, decimal or octal; undefined where none does. */
export function radixOf(digits: string, expected: number): number | undefined {
  return [16, 10, 8].find((radix) => Number.parseInt(digits, radix) === expected && isIn(digits, radix));
}

function isIn(digits: string, radix: number): boolean {
  return radix === 16 || (radix === 10 ? /^\d+$/ : /^[0-7]+$/).test(digits);
}
