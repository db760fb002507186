import { afterEach, describe, expect, it } from 'vitest';
import { builtIns } from '../../dissectors/index.ts';
import { callRows } from '../query/call-rows.ts';
import { packetDetail } from '../query/packet-detail.ts';
import { packetRows } from '../query/packet-rows.ts';
import { streamRows } from '../query/stream-rows.ts';
import { warningsOf } from '../query/warnings.ts';
import type { Capture } from '../capture.ts';
import { CaptureIndex } from '../query/capture-index.ts';
import { captureOf, rtpPacket, type TestDatagram } from '../pass/test-capture.ts';
import { compilePlugin } from './compile.ts';
import { RunningPlugins } from './running-plugins.ts';

/** A stream of RTP with no signalling, and five datagrams on a port of the plugin's. */
const datagrams: TestDatagram[] = [
  ...Array.from({ length: 20 }, (_, i) => ({
    at: i * 0.02,
    from: '10.0.0.1:4000',
    to: '10.0.0.2:5000',
    payload: rtpPacket({ ssrc: 7, sequence: i, timestamp: 160 * i, payloadType: 0 }),
  })),
  ...Array.from({ length: 5 }, (_, i) => ({
    at: 1 + i,
    from: '10.0.0.1:7000',
    to: '10.0.0.2:7777',
    payload: 'payload of the plugin',
  })),
];
const PLUGIN_PACKET = 21;

const opened: RunningPlugins[] = [];
afterEach(() => {
  for (const running of opened.splice(0)) running.close();
});

/** Reads the capture with one plugin, whose source is `text`. */
async function read(text: string): Promise<{ capture: Capture; warning: string }> {
  const compiled = await compilePlugin('/plugins/bad.ts', text);
  const loaded =
    'plugin' in compiled ? { compiled: [compiled.plugin], errors: [] } : { compiled: [], errors: [compiled.error] };
  const running = await RunningPlugins.start(loaded, builtIns);
  opened.push(running);
  const capture = await captureOf(datagrams, builtIns, { plugins: running });
  return { capture, warning: pluginWarning(capture) };
}

function pluginWarning(capture: Capture): string {
  return warningsOf(capture)
    .filter(({ code }) => code === 'plugin-failed')
    .map(({ message }) => message)
    .join('\n');
}

/** What the built-in dissectors find, which no plugin may change. */
async function resultsOf(capture: Capture): Promise<unknown> {
  const rows = [];
  for await (const block of packetRows(capture)) rows.push(...block);
  return { rows, streams: streamRows(capture), calls: [...callRows(capture, { all: true })] };
}

interface Parts {
  readonly top?: string;
  readonly claims?: string;
  readonly probe?: string;
  readonly dissect?: string;
  readonly summarize?: string;
  readonly describe?: string;
}

/** Line 1 is `top`, line 2 probe, line 3 dissect, line 4 summarize, line 5 describe. */
const pluginOf = ({
  top = '',
  claims = "{ kind: 'port', transport: 'udp', port: 7777 }",
  probe = 'return 0',
  dissect = 'return Verdict.Reject',
  summarize = "return ''",
  describe: show = '',
}: Parts): string => `import { Octets, Verdict } from 'earshot'; ${top}
const probe = (data, ctx) => { ${probe} };
const dissect = (data, out, ctx) => { ${dissect} };
const summarize = (data, ctx) => { ${summarize} };
const describe = (data, tree, ctx) => { ${show} };
export default { dissectors: [{ id: 'bad', label: 'Bad', specs: [], claims: [${claims}], columns: { value: 'u8' }, probe, dissect, summarize, describe }] };
`;

const CLAIM_ALL = "{ kind: 'heuristic', over: 'udp' }";
const TAKE = 'out.add(); return Verdict.Ok';

