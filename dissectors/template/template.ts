/**
 * TEMPLATE. A whole dissector of a made-up protocol, the Acme beacon, to start a new one from:
 * `npm run new:dissector <name>` copies this folder and renames `template` and `Template`.
 *
 * A dissector is one folder that imports `base/`, `dissectors/dissector.ts` and itself. The order of this file is the
 * order of every dissector: what it looks like on the wire, columns, claims, hot pass, cold pass, and the object that
 * ties them together. To make it yours:
 *
 *   1. Replace the drawing and name the documents in `specs`.
 *   2. Choose `claims`: where the engine shall ask. Leave out `probe` where no claim is a heuristic.
 *   3. Choose `columns`: only what lists, trackers and filters need of every packet. The rest is read again from the
 *      file when somebody opens the packet.
 *   4. Write `dissect`. It runs for millions of packets: no strings, slices, closures or objects.
 *   5. Write `summarize` and `describe`. They run for what is on the screen, so they may allocate.
 *   6. Put the dissector into the list in `dissectors/index.ts`, and run `npx vitest run dissectors/<name>`.
 *
 * An Acme beacon says who is there. Several may follow one another in a TCP stream; a datagram holds one.
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     |       magic 'A' 'B'           | version = 1   |     flags     |
 *     |        text length            |        sequence number        |
 *     |                    text (UTF-8) …                             |
 */
import type { Octets } from '../../base/octets.ts';
import {
  Confidence,
  type DescribeContext,
  type DissectContext,
  type Dissector,
  type Rows,
  type TreeBuilder,
  Verdict,
} from '../dissector.ts';

// On the wire: where things are, and what is always the same.
const MAGIC = 0x4142;
const VERSION = 1;
const FLAG_URGENT = 0x80;
const HEADER_LENGTH = 8;

/** What the hot pass stores, one typed array each. One row per beacon. */
export const templateColumns = {
  sequence: 'u16',
  flags: 'u8',
  /** Text columns hold ids of `ctx.strings`: equal texts are kept once and compare as numbers. */
  text: 'text',
} as const;
export type TemplateColumns = typeof templateColumns;

/**
 * One look at a payload that no port, signalling or earlier packet explains. How sure it may be: a magic number is
 * `Certain`; a shape that random octets rarely have is `Likely`; one that they often have is `Weak`.
 */
function probe(data: Octets): Confidence {
  return data.u16(0) === MAGIC && data.u8(2) === VERSION ? Confidence.Certain : Confidence.None;
}

function dissect(data: Octets, out: Rows<TemplateColumns>, ctx: DissectContext): Verdict {
  // Not ours? Say so before a row is added: the engine then asks others. A read past the end gives 0 and never throws,
  // so look at the length only where it changes the answer.
  if (data.length > 0 && data.u8(0) !== MAGIC >> 8) return Verdict.Reject;
  if (data.length > 1 && data.u16(0) !== MAGIC) return Verdict.Reject;

  // Ours but not all there yet. On TCP the rest comes with the next segments; a datagram has no rest.
  if (data.length < HEADER_LENGTH) {
    if (ctx.transport === 'tcp') return Verdict.NeedMore;
    if (ctx.truncated) return Verdict.Ok;
    ctx.issue('template-short', 0);
    return Verdict.Malformed;
  }
  const textLength = data.u16(4);
  const end = HEADER_LENGTH + textLength;
  if (end > data.length && ctx.transport === 'tcp' && !ctx.truncated) return Verdict.NeedMore;

  const held = Math.min(end, data.length) - HEADER_LENGTH;
  const row = out.add();
  out.columns.sequence.set(row, data.u16(6));
  out.columns.flags.set(row, data.u8(3));
  out.columns.text.set(row, ctx.strings.intern(data.bytes, data.start + HEADER_LENGTH, held));
  // A stream goes on after this message; on a datagram the engine does not look at it.
  ctx.consumed = Math.min(end, data.length);

  // Ours and damaged: what was decoded stays, and the issue says where the fault is.
  if (data.u8(2) !== VERSION) {
    ctx.issue('template-version', 2);
    return Verdict.Malformed;
  }
  // A packet that the capture cut short is not the sender's fault.
  if (end > data.length && !ctx.truncated) {
    ctx.issue('template-length', 4);
    return Verdict.Malformed;
  }
  // Sound but odd: report it and go on.
  if (textLength === 0) ctx.issue('template-no-text', 4);
  return Verdict.Ok;
}

/** The packet list's line: what a person looks for first. */
function summarize(data: Octets): string {
  const urgent = (data.u8(3) & FLAG_URGENT) !== 0 ? '  urgent' : '';
  return `Acme beacon  seq ${data.u16(6)}${urgent}  ${data.text(HEADER_LENGTH, Math.min(data.u16(4), rest(data)))}`;
}

/** Every octet in some field, in order. What cannot be read is still shown, with a fault beside it. */
function describe(data: Octets, tree: TreeBuilder, ctx: DescribeContext): void {
  if (data.length < HEADER_LENGTH) {
    tree.field('template.data', 'Data', 0, data.length, data.hex());
    tree.fault(ctx.truncated ? 'truncated' : 'template-short', 'Shorter than a header', 0, data.length);
    return;
  }
  const flags = data.u8(3);
  tree.field('template.magic', 'Magic', 0, 2, data.text(0, 2));
  tree.field('template.version', 'Version', 2, 1, data.u8(2));
  if (data.u8(2) !== VERSION) tree.fault('template-version', 'Only version 1 is known', 2, 1);
  // A group is a node with children: its own line says what they come to.
  tree.group('template.flags', 'Flags', 3, 1, `0x${data.hex(3, 1)}`, () => {
    tree.field('template.flags.urgent', 'Urgent', 3, 1, (flags & FLAG_URGENT) !== 0);
  });
  const textLength = data.u16(4);
  const held = Math.min(textLength, rest(data));
  tree.field('template.length', 'Text length', 4, 2, textLength, 'octets');
  if (held < textLength) {
    const message = `The text has ${textLength} octets, ${held} are there`;
    tree.fault(ctx.truncated ? 'truncated' : 'template-length', message, 4, 2);
  }
  tree.field('template.sequence', 'Sequence number', 6, 2, data.u16(6));
  if (held > 0) tree.field('template.text', 'Text', HEADER_LENGTH, held, data.text(HEADER_LENGTH, held));
  const after = HEADER_LENGTH + held;
  if (after < data.length)
    tree.field('template.trailing', 'After the text', after, data.length - after, data.hex(after));
}

function rest(data: Octets): number {
  return Math.max(0, data.length - HEADER_LENGTH);
}

export const template: Dissector<TemplateColumns> = {
  id: 'template',
  label: 'Template',
  specs: [],
  claims: [
    // A well-known port; taken unless a signature of another protocol, the user or signalling says otherwise.
    { kind: 'port', transport: 'tcp', port: 40123 },
    { kind: 'port', transport: 'udp', port: 40123 },
    // Bodies of other protocols, as SIP hands on SDP.
    { kind: 'media-type', type: 'application/vnd.acme.beacon' },
    // Every datagram on any port whose first octet fits is given to `probe`.
    { kind: 'heuristic', over: 'udp', firstOctet: [0x41, 0x41] },
  ],
  columns: templateColumns,
  probe,
  dissect,
  summarize,
  describe,
};
