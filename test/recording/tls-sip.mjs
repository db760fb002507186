// Two small calls over TLS, one with TLS 1.3 and one with TLS 1.2; the caller writes the key log.
//
//   node tls-sip.mjs callee ADDRESS key.pem cert.pem
//   node tls-sip.mjs caller CALLEE-ADDRESS keys.log
import { appendFileSync, readFileSync } from 'node:fs';
import tls from 'node:tls';
import { makeCall } from './sip-text.mjs';

const [role, address, file, certificate] = process.argv.slice(2);
const calls = {
  'TLSv1.3': makeCall('tls13', '10.77.0.1', '10.77.0.2', 'TLS'),
  'TLSv1.2': makeCall('tls12', '10.77.0.1', '10.77.0.2', 'TLS'),
};

if (role === 'callee') {
  const server = tls.createServer({ key: readFileSync(file), cert: readFileSync(certificate) }, (socket) => {
    const call = calls[socket.getProtocol()];
    socket.on('data', (octets) => {
      const text = octets.toString('latin1');
      if (text.startsWith('INVITE')) {
        socket.write(call.trying + call.ringing);
        setTimeout(() => socket.write(call.ok), 200);
      }
      if (text.includes('2 BYE')) socket.write(call.byeOk);
    });
    socket.on('end', () => socket.end());
  });
  server.listen(5061, address);
} else {
  for (const version of Object.keys(calls)) {
    const call = calls[version];
    await new Promise((resolve) => {
      const socket = tls.connect(
        {
          host: address,
          port: 5061,
          minVersion: version,
          maxVersion: version,
          rejectUnauthorized: false,
          servername: 'bob.example.com',
        },
        () => {
          socket.write(call.invite);
        },
      );
      socket.on('keylog', (line) => appendFileSync(file, line));
      socket.on('data', (octets) => {
        const text = octets.toString('latin1');
        if (text.includes('2 BYE')) socket.end();
        else if (text.includes('SIP/2.0 200')) {
          socket.write(call.ack);
          setTimeout(() => socket.write(call.bye), 300);
        }
      });
      socket.on('close', resolve);
    });
  }
}