describe('a plugin that is hostile in the hot pass is named, switched off, and changes nothing', () => {
  it.each<[string, Parts, RegExp]>([
    ['loops for ever in dissect', { dissect: 'for (;;) {}' }, /bad\.ts failed at line 3.*took too long.*switched off/],
    [
      'catches what stops it',
      { dissect: 'for (;;) { try { for (;;) {} } catch {} finally {} }' },
      /line 3.*took too long.*switched off/,
    ],
    ['loops for ever in probe', { claims: CLAIM_ALL, probe: 'while (true);' }, /line 2.*probe: took too long/],
    [
      'loops inside the engine, where nothing looks at the clock',
      { dissect: 'new Array(4294967295).indexOf(1); return 0' },
      /bad\.ts failed: dissect: did not come back within 200 ms and was ended; it was switched off/,
    ],
    [
      'backtracks for ever',
      { dissect: "return /^(a+)+$/.test('a'.repeat(60) + 'b') ? 0 : 1" },
      /line 3.*took too long/,
    ],
    ['throws', { dissect: "throw new TypeError('on purpose')" }, /line 3, column \d+: dissect: TypeError: on purpose/],
    ['throws what is no error', { dissect: 'throw 42' }, /dissect: threw 42/],
    [
      'throws what loops when it is looked at',
      { dissect: 'throw { get message() { for (;;) {} } }' },
      /bad\.ts failed.*switched off/,
    ],
    ['calls itself for ever', { dissect: 'return dissect(data, out, ctx)' }, /line 3.*stack overflow/],
    [
      'uses up the stack of the engine',
      { dissect: 'let a = []; for (let i = 0; i < 200000; i++) a = [a]; return JSON.stringify(a).length' },
      /bad\.ts failed.*dissect/,
    ],
    [
      'fills the memory with lists',
      { dissect: 'const a = []; for (;;) a.push(new Uint8Array(1 << 20))' },
      /out of memory/,
    ],
    ['fills the memory with text', { dissect: "let a = 'x'; for (;;) a += a" }, /too long|out of memory/],
    ['fills the memory at once', { dissect: 'new Uint8Array(2 ** 31)' }, /out of memory|invalid/],
    ['has no end of rows', { dissect: 'for (;;) out.add()' }, /bad\.ts failed/],
    ['has too many rows', { dissect: 'for (let i = 0; i < 5000; i++) out.add(); return 0' }, /more than 1000 rows/],
    ['has no end of findings', { dissect: "for (;;) ctx.issue('bad-x', 0)" }, /more than 1000 findings/],
    [
      'has no end of texts',
      { dissect: 'for (let i = 0; ; i++) ctx.strings.internText(`${i}`)' },
      /more than 2000 texts/,
    ],
    ['gives a verdict that is none', { dissect: 'out.add(); return 17' }, /gave no verdict/],
    ['gives no verdict', { dissect: '' }, /gave no verdict/],
    ['wants Node', { dissect: "globalThis.require('fs')" }, /line 3.*not a function/],
    ['wants the process', { dissect: 'process.exit(1)' }, /line 3.*'process' is not defined/],
    ['wants the net', { dissect: "fetch('https://example.com')" }, /line 3.*'fetch' is not defined/],
    [
      'looks for a way out by constructors',
      { dissect: "return data.constructor.constructor('return process')().exit(1)" },
      /'process' is not defined/,
    ],
    [
      'looks for a way out by errors',
      { dissect: "try { null.x } catch (e) { e.constructor.constructor('return process')().exit(1) }" },
      /'process' is not defined/,
    ],
  ])('%s', async (_what, parts, message) => {
    const { capture, warning } = await read(pluginOf(parts));
    expect(warning).toMatch(message);
    const plain = await captureOf(datagrams, builtIns);
    expect(await resultsOf(capture)).toEqual(await resultsOf(plain));
  });
});

