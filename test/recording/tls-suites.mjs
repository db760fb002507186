// One connection for each way TLS encrypts, all to port 5061 and each with an OPTIONS and its 200 inside whose Call-ID names
// the way. The client writes the key log and, as JSON, what was said inside which connection.
//
//   node tls-suites.mjs server ADDRESS rsa.pem ec.pem
//   node tls-suites.mjs client ADDRESS keys.log facts.json
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:crypto';
import tls from 'node:tls';

const [role, address, file, second] = process.argv.slice(2);
const old = '@SECLEVEL=0';
const tls13 =
  'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256';
const noEtm = { secureOptions: constants.SSL_OP_NO_ENCRYPT_THEN_MAC };
const noTicket = { secureOptions: constants.SSL_OP_NO_TICKET };

/** Of each way: options of the connection; `again` resumes the connection before. */
const ways = {
  'tls13-aes128-gcm': { v: 'TLSv1.3', ciphers: 'TLS_AES_128_GCM_SHA256' },
  'tls13-aes256-gcm': { v: 'TLSv1.3', ciphers: 'TLS_AES_256_GCM_SHA384' },
  'tls13-chacha20': { v: 'TLSv1.3', ciphers: 'TLS_CHACHA20_POLY1305_SHA256' },
  'tls13-aes128-ccm': { v: 'TLSv1.3', ciphers: 'TLS_AES_128_CCM_SHA256' },
  'tls13-aes128-ccm8': { v: 'TLSv1.3', ciphers: `TLS_AES_128_CCM_8_SHA256:ALL:${old}` },
  'tls13-retry': { v: 'TLSv1.3', ecdhCurve: 'X448:P-521' },
  'tls13-resumed': { v: 'TLSv1.3', again: true },
  'tls12-aes128-gcm': { v: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' },
  'tls12-ticket': { v: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256', again: true },
  'tls12-no-ticket': { v: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256', ...noTicket },
  'tls12-session-id': { v: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256', again: true, ...noTicket },
  'tls12-aes256-gcm': { v: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' },
  'tls12-chacha20': { v: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-CHACHA20-POLY1305' },
  'tls12-aes256-ccm': { v: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-CCM' },
  'tls12-aes128-ccm8': { v: 'TLSv1.2', ciphers: `ECDHE-ECDSA-AES128-CCM8:${old}` },
  'tls12-aria128-gcm': { v: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-ARIA128-GCM-SHA256' },
  'tls12-aes128-cbc-sha256-etm': { v: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA256' },
  'tls12-aes256-cbc-sha384-mte': { v: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-SHA384', ...noEtm },
  'tls12-aes256-cbc-sha-mte': { v: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-SHA', ...noEtm },
  'tls12-camellia256-cbc': { v: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-CAMELLIA256-SHA384' },
  'tls12-null-sha': { v: 'TLSv1.2', ciphers: `ECDHE-ECDSA-NULL-SHA:${old}` },
  'tls12-rsa-key-exchange': { v: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256' },
  'tls12-renegotiated': { v: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256', renegotiate: true },
  'tls12-small-records': { v: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256', fragment: 512, long: true },
  'tls11-aes128-cbc-etm': { v: 'TLSv1.1', ciphers: `ECDHE-ECDSA-AES128-SHA:${old}` },
  'tls11-aes256-cbc-mte': { v: 'TLSv1.1', ciphers: `ECDHE-ECDSA-AES256-SHA:${old}`, ...noEtm },
  'tls10-aes128-cbc-etm': { v: 'TLSv1', ciphers: `ECDHE-ECDSA-AES128-SHA:${old}` },
  'tls10-aes256-cbc-mte': { v: 'TLSv1', ciphers: `ECDHE-ECDSA-AES256-SHA:${old}`, ...noEtm },
};

const request = (name, more) =>
  `OPTIONS sip:bob@${address} SIP/2.0\r\nVia: SIP/2.0/TLS 10.77.0.1;branch=z9hG4bK${name}\r\n` +
  `From: <sip:alice@example.com>;tag=${name}\r\nTo: <sip:bob@example.com>\r\nCall-ID: ${name}@example.com\r\n` +
  `CSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\n${more}Content-Length: 0\r\n\r\n`;
const response = (text) =>
  `SIP/2.0 200 OK\r\n${text
    .split('\r\n')
    .filter((line) => /^(Via|From|To|Call-ID|CSeq|Route):/.test(line))
    .join('\r\n')}\r\nContent-Length: 0\r\n\r\n`;
const route = 'Route: <sip:proxy-with-a-rather-long-name-so-that-the-message-takes-several-records.example.com;lr>\r\n';

if (role === 'server') {
  const pems = [readFileSync(file), readFileSync(second)];
  const server = tls.createServer(
    {
      key: pems,
      cert: pems,
      minVersion: 'TLSv1',
      ciphers: `${tls13}:ALL:NULL:${old}`,
      ecdhCurve: 'X25519:P-256:P-521',
    },
    (socket) => {
      let text = '';
      socket.on('data', (octets) => {
        text += octets.toString('latin1');
        if (!text.endsWith('\r\n\r\n')) return;
        socket.setMaxSendFragment(512);
        socket.write(response(text));
        text = '';
      });
      socket.on('end', () => socket.end());
      socket.on('error', () => undefined);
    },
  );
  const sessions = new Map();
  server.on('newSession', (id, data, done) => {
    sessions.set(id.toString('hex'), data);
    done();
  });
  server.on('resumeSession', (id, done) => done(null, sessions.get(id.toString('hex')) ?? null));
  server.listen(5061, address);
} else {
  const facts = [];
  let session;
  for (const [name, { v, again, renegotiate, fragment, long, ...options }] of Object.entries(ways)) {
    const sent = request(name, long ? route.repeat(12) : '');
    await new Promise((resolve, reject) => {
      let answer = '';
      const version = { minVersion: v, maxVersion: v, ...(again ? { session } : {}) };
      const socket = tls.connect(
        { host: address, port: 5061, rejectUnauthorized: false, ...version, ...options },
        () => {
          if (fragment) socket.setMaxSendFragment(fragment);
          if (renegotiate) socket.renegotiate({}, () => socket.write(sent));
          else socket.write(sent);
        },
      );
      socket.on('session', (data) => (session = data));
      socket.on('keylog', (line) => appendFileSync(file, line));
      socket.on('error', (error) => reject(new Error(`${name}: ${error.message}`)));
      socket.on('data', (octets) => {
        answer += octets.toString('latin1');
        if (!answer.endsWith('\r\n\r\n')) return;
        const cipher = socket.getCipher().standardName;
        const isReused = socket.isSessionReused();
        facts.push({ name, version: socket.getProtocol(), cipher, isReused, sent, answer });
        socket.end();
      });
      socket.on('close', resolve);
    });
  }
  writeFileSync(second, `${JSON.stringify(facts, null, 1)}\n`);
}
