/** The worked plugins of resources/plugins, on captures whose content is known; and plugins in a window. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { run } from '../../cli/run.ts';
import { keep } from '../../cli/testing.ts';
import { builtIns } from '../../dissectors/index.ts';
import type { Capture } from '../../engine/capture.ts';
import { readCapture } from '../../engine/engine.ts';
import { checkFilter } from '../../engine/filter/check.ts';
import { filterPackets } from '../../engine/filter/filter-packets.ts';
import { loadPlugins } from '../../engine/plugins/find-plugins.ts';
import { RunningPlugins } from '../../engine/plugins/running-plugins.ts';
import { callRows } from '../../engine/query/call-rows.ts';
import { CaptureIndex } from '../../engine/query/capture-index.ts';
import { streamRows } from '../../engine/query/stream-rows.ts';
import { warningsOf } from '../../engine/query/warnings.ts';
import { MemorySource } from '../../engine/readers/test-source.ts';
import { pluginTypes } from '../../scripts/plugin-types.mjs';
import { OWN_CAPTURES } from './capture-files.ts';
import { openWindow, type TestWindow } from './service-window.ts';

const ROOT = join(OWN_CAPTURES, '../..');
const EXAMPLES = join(ROOT, 'resources/plugins');
const VPN = join(OWN_CAPTURES, 'plugins/vpn-rtp.pcap');
const LOG = join(OWN_CAPTURES, 'plugins/vendor-log.pcap');
const CALL = join(OWN_CAPTURES, 'g711a-call.pcap');
/** Packets of g711a-call.pcap that are in the tunnel, as test/recording/plugins.ts has it. */
const TUNNELLED = 200;
const FILE_HEADER = 24;
const RECORD_HEADER = 16;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

async function read(path: string, plugins: readonly string[], most = Infinity): Promise<Capture> {
  const running = await RunningPlugins.start(await loadPlugins(plugins), builtIns);
  ends.push(() => running.close());
  const file = firstRecords(readFileSync(path), most);
  return readCapture(new MemorySource(file), { dissectors: builtIns, plugins: running, fence: false });
}

/** The first records of a little-endian pcap. */
function firstRecords(file: Uint8Array, most: number): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  let at = FILE_HEADER;
  for (let i = 0; i < most && at < file.length; i++) at += RECORD_HEADER + view.getUint32(at + 8, true);
  return file.slice(0, at);
}

const pluginFaults = (capture: Capture): string[] =>
  warningsOf(capture)
    .filter(({ code }) => code === 'plugin-failed')
    .map(({ message }) => message);

describe('vpn-rtp.ts: RTP in a tunnel of our own', () => {
  it('the call inside is that of the capture without the tunnel', async () => {
    const inside = await read(VPN, [join(EXAMPLES, 'vpn-rtp.ts')]);
    const plain = await read(CALL, [], TUNNELLED);
    expect(pluginFaults(inside)).toEqual([]);
    const [call, ...others] = callRows(inside, { all: true });
    const [known] = callRows(plain, { all: true });
    expect(others).toEqual([]);
    const { callId, from, to, state, startTime, answerTime, ringTime, messageCount } = known;
    expect(call).toMatchObject({ callId, from, to, state, startTime, answerTime, ringTime, messageCount });
  });

  it('figures of both streams are those without the tunnel, in whole IP packets and as bare payloads', async () => {
    const inside = streamRows(await read(VPN, [join(EXAMPLES, 'vpn-rtp.ts')]));
    const plain = streamRows(await read(CALL, [], TUNNELLED));
    const figuresOf = (rows: ReturnType<typeof streamRows>) =>
      rows
        .map(({ ssrc, packets, bytes, expected, lost, jitterMs, maxDeltaMs, durationSeconds, startTime }) => ({
          ssrc,
          packets,
          bytes,
          expected,
          lost,
          jitterMs,
          maxDeltaMs,
          durationSeconds,
          startTime,
        }))
        .toSorted((a, b) => (a.ssrc < b.ssrc ? -1 : 1));
    expect(figuresOf(inside)).toEqual(figuresOf(plain));
    expect(inside.map(({ ssrc }) => ssrc).toSorted()).toEqual(['0x115149e7', '0x4bec44ba']);
  });

  it('without the plugin the tunnel is found all the same, IP packets among bare payloads too', async () => {
    const found = await read(VPN, []);
    const [call, ...others] = callRows(found, { all: true });
    const [known] = callRows(await read(CALL, [], TUNNELLED), { all: true });
    expect(others).toEqual([]);
    expect(call).toMatchObject({ callId: known.callId, state: known.state, messageCount: known.messageCount });
    expect(streamRows(found).map(({ carriedIn }) => carriedIn)).toEqual(['udp-encap', 'udp-encap']);
  });

  it('every packet of the tunnel is in its rows', async () => {
    const capture = await read(VPN, [join(EXAMPLES, 'vpn-rtp.ts')]);
    const layer = capture.store.layer('vpn-rtp', { kind: 'u8', sequence: 'u32' });
    const { count, rows } = layer ?? expect.unreachable();
    // A keep-alive goes ahead; ARP is not tunnelled.
    expect(count).toBe(capture.store.frames.count);
    expect(rows.columns.kind.get(0)).toBe(3);
    expect(rows.columns.sequence.get(count - 1)).toBe(count);
  });
});

