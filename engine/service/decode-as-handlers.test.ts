/** Decode As over the channel the window has: set, kept with user and capture, there again at the next start. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { SavedRule } from '../../shared/decode-as.ts';
import { OWN_CAPTURES } from '../../test/integration/capture-files.ts';
import { openWindow, type TestWindow } from '../../test/integration/service-window.ts';
import { UNKNOWN_WAYS, wrapCapture } from '../../test/recording/wrap.ts';
import { MemorySource } from '../readers/test-source.ts';
import { fingerprintOf } from './rule-store.ts';

const CALL = join(OWN_CAPTURES, 'g711u-dtmf.pcap');
const folder = mkdtempSync(join(tmpdir(), 'earshot-rules-'));
const dataFolder = join(folder, 'data');
const windows: TestWindow[] = [];

afterEach(async () => {
  for (const made of windows.splice(0)) await made.close();
  rmSync(dataFolder, { recursive: true, force: true });
});

function start(): TestWindow {
  const made = openWindow(new Uint8Array(0), dataFolder);
  windows.push(made);
  return made;
}

const rule = (text: string, scope: SavedRule['scope'] = 'capture'): SavedRule => ({ text, scope });
const streamsOf = async (view: TestWindow): Promise<number> => (await view.page('streams')).total;

test('a rule is in force at once, kept with its capture, and there at the next start', async () => {
  const view = start();
  await view.open(CALL);
  expect(await streamsOf(view)).toBe(2);
  const ports = (await view.page('streams')).rows.map(({ dst }) => dst);
  const rules = ports.map((dst) => rule(`udp.port==${dst.slice(dst.lastIndexOf(':') + 1)},none`));
  const outcome = await view.engine.call('decodeAs.set', { rules });
  expect(outcome).toMatchObject({ fault: null, isKept: true });
  expect(outcome.opened?.counts.streams).toBe(0);
  expect(await streamsOf(view)).toBe(0);
  expect(statSync(join(dataFolder, 'decode-as.json')).mode & 0o777).toBe(0o600);

  const next = start();
  // Another capture has none of it.
  await next.open(join(OWN_CAPTURES, 'ipv6-call.pcap'));
  expect(await streamsOf(next)).toBe(2);
  expect((await next.engine.call('decodeAs.rules', {})).rules).toEqual([]);
  // A copy is the same capture, wherever it lies.
  const copy = join(folder, 'copy.pcap');
  writeFileSync(copy, readFileSync(CALL));
  await next.open(copy);
  expect(await streamsOf(next)).toBe(0);
  expect((await next.engine.call('decodeAs.rules', {})).rules).toEqual(rules);
  await next.engine.call('decodeAs.set', { rules: [] });
  expect(await streamsOf(next)).toBe(2);
});

test('rules of the user are for every capture, and before those of the capture', async () => {
  const view = start();
  await view.engine.call('decodeAs.set', { rules: [rule('ip.addr==127.9.9.9,none', 'user')] });
  await view.open(CALL);
  const [{ dst }] = (await view.page('streams')).rows;
  const port = dst.slice(dst.lastIndexOf(':') + 1);
  const mixed = [rule(`udp.port==${port},rtp`), rule(`udp.port==${port},none`, 'user')];
  await view.engine.call('decodeAs.set', { rules: mixed });
  expect((await view.engine.call('decodeAs.rules', {})).rules).toEqual([mixed[1], mixed[0]]);
  expect(await streamsOf(view)).toBe(2);
});

test('a rule that is none changes nothing and is named', async () => {
  const view = start();
  const good = rule('udp.port==1,rtp', 'user');
  await view.engine.call('decodeAs.set', { rules: [good] });
  expect(await view.engine.call('decodeAs.set', { rules: [good, rule('nonsense', 'user')] })).toEqual({
    fault: { index: 1, message: '"nonsense" is not a Decode As rule; write it like udp.port==5000,rtp.' },
    opened: null,
    isKept: false,
  });
  expect(await view.engine.call('decodeAs.set', { rules: [rule('udp.port==1,rtp')] })).toMatchObject({
    fault: { index: 0, message: 'A rule of a capture needs an open capture.' },
  });
  expect((await view.engine.call('decodeAs.rules', {})).rules).toEqual([good]);
});

test('codecs likewise', async () => {
  const view = start();
  await view.open(CALL);
  expect((await view.page('streams')).rows[0].codec).toBe('PCMU');
  const codecs = [rule('0=L16/8000')];
  expect(await view.engine.call('codecs.set', { codecs })).toMatchObject({ fault: null, isKept: true });
  expect((await view.page('streams')).rows[0].codec).toBe('L16');
  expect(await view.engine.call('codecs.set', { codecs: [rule('0=')] })).toMatchObject({ fault: { index: 0 } });
});

test('a rule that is switched off is kept, and not in force', async () => {
  const view = start();
  await view.open(CALL);
  const none: SavedRule = { text: 'ip.addr==10.77.0.1,none', scope: 'capture' };
  const off: SavedRule = { ...none, isOff: true };
  await view.engine.call('decodeAs.set', { rules: [none] });
  expect(await streamsOf(view)).toBe(0);
  await view.engine.call('decodeAs.set', { rules: [off] });
  expect(await streamsOf(view)).toBe(2);
  const next = start();
  await next.open(CALL);
  expect(await streamsOf(next)).toBe(2);
  expect((await next.engine.call('decodeAs.rules', {})).rules).toEqual([off]);
  // It has to be a rule all the same.
  expect(await next.engine.call('decodeAs.set', { rules: [rule('# nonsense')] })).toMatchObject({
    fault: { index: 0 },
  });
});

test('what rules would match, and where one is wrong', async () => {
  const view = start();
  const sound = ['udp.port==5060,sip', 'ip.addr==10.77.0.1,none', 'tcp.port==5060,sip', 'rtp.ssrc==0x4f84413e,rtp'];
  const closed = await view.engine.call('decodeAs.try', { of: 'rules', texts: sound });
  expect(closed.map(({ packets }) => packets)).toEqual([-1, -1, -1, -1]);
  await view.open(CALL);
  const total = async (filter: string): Promise<number> => (await view.page('packets', { filter, count: 1 })).total;
  const tried = await view.engine.call('decodeAs.try', { of: 'rules', texts: sound });
  expect(tried.map(({ error, packets }) => error ?? packets)).toEqual([
    await total('udp.port == 5060'),
    // An ICMP error quotes a datagram.
    await total('ip.addr == 10.77.0.1 && udp && !icmp'),
    0,
    await total('rtp.ssrc == 0x4f84413e'),
  ]);
  const wrong = await view.engine.call('decodeAs.try', {
    of: 'rules',
    texts: [
      'udp.port==70000,rtp',
      'udp.port==1,skip 2000,rtp',
      'tcp.port==1,skip 1,ip',
      'udp.port==1,skip 1,x',
      'udp.port==1,x',
    ],
  });
  expect(wrong.map(({ part }) => part)).toEqual(['selector', 'skip', 'skip', 'as', 'as']);
  for (const { error, packets } of wrong) {
    expect(error).toMatch(/\.$/);
    expect(packets).toBe(0);
  }
  const codecs = await view.engine.call('decodeAs.try', {
    of: 'codecs',
    texts: ['0=PCMA/8000', 'rtp.ssrc==0x4f84413e,0=PCMA/8000', '96=opus/48000/2', '0=', 'udp.port==0,0=PCMA/8000'],
  });
  expect(codecs.map(({ part, packets }) => part ?? packets)).toEqual([
    await total('rtp.p_type == 0'),
    await total('rtp.p_type == 0 && rtp.ssrc == 0x4f84413e'),
    0,
    'as',
    'selector',
  ]);
});

test('a damaged file counts as empty', async () => {
  const view = start();
  await view.engine.call('decodeAs.set', { rules: [rule('udp.port==1,rtp', 'user')] });
  for (const text of ['{', '[]', '{"user":{"rules":[1,{}]},"captures":{"x":{"rules":["udp.port==1,rtp"]}}}', 'null']) {
    writeFileSync(join(dataFolder, 'decode-as.json'), text);
    expect(await start().engine.call('decodeAs.rules', {})).toEqual({ rules: [], codecs: [] });
  }
});

test('what was found and what could be said', async () => {
  const path = join(folder, 'wrapped.pcap');
  writeFileSync(path, wrapCapture(readFileSync(CALL), UNKNOWN_WAYS['ip-behind-8']));
  const view = start();
  await view.open(path);
  const rows = await view.engine.call('decodeAs.encapsulations', {});
  expect(rows).toHaveLength(2);
  for (const row of rows) expect(row).toMatchObject({ skip: 8, as: 'ip', rule: 'udp.port==40500,skip 8,ip' });
  const udp = (await view.page('packets', { filter: 'udp.port == 40500 || udp-encap', count: 1 })).total;
  expect(rows.reduce((sum, { packets }) => sum + packets, 0)).toBe(udp);
  // A rule is about what carries them, though their frames have the addresses inside.
  const [tried] = await view.engine.call('decodeAs.try', { of: 'rules', texts: ['udp.port==40500,skip 8,ip'] });
  expect(tried.packets).toBe(udp);
  const note = (await view.page('problems')).rows.find(({ code }) => code === 'encapsulation-found');
  expect(note).toMatchObject({ severity: 'note', spec: null });
  expect(note?.message).toContain('udp.port==40500,skip 8,ip');
  expect(note?.packets.length).toBe(20);
  expect(await view.engine.call('decodeAs.suggestions', {})).toEqual([]);
  const { dissectors, codecs, afterSkip } = await view.engine.call('decodeAs.choices', {});
  expect(dissectors.map(({ id }) => id)).toEqual(expect.arrayContaining(['sip', 'rtp', 'none']));
  expect(dissectors.map(({ id }) => id)).not.toContain('udp-encap');
  expect(afterSkip.map(({ id }) => id)).toEqual(['ip', 'udp', 'payload']);
  // Every choice is a codec that the command takes.
  for (const text of codecs) {
    expect(await view.engine.call('codecs.set', { codecs: [rule(`96=${text}`, 'user')] })).toMatchObject({
      fault: null,
    });
  }
}, 30_000);

test('the fingerprint is that of size, beginning and end', async () => {
  const bytes = new Uint8Array(300_000);
  const of = (change: (copy: Uint8Array) => Uint8Array): Promise<string> =>
    fingerprintOf(new MemorySource(change(bytes.slice())));
  const plain = await of((copy) => copy);
  expect(await of((copy) => copy)).toBe(plain);
  expect(await of((copy) => copy.fill(1, 100_000, 100_001))).toBe(plain);
  expect(await of((copy) => copy.fill(1, 0, 1))).not.toBe(plain);
  expect(await of((copy) => copy.fill(1, 299_999))).not.toBe(plain);
  expect(await of((copy) => copy.slice(1))).not.toBe(plain);
});
