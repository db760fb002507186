import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type WebSocket from 'ws';
import { FAKE_WAV_BYTES, fakeOctet } from '../test/fake-host/fake-engine.ts';
import { type FakeHost, startFakeHost } from '../test/fake-host/start-fake-host.ts';

let fake: FakeHost;
beforeAll(async () => {
  fake = await startFakeHost();
});
afterAll(() => fake.close());

/** How the host answers a socket: the status it was refused with, or the code it was closed with. */
function fateOf(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => {
    socket.once('unexpected-response', (_request, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
      socket.on('error', () => {});
      socket.terminate();
    });
    socket.once('close', (code) => resolve(code));
    socket.on('error', () => {});
  });
}

describe('who is let in', () => {
  it('nobody but by the exact name of the host', async () => {
    const { port } = new URL(fake.host.origin);
    for (const name of [
      `localhost:${port}`,
      '127.0.0.1',
      `127.0.0.1:${port}.`,
      `evil.example:${port}`,
      `127.0.0.1:${Number(port) + 1}`,
    ]) {
      expect((await fake.get('/', { Cookie: fake.cookie, Host: name })).status, name).toBe(421);
      expect(await fateOf(fake.openSocket({ Host: name })), name).toBe(421);
    }
  });

  it('nobody without the cookie, or with half of it', async () => {
    const [name, secret] = fake.cookie.split('=');
    for (const cookie of [
      '',
      'x=1',
      `${name}=`,
      `${name}=${secret.slice(0, -1)}`,
      `${name}x=${secret}`,
      `${name}=${secret}0`,
    ]) {
      expect((await fake.get('/', { Cookie: cookie })).status, cookie).toBe(403);
      expect((await fake.get('/audio/plan.wav', { Cookie: cookie })).status, cookie).toBe(403);
      expect(await fateOf(fake.openSocket({ Cookie: cookie })), cookie).toBe(403);
    }
    expect((await fake.get('/', { Cookie: `other=1; ${fake.cookie}; last=2` })).status).toBe(200);
  });

  it('a token once, in its time, and not by HEAD', async () => {
    const path = (): string => fake.host.bootAddress(10_000).slice(fake.host.origin.length);
    const once = path();
    expect((await fake.send(once, {}, 'HEAD')).status).toBe(405);
    const first = await fake.send(once, {});
    expect(first.status).toBe(200);
    expect(first.headers['set-cookie']).toEqual([
      expect.stringMatching(/^earshot-\d+=[0-9a-f]{64}; Path=\/[0-9a-f]{24}\/; HttpOnly; SameSite=Strict$/),
    ]);
    expect((await fake.send(once, {})).status).toBe(403);

    const late = fake.host.bootAddress(0).slice(fake.host.origin.length);
    for (const wrong of [late, '/boot', '/boot?token=', '/boot?token=constructor', path().slice(0, -1)]) {
      const answer = await fake.send(wrong, {});
      expect([answer.status, answer.headers['set-cookie']], wrong).toEqual([403, undefined]);
    }
  });

  it('no request that another site made a browser send', async () => {
    for (const site of ['cross-site', 'same-site', 'nonsense']) {
      expect((await fake.get('/', { Cookie: fake.cookie, 'Sec-Fetch-Site': site })).status, site).toBe(403);
    }
    for (const site of ['same-origin', 'none']) {
      expect((await fake.get('/', { Cookie: fake.cookie, 'Sec-Fetch-Site': site })).status, site).toBe(200);
    }
  });

  it('no socket of another origin, none, or elsewhere', async () => {
    const { origin } = fake.host;
    for (const other of [
      '',
      'null',
      'file://',
      origin.replace('http', 'https'),
      `${origin}/`,
      'http://localhost',
      'http://evil.example',
    ]) {
      expect(await fateOf(fake.openSocket({ Origin: other })), other).toBe(403);
    }
    expect(await fateOf(fake.openSocket({}, '/channel'))).toBe(404);
    expect(await fateOf(fake.openSocket({}, `${fake.host.path}channel?x`))).toBe(404);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'])('no %s', async (method) => {
    for (const path of ['/', '/boot?token=x', `${fake.host.path}export/x`]) {
      const answer = await fake.send(path, { Cookie: fake.cookie }, method);
      expect(answer.status, path).toBe(405);
    }
  });
});