describe('a plugin that is hostile when it is loaded does not take part', () => {
  it.each([
    ['loops for ever', 'for (;;) {}', /bad\.ts failed at line 1.*took too long/],
    ['throws', "throw new Error('not today')", /line 1.*not today/],
    ['fills the memory', 'const a = []; for (;;) a.push(new Array(1000).fill(1));', /memory|too long/],
    ['loops inside the engine', 'new Array(4294967295).indexOf(1);', /did not come back/],
    ['imports Node', "import fs from 'node:fs'; fs.rmSync('/');", /line 1.*import "earshot" only, not "node:fs"/],
    ['imports a file', "import x from './x.ts'; x();", /line 1.*not "\.\/x\.ts"/],
    ['imports later', "await import('fs');", /line 1/],
    ['requires', "const fs = require('fs');", /line 1/],
    ['is not TypeScript', 'const = 3;', /line 1, column \d+: Expected identifier/],
  ])('%s', async (_what, top, message) => {
    const { capture, warning } = await read(pluginOf({ top }));
    expect(warning).toMatch(message);
    expect(capture.store.dissectorIds).not.toContain('bad');
  });

  it.each([
    ['nothing', '', /has to export default an object/],
    ['a number', 'export default 3', /has to export default an object/],
    ['an empty object', 'export default {}', /neither dissectors nor checks nor exports/],
    ['a name that is taken', pluginOf({}).replace("id: 'bad'", "id: 'sip'"), /another dissector "sip"/],
    [
      'a name that is none',
      pluginOf({}).replace("id: 'bad'", "id: '../x'"),
      /dissectors\[0\]\.id is not like "my-proto"/,
    ],
    ['a column that is none', pluginOf({}).replace("'u8'", "'u64'"), /columns\.value is none of u8/],
    ['a prototype for a column', pluginOf({}).replace('value:', "['__proto__']:"), /no name of letters and digits/],
    ['a port that is none', pluginOf({}).replace('7777', '77777'), /port is not between 1 and 65535/],
    ['no describe', pluginOf({}).replace(', describe }', ' }'), /bad has no function describe/],
    [
      'fields of another dissector',
      pluginOf({}).replace('columns:', "fields: [{ id: 'sip.Method', label: 'x', type: 'text' }], columns:"),
      /does not begin with "bad\."/,
    ],
    ['a trap for who looks', 'export default { get dissectors() { for (;;) {} } }', /took too long/],
    [
      'a million dissectors',
      'export default { dissectors: new Array(4294967295) }',
      /memory|too long|did not come back/,
    ],
  ])('exports %s', async (_what, text, message) => {
    const { warning } = await read(text);
    expect(warning).toMatch(message);
  });
});

describe('what a plugin shows', () => {
  const detail = async (parts: Parts) => {
    const { capture } = await read(pluginOf({ dissect: TAKE, ...parts }));
    const result = await packetDetail(capture, PLUGIN_PACKET);
    return {
      capture,
      text: JSON.stringify(result?.nodes.at(-1), (_k, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v)),
    };
  };

  it('is shown up to a fault, and the fault with its line', async () => {
    const { capture, text } = await detail({
      describe: "tree.field('bad.a', 'A', 0, 2, 12345678901234567890n); null.x",
    });
    expect(text).toContain('12345678901234567890n');
    expect(text).toMatch(/plugin-failed/);
    expect(text).toMatch(/bad\.ts, line 5: describe: TypeError/);
    expect(pluginWarning(capture)).toMatch(/line 5/);
  });

  it.each([
    ['a tree without end', "for (;;) tree.field('bad.a', 'A', 0, 1, 1)"],
    ['a tree without bottom', "const deeper = () => tree.group('bad.g', 'G', 0, 1, '', deeper); deeper()"],
    ['a tree that loops for ever', 'for (;;) {}'],
    ['a text without end', "tree.field('bad.a', 'A', 0, 1, 'x'.repeat(2 ** 26))"],
    [
      'tampering with what carries it out',
      'JSON.stringify = () => "[[["; Array.prototype.push = null; tree.field("a", "A", 0, 1, 1)',
    ],
  ])('may not be %s', async (_what, show) => {
    const { text } = await detail({ describe: show });
    expect(text.length).toBeLessThan(3_000_000);
    expect(text).toMatch(/plugin-failed|"A"/);
  });

  it('stays within the payload', async () => {
    const { text } = await detail({
      describe: "tree.field('bad.a', 'A', -5, 1e9, NaN); tree.fault('x', 'y', 1e9, -1)",
    });
    const { children } = JSON.parse(text) as { children: { at: number; length: number; value: unknown }[] };
    // 42 octets of headers, 21 of payload.
    expect(children.map(({ at, length, value }) => [at, length, value])).toEqual([
      [42, 21, null],
      [63, 0, 'y'],
    ]);
  });

  it('a summary that fails leaves the packet list as it is', async () => {
    const { capture } = await read(pluginOf({ dissect: TAKE, summarize: 'null.x' }));
    for await (const rows of packetRows(capture)) {
      expect(rows[PLUGIN_PACKET - 1].info).toBe('(the bad dissector failed on this packet)');
    }
    expect(pluginWarning(capture)).toMatch(/line 4.*summarize: TypeError/);
  });
});

