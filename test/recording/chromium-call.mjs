// A browser's call: Chromium sends its microphone (a test tone) to webrtc-peer.py, whose SIP port is given.
//
//   node chromium-call.mjs 10.77.0.1 10.77.0.2:5060 SECONDS [Chromium's options...]
import { createServer } from 'node:http';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const [own, sip, seconds, ...options] = process.argv.slice(2);
const [host, port] = sip.split(':');

// getUserMedia wants a page of this machine.
const server = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end('<title>call</title>'));
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', ...options],
});
const page = await browser.newPage();
await page.goto(`http://127.0.0.1:${server.address().port}/`);

const offer = await page.evaluate(async () => {
  const peer = new RTCPeerConnection();
  globalThis.peer = peer;
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const sender = peer.addTransceiver(stream.getAudioTracks()[0], { streams: [stream] });
  sender.setCodecPreferences(
    RTCRtpReceiver.getCapabilities('audio').codecs.filter((codec) => /opus/.test(codec.mimeType)),
  );
  await peer.setLocalDescription(await peer.createOffer());
  await new Promise((resolve) => {
    if (peer.iceGatheringState === 'complete') resolve();
    peer.onicegatheringstatechange = () => peer.iceGatheringState === 'complete' && resolve();
    setTimeout(resolve, 2000);
  });
  return peer.localDescription.sdp;
});

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
const state = await page.evaluate(async (sdp) => {
  await peer.setRemoteDescription({ type: 'answer', sdp });
  for (let tries = 0; tries < 100 && peer.connectionState !== 'connected'; tries++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  return peer.connectionState;
}, answer);
await sleep(Number(seconds) * 1000);
const transport = await page.evaluate(async () => {
  const all = [...(await peer.getStats()).values()];
  const heard = all.find((one) => one.type === 'inbound-rtp');
  return { ...all.find((one) => one.type === 'transport'), packetsHeard: heard?.packetsReceived };
});
console.log(state, transport.tlsVersion, transport.dtlsCipher, transport.srtpCipher, transport.packetsHeard);
received = '';
request('BYE', 2, ';tag=callee', '');
await until(/2 BYE/);
await page.evaluate(() => peer.close());
await sleep(200);
socket.end();
await browser.close();
server.close();
