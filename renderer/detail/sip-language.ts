/** How SIP messages and the session descriptions in them are coloured: a Monarch definition of our own. */
import type { languages } from 'monaco-editor/editor';

export const SIP_LANGUAGE = 'sip';

/** Compact forms of header names (RFC 3261 section 20 and the extensions that registered one). */
const COMPACT = 'abcdefijklmnorstuvxy';

/** What is said in a header's value, wherever it stands. */
const VALUE: languages.IMonarchLanguageRule[] = [
  [/"(?:[^"\\]|\\.)*"?/, 'string'],
  [/(?:sips?|tel|urn|im|pres|https?):[^\s<>",;?]+/, 'uri'],
  [/(;\s*)(tag)(\s*=\s*)([^\s;,>"]+)/, ['delimiter', 'parameter', 'delimiter', 'tag']],
  [/([;&?]?\s*)(branch)(\s*=\s*)([^\s;,>"]+)/, ['delimiter', 'parameter', 'delimiter', 'branch']],
  [/([;?&]\s*)([\w.!%*+`'~-]+)/, ['delimiter', 'parameter']],
  [/SIP\/2\.0/, 'version'],
  [/[<>;,=/:@?&()]/, 'delimiter'],
  [/\d+(?:\.\d+)*\b/, 'number'],
  [/[^\s"<>;,=/:@?&()]+/, 'value'],
  [/\s+/, ''],
];

export const sipTokens: languages.IMonarchLanguage = {
  defaultToken: 'value',
  tokenPostfix: '',
  start: 'start',
  tokenizer: {
    /** The first line; empty lines before it are keep-alives. */
    start: [
      [/^$/, ''],
      [
        /^(SIP\/2\.0)(\s+)(1\d\d)(\s?.*)$/,
        ['version', '', 'status.provisional', { token: 'reason', switchTo: '@headers' }],
      ],
      [
        /^(SIP\/2\.0)(\s+)(2\d\d)(\s?.*)$/,
        ['version', '', 'status.success', { token: 'reason', switchTo: '@headers' }],
      ],
      [/^(SIP\/2\.0)(\s+)(3\d\d)(\s?.*)$/, ['version', '', 'status.moved', { token: 'reason', switchTo: '@headers' }]],
      [
        /^(SIP\/2\.0)(\s+)(4\d\d)(\s?.*)$/,
        ['version', '', 'status.refused', { token: 'reason', switchTo: '@headers' }],
      ],
      [/^(SIP\/2\.0)(\s+)(\d+)(\s?.*)$/, ['version', '', 'status.failed', { token: 'reason', switchTo: '@headers' }]],
      [
        /^([\w.!%*+`'~-]+)(\s+)(\S+)(\s+)(SIP\/\d\.\d\s*)$/,
        ['method', '', 'uri', '', { token: 'version', switchTo: '@headers' }],
      ],
      [/^.*$/, { token: 'fault', switchTo: '@headers' }],
    ],
    headers: [
      [/^$/, { token: '', switchTo: '@body' }],
      [/^(CSeq)(\s*:\s*)(\d+)(\s+)([\w.!%*+`'~-]+)/, ['header', 'delimiter', 'number', '', 'method']],
      [/^(Call-ID|i)(\s*:\s*)(.*)$/, ['header', 'delimiter', 'tag']],
      [/^([A-Za-z][\w.!%*+`'~-]+)(\s*:)/, ['header', 'delimiter']],
      [new RegExp(`^([${COMPACT}${COMPACT.toUpperCase()}])(\\s*:)`), ['header', 'delimiter']],
      // A line that goes on the one before it (RFC 3261 section 7.3.1).
      [/^[ \t]+/, ''],
      [/^[^\s:]+$/, 'fault'],
      ...VALUE,
    ],
    body: [
      [/^--[^\s-]\S*--\s*$/, { token: 'boundary', switchTo: '@body' }],
      [/^--[^\s-]\S*$/, { token: 'boundary', switchTo: '@headers' }],
      { include: '@sdp' },
      [/^SIP\/2\.0\s+\d+.*$/, 'version'],
      [/^<.*$/, 'string'],
      [/^.+$/, 'value'],
      [/^$/, ''],
    ],
    /** A line of a session description (RFC 8866 section 5). */
    sdp: [
      [
        /^(m)(=)(\S+)(\s+)(\d+)((?:\/\d+)?\s+)(\S+)(.*)$/,
        ['type.media', 'delimiter', 'media', '', 'number', '', 'version', 'number'],
      ],
      [/^(c)(=)(\S+\s+\S+\s+)(.*)$/, ['type', 'delimiter', '', 'address']],
      [/^(o)(=)(\S+\s+\S+\s+\S+\s+\S+\s+\S+\s+)(.*)$/, ['type', 'delimiter', '', 'address']],
      [
        /^(a)(=)(rtpmap)(:)(\d+)(\s+)([^/\s]+)(.*)$/,
        ['type', 'delimiter', 'attribute', 'delimiter', 'number', '', 'codec', 'number'],
      ],
      [/^(a)(=)(fmtp)(:)(\d+)(.*)$/, ['type', 'delimiter', 'attribute', 'delimiter', 'number', 'value']],
      [/^(a)(=)((?:sendrecv|sendonly|recvonly|inactive)\s*)$/, ['type', 'delimiter', 'direction']],
      [/^(a)(=)(candidate)(:)(.*)$/, ['type', 'delimiter', 'attribute', 'delimiter', 'address']],
      // What decrypts the media stands out.
      [/^(a)(=)(crypto|fingerprint|ice-pwd)(:)(.*)$/, ['type', 'delimiter', 'attribute', 'delimiter', 'key']],
      [/^(a)(=)([^:\s]+)(:?)(.*)$/, ['type', 'delimiter', 'attribute', 'delimiter', 'value']],
      [/^([a-z])(=)(.*)$/, ['type', 'delimiter', 'value']],
    ],
  },
};

/** A part of a message that can be folded, by line numbers from 1, both included. */
export interface FoldRange {
  readonly start: number;
  readonly end: number;
}

/** What folds: a message's headers, a header that goes over several lines, each part of a multipart body, each m= section. */
export function foldRanges(lines: readonly string[]): FoldRange[] {
  const ranges: FoldRange[] = [];
  const add = (start: number, end: number): void => {
    if (end > start) ranges.push({ start, end });
  };
  const first = lines.findIndex((line) => line !== '');
  const blank = lines.findIndex((line, index) => index > first && line === '');
  const headersEnd = blank < 0 ? lines.length : blank;
  if (first >= 0) add(first + 1, headersEnd);
  for (let at = first + 1; at < headersEnd; at++) {
    let last = at;
    while (last + 1 < headersEnd && /^[ \t]/.test(lines[last + 1])) last++;
    add(at + 1, last + 1);
    at = last;
  }
  if (blank < 0) return ranges;
  const marks: { readonly at: number; readonly isPart: boolean }[] = [];
  for (let at = blank + 1; at < lines.length; at++) {
    if (/^--[^\s-]/.test(lines[at])) marks.push({ at, isPart: true });
    else if (lines[at].startsWith('m=')) marks.push({ at, isPart: false });
  }
  let end = lines.length;
  while (end > 0 && lines[end - 1] === '') end--;
  marks.forEach(({ at, isPart }, index) => {
    let next = index + 1;
    // A part goes on to the next part, whatever sections are in it.
    if (isPart) while (next < marks.length && !marks[next].isPart) next++;
    let last = next < marks.length ? marks[next].at : end;
    while (last > at + 1 && lines[last - 1] === '') last--;
    add(at + 1, last);
  });
  return ranges.toSorted((a, b) => a.start - b.start);
}
