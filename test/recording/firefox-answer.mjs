// Firefox answers a call: SIP over TCP comes in at ADDRESS, a page in Firefox answers with a test tone of its own.
//
//   SSLKEYLOGFILE=keys.log node firefox-answer.mjs 10.77.0.2
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [own] = process.argv.slice(2);
const page = `<script>
  const run = async () => {
    const offer = await (await fetch('/offer')).text();
    const peer = new RTCPeerConnection();
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    peer.addTrack(stream.getAudioTracks()[0], stream);
    await peer.setRemoteDescription({ type: 'offer', sdp: offer });
    await peer.setLocalDescription(await peer.createAnswer());
    await new Promise((resolve) => {
      if (peer.iceGatheringState === 'complete') resolve();
      peer.onicegatheringstatechange = () => peer.iceGatheringState === 'complete' && resolve();
      setTimeout(resolve, 3000);
    });
    await fetch('/answer', { method: 'POST', body: peer.localDescription.sdp });
  };
  run().catch((error) => fetch('/answer', { method: 'POST', body: 'error ' + error }));
</script>`;

let gotOffer;
const offer = new Promise((resolve) => (gotOffer = resolve));
let gotAnswer;
const answer = new Promise((resolve) => (gotAnswer = resolve));
const serve = async (request, response) => {
  if (request.url === '/offer') response.end(await offer);
  else if (request.url === '/answer') {
    let body = '';
    for await (const part of request) body += part;
    response.end();
    gotAnswer(body);
  } else response.setHeader('content-type', 'text/html').end(page);
};
const server = createServer((request, response) => void serve(request, response));
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

const profile = mkdtempSync(join(tmpdir(), 'firefox-'));
const preferences = {
  'media.navigator.permission.disabled': true,
  'media.navigator.streams.fake': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'media.peerconnection.dtls.version.min': 771,
  'media.peerconnection.ice.default_address_only': false,
  'network.manage-offline-status': false,
  'app.update.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
};
writeFileSync(
  join(profile, 'user.js'),
  Object.entries(preferences)
    .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
    .join(''),
);
const firefox = spawn(
  'firefox-esr',
  ['--headless', '--no-remote', '--profile', profile, `http://127.0.0.1:${server.address().port}/`],
  { stdio: 'ignore', env: { ...process.env, HOME: profile, MOZ_DISABLE_SOCKET_PROCESS_SANDBOX: '1' } },
);

net
  .createServer((socket) => {
    let received = '';
    const reply = (message, first, body) => {
      const kept = message.split('\r\n').filter((line) => /^(via|from|call-id|cseq):/i.test(line));
      const to = /^To:.*$/m.exec(message)[0].trim();
      socket.write(
        [
          first,
          ...kept,
          to.includes('tag=') ? to : `${to};tag=callee`,
          `Contact: <sip:bob@${own}:5060;transport=tcp>`,
          ...(body === '' ? [] : ['Content-Type: application/sdp']),
          `Content-Length: ${body.length}`,
          '',
          body,
        ].join('\r\n'),
      );
    };
    const take = async (octets) => {
      received += octets.toString('latin1');
      const end = received.indexOf('\r\n\r\n');
      const length = Number(/content-length:\s*(\d+)/i.exec(received)?.[1] ?? 0);
      if (end < 0 || received.length < end + 4 + length) return;
      const message = received.slice(0, end + 4 + length);
      received = received.slice(message.length);
      if (message.startsWith('INVITE')) {
        reply(message, 'SIP/2.0 100 Trying', '');
        gotOffer(message.slice(end + 4));
        reply(message, 'SIP/2.0 200 OK', await answer);
      } else if (message.startsWith('BYE')) {
        reply(message, 'SIP/2.0 200 OK', '');
        setTimeout(() => firefox.kill(), 300);
      }
    };
    socket.on('data', (octets) => void take(octets));
  })
  .listen(5060, own);
firefox.on('exit', () => {
  rmSync(profile, { recursive: true, force: true });
  process.exit();
});
