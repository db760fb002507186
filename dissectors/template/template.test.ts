/**
 * TEMPLATE. What every dissector's test shows: a sound packet, written by hand from the document and not by the code
 * under test; each verdict; each issue; the packet cut at every length. Captures and another decoder's output are a
 * better witness than hand-made octets where the protocol is real.
 */
import { expect, test } from 'vitest';
import { Confidence, Verdict } from '../dissector.ts';
import {
  describeToText,
  describeToTree,
  dissectOnce,
  nodesOutside,
  summarizeOnce,
  uncoveredOctets,
} from '../testing/fake-context.ts';
import { template } from './template.ts';

/** `A` `B`, version 1, urgent, five octets of text, sequence 258, `hello`. */
const HELLO = Uint8Array.from([0x41, 0x42, 1, 0x80, 0, 5, 1, 2, 0x68, 0x65, 0x6c, 0x6c, 0x6f]);

/** `HELLO` with other octets from `at` on. */
function changed(at: number, ...octets: number[]): Uint8Array {
  const bytes = HELLO.slice();
  bytes.set(octets, at);
  return bytes;
}

test('reads a beacon', () => {
  const result = dissectOnce(template, HELLO);
  expect(result.verdict).toBe(Verdict.Ok);
  expect(result.confidence).toBe(Confidence.Certain);
  expect(result.consumed).toBe(13);
  expect(result.rows).toEqual([{ sequence: 258, flags: 0x80, text: 'hello' }]);
  expect(result.issues).toEqual([]);
});

test('leaves other protocols alone', () => {
  const result = dissectOnce(template, 'INVITE sip:bob@example.com SIP/2.0\r\n');
  expect(result.verdict).toBe(Verdict.Reject);
  expect(result.confidence).toBe(Confidence.None);
  expect(result.rows).toEqual([]);
});

test('takes one message of a stream and leaves the next', () => {
  const two = Uint8Array.from([...HELLO, ...HELLO]);
  expect(dissectOnce(template, two, { transport: 'tcp' })).toMatchObject({ verdict: Verdict.Ok, consumed: 13 });
});

test.each([
  ['another version', changed(2, 2), { code: 'template-version', at: 2 }],
  ['more text announced than there is', changed(4, 1, 0), { code: 'template-length', at: 4 }],
  ['half a header', HELLO.slice(0, 6), { code: 'template-short', at: 0 }],
])('reports %s', (_, bytes, issue) => {
  const result = dissectOnce(template, bytes);
  expect(result.verdict).toBe(Verdict.Malformed);
  expect(result.issues).toEqual([issue]);
  expect(describeToText(template, bytes)).toContain(`[${issue.code} `);
});

test('a beacon without text is odd, not damaged', () => {
  const result = dissectOnce(template, changed(4, 0, 0).slice(0, 8));
  expect(result).toMatchObject({ verdict: Verdict.Ok, issues: [{ code: 'template-no-text', at: 4 }] });
});

test('cut at every length: a stream waits, a datagram is damaged, a snapped frame is neither', () => {
  for (let length = 0; length < HELLO.length; length++) {
    const cut = HELLO.slice(0, length);
    expect(dissectOnce(template, cut, { transport: 'tcp' }).verdict).toBe(Verdict.NeedMore);
    expect(dissectOnce(template, cut).verdict).toBe(Verdict.Malformed);
    const snapped = dissectOnce(template, cut, { truncated: true });
    expect(snapped).toMatchObject({ verdict: Verdict.Ok, issues: [] });
    expect(snapped.rows.length).toBe(length < 8 ? 0 : 1);
    const tree = describeToTree(template, cut, { truncated: true });
    expect(nodesOutside(tree, length)).toEqual([]);
    expect(uncoveredOctets(tree, length)).toEqual([]);
  }
});

test('describes every octet in order', () => {
  expect(describeToText(template, HELLO)).toBe(
    [
      'Magic: AB [template.magic 0+2]',
      'Version: 1 [template.version 2+1]',
      'Flags: 0x80 [template.flags 3+1]',
      '  Urgent: true [template.flags.urgent 3+1]',
      'Text length: 5 (octets) [template.length 4+2]',
      'Sequence number: 258 [template.sequence 6+2]',
      'Text: hello [template.text 8+5]',
    ].join('\n'),
  );
  expect(summarizeOnce(template, HELLO)).toBe('Acme beacon  seq 258  urgent  hello');
});
