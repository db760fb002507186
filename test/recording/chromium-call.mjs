// A browser's call: Chromium sends its microphone (a test tone) to webrtc-peer.py, whose SIP port is given.
//
//   node chromium-call.mjs 10.77.0.1 10.77.0.2:5060 SECONDS [Chromium's options...]
//
// EARSHOT_CALL names a file for what the browser says of it, as ice-call.mjs has it.
// EARSHOT_CHROMIUM names what is started instead of Chromium itself: a script that keeps its log.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { connect, describe, noted, readStats, take } from './ice-page.mjs';

const [own, sip, seconds, ...options] = process.argv.slice(2);
const [host, port] = sip.split(':');

// getUserMedia wants a page of this machine.
const server = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end('<title>call</title>'));
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const browser = await chromium.launch({
  executablePath: process.env.EARSHOT_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', ...options],
});
const page = await browser.newPage();
await page.goto(`http://127.0.0.1:${server.address().port}/`);

await page.evaluate(connect, { configuration: {}, isCaller: true, media: ['audio'] });
const offer = await page.evaluate(describe, { kind: 'offer', whole: true });

const socket = net.connect({ host, port: Number(port), localAddress: own });
const request = (method, cseq, tag, body) =>
  socket.write(
    [
      `${method} sip:bob@${host} SIP/2.0`,
      `Via: SIP/2.0/TCP ${own};branch=z9hG4bKbrowser${cseq}${method}`,
      'Max-Forwards: 70',
      `From: <sip:alice@${own}>;tag=browser`,
      `To: <sip:bob@${host}>${tag}`,
      `Call-ID: browser@${own}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: <sip:alice@${own};transport=tcp>`,
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n'),
  );
let received = '';
socket.on('data', (octets) => (received += octets.toString('latin1')));
async function until(pattern) {
  for (let tries = 0; !pattern.test(received); tries++) {
    if (tries > 100) throw new Error(`no ${pattern} in ${received}`);
    await sleep(50);
  }
}

request('INVITE', 1, '', offer);
await until(/SIP\/2\.0 200[^]*a=end-of-candidates/);
request('ACK', 1, ';tag=callee', '');
const answer = received.slice(received.indexOf('v=0'));
await page.evaluate(take, { type: 'answer', sdp: answer });
const state = await page.evaluate(async () => {
  for (let tries = 0; tries < 100 && !/connected|failed/.test(peer.connectionState); tries++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  return peer.connectionState;
});
await sleep(Number(seconds) * 1000);
const transport = await page.evaluate(async () => {
  const all = [...(await peer.getStats()).values()];
  const heard = all.find((one) => one.type === 'inbound-rtp');
  return { ...all.find((one) => one.type === 'transport'), packetsHeard: heard?.packetsReceived };
});
console.log(state, transport.tlsVersion, transport.dtlsCipher, transport.srtpCipher, transport.packetsHeard);
const stats = [{ name: 'end', end: 'caller', ...(await page.evaluate(readStats)) }];
if (process.env.EARSHOT_CALL !== undefined) {
  const caller = await page.evaluate(noted);
  writeFileSync(process.env.EARSHOT_CALL, JSON.stringify({ caller, stats }));
}
received = '';
request('BYE', 2, ';tag=callee', '');
await until(/2 BYE/);
await page.evaluate(() => peer.close());
await sleep(200);
socket.end();
await browser.close();
server.close();
