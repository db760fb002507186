// A phone that speaks SIP over WebSocket (RFC 7118), and the end of a connection without a proxy. Media is PCMA by rtp-send.mjs.
//
//   node ws-phone.mjs answer ws://10.77.0.3:8080 bob 10.77.0.2:7000 FILE.al         registers, answers one call
//   node ws-phone.mjs call ws://10.77.0.3:8080 alice 10.77.0.1:6000 FILE.al         registers, calls bob, hangs up when all is said
//   node ws-phone.mjs serve 10.77.0.2:8080                                          a server that answers registrations and calls
//     [--calls 3]                 so many calls, one after the other
//     [--deflate takeover|none|client]   permessage-deflate, with the context kept by both, by none, by the client alone
//     [--fragments 200]           messages in fragments of so many octets, with a ping between them
//     [--no-media] [--key-log FILE]
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { WebSocket, WebSocketServer } from 'ws';

const { values: option, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    calls: { type: 'string', default: '1' },
    deflate: { type: 'string', default: '' },
    fragments: { type: 'string', default: '0' },
    'no-media': { type: 'boolean', default: false },
    'key-log': { type: 'string' },
  },
});
const [role, url, name, media = '10.77.0.2:7000', file = ''] = positionals;
const deflate =
  option.deflate === ''
    ? false
    : {
        threshold: 0,
        serverNoContextTakeover: option.deflate !== 'takeover',
        clientNoContextTakeover: option.deflate === 'none',
      };
const host = `${name ?? 'server'}7118.invalid`;

