/** Secrets over the channel the window has, on captures whose keys were written down by the programs that made the calls. */
import { readFileSync, rmSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import type { SrtpKeyInput } from '../../shared/engine-api.ts';
import { OWN_CAPTURES } from '../../test/integration/capture-files.ts';
import { openWindow, type TestWindow } from '../../test/integration/service-window.ts';

const DTLS = 'srtp-dtls-speech';
const own = (name: string): string => join(OWN_CAPTURES, name);
const keyLog = { name: 'call.keys', text: readFileSync(own(`${DTLS}.keys`), 'utf8') };
const facts = JSON.parse(readFileSync(own(`${DTLS}.json`), 'utf8')) as {
  streams: { ssrc: string; from: string; keys: { suite: string; key: string; rtpPackets: number }[] }[];
};
/** The key that one side's media was encrypted with, by the programs' own account. */
const [side] = facts.streams;
const [media] = side.keys.filter(({ rtpPackets }) => rtpPackets > 0);
const handKey: SrtpKeyInput = { scope: '', suite: media.suite, key: media.key, salt: '' };

const windows: TestWindow[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const made of windows.splice(0)) await made.close();
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
});

function window(blob?: Uint8Array): TestWindow {
  const made = openWindow(blob);
  windows.push(made);
  return made;
}

async function opened(name: string): Promise<TestWindow> {
  const made = window();
  await made.open(own(name));
  return made;
}

const add = (view: TestWindow, secrets: { keyLogs?: (typeof keyLog)[]; srtpKeys?: SrtpKeyInput[] }) =>
  view.engine.call('secrets.add', { keyLogs: [], srtpKeys: [], ...secrets });

describe('a key log', () => {
  test('opens the capture that is open, whose streams keep their ids', async () => {
    const view = await opened(`${DTLS}.pcap`);
    const before = (await view.page('streams')).rows;
    expect(before.map(({ encryption }) => encryption?.state)).toEqual(['no-key', 'no-key']);
    const result = await add(view, { keyLogs: [keyLog] });
    expect(result?.counts).toMatchObject({ encryptedStreams: 2, openedStreams: 2 });
    const after = (await view.page('streams')).rows;
    expect(after.map(({ id, ssrc }) => [id, ssrc])).toEqual(before.map(({ id, ssrc }) => [id, ssrc]));
    const authenticated = after.map(({ ssrc, encryption }) => [ssrc, encryption?.authenticated, encryption?.failed]);
    const expected = facts.streams.map(({ ssrc, keys }) => [ssrc, Math.max(...keys.map((key) => key.rtpPackets)), 0]);
    expect(new Set(authenticated.map(String))).toEqual(new Set(expected.map(String)));
    expect(await view.engine.call('secrets.get', {})).toMatchObject({
      keyLogs: [{ id: 'kl1', name: 'call.keys', labels: [{ label: 'CLIENT_RANDOM', count: 2 }], badLines: 0 }],
      embedded: 0,
      srtpKeys: [],
    });
  });

  test('added before, it is there for the next capture; forgotten, the streams are shut again', async () => {
    const view = window();
    expect(await add(view, { keyLogs: [keyLog] })).toBeNull();
    const result = await view.open(own(`${DTLS}.pcap`));
    expect(result.counts.openedStreams).toBe(2);
    const without = await view.engine.call('secrets.remove', { id: 'kl1' });
    expect(without?.counts).toMatchObject({ encryptedStreams: 2, openedStreams: 0 });
    await expect(view.engine.call('secrets.remove', { id: 'kl1' })).rejects.toMatchObject({ code: 'not-found' });
  });

  test('is kept without reading again where another capture is about to be opened', async () => {
    const view = await opened(`${DTLS}.pcap`);
    const kept = await view.engine.call('secrets.add', { keyLogs: [keyLog], srtpKeys: [], reread: false });
    expect(kept).toBeNull();
    expect((await view.page('streams')).rows[0].encryption?.state).toBe('no-key');
  });

  test('that is none is refused, and with it what came along; the sentence tells nothing of what is in it', async () => {
    const view = window();
    const notes = { name: 'notes.txt', text: 'my secret: 1234\n' };
    const refused = add(view, { keyLogs: [keyLog, notes] });
    await expect(refused).rejects.toMatchObject({ code: 'no-key-log', message: expect.stringContaining('notes.txt') });
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining('1234') });
    await expect(add(view, { keyLogs: [{ name: 'empty.log', text: '# none\n' }] })).rejects.toThrow('it is empty');
    expect((await view.engine.call('secrets.get', {})).keyLogs).toEqual([]);
  });

  test('of more than 64 MiB, in one or in several, is not taken', async () => {
    const view = window();
    const padding = '#'.repeat((32 << 20) - 200);
    const half = { name: 'half.log', text: `${keyLog.text}\n${padding}` };
    await add(view, { keyLogs: [half] });
    await expect(add(view, { keyLogs: [half] })).rejects.toMatchObject({ code: 'too-large' });
  });

  test('is read line by line however it is laid out', async () => {
    const view = window();
    // Longer than what is taken in one go, with and without ends of lines.
    const text = `${'x'.repeat(200_000)}\r\n${keyLog.text.replaceAll('\n', '\r\n')}${'#\n'.repeat(100_000)}${keyLog.text}`;
    await add(view, { keyLogs: [{ name: 'odd.log', text }] });
    const [log] = (await view.engine.call('secrets.get', {})).keyLogs;
    expect(log.labels).toEqual([{ label: 'CLIENT_RANDOM', count: 2 }]);
    expect(log.badLines).toBeGreaterThan(0);
  });
});