describe('the bundle', () => {
  it('gives its files, also by HEAD, with the headers that keep them apart', async () => {
    const page = await fake.get('/');
    expect(page.body.toString()).toContain('<title>Earshot</title>');
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
    });
    const policy = page.headers['content-security-policy'];
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/'unsafe-eval'|script-src[^;]*unsafe-inline/);
    expect((await fake.get('/assets/a%20b.js?v=1')).headers['content-type']).toBe('text/javascript; charset=utf-8');
    const head = await fake.get('/', { Cookie: fake.cookie }, 'HEAD');
    expect([head.status, head.body.length]).toEqual([200, 0]);
  });

  it('refuses with the same headers', async () => {
    for (const answer of [await fake.get('/nothing'), await fake.get('/', {}), await fake.get('/', {}, 'POST')]) {
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
    }
  });

  it.each([
    '/../outside.js',
    '/assets/../../outside.js',
    '/%2e%2e/outside.js',
    '/%2e%2e%2foutside.js',
    '/%252e%252e%252foutside.js',
    '/..%5coutside.js',
    '/..\\outside.js',
    '/assets/..%2f..%2foutside.js',
    '//etc/passwd',
    '/%2fetc%2fpasswd',
    '/index.html%00.js',
    '/index.html/',
    '/./index.html',
    '/link.js',
    '/up/outside.js',
    '/notes.secret',
    '/assets',
    '/assets/',
    '/%',
    '/%ff',
    '/constructor',
    '/__proto__',
  ])('%s is not in it', async (path) => {
    expect((await fake.get(path)).status).toBe(404);
  });

  it.each(['/', '/index.html', 'http://127.0.0.1/index.html', '*', '//', '/../../../../etc/passwd'])(
    '%s is not below the session’s path',
    async (path) => {
      expect((await fake.send(path)).status).toBe(404);
    },
  );

  it('shows files that were built since, from the next look at the page on', async () => {
    writeFileSync(join(fake.folder, 'bundle/new.js'), '1');
    expect((await fake.get('/new.js')).status).toBe(404);
    await fake.get('/');
    expect((await fake.get('/new.js')).body.toString()).toBe('1');
  });
});

describe('audio', () => {
  it('whole, in parts, and nothing by HEAD', async () => {
    const { socket, engine } = await fake.connect();
    await engine.call('audio.plan', { selection: { calls: ['plan-7'] } });
    const path = '/audio/plan-7.wav';
    const whole = await fake.get(path);
    expect(whole.headers).toMatchObject({
      'content-length': String(FAKE_WAV_BYTES),
      'accept-ranges': 'bytes',
      'content-type': 'audio/wav',
    });
    expect(whole.body.length).toBe(FAKE_WAV_BYTES);
    expect(whole.body.findIndex((octet, at) => octet !== fakeOctet(at))).toBe(-1);

    const part = await fake.get(path, { Cookie: fake.cookie, Range: 'bytes=1000-600999' });
    expect([part.status, part.headers['content-range']]).toEqual([206, `bytes 1000-600999/${FAKE_WAV_BYTES}`]);
    expect(part.body.length).toBe(600_000);
    expect(part.body.findIndex((octet, at) => octet !== fakeOctet(at + 1000))).toBe(-1);

    const past = await fake.get(path, { Cookie: fake.cookie, Range: `bytes=${FAKE_WAV_BYTES}-` });
    expect([past.status, past.headers['content-range'], past.body.length]).toEqual([
      416,
      `bytes */${FAKE_WAV_BYTES}`,
      0,
    ]);

    const head = await fake.get(path, { Cookie: fake.cookie }, 'HEAD');
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, String(FAKE_WAV_BYTES), 0]);
    socket.terminate();
  });

  it('is not there under other names, nor when its engine forgot it or its window is gone', async () => {
    const { socket, engine } = await fake.connect();
    await engine.call('audio.plan', { selection: { calls: ['gone'] } });
    await engine.call('audio.plan', { selection: { calls: ['plan-8'] } });
    for (const name of [
      'gone.wav',
      'plan-8',
      'plan-8.wav/',
      'plan-9.wav',
      '.wav',
      '',
      '..%2fplan-8.wav',
      'constructor.wav',
    ]) {
      expect((await fake.get(`/audio/${name}`)).status, name).toBe(404);
    }
    expect((await fake.get('/audio/plan-8.wav')).status).toBe(200);
    socket.terminate();
    await sleep(50);
    expect((await fake.get('/audio/plan-8.wav')).status).toBe(404);
  });
});

describe('exports', () => {
  it('are given once, under their name, and deleted', async () => {
    const { socket, engine } = await fake.connect();
    const request = { kind: 'text', name: 'Anruf "1" – Müller.svg', text: 'hello' } as const;
    const { id, path } = await engine.call('export.write', { request, path: null });
    expect(existsSync(path)).toBe(true);
    expect((await fake.get(`/export/${id}`, { Cookie: fake.cookie }, 'HEAD')).status).toBe(405);
    const answer = await fake.get(`/export/${id}`);
    expect(answer.body.toString()).toBe('hello');
    expect(answer.headers['content-disposition']).toBe(
      `attachment; filename="Anruf _1_ _ M_ller.svg"; filename*=UTF-8''Anruf%20_1_%20%E2%80%93%20M%C3%BCller.svg`,
    );
    await sleep(20);
    expect(existsSync(path)).toBe(false);
    expect((await fake.get(`/export/${id}`)).status).toBe(404);
    socket.terminate();
  });

  it('are nothing outside the window’s own folder, and go with it', async () => {
    const { socket, engine } = await fake.connect();
    for (const outside of [
      join(fake.folder, 'outside.js'),
      '/etc/hostname',
      join(fake.folder, 'temporary/window-x/../keep'),
    ]) {
      const { id } = await engine.call('export.write', {
        request: { kind: 'text', name: `!${outside}`, text: '' },
        path: null,
      });
      expect((await fake.get(`/export/${id}`)).status, outside).toBe(404);
      expect(existsSync(join(fake.folder, 'outside.js'))).toBe(true);
    }
    const { path } = await engine.call('export.write', { request: { kind: 'text', name: 'a', text: 'a' }, path: null });
    socket.terminate();
    await expect.poll(() => existsSync(path)).toBe(false);
  });
});