describe('vendor-log.ts: a log protocol with fields', () => {
  const passing = async (capture: Capture, text: string): Promise<number[]> => {
    const checked = checkFilter(text, 'packets', capture.store.dissectors);
    if (!checked.ok) throw new Error(checked.error.message);
    return [...((await filterPackets(capture, checked.filter)) ?? [])].map((frame) => frame + 1);
  };

  it.each([
    ['vendor-log', [1, 2, 3, 4, 5, 6, 7]],
    ['vendor-log.level == "error"', [5]],
    ['vendor-log.node == "media-2"', [4, 6]],
    ['vendor-log.call == "7f3a@10.77.0.1"', [2, 3, 5]],
    ['vendor-log.text contains "Zürich"', [5]],
    ['vendor-log.version == 9', [7]],
    ['vendor-log.level == "warning" || vendor-log.version > 1', [3, 7]],
  ])('%s', async (filter, packets) => {
    expect(await passing(await read(LOG, [join(EXAMPLES, 'vendor-log.ts')]), filter)).toEqual(packets);
  });

  it('what is damaged is told by where it is', async () => {
    const { store } = await read(LOG, [join(EXAMPLES, 'vendor-log.ts')]);
    const { issues } = store;
    const found = Array.from({ length: issues.count }, (_, i) => [
      issues.code(i),
      issues.frame.get(i) + 1,
      issues.at.get(i),
    ]);
    // Behind Ethernet, IPv4 and UDP: 42 octets.
    expect(found).toEqual([
      ['vendor-log-length', 6, 42 + 7],
      ['vendor-log-version', 7, 42 + 4],
    ]);
  });

  it('is exported as text', async () => {
    const capture = await read(LOG, [join(EXAMPLES, 'vendor-log.ts')]);
    const made = await capture.plugins?.export('log-text', capture, new AbortController().signal);
    const lines = new TextDecoder().decode(made?.octets).split('\n');
    expect(lines).toHaveLength(8);
    expect(lines[0]).toBe('2023-11-14T22:13:20.250Z info sbc-1: registration of alice accepted');
    expect(lines[4]).toBe('2023-11-14T22:13:24.250Z error sbc-1: call=7f3a@10.77.0.1 trunk Zürich answered 503');
  });
});

describe('flag-header.ts: house rules for SIP headers', () => {
  const hasTshark = spawnSync('tshark', ['--version']).status === 0;

  it.runIf(hasTshark)('flags what tshark finds', async () => {
    const tshark = (filter: string): number[] =>
      spawnSync('tshark', ['-r', CALL, '-Y', filter, '-T', 'fields', '-e', 'frame.number'], { encoding: 'utf8' })
        .stdout.trim()
        .split('\n')
        .map(Number);
    const capture = await read(CALL, [join(EXAMPLES, 'flag-header.ts')]);
    const problems = new CaptureIndex(capture).problems.filter(({ code }) => code.startsWith('plugin:'));
    expect(problems.map(({ code, severity, call, packets }) => ({ code, severity, call, packets }))).toEqual([
      {
        code: 'plugin:flag-header:no-identity',
        severity: 'warning',
        call: 'c1',
        packets: tshark('sip.Method == "INVITE" && !sip.P-Asserted-Identity'),
      },
      {
        code: 'plugin:flag-header:bad-agent',
        severity: 'note',
        call: null,
        packets: tshark('sip.User-Agent contains "baresip v1.0.0" || sip.Server contains "baresip v1.0.0"'),
      },
    ]);
  });
});

