/**
 * A vendor's log lines over UDP port 24243, told by their magic on any other port too: who says what, how grave it is, and
 * about which call. Every field can be filtered for (`vendor-log.level == "error"`), and the lines can be exported as text.
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     |                     magic 'V' 'L' 'O' 'G'                     |
 *     |  version = 1  |     level     | name's length |   text's
 *         length      |  name of the node …  text (UTF-8) …
 *
 * Try it: earshot packets test/captures/plugins/vendor-log.pcap --plugin resources/plugins/vendor-log.ts
 */
import {
  type CaptureView,
  Confidence,
  type DescribeContext,
  type DissectContext,
  type Dissector,
  type Octets,
  type Plugin,
  type Rows,
  type TreeBuilder,
  Verdict,
} from 'earshot';

const MAGIC = 0x564c4f47;
const VERSION = 1;
const HEADER_LENGTH = 9;
const LEVELS = ['', 'debug', 'info', 'warning', 'error'];

const columns = { level: 'u8', node: 'text', call: 'text', text: 'text' } as const;

/** Where the parts of a line are, as far as they are there. */
function partsOf(data: Octets): { node: number; text: number; textLength: number; announced: number } {
  const node = Math.min(data.u8(6), Math.max(0, data.length - HEADER_LENGTH));
  const text = HEADER_LENGTH + node;
  const announced = data.u16(7);
  return { node, text, textLength: Math.min(announced, Math.max(0, data.length - text)), announced };
}

/** `7f3a@10.77.0.1` of `call=7f3a@10.77.0.1 RTP timeout`; '' where the line is about no call. */
function callOf(text: string): string {
  return /^call=(\S+)/.exec(text)?.[1] ?? '';
}

/** Four octets that nothing else begins with. */
function probe(data: Octets): Confidence {
  return data.u32(0) === MAGIC ? Confidence.Certain : Confidence.None;
}

function dissect(data: Octets, out: Rows<typeof columns>, ctx: DissectContext): Verdict {
  if (data.u32(0) !== MAGIC) return Verdict.Reject;
  const { node, text, textLength, announced } = partsOf(data);
  const row = out.add();
  out.columns.level.set(row, data.u8(5));
  out.columns.node.set(row, ctx.strings.intern(data.bytes, data.start + HEADER_LENGTH, node));
  out.columns.text.set(row, ctx.strings.intern(data.bytes, data.start + text, textLength));
  out.columns.call.set(row, ctx.strings.internText(callOf(data.text(text, textLength))));
  if (data.u8(4) !== VERSION) {
    ctx.issue('vendor-log-version', 4);
    return Verdict.Malformed;
  }
  if (textLength < announced && !ctx.truncated) {
    ctx.issue('vendor-log-length', 7);
    return Verdict.Malformed;
  }
  return Verdict.Ok;
}

function summarize(data: Octets): string {
  const { node, text, textLength } = partsOf(data);
  const level = LEVELS[data.u8(5)] ?? `level ${data.u8(5)}`;
  return `${level}  ${data.text(HEADER_LENGTH, node)}: ${data.text(text, textLength)}`;
}

function describe(data: Octets, tree: TreeBuilder, ctx: DescribeContext): void {
  if (data.length < HEADER_LENGTH) {
    tree.field('vendor-log.data', 'Data', 0, data.length, data.hex());
    tree.fault(ctx.truncated ? 'truncated' : 'vendor-log-short', 'Shorter than a header', 0, data.length);
    return;
  }
  const { node, text, textLength, announced } = partsOf(data);
  tree.field('vendor-log.magic', 'Magic', 0, 4, data.text(0, 4));
  tree.field('vendor-log.version', 'Version', 4, 1, data.u8(4));
  if (data.u8(4) !== VERSION) tree.fault('vendor-log-version', 'Only version 1 is known', 4, 1);
  // A field with `names` shows and compares as its name.
  tree.field('vendor-log.level', 'Level', 5, 1, LEVELS[data.u8(5)] ?? String(data.u8(5)));
  tree.field('vendor-log.node-length', "Name's length", 6, 1, data.u8(6), 'octets');
  tree.field('vendor-log.text-length', "Text's length", 7, 2, announced, 'octets');
  if (textLength < announced) {
    const message = `The text has ${announced} octets, ${textLength} are there`;
    tree.fault(ctx.truncated ? 'truncated' : 'vendor-log-length', message, 7, 2);
  }
  if (node > 0) tree.field('vendor-log.node', 'Node', HEADER_LENGTH, node, data.text(HEADER_LENGTH, node));
  const words = data.text(text, textLength);
  if (textLength > 0) {
    tree.group('vendor-log.line', 'Line', text, textLength, words, () => {
      const call = callOf(words);
      if (call !== '') tree.field('vendor-log.call', 'Call', text + 'call='.length, call.length, call);
      tree.field('vendor-log.text', 'Text', text, textLength, words);
    });
  }
  const end = text + textLength;
  if (end < data.length) tree.field('vendor-log.trailing', 'Behind it', end, data.length - end, data.hex(end));
}

const vendorLog: Dissector<typeof columns> = {
  id: 'vendor-log',
  label: 'Vendor log',
  specs: [],
  claims: [
    { kind: 'port', transport: 'udp', port: 24243 },
    // Asked about datagrams only that begin with a V: the probe costs nothing elsewhere.
    { kind: 'heuristic', over: 'udp', firstOctet: [0x56, 0x56] },
  ],
  columns,
  fields: [
    { id: 'vendor-log.level', label: 'Level', type: 'text', names: LEVELS, column: (c, row) => c.level.get(row) },
    { id: 'vendor-log.node', label: 'Node', type: 'text', column: (c, row) => c.node.get(row) },
    { id: 'vendor-log.call', label: 'Call', type: 'text', column: (c, row) => c.call.get(row) },
    { id: 'vendor-log.text', label: 'Text', type: 'text', column: (c, row) => c.text.get(row), isVerbatim: true },
    { id: 'vendor-log.version', label: 'Version', type: 'number' },
  ],
  probe,
  dissect,
  summarize,
  describe,
};

/** A line for each message: time, level, node, text. */
function logText(capture: CaptureView): string {
  let lines = '';
  for (const { time, columns: line } of capture.rows('vendor-log')) {
    const level = LEVELS[Number(line['level'])] ?? line['level'];
    lines += `${new Date(time * 1000).toISOString()} ${level} ${line['node']}: ${line['text']}\n`;
  }
  return lines;
}

export default {
  dissectors: [vendorLog],
  exports: [{ id: 'log-text', label: 'Log lines as text', extension: 'log', run: logText }],
} satisfies Plugin;
