// A call in the shapes that FreeSWITCH's mod_verto documents: login with a password, an invite with SDP, early media, answer, bye.
// Debian has no FreeSWITCH: the server here answers as one does, the media is real RTP.
//
//   node ws-verto.mjs serve 10.77.0.2:8081 10.77.0.2:7000 FILE.al [--deflate]
//   node ws-verto.mjs call ws://10.77.0.2:8081 10.77.0.1:6000 FILE.al [--deflate]
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket, WebSocketServer } from 'ws';

const [role, url, media, file] = process.argv.slice(2);
const perMessageDeflate = process.argv.includes('--deflate') ? { threshold: 0 } : false;
const sessid = '5a1ab0e1-7118-4455-9c3e-0d7f00000001';
const callID = 'e0a1c7d2-1111-4222-8333-c0ffee000001';
const early = '1f6c9a00-2222-4333-8444-c0ffee000002';

const sdp = () => {
  const [address, port] = media.split(':');
  const lines = ['v=0', `o=- 77 1 IN IP4 ${address}`, 's=verto', `c=IN IP4 ${address}`, 't=0 0'];
  return [...lines, `m=audio ${port} RTP/AVP 98`, 'a=rtpmap:98 PCMA/8000', 'a=ptime:20', ''].join('\r\n');
};
function sendMedia(description, ssrc) {
  const to = `${/c=IN IP4 (\S+)/.exec(description)[1]}:${/m=audio (\d+)/.exec(description)[1]}`;
  const options = [
    '--from',
    media,
    '--to',
    to,
    '--file',
    file,
    '--payload-type',
    '98',
    '--seconds',
    '1.2',
    '--ssrc',
    ssrc,
  ];
  const sender = spawn(process.execPath, [new URL('rtp-send.mjs', import.meta.url).pathname, ...options], {
    stdio: 'inherit',
  });
  return new Promise((resolve) => sender.once('exit', resolve));
}

const dialogParams = {
  useVideo: false,
  useStereo: false,
  screenShare: false,
  login: '1000@pbx.example.com',
  destination_number: '2000',
  caller_id_name: 'Alice “front desk”',
  caller_id_number: '1000',
  callID,
  remote_caller_id_name: 'Outbound Call',
  remote_caller_id_number: '2000',
};

if (role === 'serve') {
  const [host, port] = url.split(':');
  const server = new WebSocketServer({ host, port: Number(port), perMessageDeflate });
  server.on('connection', (socket) => {
    const say = (message) => socket.send(JSON.stringify({ jsonrpc: '2.0', ...message }));
    let isIn = false;
    const answer = async (octets) => {
      const { id, method, params } = JSON.parse(String(octets));
      if (method === 'login' && params.passwd === undefined)
        return say({ error: { code: -32000, message: 'Authentication Required' }, id });
      if (method === 'login') {
        isIn = true;
        say({ result: { message: 'logged in', sessid }, id });
        return say({ method: 'verto.clientReady', id: 22, params: { reattached_sessions: [] } });
      }
      if (!isIn) return;
      if (method === 'verto.invite') {
        say({ result: { message: 'CALL CREATED', callID, sessid }, id });
        await sleep(150);
        say({ id: 23, method: 'verto.media', params: { callID, sdp: sdp() } });
        void sendMedia(params.sdp, '0x2e12000b');
        await sleep(250);
        say({ id: 24, method: 'verto.answer', params: { callID } });
      }
      if (method === 'verto.info') say({ result: { message: 'SENT', callID, sessid }, id });
      if (method === 'verto.bye')
        say({ result: { callID, message: 'CALL ENDED', causeCode: 16, cause: 'NORMAL_CLEARING', sessid }, id });
    };
    socket.on('message', (octets) => void answer(octets));
  });
} else {
  const socket = new WebSocket(url, { perMessageDeflate });
  await new Promise((resolve) => socket.once('open', resolve));
  const heard = [];
  let nextId = 1;
  const say = (message) => socket.send(JSON.stringify({ jsonrpc: '2.0', ...message }));
  const request = (method, params) => say({ method, params, id: nextId++ });
  const hear = (octets) => {
    const message = JSON.parse(octets.toString());
    heard.push(message);
    if (message.method !== undefined) say({ id: message.id, result: { method: message.method } });
  };
  socket.on('message', hear);
  const until = async (test) => {
    for (let tries = 0; tries < 100; tries++) {
      const found = heard.find(test);
      if (found !== undefined) return found;
      await sleep(20);
    }
    throw new Error(`waited in vain: ${JSON.stringify(heard)}`);
  };
  request('login', { sessid: early });
  await until(({ error }) => error !== undefined);
  request('login', {
    login: '1000@pbx.example.com',
    passwd: 'tuppence-a-bag',
    loginParams: {},
    userVariables: {},
    sessid,
  });
  await until(({ method }) => method === 'verto.clientReady');
  request('verto.invite', { sdp: sdp(), dialogParams, sessid });
  const answered = await until(({ method }) => method === 'verto.media');
  const allSaid = sendMedia(answered.params.sdp, '0x2e12000a');
  await until(({ method }) => method === 'verto.answer');
  await sleep(600);
  request('verto.info', { dtmf: '5', dialogParams, sessid });
  await allSaid;
  request('verto.bye', { dialogParams, cause: 'NORMAL_CLEARING', causeCode: 16, sessid });
  await until(({ result }) => result?.message === 'CALL ENDED');
  socket.close(1000);
  await sleep(300);
}