describe('types', () => {
  it('resources/plugins/earshot.d.ts is what the sources say (node scripts/plugin-types.mjs)', () => {
    expect(readFileSync(join(EXAMPLES, 'earshot.d.ts'), 'utf8')).toBe(pluginTypes());
  });

  it('the examples, and what a new plugin begins with, fit them', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'earshot-types-'));
    ends.push(() => rmSync(folder, { recursive: true, force: true }));
    const window = openWindow(new Uint8Array(0), folder);
    ends.push(() => window.close());
    await window.open(VPN);
    const drafts = await Promise.all(
      (
        [
          ['dissector', null],
          ['dissector', 5],
          ['check', null],
          ['export', null],
        ] as const
      ).map(([template, packet]) => window.engine.call('plugins.draft', { template, packet })),
    );
    drafts.forEach(({ text }, i) => writeFileSync(join(folder, `draft-${i}.ts`), text));
    const options = JSON.parse(readFileSync(join(EXAMPLES, 'tsconfig.json'), 'utf8')) as object;
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ ...options, include: [join(EXAMPLES, '*.ts'), '*.ts'] }),
    );
    const { stdout, status } = spawnSync(
      process.execPath,
      [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder],
      {
        encoding: 'utf8',
      },
    );
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });
});

describe('the command', () => {
  const earshot = async (...args: readonly string[]): Promise<{ status: number; out: string; err: string }> => {
    const [out, err] = [keep(), keep()];
    const { signal } = new AbortController();
    const status = await run(args, { stdout: out.stream, stderr: err.stream, environment: {}, signal });
    return { status, out: out.chunks.join(''), err: err.chunks.join('') };
  };
  const inFolder = (files: Readonly<Record<string, string>>): string => {
    const folder = mkdtempSync(join(tmpdir(), 'earshot-plugins-'));
    ends.push(() => rmSync(folder, { recursive: true, force: true }));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return folder;
  };

  it('a plugin that does not compile is a warning, and the others are at work', async () => {
    const log = readFileSync(join(EXAMPLES, 'vendor-log.ts'), 'utf8');
    const folder = inFolder({
      'a.ts': 'export default {',
      'log.ts': log,
      'types.d.ts': 'no plugin',
      'notes.txt': 'nor this',
    });
    const { status, out, err } = await earshot(
      'packets',
      LOG,
      '--plugin',
      folder,
      '--filter',
      'vendor-log.level == "error"',
    );
    expect(status).toBe(0);
    expect(out).toContain('error  sbc-1: call=7f3a@10.77.0.1');
    expect(err).toMatch(
      /^earshot: warning: The plugin a\.ts failed at line 1, column 17: Expected identifier but found end of file\.$/m,
    );
  });

  it('problems of checks are among the others, and in JSON', async () => {
    const { out } = await earshot('problems', CALL, '--plugin', join(EXAMPLES, 'flag-header.ts'), '--json');
    const { problems } = JSON.parse(out) as { problems: { code: string }[] };
    expect(problems.map(({ code }) => code)).toContain('plugin:flag-header:no-identity');
  });

  it('an export is written whole, or not at all', async () => {
    const folder = inFolder({
      'bad.js': "export default { exports: [{ id: 'bad', label: 'B', extension: 'x', run: () => null.x }] }",
    });
    const [good, bad] = [join(folder, 'good.log'), join(folder, 'bad.log')];
    const plugin = ['--plugin', EXAMPLES, '--plugin', folder];
    expect(await earshot('export', LOG, ...plugin, '--export', 'log-text', '-o', good)).toMatchObject({ status: 0 });
    expect(readFileSync(good, 'utf8').split('\n')).toHaveLength(8);
    const failed = await earshot('export', LOG, ...plugin, '--export', 'bad', '-o', bad);
    expect(failed).toMatchObject({ status: 3 });
    expect(failed.err).toMatch(/bad\.js failed at line 1, column \d+: export: TypeError/);
    expect(existsSync(bad)).toBe(false);
    const unknown = await earshot('export', LOG, ...plugin, '--export', 'nothing', '-o', bad);
    expect(unknown).toMatchObject({ status: 1 });
    expect(unknown.err).toContain('there are log-text, bad');
  });

  it('rules may name a dissector of a plugin; a path that leads nowhere is wrong usage', async () => {
    const plugin = ['--plugin', join(EXAMPLES, 'vendor-log.ts')];
    expect(await earshot('info', LOG, ...plugin, '--decode-as', 'udp.port==9,vendor-log')).toMatchObject({ status: 0 });
    expect(await earshot('info', LOG, '--decode-as', 'udp.port==9,vendor-log')).toMatchObject({ status: 2 });
    expect(await earshot('info', LOG, '--plugin', join(EXAMPLES, 'nothing'))).toMatchObject({ status: 2 });
  });

  it('takes part in reading both captures that are compared', async () => {
    const plugin = ['--plugin', join(EXAMPLES, 'vpn-rtp.ts'), '--decode-as', 'udp.port==9,vpn-rtp'];
    const { status, out, err } = await earshot('compare', VPN, '--with', VPN, ...plugin, '--json');
    expect({ status, err }).toEqual({ status: 0, err: '' });
    const { compare } = JSON.parse(out) as { compare: { a: { carriedIn: string }; b: { carriedIn: string } }[] };
    expect(compare.map(({ a, b }) => [a.carriedIn, b.carriedIn])).toEqual([
      ['vpn-rtp', 'vpn-rtp'],
      ['vpn-rtp', 'vpn-rtp'],
    ]);
  });
});