describe('the capture is read again from where it came', () => {
  test('from the window', async () => {
    const bytes = readFileSync(own(`${DTLS}.pcap`));
    const view = window(bytes);
    const source = { kind: 'blob', name: 'dropped.pcap', lengthBytes: bytes.length } as const;
    await view.engine.call('capture.open', { source });
    expect((await add(view, { keyLogs: [keyLog] }))?.counts.openedStreams).toBe(2);
  });

  test('from what was inflated, though the file is gone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'earshot-secrets-'));
    folders.push(folder);
    const path = join(folder, 'call.pcap.gz');
    writeFileSync(path, gzipSync(readFileSync(own(`${DTLS}.pcap`))));
    const view = window();
    await view.open(path);
    rmSync(path);
    expect((await add(view, { keyLogs: [keyLog] }))?.counts.openedStreams).toBe(2);
    // And once more from the same octets.
    expect((await view.engine.call('secrets.remove', { id: 'kl1' }))?.counts.openedStreams).toBe(0);
    expect((await view.engine.call('packet.get', { packet: 1 })).packet).toBe(1);
  });

  test('called off, everything is as it was', async () => {
    const view = await opened(`${DTLS}.pcap`);
    const abort = new AbortController();
    const adding = view.engine.call('secrets.add', { keyLogs: [keyLog], srtpKeys: [] }, { signal: abort.signal });
    abort.abort();
    await expect(adding).rejects.toMatchObject({ name: 'AbortError' });
    // The next question is answered when the engine has dealt with it.
    await expect.poll(async () => (await view.engine.call('secrets.get', {})).keyLogs).toEqual([]);
    expect((await view.page('streams')).rows.map(({ encryption }) => encryption?.state)).toEqual(['no-key', 'no-key']);
  });

  test('another capture opened meanwhile has the secrets too', async () => {
    const view = await opened('g711a-call.pcap');
    const adding = add(view, { keyLogs: [keyLog] });
    const result = await view.open(own(`${DTLS}.pcap`));
    await adding;
    const { rows } = await view.page('streams');
    expect(result.counts.streams).toBe(2);
    expect(rows.map(({ encryption }) => encryption?.state)).toEqual(['opened', 'opened']);
  });

  test('asked for while it is still being read, it is read to its end first', async () => {
    const view = window();
    const reading = view.open(own(`${DTLS}.pcap`));
    const [first, second] = await Promise.all([reading, add(view, { keyLogs: [keyLog] })]);
    expect(first.info.packets).toBe(second?.info.packets);
    expect(second?.counts.openedStreams).toBe(2);
  });

  test('what was stopped is not read further', async () => {
    const file = readFileSync(own(`${DTLS}.pcap`));
    const frames = file.subarray(24);
    const folder = mkdtempSync(join(tmpdir(), 'earshot-secrets-'));
    folders.push(folder);
    const path = join(folder, 'long.pcap');
    writeFileSync(path, Buffer.concat([file.subarray(0, 24), ...Array.from({ length: 600 }, () => frames)]));
    const view = window();
    let isAsked = false;
    const result = await view.engine.call(
      'capture.open',
      { source: { kind: 'path', path } },
      {
        onProgress: () => {
          if (isAsked) return;
          isAsked = true;
          void view.engine.call('capture.stop', {});
        },
      },
    );
    expect(result.isStopped).toBe(true);
    const again = await add(view, { keyLogs: [keyLog] });
    expect(again).toMatchObject({ isStopped: true, info: { packets: result.info.packets } });
  });
});

