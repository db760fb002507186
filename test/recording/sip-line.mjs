// One end of a TCP connection for SIP, so that a script outside a namespace can speak inside it: base64 of whole messages, a line
// each, in by standard input and out by standard output.
//
//   node sip-line.mjs listen 10.77.0.2:5060
//   node sip-line.mjs connect 10.77.0.2:5060
import net from 'node:net';
import { createInterface } from 'node:readline';

const [way, address] = process.argv.slice(2);
const [host, port] = address.split(':');

function carry(socket) {
  let received = Buffer.alloc(0);
  socket.on('data', (octets) => {
    received = Buffer.concat([received, octets]);
    for (;;) {
      const head = received.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = head + 4 + Number(/content-length:\s*(\d+)/i.exec(received.toString('latin1', 0, head))?.[1] ?? 0);
      if (received.length < length) return;
      process.stdout.write(`${received.toString('base64', 0, length)}\n`);
      received = received.subarray(length);
    }
  });
  socket.on('error', () => process.exit());
  socket.on('close', () => process.exit());
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => socket.write(Buffer.from(line, 'base64')));
  lines.on('close', () => socket.end());
}

/** The other end may not be there yet. */
function reach(tries) {
  const socket = net.connect({ host, port: Number(port) });
  socket.once('connect', () => {
    socket.removeAllListeners('error');
    carry(socket);
  });
  socket.once('error', () => (tries > 0 ? setTimeout(reach, 200, tries - 1) : process.exit(1)));
}

if (way === 'listen') net.createServer(carry).listen(Number(port), host);
else reach(50);
