// A browser's call by way of a proxy: the page itself speaks SIP over WebSocket, its media is WebRTC's.
//
//   node ws-chromium.mjs wss://10.77.0.3:8443 SECONDS KEY-LOG
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { connect, describe, take } from './ice-page.mjs';

const [url, seconds, keyLog] = process.argv.slice(2);

// getUserMedia wants a page of this machine.
const server = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end('<title>call</title>'));
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--ignore-certificate-errors',
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    `--ssl-key-log-file=${keyLog}`,
  ],
});
const page = await browser.newPage();
await page.goto(`http://127.0.0.1:${server.address().port}/`);
await page.evaluate(connect, { configuration: {}, isCaller: true, media: ['audio'] });
const offer = await page.evaluate(describe, { kind: 'offer', whole: true });

await page.evaluate(async (address) => {
  globalThis.heard = '';
  globalThis.phone = new WebSocket(address, 'sip');
  phone.onmessage = ({ data }) => (globalThis.heard += data);
  await new Promise((resolve, reject) => Object.assign(phone, { onopen: resolve, onerror: reject }));
}, url);
const request = (method, uri, cseq, to, body) =>
  page.evaluate(
    (text) => phone.send(text),
    [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/WSS browser7118.invalid;branch=z9hG4bKpage${cseq}${method}`,
      'Max-Forwards: 70',
      'From: <sip:alice@example.com>;tag=page',
      `To: ${to}`,
      'Call-ID: page@browser7118.invalid',
      `CSeq: ${cseq} ${method}`,
      'Contact: <sip:alice@browser7118.invalid;transport=ws>',
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n'),
  );
async function until(pattern) {
  for (let tries = 0; tries < 100; tries++) {
    const text = await page.evaluate(() => heard);
    if (pattern.test(text)) return text;
    await sleep(50);
  }
  throw new Error(`no ${pattern} in ${await page.evaluate(() => heard)}`);
}

await request('INVITE', 'sip:peer@example.com', 1, '<sip:peer@example.com>', offer);
const heard = await until(/SIP\/2\.0 200[^]*a=end-of-candidates/);
const ok = heard.slice(heard.indexOf('SIP/2.0 200'));
const to = /^To: (.*)\r$/m.exec(ok)[1];
const target = /^Contact: <([^>]*)>/m.exec(ok)[1];
await request('ACK', target, 1, to, '');
await page.evaluate(take, { type: 'answer', sdp: ok.slice(ok.indexOf('v=0')) });
await sleep(Number(seconds) * 1000);
await request('BYE', target, 2, to, '');
await until(/2 BYE/);
await page.evaluate(() => {
  phone.close(1000);
  peer.close();
});
await sleep(300);
await browser.close();
server.close();