describe('in a window', () => {
  const own = (): { window: TestWindow; plugins: string } => {
    const folder = mkdtempSync(join(tmpdir(), 'earshot-plugins-'));
    ends.push(() => rmSync(folder, { recursive: true, force: true }));
    const plugins = join(folder, 'plugins');
    mkdirSync(plugins);
    const window = openWindow(new Uint8Array(0), folder);
    ends.push(() => window.close());
    return { window, plugins };
  };
  const logText = readFileSync(join(EXAMPLES, 'vendor-log.ts'), 'utf8');
  const protocolsOf = async (window: TestWindow): Promise<string[]> =>
    (await window.page('packets')).rows.map(({ protocol }) => protocol);

  it('a plugin that is saved is at work at once, that is switched off or removed no more', async () => {
    const { window } = own();
    await window.open(LOG);
    expect(new Set(await protocolsOf(window))).toEqual(new Set(['udp']));
    const saved = await window.engine.call('plugins.save', { file: 'log.ts', text: logText });
    expect(saved.reread?.counts.packets).toBe(7);
    expect(saved.plugins.plugins).toMatchObject([
      {
        file: 'log.ts',
        name: 'log',
        state: 'ok',
        error: null,
        dissectors: [{ id: 'vendor-log', claims: ['udp port 24243', 'any udp, first octet 86 to 86'] }],
        exports: [{ id: 'log-text', extension: 'log' }],
      },
    ]);
    expect(new Set(await protocolsOf(window))).toEqual(new Set(['vendor-log']));
    expect((await window.page('packets', { filter: 'vendor-log.level == "error"' })).total).toBe(1);
    const off = await window.engine.call('plugins.enable', { file: 'log.ts', isOn: false });
    expect(off.plugins.plugins).toMatchObject([{ state: 'off', dissectors: [{ id: 'vendor-log' }] }]);
    expect(new Set(await protocolsOf(window))).toEqual(new Set(['udp']));
    await window.engine.call('plugins.enable', { file: 'log.ts', isOn: true });
    expect(new Set(await protocolsOf(window))).toEqual(new Set(['vendor-log']));
    expect((await window.engine.call('plugins.source', { file: 'log.ts' })).text).toBe(logText);
    const removed = await window.engine.call('plugins.remove', { file: 'log.ts' });
    expect(removed.plugins.plugins).toEqual([]);
    expect(new Set(await protocolsOf(window))).toEqual(new Set(['udp']));
  });

  it('one that does not compile is told by its place, and the capture is read without it', async () => {
    const { window } = own();
    await window.open(LOG);
    const { plugins, reread } = await window.engine.call('plugins.save', {
      file: 'log.ts',
      text: 'const a = 1;\nconst = 2;',
    });
    expect(plugins.plugins).toMatchObject([{ state: 'failed', error: { line: 2, column: 7 } }]);
    expect(reread?.warnings).toMatchObject([
      {
        code: 'plugin-failed',
        message: 'The plugin log.ts failed at line 2, column 7: Expected identifier but found "=".',
      },
    ]);
  });

  it('one that another program saves is at work, and the window is told', async () => {
    const { window, plugins } = own();
    await window.open(LOG);
    const changed = new Promise<void>((resolve) => {
      window.engine.on('capture.changed', () => resolve());
    });
    writeFileSync(join(plugins, 'log.ts'), logText.slice(0, 100));
    appendFileSync(join(plugins, 'log.ts'), logText.slice(100));
    await changed;
    expect(new Set(await protocolsOf(window))).toEqual(new Set(['vendor-log']));
  });

  it('a text is tried on a packet without being saved', async () => {
    const { window } = own();
    await window.open(LOG);
    const trial = await window.engine.call('plugins.try', { file: 'log.ts', text: logText, packet: 5 });
    expect(trial.error).toBeNull();
    expect(trial.dissectors).toMatchObject([
      {
        dissector: 'vendor-log',
        claimedBy: 'udp port 24243',
        confidence: 4,
        verdict: 'ok',
        rows: [{ level: 4, node: 'sbc-1', call: '7f3a@10.77.0.1' }],
        summary: 'error  sbc-1: call=7f3a@10.77.0.1 trunk Zürich answered 503',
        error: null,
      },
    ]);
    expect(trial.dissectors[0].nodes.map(({ name }) => name)).toContain('vendor-log.level');
    // No line of the log is a row of this capture's, which was read without the plugin: an export has nothing to write.
    expect(trial.exports[0].error).toBeNull();
    expect(new Set(await protocolsOf(window))).toEqual(new Set(['udp']));
    const broken = await window.engine.call('plugins.try', {
      file: 'log.ts',
      text: logText.replace('if (data.u32(0) !== MAGIC) return', 'if (data.nothing.at(0)) return'),
      packet: 5,
    });
    const line = logText.split('\n').findIndex((text) => text.includes('if (data.u32(0) !== MAGIC) return')) + 1;
    expect(broken.dissectors[0].error).toMatchObject({
      line,
      message: expect.stringContaining('dissect: TypeError') as unknown,
    });
  });

  it('a new dissector begins from a payload, and takes it as it is', async () => {
    const { window } = own();
    await window.open(VPN);
    const draft = await window.engine.call('plugins.draft', { template: 'dissector', packet: 5 });
    expect(draft.file).toBe('proto-24242.ts');
    expect(draft.text).toContain('port: 24242');
    expect(draft.text).toMatch(/0000 {2}41 56 01 01 00 c0 ff ee/);
    const trial = await window.engine.call('plugins.try', { ...draft, packet: 5 });
    expect(trial.error).toBeNull();
    expect(trial.dissectors).toMatchObject([
      { dissector: 'proto-24242', verdict: 'ok', claimedBy: 'udp port 24242', error: null },
    ]);
    const covered = trial.dissectors[0].nodes.reduce((sum, { length }) => sum + length, 0);
    expect(covered).toBe(trial.payload?.length);
  });

  it('no name leads out of the folder', async () => {
    const { window } = own();
    for (const file of ['../x.ts', '/etc/passwd', 'a/b.ts', '.hidden.ts', 'x.txt', '..', 'x.d.ts', '']) {
      await expect(window.engine.call('plugins.save', { file, text: '' })).rejects.toMatchObject({ code: 'bad-name' });
      await expect(window.engine.call('plugins.source', { file })).rejects.toMatchObject({ code: 'bad-name' });
    }
  });
});