const sdp = () => {
  const [address, port] = media.split(':');
  return [
    'v=0',
    `o=- 77 1 IN IP4 ${address}`,
    's=call',
    `c=IN IP4 ${address}`,
    't=0 0',
    `m=audio ${port} RTP/AVP 8`,
    'a=rtpmap:8 PCMA/8000',
    'a=ptime:20',
    'a=sendrecv',
    '',
  ].join('\r\n');
};
const field = (text, header) => new RegExp(`^${header}:\\s*(.*)\\r$`, 'im').exec(text)?.[1] ?? '';
const fields = (text, header) => text.split('\r\n').filter((line) => line.toLowerCase().startsWith(`${header}:`));
const withBody = (lines, body) =>
  [
    ...lines,
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');

function say(socket, text) {
  const size = Number(option.fragments);
  if (size === 0) {
    socket.send(text);
    return;
  }
  for (let at = 0; at < text.length; at += size) {
    socket.send(text.slice(at, at + size), { fin: at + size >= text.length });
    if (at === 0) socket.ping('between');
  }
}

function respond(socket, request, status, body = '') {
  const to = field(request, 'To');
  const tag = to.includes('tag=') || status === '100 Trying' ? '' : ';tag=callee';
  say(
    socket,
    withBody(
      [
        `SIP/2.0 ${status}`,
        ...fields(request, 'via'),
        ...fields(request, 'record-route'),
        `From: ${field(request, 'From')}`,
        `To: ${to}${tag}`,
        `Call-ID: ${field(request, 'Call-ID')}`,
        `CSeq: ${field(request, 'CSeq')}`,
        `Contact: <sip:bob@${host};transport=ws>`,
      ],
      body,
    ),
  );
}

function sendMedia(description) {
  if (option['no-media']) return Promise.resolve();
  const to = `${/c=IN IP4 (\S+)/.exec(description)[1]}:${/m=audio (\d+)/.exec(description)[1]}`;
  const ssrc = role === 'call' ? '0x0a11ce01' : '0x00b0b002';
  const options = [
    '--from',
    media,
    '--to',
    to,
    '--file',
    file,
    '--payload-type',
    '8',
    '--seconds',
    '1.4',
    '--ssrc',
    ssrc,
  ];
  const sender = spawn(process.execPath, [new URL('rtp-send.mjs', import.meta.url).pathname, ...options], {
    stdio: 'inherit',
  });
  return new Promise((resolve) => sender.once('exit', resolve));
}

/** Answers calls and registrations. */
function answer(socket) {
  socket.on('message', (octets) => {
    const text = String(octets);
    if (text.startsWith('REGISTER')) respond(socket, text, '200 OK');
    if (text.startsWith('BYE')) respond(socket, text, '200 OK');
    if (!text.startsWith('INVITE')) return;
    respond(socket, text, '100 Trying');
    respond(socket, text, '180 Ringing');
    setTimeout(() => {
      respond(socket, text, '200 OK', sdp());
      void sendMedia(text);
    }, 200);
  });
}

if (role === 'serve') {
  const [address, port] = url.split(':');
  const server = new WebSocketServer({
    host: address,
    port: Number(port),
    handleProtocols: () => 'sip',
    perMessageDeflate: deflate,
  });
  server.on('connection', answer);
} else {
  const socket = new WebSocket(url, 'sip', {
    perMessageDeflate: deflate === false ? false : { threshold: 0 },
    rejectUnauthorized: false,
    finishRequest: (request) => {
      if (option['key-log'] !== undefined)
        request.on('socket', (tls) => tls.on('keylog', (line) => appendFileSync(option['key-log'], line)));
      request.end();
    },
  });
  await new Promise((resolve) => socket.once('open', resolve));
  const heard = [];
  const hear = (octets) => heard.push(octets.toString());
  socket.on('message', hear);
  const until = async (test) => {
    for (let tries = 0; tries < 100; tries++) {
      const found = heard.find(test);
      if (found !== undefined) return found;
      await sleep(50);
    }
    throw new Error(`waited in vain: ${heard.join('\n')}`);
  };
  const transport = url.startsWith('wss') ? 'WSS' : 'WS';
  const request = (method, uri, id, cseq, more = [], to = '', body = '') =>
    say(
      socket,
      withBody(
        [
          `${method} ${uri} SIP/2.0`,
          `Via: SIP/2.0/${transport} ${host};branch=z9hG4bK${id}${cseq}${method}`,
          'Max-Forwards: 70',
          `From: <sip:${name}@example.com>;tag=${id}`,
          `To: ${to}`,
          `Call-ID: ${id}@${host}`,
          `CSeq: ${cseq} ${method}`,
          `Contact: <sip:${name}@${host};transport=ws>`,
          'User-Agent: ws-phone',
          ...more,
        ],
        body,
      ),
    );
  request('REGISTER', 'sip:example.com', `reg${name}`, 1, ['Expires: 600'], `<sip:${name}@example.com>`);
  await until((text) => text.startsWith('SIP/2.0 200') && /CSeq: 1 REGISTER/.test(text));
  if (role === 'answer') {
    answer(socket);
    await until((text) => text.startsWith('BYE'));
    await sleep(200);
  }
  const calls = role === 'call' ? Number(option.calls) : 0;
  for (let call = 1; call <= calls; call++) {
    const id = `call${call}`;
    request('INVITE', 'sip:bob@example.com', id, 1, [], '<sip:bob@example.com>', sdp());
    const ok = await until(
      (text) => text.startsWith('SIP/2.0 200') && field(text, 'Call-ID').startsWith(id) && /CSeq: 1 INVITE/.test(text),
    );
    const route = fields(ok, 'record-route')
      .toReversed()
      .map((line) => line.replace(/^record-route/i, 'Route'));
    const target = /<([^>]*)>/.exec(field(ok, 'Contact'))[1];
    request('ACK', target, id, 1, route, field(ok, 'To'));
    await Promise.all([sendMedia(ok), sleep(200)]);
    request('BYE', target, id, 2, route, field(ok, 'To'));
    await until(
      (text) => text.startsWith('SIP/2.0 200') && field(text, 'Call-ID').startsWith(id) && /2 BYE/.test(text),
    );
    say(socket, '\r\n\r\n');
  }
  await sleep(200);
  socket.close(1000, 'done');
  await sleep(300);
}
