// A packet on one line as text2pcap reads it, and as browsers write it into their logs:
//   I 12:15:38.309 000000 90 70 5f f3 cd 65 51 fa … # RTP_DUMP

const HEAD = /(?:^|[\s>])([IO]) +(\d{1,2}):(\d\d):(\d\d)(?:\.(\d{1,9}))? +0{3,8}(?= |$)/;
const MAX_PACKET_BYTES = 0x10000;
/** Where a head may begin: what stands in front of it is a time stamp and a few names. */
const MAX_HEAD_AT = 1000;

const octets = new Uint8Array(MAX_PACKET_BYTES);

/** What a line holds. */
export interface DumpLine {
  readonly isOutbound: boolean;
  /** Since midnight. */
  readonly secondsOfDay: number;
  /** Digits behind the point, '' where there are none. */
  readonly fraction: string;
  /** The packet, good until the next line is parsed. */
  readonly octets: Uint8Array;
  /** Where the head begins. */
  readonly at: number;
  /** What follows the octets, without the blanks in between. */
  readonly rest: string;
}

/** The packet of a line; undefined where there is none. */
export function parseDumpLine(line: string): DumpLine | undefined {
  const head = HEAD.exec(line.length > MAX_HEAD_AT ? line.slice(0, MAX_HEAD_AT) : line);
  if (head === null) return undefined;
  const [whole, direction, hours, minutes, seconds, fraction = ''] = head;
  let at = head.index + whole.length;
  let count = 0;
  for (;;) {
    const from = skipBlanks(line, at);
    const octet = octetAt(line, from);
    if (octet < 0 || from === at || count === MAX_PACKET_BYTES) break;
    octets[count++] = octet;
    at = from + 2;
  }
  return {
    isOutbound: direction === 'O',
    secondsOfDay: 3600 * Number(hours) + 60 * Number(minutes) + Number(seconds),
    fraction,
    octets: octets.subarray(0, count),
    at: head.index,
    rest: line.slice(at).trim(),
  };
}

/** The value of two hexadecimal digits that stand alone; -1 where they do not. */
export function octetAt(text: string, at: number): number {
  const high = digitOf(text.charCodeAt(at));
  const low = digitOf(text.charCodeAt(at + 1));
  if (high < 0 || low < 0 || !isBlankOrEnd(text.charCodeAt(at + 2))) return -1;
  return 16 * high + low;
}

/** A hexadecimal digit's value by its character code; -1 for others, NaN (past the end) included. */
export function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function isBlankOrEnd(code: number): boolean {
  return isBlank(code) || Number.isNaN(code);
}