describe('an SRTP key', () => {
  test('is tried on the open capture: as many packets authenticate as were encrypted with it', async () => {
    const view = await opened(`${DTLS}.pcap`);
    const trial = await view.engine.call('secrets.try', { key: handKey });
    expect(trial).toMatchObject({ error: null, authenticated: media.rtpPackets });
    expect(trial.streams[0]).toMatchObject({ ssrc: side.ssrc, src: side.from, authenticated: media.rtpPackets });
    expect((await view.page('keys')).rows.filter(({ source }) => source === 'manual')).toEqual([]);
  });

  test('of another side authenticates nothing', async () => {
    const view = await opened(`${DTLS}.pcap`);
    const other = facts.streams[1].ssrc;
    const trial = await view.engine.call('secrets.try', { key: { ...handKey, scope: other } });
    expect(trial.tried).toBeGreaterThan(0);
    expect(trial).toMatchObject({ error: null, authenticated: 0 });
  });

  test('that is none says which field is wrong', async () => {
    const view = window();
    const fieldOf = async (change: Partial<SrtpKeyInput>) =>
      (await view.engine.call('secrets.try', { key: { ...handKey, ...change } })).field;
    expect(await fieldOf({ key: 'AAAA' })).toBe('key');
    expect(await fieldOf({ suite: 'ROT13' })).toBe('suite');
    expect(await fieldOf({ key: '00'.repeat(16), salt: '00' })).toBe('salt');
    expect(await fieldOf({ scope: '10.0.0.1 4000' })).toBe('scope');
    // With nothing open it can only be said that it is a key.
    expect(await view.engine.call('secrets.try', { key: handKey })).toMatchObject({ error: null, tried: 0 });
    await expect(add(view, { srtpKeys: [{ ...handKey, key: 'AAAA' }] })).rejects.toMatchObject({ code: 'bad-key' });
  });

  test('opens its streams, and is shown by what it does', async () => {
    const view = await opened(`${DTLS}.pcap`);
    const result = await add(view, { srtpKeys: [{ ...handKey, scope: side.ssrc }] });
    expect(result?.counts).toMatchObject({ encryptedStreams: 2, openedStreams: 1 });
    const shown = await view.engine.call('secrets.get', {});
    const { scope, suite, authenticated } = shown.srtpKeys[0];
    expect([scope, suite]).toEqual([side.ssrc, media.suite]);
    expect(authenticated).toBeGreaterThanOrEqual(media.rtpPackets);
    expect(JSON.stringify(shown)).not.toContain(media.key);
    const [row] = (await view.page('streams')).rows.filter(({ ssrc }) => ssrc === side.ssrc);
    expect(row.encryption).toMatchObject({ state: 'opened', keySource: 'manual', authenticated: media.rtpPackets });
  });
});

