/** Tries to break into the running host: by HTTP, by WebSocket, and from pages in a real browser. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createServer, type IncomingMessage, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket as Socket } from 'ws';
import { enter } from '../fake-host/connect-window.ts';
import { browserPath, HOST_SCRIPT, type RunningApp, type RunningHost, startApp, startHost } from './start-app.ts';

interface Answer {
  readonly status: number;
  readonly cookie: string;
}

/** Sends exactly what is said: neither path nor headers are made proper first. */
function send(origin: string, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, path, headers, method, agent: false }, (response) => {
      response.resume();
      const cookie = (response.headers['set-cookie']?.[0] ?? '').split(';')[0];
      response.on('end', () => resolve({ status: response.statusCode ?? 0, cookie }));
    });
    request.on('error', reject);
    request.end();
  });
}

function pathOf(address: string): string {
  const { pathname, search } = new URL(address);
  return pathname + search;
}

describe('the host by itself', () => {
  let host: RunningHost;
  let base = '';
  let cookie = '';
  beforeAll(async () => {
    host = await startHost();
    ({ path: base, cookie } = await enter(host.bootAddress));
  });
  afterAll(() => host?.close());

  it('shows the window to who has the cookie, and nobody else', async () => {
    expect((await send(host.origin, base, { Cookie: cookie })).status).toBe(200);
    expect((await send(host.origin, base)).status).toBe(403);
    expect((await send(host.origin, base, { Cookie: `${cookie}0` })).status).toBe(403);
  });

  it('answers to its own name alone: 421', async () => {
    for (const name of ['localhost', 'evil.example', new URL(host.origin).host.replace('127.0.0.1', 'localhost')]) {
      expect((await send(host.origin, base, { Cookie: cookie, Host: name })).status, name).toBe(421);
    }
  });

  it('takes a token once: 403', async () => {
    expect(await send(host.origin, pathOf(host.bootAddress))).toEqual({ status: 403, cookie: '' });
  });

  it('takes GET and HEAD alone: 405', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      expect((await send(host.origin, base, { Cookie: cookie }, method)).status, method).toBe(405);
    }
    expect((await send(host.origin, base, { Cookie: cookie }, 'HEAD')).status).toBe(200);
  });

  it.each([
    '../../package.json',
    '%2e%2e/%2e%2e/package.json',
    '%2e%2e%2f%2e%2e%2fpackage.json',
    '%252e%252e%252fpackage.json',
    '..\\..\\package.json',
    '..%5c..%5cpackage.json',
    'assets/../../../package.json',
    'index.html%00',
    '/etc/passwd',
    '%2fetc%2fpasswd',
    'file:///etc/passwd',
    'export/..%2f..%2fpackage.json',
    'audio/..%2f..%2fpackage.json.wav',
  ])('leads nobody out of the bundle by %s: 404', async (path) => {
    expect((await send(host.origin, base + path, { Cookie: cookie })).status).toBe(404);
  });

  it('opens no socket for another origin, or without the cookie: 403', async () => {
    const address = `${host.origin.replace('http', 'ws')}${base}channel`;
    const refusal = (headers: Record<string, string>): Promise<number> =>
      new Promise((resolve, reject) => {
        const socket = new Socket(address, { headers });
        socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
        socket.on('open', () => reject(new Error('let in')));
        socket.on('error', () => {});
      });
    expect(await refusal({ Origin: 'http://evil.example', Cookie: cookie })).toBe(403);
    expect(await refusal({ Origin: 'null', Cookie: cookie })).toBe(403);
    expect(await refusal({ Cookie: cookie })).toBe(403);
    expect(await refusal({ Origin: host.origin })).toBe(403);
    expect(await refusal({ Origin: host.origin, Cookie: cookie, Host: 'evil.example' })).toBe(421);
  });

  it('closes a socket that sends garbage, and no other', async () => {
    const open = async (): Promise<Socket> => {
      const socket = new Socket(`${host.origin.replace('http', 'ws')}${base}channel`, {
        headers: { Origin: host.origin, Cookie: cookie },
      });
      await new Promise((resolve) => socket.once('open', resolve));
      socket.on('error', () => {});
      return socket;
    };
    const bystander = await open();
    for (const [data, code] of [
      ['text', 1003],
      [Buffer.from([1, 2, 3]), 1007],
      [Buffer.alloc((64 << 20) + 1), 1009],
    ] as const) {
      const socket = await open();
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.send(data);
      expect(await closed).toBe(code);
    }
    expect(bystander.readyState).toBe(Socket.OPEN);
    bystander.terminate();
    expect((await send(host.origin, base, { Cookie: cookie })).status).toBe(200);
  });
});

