import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SecureConnectionRow } from '../../shared/engine-api.ts';
import { OWN_CAPTURES, withCapture } from '../../test/integration/capture-files.ts';
import { blocksOf, keyLogOf, readBlocks, SECRETS_BLOCK } from '../../test/integration/pcapng-blocks.ts';
import { secureConnections } from './secure-connections.ts';

const ofCapture = async (name: string): Promise<SecureConnectionRow[]> =>
  (await withCapture(join(OWN_CAPTURES, name), secureConnections)) ?? [];

test('what was opened says so, and needs no advice', async () => {
  const rows = await ofCapture('sip-tls.pcapng');
  const common = {
    protocol: 'TLS',
    server: '10.77.0.2:5061',
    serverName: 'bob.example.com',
    state: 'opened',
    advice: null,
  };
  expect(rows).toMatchObject([
    { ...common, id: 'n1', version: 'TLS 1.3', cipherSuite: 'TLS_AES_256_GCM_SHA384' },
    { ...common, id: 'n2', version: 'TLS 1.2', cipherSuite: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256' },
  ]);
  expect(rows[0].packet).toBeLessThan(rows[1].packet);
});

test('what stays closed says which lines of a key log open it', async () => {
  const blocks = blocksOf('sip-tls.pcapng');
  const randoms = [...keyLogOf(blocks).matchAll(/^(CLIENT_RANDOM|CLIENT_TRAFFIC_SECRET_0) ([0-9a-f]{64})/gm)];
  const rows = secureConnections(await readBlocks(blocks.filter(({ type }) => type !== SECRETS_BLOCK)));
  expect(rows.map(({ state }) => state)).toEqual(['no-secret', 'no-secret']);
  for (const [, label, random] of randoms) {
    const row = rows.find(({ clientRandom }) => clientRandom !== null && random.startsWith(clientRandom));
    expect(row?.advice).toContain(label);
    expect(row?.advice).toContain(`${random.slice(0, 16)}…`);
  }
});

test('no secret is ever in a row', async () => {
  const blocks = blocksOf('tls-suites.pcapng');
  const text = JSON.stringify(secureConnections(await readBlocks(blocks)));
  const secrets = [...keyLogOf(blocks).matchAll(/ ([0-9a-f]{64,96})\r?$/gm)].map(([, secret]) => secret);
  expect(secrets.length).toBeGreaterThan(30);
  for (const secret of secrets) expect(text).not.toContain(secret.slice(0, 16));
});

test('handshakes of DTLS: opened by the key log, closed without, refused, never finished', async () => {
  expect(await ofCapture('srtp-dtls-speech.pcapng')).toMatchObject([
    {
      protocol: 'DTLS',
      version: 'DTLS 1.2',
      state: 'opened',
      advice: null,
      srtpProfile: 'SRTP_AES128_CM_HMAC_SHA1_80',
    },
    { state: 'opened' },
  ]);
  const [closed] = await ofCapture('srtp-dtls.pcap');
  expect(closed).toMatchObject({ state: 'no-secret', client: '10.77.0.2:40018', server: '10.77.0.1:40016' });
  expect(closed.advice).toMatch(/^A line CLIENT_RANDOM [0-9a-f]{16}… in a key log opens it\.$/);
  const [refused] = await ofCapture('dtls-alert.pcap');
  expect(refused).toMatchObject({ state: 'failed', advice: 'The server ended the handshake: Handshake Failure.' });
  const [lost] = await ofCapture('dtls-lost.pcap');
  expect(lost).toMatchObject({ state: 'incomplete' });
});

test('a certificate that SDP did not announce is told', async () => {
  const [row] = await ofCapture('dtls-fingerprint.pcapng');
  expect(row.advice).toBe("The server's certificate has another fingerprint than its SDP announced.");
});