describe('the table of keys', () => {
  test('is sorted, scoped to a call or stream, and filtered by the packet that brought a key', async () => {
    const view = await opened('srtp-sdes-speech.pcap');
    const { rows, total } = await view.page('keys');
    expect(total).toBe((await view.page('keys', { count: 0 })).unfiltered);
    expect(rows.map(({ id }) => id)).toEqual(rows.map((_, at) => `key${at + 1}`));
    const opening = rows.filter(({ streams }) => streams.length > 0);
    expect(opening.length).toBe(2);
    const [key] = opening;
    const ofStream = await view.page('keys', { stream: key.streams[0] });
    expect(ofStream.rows.map(({ id }) => id)).toEqual([key.id]);
    const ofPacket = await view.page('keys', { filter: `frame.number == ${key.packet}` });
    expect(ofPacket.rows.map(({ id }) => id)).toContain(key.id);
    expect((await view.page('keys', { call: 'c1' })).total).toBe(total);
    expect((await view.page('keys', { call: 'c2' })).total).toBe(0);
    const last = await view.page('keys', { sort: { by: 'packet', descending: true } });
    expect(last.rows.map(({ packet }) => packet)).toEqual(
      rows.map(({ packet }) => packet).toSorted((a, b) => (b ?? 0) - (a ?? 0)),
    );
    const query = { table: 'keys', filter: '', sort: null } as const;
    expect(await view.engine.call('rows.place', { query, id: rows[1].id })).toBe(1);
    // An order would tell of the keys themselves.
    await expect(view.page('keys', { sort: { by: 'key', descending: false } })).rejects.toMatchObject({
      code: 'no-such-column',
    });
  });
});

describe('connections', () => {
  test('with what would open them, and without it once they are open', async () => {
    const view = await opened('srtp-tls13.pcap');
    const shut = await view.engine.call('connections.get', {});
    const tls = shut.filter(({ protocol }) => protocol === 'TLS');
    expect(tls.length).toBeGreaterThan(0);
    expect(tls.every(({ state, advice }) => state === 'no-secret' && advice !== null)).toBe(true);
    const text = readFileSync(own('srtp-tls13.keys'), 'utf8');
    const before = (await view.page('calls')).total;
    const result = await add(view, { keyLogs: [{ name: 'tls.keys', text }] });
    expect(result?.counts.opaqueConnections).toBe(0);
    const open = await view.engine.call('connections.get', {});
    expect(open.filter(({ protocol }) => protocol === 'TLS').map(({ state }) => state)).toEqual(
      tls.map(() => 'opened'),
    );
    // The call was inside, and its SDP has the keys.
    expect([before, result?.counts.calls, result?.counts.openedStreams]).toEqual([0, 1, 2]);
  });

  test('none where no capture is open', async () => {
    await expect(window().engine.call('connections.get', {})).rejects.toMatchObject({ code: 'no-capture' });
  });
});

describe('ESP SAs', () => {
  const lines = readFileSync(own('esp/esp-gcm.sas'), 'latin1').trim().split('\n');
  const [{ length }] = lines;

  test('open the capture that is open, and are shown without their keys', async () => {
    const view = await opened('esp/esp-gcm.pcap');
    expect((await view.page('calls')).rows).toEqual([]);
    const result = await view.engine.call('secrets.add', { keyLogs: [], srtpKeys: [], espSas: lines });
    expect(result?.counts).toMatchObject({ calls: 1, streams: 2 });
    const { espSas } = await view.engine.call('secrets.get', {});
    expect(espSas).toEqual([
      {
        id: 'sa1',
        packets: 'SPI 0x1aae2be0, 10.77.0.1 → 10.77.0.2',
        algorithms: 'aes-gcm',
        opened: expect.any(Number),
      },
      {
        id: 'sa2',
        packets: 'SPI 0xbd9b92c7, 10.77.0.2 → 10.77.0.1',
        algorithms: 'aes-gcm',
        opened: expect.any(Number),
      },
    ]);
    // As many as tshark opens with the same keys: 6 of SIP, 228 of RTP, and one of ICMP.
    expect(espSas[0].opened + espSas[1].opened).toBeGreaterThanOrEqual(235);
    await view.engine.call('secrets.remove', { id: 'sa1' });
    expect((await view.engine.call('secrets.get', {})).espSas).toMatchObject([{ id: 'sa2' }]);
  });

  test('of which one is wrong are not taken: a sentence says why, without a key', async () => {
    const view = window();
    const wrong = lines[1].replace(/"0x[0-9a-f]{40}"/, '"0x0011"');
    expect(wrong.length).toBeLessThan(length);
    const adding = view.engine.call('secrets.add', { keyLogs: [], srtpKeys: [], espSas: [lines[0], wrong] });
    await expect(adding).rejects.toMatchObject({
      code: 'bad-key',
      message: 'The key of aes-gcm has 20 or 28 or 36 octets, 4 of salt at their end; these are 2.',
    });
    expect((await view.engine.call('secrets.get', {})).espSas).toEqual([]);
  });
});
