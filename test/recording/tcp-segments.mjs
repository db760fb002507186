// Two calls over one TCP connection, cut where it hurts: an INVITE in pieces of one octet, of a header name, in the
// middle of CR LF CR LF and inside the body; several messages in one segment; a keep-alive (RFC 5626 CRLF CRLF)
// between messages; and one segment that ends one message and begins the next.
//
//   node tcp-segments.mjs callee ADDRESS
//   node tcp-segments.mjs caller OWN-ADDRESS CALLEE-ADDRESS
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeCall } from './sip-text.mjs';

const [role, own, other] = process.argv.slice(2);
const caller = '10.77.0.1';
const callee = '10.77.0.2';
const first = makeCall('cut', caller, callee, 'TCP');
const second = makeCall('joined', caller, callee, 'TCP');

// Each piece is one segment: no Nagle, and long enough between two.
async function write(socket, ...pieces) {
  for (const piece of pieces) {
    socket.write(piece, 'latin1');
    await sleep(60);
  }
}

if (role === 'callee') {
  const talk = async (socket) => {
    let text = '';
    const until = async (words) => {
      while (!text.includes(words)) await sleep(10);
    };
    socket.on('data', (octets) => {
      text += octets.toString('latin1');
    });
    await until('a=rtpmap:8');
    // Three responses in one segment.
    await write(socket, first.trying + first.ringing + first.ok);
    await until('Call-ID: joined');
    // The end of one response and the beginning of the next in one segment.
    const both = second.trying + second.ok;
    const middle = second.trying.length + 40;
    await write(socket, both.slice(0, middle - 80), both.slice(middle - 80, middle), both.slice(middle));
    await until(
      '2 BYE\r\nContact: <sip:alice@10.77.0.1;transport=tcp>\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\nBYE',
    );
    await write(socket, first.byeOk + second.byeOk);
    socket.on('end', () => {
      socket.end();
      server.close();
    });
  };
  const server = net.createServer({ noDelay: true }, (socket) => void talk(socket));
  server.listen(5060, own);
} else {
  const socket = net.connect({ host: other, port: 5060, localAddress: own, noDelay: true });
  let text = '';
  socket.on('data', (octets) => {
    text += octets.toString('latin1');
  });
  const until = async (words) => {
    while (!text.includes(words)) await sleep(10);
  };
  await new Promise((resolve) => socket.once('connect', resolve));
  const { invite } = first;
  const body = invite.indexOf('\r\n\r\n');
  const length = invite.indexOf('Content-Length');
  await write(
    socket,
    invite.slice(0, 1),
    invite.slice(1, 200),
    invite.slice(200, length + 5),
    invite.slice(length + 5, body + 2),
    invite.slice(body + 2, body + 3),
  );
  await write(socket, invite.slice(body + 3, body + 30), invite.slice(body + 30));
  await until('SIP/2.0 200 OK');
  await write(socket, '\r\n\r\n');
  // An ACK and the next INVITE in one segment.
  await write(socket, first.ack + second.invite);
  await until(
    'Call-ID: joined@example.com\r\nCSeq: 1 INVITE\r\nContact: <sip:bob@10.77.0.2;transport=tcp>\r\nMax-Forwards: 70\r\nContent-Type',
  );
  await sleep(200);
  await write(socket, second.ack);
  // Both BYEs in one segment.
  await write(socket, first.bye + second.bye);
  await until('2 BYE');
  await sleep(300);
  socket.end();
}
