import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { OWN_CAPTURES } from '../../test/integration/capture-files.ts';
import { openWindow, type TestWindow } from '../../test/integration/service-window.ts';

const windows: TestWindow[] = [];
afterEach(async () => {
  for (const made of windows.splice(0)) await made.close();
});

/** `kind: label | detail`, a line for each row of the first screen. */
async function rowsOf(name: string, keys: string | null = null): Promise<string[]> {
  const view = openWindow();
  windows.push(view);
  await view.open(join(OWN_CAPTURES, name));
  if (keys !== null) {
    const text = readFileSync(join(OWN_CAPTURES, keys), 'utf8');
    await view.engine.call('secrets.add', { keyLogs: [{ name: keys, text }], srtpKeys: [] });
  }
  const { encryption } = await view.engine.call('overview.get', {});
  return encryption.map(({ kind, label, detail }) => `${kind}: ${label} | ${detail}`);
}

test('nothing encrypted', async () => {
  expect(await rowsOf('g711a-call.pcap')).toEqual(['clear: RTP in clear | 2 streams']);
});

test('keys in the SDP open by themselves', async () => {
  expect(await rowsOf('srtp-sdes-speech.pcap')).toEqual([
    'unlocked: SRTP, keys in the SDP, AES_CM_128_HMAC_SHA1_80 | 2 streams, all authenticate',
  ]);
});

test('DTLS-SRTP without and with its key log; its handshakes are no connections of their own', async () => {
  expect(await rowsOf('srtp-dtls-speech.pcap')).toEqual(['locked: DTLS-SRTP, no secret | 2 streams, call 1']);
  expect(await rowsOf('srtp-dtls-speech.pcap', 'srtp-dtls-speech.keys')).toEqual([
    'unlocked: DTLS-SRTP, secret at hand, AES_CM_128_HMAC_SHA1_80 | 2 streams, all authenticate',
  ]);
});

test('SIP over TLS, and what it keeps to itself', async () => {
  expect(await rowsOf('srtp-tls13.pcap')).toEqual([
    'locked: Payload looks encrypted, nothing announces it | 2 streams',
    'locked: SIP over TLS to 10.77.0.2:5061 | 1 connection, not read',
  ]);
  expect(await rowsOf('srtp-tls13.pcap', 'srtp-tls13.keys')).toEqual([
    'unlocked: SRTP, keys in the SDP, AES_CM_128_HMAC_SHA1_80 | 2 streams, all authenticate',
    'unlocked: SIP over TLS to 10.77.0.2:5061 | 1 connection, read',
  ]);
});

test('a key that is wrong', async () => {
  const rows = await rowsOf('srtp-wrong-key.pcap');
  expect(rows.filter((row) => row.startsWith('locked: SRTP, no key at hand is right'))).toHaveLength(1);
});
