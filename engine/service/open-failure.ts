import type { OpenFailure } from '../../shared/engine-api.ts';
import { UnreadableCaptureError } from '../readers/unreadable-capture-error.ts';
import type { ByteSource } from '../sources/byte-source.ts';
import { codeOf, reasonOf } from '../sources/system-reason.ts';
import { CodedError } from './coded-error.ts';

const SNIFF_BYTES = 512;
const SHOWN_BYTES = 16;
const EXPECTED = 'd4 c3 b2 a1 (pcap) or 0a 0d 0d 0a (pcapng)';

interface Kind {
  readonly what: string;
  readonly advice: string | null;
}

/** What is often taken for a capture, by its first octets as Latin-1. */
const KINDS: readonly (Kind & { readonly magics?: readonly string[]; readonly pattern?: RegExp })[] = [
  {
    pattern: /^(\u00ef\u00bb\u00bf)?\s*<(!doctype html|html|head|body)\b/i,
    what: 'an HTML page',
    advice: 'A download that needed a log-in is the usual reason. Fetch the file again, then open it.',
  },
  { pattern: /^(\u00ef\u00bb\u00bf)?\s*<\?xml\b/i, what: 'an XML document', advice: null },
  { pattern: /^(\u00ef\u00bb\u00bf)?\s*[[{]\s*["{[\d\]}]/, what: 'a JSON document', advice: null },
  {
    magics: ['PK\x03\x04', 'PK\x05\x06'],
    what: 'a zip archive',
    advice: 'The capture may be inside: unpack it, then open what was in it.',
  },
  {
    magics: ['BZh', '\xfd7zXZ\0', '\x28\xb5\x2f\xfd', '\x04\x22\x4d\x18', '7z\xbc\xaf\x27\x1c', 'Rar!\x1a\x07'],
    what: 'a compressed file',
    advice: 'Of compressed captures only gzip is read as it is: unpack this one, then open what was in it.',
  },
  { magics: ['\x7fELF', 'MZ', '\xcf\xfa\xed\xfe', '\xca\xfe\xba\xbe'], what: 'a program', advice: null },
  { magics: ['%PDF'], what: 'a PDF document', advice: null },
  {
    pattern: /^([A-Z]+ sips?:\S+ SIP\/2\.0|SIP\/2\.0 )/,
    what: 'SIP as text',
    advice: 'It holds messages, not packets. Open the capture that they came from.',
  },
  {
    pattern: /^(\s*#[^\n]*\n|\s+)*[A-Z][A-Z0-9_]{2,63} [\da-fA-F]{64} /,
    what: 'a key log',
    advice: 'Open the capture it belongs to, then drop the key log on the window or choose “Add key log…”.',
  },
  { pattern: /^[\da-f]{4,8}[: ] *([\da-f]{2} ){2}/i, what: 'a hex dump', advice: 'text2pcap makes a capture of it.' },
];

/** What octets are where that can be told, with the article: `an HTML page`. */
export function kindOf(start: Uint8Array): Kind | null {
  const text = String.fromCharCode(...start);
  const kind = KINDS.find(
    ({ magics = [], pattern }) => magics.some((magic) => text.startsWith(magic)) || pattern?.test(text) === true,
  );
  if (kind !== undefined) return kind;
  const isText = start.length >= 8 && /^[\t\n\r\x20-\x7e\x80-\xff]*$/.test(text) && /[a-z]{3}/i.test(text);
  return isText && isUtf8(start) ? { what: 'text', advice: null } : null;
}

/** The end may be in the middle of a character. */
function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** What to tell a person of a capture that could not be opened. `source` is null where not even the file was there. */
export async function openFailure(error: unknown, name: string, source: ByteSource | null): Promise<OpenFailure> {
  const about = { name, lengthBytes: source?.lengthBytes ?? -1, firstBytes: new Uint8Array(0) };
  if (!(error instanceof UnreadableCaptureError) || source === null) {
    const code = codeOf(error) || 'failed';
    const message = error instanceof CodedError ? error.message : `${name} cannot be read: ${reasonOf(error)}.`;
    return { ...about, code, message, what: null, advice: null, expected: '' };
  }
  const start = await startOf(source);
  const kind = kindOf(start);
  const message =
    kind === null ? `${name}: ${lowerFirst(error.message)}` : `${name} is not a capture: it is ${kind.what}.`;
  return {
    ...about,
    code: 'not-a-capture',
    message,
    what: kind?.what ?? null,
    advice: kind?.advice ?? null,
    firstBytes: start.slice(0, SHOWN_BYTES),
    expected: EXPECTED,
  };
}

async function startOf(source: ByteSource): Promise<Uint8Array> {
  const bytes = new Uint8Array(SNIFF_BYTES);
  try {
    return bytes.subarray(0, await source.read(0, bytes, 0, bytes.length));
  } catch {
    return bytes.subarray(0, 0);
  }
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