describe('plugins do not reach each other, nor the payload of the capture', () => {
  it('what one does to the classes it shares a name with stays in its own sandbox', async () => {
    const spoil = pluginOf({
      top: 'Octets.prototype.u8 = () => 99; Object.prototype.length = 5; Array.prototype.map = null;',
    });
    const sound = pluginOf({
      dissect: 'out.columns.value.set(out.add(), data.u8(0)); data.bytes.fill(0); return Verdict.Ok',
    })
      .replace("id: 'bad'", "id: 'sound'")
      .replace('7777', '7777');
    const compiled = await Promise.all(
      ['spoil.js', 'sound.js'].map((name, i) => compilePlugin(name, [spoil, sound][i])),
    );
    const plugins = compiled.map((each) => ('plugin' in each ? each.plugin : expect.unreachable()));
    const running = await RunningPlugins.start({ compiled: plugins, errors: [] }, builtIns);
    opened.push(running);
    const capture = await captureOf(datagrams, builtIns, { plugins: running });
    const layer = capture.store.layer('sound', { value: 'u8' });
    expect(Array.from({ length: 5 }, (_, row) => layer?.rows.columns.value.get(row))).toEqual([
      112, 112, 112, 112, 112,
    ]);
    expect(new Octetsless().length).toBe(0);
    const detail = await packetDetail(capture, PLUGIN_PACKET);
    expect(Buffer.from(detail?.sources[0].bytes.subarray(42) ?? []).toString()).toBe('payload of the plugin');
  });
});

/** An object of the host's: nothing was added to what it inherits. */
class Octetsless {
  readonly length = Object.keys(Object.prototype).length;
}

describe('checks and exports', () => {
  const checkOf = (run: string): string =>
    `export default { checks: [{ id: 'mine', label: 'Mine', run: (capture) => { ${run} } }] }`;

  it.each([
    ['loops for ever', 'for (;;) {}', /line 1.*check: took too long/],
    ['throws', "throw new Error('oh')", /check: Error: oh/],
    ['asks for ever', 'for (;;) [...capture.packets()]', /took too long/],
    ['asks for what is not there', "return [...capture.rows('nothing')]", /There is no dissector "nothing"/],
    ['asks with a wrong filter', "return [...capture.packets('sip.=')]", /The filter is wrong/],
    ['finds what are no problems', "return [1, null, { code: 'x' }]", /3 of what mine found are no problems/],
    ['gives no list', "return 'all is well'", /gave no list/],
    ['gives a promise', 'return new Promise(() => {})', /gave no list/],
    ['loops inside the engine', 'new Array(4294967295).indexOf(1)', /did not come back/],
  ])('a check that %s', async (_what, run, message) => {
    const { capture, warning } = await read(checkOf(run));
    expect(warning).toMatch(message);
    expect(streamRows(capture)).toHaveLength(1);
  });

  it('a problem is taken as far as it is sound', async () => {
    const { capture } = await read(
      checkOf(
        `return [{ code: 'odd', severity: 'error', title: 'T'.repeat(500), message: 'a\\nb', call: 'c99', stream: 's1', packets: [3, 1, 999, -1, 'x', 3], spec: 5 }]`,
      ),
    );
    const [problem] = new CaptureIndex(capture).problems;
    expect(problem).toMatchObject({
      id: 'p1',
      code: 'plugin:mine:odd',
      message: 'a b',
      call: null,
      stream: 's1',
      packets: [1, 3],
      spec: null,
    });
    expect(problem.title).toHaveLength(80);
  });

  it('no dissector may ask for the capture while it is read', async () => {
    const { warning } = await read(
      `let held; ${pluginOf({ dissect: 'return [...held.packets()].length' })}`.replace(
        'export default {',
        "export default { checks: [{ id: 'mine', label: 'Mine', run: (capture) => { held = capture; return []; } }],",
      ),
    );
    expect(warning).toMatch(/dissect: TypeError/);
  });
});
