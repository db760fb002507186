/** The cold pass over a message: all its lines, and everything the hot pass would say of it. */
import { Octets } from '../../base/octets.ts';
import { StringTable } from '../../base/string-table.ts';
import { Table } from '../../base/table.ts';
import type { DescribeContext, DissectContext, Verdict } from '../dissector.ts';
import { SIP_COLUMNS, type SipColumns } from './columns.ts';
import { dissectSip } from './dissect-sip.ts';
import { canonicalName } from './header-fields.ts';
import type { Span } from './name-addr.ts';

/** One header line, folds included; places count octets of the message. */
export interface HeaderLine {
  readonly at: number;
  /** With its line end. */
  readonly length: number;
  /** As RFC 3261 writes it, compact forms written out; '' for a line without a name. */
  readonly name: string;
  readonly value: Span;
}

export interface Message {
  /** The message with one character per octet, so that places in it are places in the octets. */
  readonly latin1: string;
  /** Where the start line begins: after empty lines. */
  readonly startAt: number;
  readonly headers: readonly HeaderLine[];
  /** Where the header section begins and where it ends, the blank line included. */
  readonly headersAt: number;
  readonly bodyAt: number;
}

/** Splits the octets into lines. Works on anything; what is no SIP has no headers worth the name. */
export function readMessage(data: Octets): Message {
  const latin1 = toLatin1(data);
  let startAt = 0;
  while (startAt < latin1.length && (latin1[startAt] === '\r' || latin1[startAt] === '\n')) startAt++;
  const headersAt = lineEnd(latin1, startAt);
  const headers: HeaderLine[] = [];
  let at = headersAt;
  while (at < latin1.length) {
    if (latin1[at] === '\n') return { latin1, startAt, headers, headersAt, bodyAt: at + 1 };
    if (latin1.startsWith('\r\n', at)) return { latin1, startAt, headers, headersAt, bodyAt: at + 2 };
    let end = lineEnd(latin1, at);
    while (latin1[end] === ' ' || latin1[end] === '\t') end = lineEnd(latin1, end);
    headers.push(readHeader(latin1, at, end));
    at = end;
  }
  return { latin1, startAt, headers, headersAt, bodyAt: latin1.length };
}

/** The octets as text, line folds as one space. */
export function valueText(data: Octets, span: Span): string {
  return data.text(span.at, span.length).replaceAll(/[ \t]*\r?\n[ \t]*/g, ' ');
}

/** What the hot pass says of a payload, collected. */
export interface Findings {
  readonly verdict: Verdict;
  readonly table: Table<SipColumns>;
  readonly strings: StringTable;
  readonly issues: readonly { readonly code: string; readonly at: number }[];
  /** The bodies it handed on. */
  readonly bodies: readonly { readonly mediaType: string; readonly at: number; readonly length: number }[];
  /** The octets of the message, padding and what follows it excluded. */
  readonly lengthBytes: number;
}

/** Reused for every message that is looked at: what `findingsOf` gives holds until its next call. */
const SCRATCH = new Table(SIP_COLUMNS);
const MAX_SCRATCH_STRINGS = 10_000;
let scratchStrings = new StringTable();

/** Runs the hot pass once more for the cold one, so that both say the same. Valid until the next call. */
export function findingsOf(data: Octets, ctx: DescribeContext): Findings {
  SCRATCH.truncate(0);
  // Many strings were interned by then: a new table costs less than one that grows with every message looked at.
  if (scratchStrings.size > MAX_SCRATCH_STRINGS) scratchStrings = new StringTable();
  const table = SCRATCH;
  const strings = scratchStrings;
  const issues: { code: string; at: number }[] = [];
  const bodies: { mediaType: string; at: number; length: number }[] = [];
  const collect: DissectContext = {
    strings,
    // The cold pass is shown what there is: nothing more will come.
    truncated: ctx.truncated,
    transport: ctx.transport,
    sourcePort: ctx.sourcePort,
    destinationPort: ctx.destinationPort,
    consumed: 0,
    child: (mediaType, at, length) => bodies.push({ mediaType, at, length }),
    packet: () => {},
    issue: (code, at) => issues.push({ code, at }),
  };
  const verdict = dissectSip(data, table, collect);
  return { verdict, table, strings, issues, bodies, lengthBytes: collect.consumed || data.length };
}

function readHeader(latin1: string, at: number, end: number): HeaderLine {
  const colon = latin1.indexOf(':', at);
  const line = latin1.slice(at, end);
  const firstLine = lineEnd(latin1, at);
  const valueEnd = at + line.trimEnd().length;
  if (colon < 0 || colon >= firstLine || /^[ \t:]/.test(line)) {
    return { at, length: end - at, name: '', value: { at, length: Math.max(0, valueEnd - at) } };
  }
  let from = colon + 1;
  while (from < valueEnd && /\s/.test(latin1[from])) from++;
  const name = canonicalName(latin1.slice(at, colon).trimEnd());
  return { at, length: end - at, name, value: { at: from, length: Math.max(0, valueEnd - from) } };
}

function lineEnd(latin1: string, at: number): number {
  const lf = latin1.indexOf('\n', at);
  return lf < 0 ? latin1.length : lf + 1;
}

function toLatin1(data: Octets): string {
  let text = '';
  // fromCharCode takes so many arguments at most.
  for (let at = 0; at < data.length; at += 4096) {
    const from = data.start + at;
    text += Reflect.apply(
      String.fromCharCode,
      null,
      data.bytes.subarray(from, from + Math.min(4096, data.length - at)),
    );
  }
  return text;
}