describe('a window', () => {
  it('has the shell, and the first takes what was to be opened', async () => {
    const { socket, shell } = await fake.connect();
    expect(await shell.call('shell.ready', {})).toMatchObject({
      version: '1.2.3',
      kind: 'browser',
      hasDialogs: false,
      settings: {},
      queued: [{ kind: 'path', path: '/captures/first.pcap' }],
    });
    await shell.call('shell.keep', { settings: { theme: 'dark' } });
    const again = await fake.connect();
    expect(await again.shell.call('shell.ready', {})).toMatchObject({ settings: { theme: 'dark' }, queued: [] });
    expect(await shell.call('shell.samples', {})).toContainEqual(expect.objectContaining({ packets: 956 }));
    await expect(shell.call('shell.openExternal', { url: 'file:///etc/passwd' })).rejects.toThrow('not opened');
    expect(await shell.call('shell.openExternal', { url: 'https://www.rfc-editor.org/rfc/rfc3261' })).toBeNull();
    await expect(shell.call('shell.listFolder', { path: '/no/such', allFiles: false })).rejects.toThrow(
      '/no/such: it is not there.',
    );
    expect(await shell.call('shell.listFolder', { path: fake.folder, allFiles: false })).toMatchObject({
      path: fake.folder,
    });
    expect(await shell.call('shell.listFolder', { path: null, allFiles: false })).toMatchObject({ path: fake.folder });
    socket.terminate();
    again.socket.terminate();
  });

  it('is told when its engine stops, and others are not', async () => {
    const other = await fake.connect();
    const { socket, engine } = await fake.connect();
    const fate = fateOf(socket);
    const call = engine.call('capture.open', { source: { kind: 'path', path: '/x' } });
    await expect(call).rejects.toMatchObject({ code: 'closed' });
    expect(await fate).toBe(1011);
    expect(await other.engine.call('packet.at', { time: 5 })).toBe(5);
    other.socket.terminate();
  });

  it.each([
    ['text', 'hello', 1003],
    ['octets that are no message', Buffer.from([9, 9, 9]), 1007],
    ['a message above the limit', Buffer.alloc((64 << 20) + 1), 1009],
  ])('that sends %s is closed, and others are not', async (_name, data, code) => {
    const other = await fake.connect();
    const { socket } = await fake.connect();
    const fate = fateOf(socket);
    socket.send(data);
    expect(await fate).toBe(code);
    expect(await other.engine.call('packet.at', { time: 6 })).toBe(6);
    other.socket.terminate();
  });

  it('that breaks the frame format is closed, and others are not', async () => {
    const other = await fake.connect();
    const { socket } = await fake.connect();
    const fate = fateOf(socket);
    // Reserved bits set, unmasked: RFC 6455 section 5.2.
    const raw = Reflect.get(socket, '_socket') as Socket;
    raw.write(Buffer.from([0xff, 0xff, 0, 1]));
    expect([1002, 1006]).toContain(await fate);
    expect(await other.engine.call('packet.at', { time: 7 })).toBe(7);
    other.socket.terminate();
  });

  it('may send what is no call, and goes on', async () => {
    const { socket, engine } = await fake.connect();
    const { encodeMessage } = await import('../shared/codec.ts');
    for (const junk of [
      null,
      1,
      {},
      { to: 'nobody', message: 1 },
      { to: 'engine', message: null },
      { to: 'shell', message: { kind: 'call' } },
    ]) {
      socket.send(encodeMessage(junk));
    }
    expect(await engine.call('packet.at', { time: 8 })).toBe(8);
    socket.terminate();
  });

  it('leaves nothing behind', async () => {
    await expect.poll(() => readdirSync(join(fake.folder, 'temporary'))).toEqual(['keep']);
  });

  it('is refused where too many are open', async () => {
    const open = await Promise.all(Array.from({ length: 16 }, () => fake.connect()));
    expect(await fateOf(fake.openSocket())).toBe(503);
    for (const { socket } of open) socket.terminate();
    await expect.poll(() => readdirSync(join(fake.folder, 'temporary'))).toEqual(['keep']);
  });
});