describe('a host that ends', () => {
  it('leaves nothing in the folder for temporary files', async () => {
    const host = await startHost();
    const own = readdirSync(host.folder).filter((name) => name.startsWith('earshot-'));
    expect(own).toHaveLength(1);
    host.process.kill('SIGTERM');
    await new Promise((resolve) => host.process.once('exit', resolve));
    expect(readdirSync(host.folder).filter((name) => name.startsWith('earshot-'))).toEqual([]);
    expect(await host.close()).toBe(0);
  });

  it('says in one sentence that a capture is not there', () => {
    const run = spawnSync(process.execPath, [HOST_SCRIPT, '--no-open', 'no-such.pcap'], { encoding: 'utf8' });
    expect([run.status, run.stdout, run.stderr]).toEqual([3, '', 'earshot: no-such.pcap: it is not there.\n']);
  });
});

// Without a browser only the tests above can run.
describe.skipIf(browserPath === null)('in a browser', () => {
  let app: RunningApp;
  let other: Server;
  let otherOrigin = '';
  const arrived: IncomingMessage[] = [];
  beforeAll(async () => {
    // Another server of this machine: the same site to a browser, which does not tell ports apart.
    other = createServer((request, response) => {
      arrived.push(request);
      response.setHeader('Content-Type', 'text/html');
      response.end('<!doctype html><title>other</title>');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    otherOrigin = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    app = await startApp();
  });
  afterAll(async () => {
    await app?.close();
    await new Promise((resolve) => other?.close(resolve));
  });

  /** Runs a script as the page's own, not as the test driver's: what the driver runs is above the policy. */
  async function inPage(body: string): Promise<string> {
    await app.page.evaluate((text) => {
      window.name = '';
      const run = Object.getPrototypeOf(async () => {}).constructor as new (text: string) => () => Promise<string>;
      const task = new run(text);
      setTimeout(
        () =>
          void task().then(
            (result) => (window.name = `= ${result}`),
            (error: Error) => (window.name = `! ${error.name}`),
          ),
      );
    }, body);
    await expect.poll(() => app.page.evaluate(() => window.name)).not.toBe('');
    return app.page.evaluate(() => window.name);
  }

  it('the window is there, and its address tells no token', () => {
    const { pathname, search, origin } = new URL(app.page.url());
    expect([origin, search]).toEqual([app.origin, '']);
    expect(pathname).toMatch(/^\/[0-9a-f]{24}\/$/);
  });

  it('the cookie is out of reach of scripts', async () => {
    expect(await app.page.evaluate(() => document.cookie)).toBe('');
    const [cookie] = await app.context.cookies(app.page.url());
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: new URL(app.page.url()).pathname });
  });

  it.each([
    ['eval', `return String(eval('1 + 1'))`],
    ['a function made of text', `return String(new Function('return 2')())`],
    [
      'a timer with text',
      `window.ran = 0; setTimeout('window.ran = 1'); await new Promise((r) => setTimeout(r, 50)); if (!window.ran) throw new EvalError(); return 'ran'`,
    ],
  ])('%s is refused', async (_name, script) => {
    expect(await inPage(script)).toBe('! EvalError');
  });

  it.each([
    [
      'an inline script',
      `const e = document.createElement('script'); e.textContent = 'window.ran = 1'; document.head.append(e);`,
    ],
    [
      'an inline handler',
      `const e = document.createElement('div'); e.innerHTML = '<img src="nothing.png" onerror="window.ran = 1">'; document.body.append(e);`,
    ],
    [
      'a data: script',
      `const e = document.createElement('script'); e.src = 'data:text/javascript,window.ran = 1'; document.head.append(e);`,
    ],
    [
      'a blob: script',
      `const e = document.createElement('script'); e.src = URL.createObjectURL(new Blob(['window.ran = 1'])); document.head.append(e);`,
    ],
    [
      'a javascript: address',
      `const e = document.createElement('a'); e.href = 'javascript:window.ran = 1'; document.body.append(e); e.click();`,
    ],
    [
      'a script of another server',
      `const e = document.createElement('script'); e.src = '@/x.js'; document.head.append(e);`,
    ],
    ['a frame', `const e = document.createElement('iframe'); e.src = '@/'; document.body.append(e);`],
    [
      'a form',
      `const e = document.createElement('form'); e.action = '@/'; e.method = 'post'; document.body.append(e); e.submit();`,
    ],
    [
      'another base',
      `const e = document.createElement('base'); e.href = '@/'; document.head.append(e); await fetch('x'); window.ran = document.baseURI.startsWith('@');`,
    ],
    ['an image of another server', `new Image().src = '@/x.png';`],
    ['a request to another server', `fetch('@/x', { mode: 'no-cors' }).catch(() => {});`],
    ['a socket to another server', `try { new WebSocket('@/'.replace('http', 'ws')); } catch {}`],
  ])('%s is refused by the content security policy', async (_name, script) => {
    const before = arrived.length;
    const violation = `const seen = new Promise((resolve) => addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), { once: true }));`;
    const result = await inPage(
      `window.ran = 0; ${violation} ${script.replaceAll('@', otherOrigin)} const directive = await Promise.race([seen, new Promise((r) => setTimeout(r, 2000, 'none'))]); return directive + ' ' + Number(window.ran)`,
    );
    expect(result).toMatch(
      /^= (script-src|script-src-elem|script-src-attr|frame-src|form-action|base-uri|img-src|connect-src) 0$/,
    );
    expect(arrived.length).toBe(before);
  });

  it('a page of another server gets neither the cookie nor anything else', async () => {
    const page = await app.context.newPage();
    await page.goto(`${otherOrigin}/visit`);
    const visit = arrived.find(({ url }) => url === '/visit');
    expect(visit?.headers.cookie).toBeUndefined();
    const results = await page.evaluate(async (windowAddress) => {
      const asked = [document.createElement('script'), new Image()].map((element) => {
        const outcome = new Promise((resolve) => {
          element.addEventListener('load', () => resolve('loaded'));
          element.addEventListener('error', () => resolve('refused'));
        });
        element.src = `${windowAddress}index.html`;
        document.body.append(element);
        return outcome;
      });
      const socket = new WebSocket(new URL('channel', windowAddress.replace('http', 'ws')));
      const opened = new Promise((resolve) => {
        socket.addEventListener('open', () => resolve('loaded'));
        socket.addEventListener('error', () => resolve('refused'));
      });
      const fetched = (['cors', 'no-cors'] as const).map((mode) =>
        fetch(windowAddress, { credentials: 'include', mode }).then(
          () => 'loaded',
          () => 'refused',
        ),
      );
      return Promise.all([...asked, opened, ...fetched]);
    }, app.page.url());
    expect(results).toEqual(['refused', 'refused', 'refused', 'refused', 'refused']);
    await page.close();
  });

  it('a window that is led away takes nothing along, and comes back', async () => {
    const address = app.page.url();
    await app.page.evaluate((target) => location.assign(target), `${otherOrigin}/away`);
    await app.page.waitForURL(`${otherOrigin}/away`);
    const away = arrived.find(({ url }) => url === '/away');
    expect([away?.headers.cookie, away?.headers.referer]).toEqual([undefined, undefined]);
    expect(await app.page.evaluate(() => window.opener)).toBeNull();
    const back = await app.page.goto(address);
    expect(back?.status()).toBe(200);
  });

  it('no page frames the window', async () => {
    const page = await app.context.newPage();
    await page.goto(`${otherOrigin}/frame`);
    await page.evaluate((address) => {
      const frame = document.createElement('iframe');
      frame.src = address;
      document.body.append(frame);
      return new Promise((resolve) => frame.addEventListener('load', resolve));
    }, app.page.url());
    expect(page.frames()[1]?.url()).not.toContain(app.origin);
    await page.close();
  });
});
