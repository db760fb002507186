import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { suiteByProfile } from '../../media/srtp/suites.ts';
import { OWN_CAPTURES, withCapture } from '../../test/integration/capture-files.ts';
import type { Capture } from '../capture.ts';
import { dtlsMediaKeys, possibleProfiles, srtpKeys } from './dtls-keys.ts';
import { AnnouncedFingerprints } from './fingerprints.ts';
import {
  type Block,
  blocksOf,
  keyLogOf,
  PACKET_BLOCK,
  readBlocks,
  SECRETS_BLOCK,
} from '../../test/integration/pcapng-blocks.ts';

/** What openssl and gnutls say EXTRACTOR-dtls_srtp gave them, in the order of the handshakes. */
const facts = JSON.parse(readFileSync(join(OWN_CAPTURES, 'dtls-exporter.json'), 'utf8')) as {
  name: string;
  profile: string;
  material: string;
}[];
const exporter = blocksOf('dtls-exporter.pcapng');

/** Keying material as the exporter gave it, in hexadecimal. */
function materialOf(capture: Capture, index: number): string {
  const session = capture.dtls.sessions[index];
  const suite = suiteByProfile(possibleProfiles(session)[0]);
  const keys = suite === null ? null : srtpKeys(session, capture.keyLog, suite);
  if (keys === null) return '';
  return Buffer.concat([keys.clientKey, keys.serverKey, keys.clientSalt, keys.serverSalt]).toString('hex');
}

const inCapture = async <T>(name: string, use: (capture: Capture) => T): Promise<T> => {
  const result = await withCapture(join(OWN_CAPTURES, name), (capture) => ({ value: use(capture) }));
  if (result === null) throw new Error(`${name} is no capture`);
  return result.value;
};

describe('exported keys are those of the endpoints', async () => {
  const capture = await readBlocks(exporter);

  test.each(facts.map((fact, i) => ({ ...fact, i })))('$name', ({ i, name, material }) => {
    const session = capture.dtls.sessions[i];
    expect(materialOf(capture, i)).toBe(material);
    expect(session.isComplete).toBe(true);
    expect(session.extendedMasterSecret).toBe(!name.includes('not-extended'));
  });

  test('there are as many handshakes', () => {
    expect(capture.dtls.sessions).toHaveLength(facts.length);
    expect(capture.dtls.sessions.map(({ version }) => version.toString(16))).toEqual(
      facts.map(({ name }) => (name === 'openssl-dtls10' ? 'feff' : 'fefd')),
    );
  });

  test('keys open what their own side sends', () => {
    const keys = dtlsMediaKeys(capture);
    expect(keys).toHaveLength(2 * facts.length);
    const { clientFlow, serverFlow } = capture.dtls.sessions[0];
    expect(keys.slice(0, 2).map(({ side, flow }) => [side, flow])).toEqual([
      ['client', clientFlow],
      ['server', serverFlow],
    ]);
    expect(capture.store.flows.destinationPort(clientFlow)).toBe(4433);
  });

  test('without the key log there are none', async () => {
    const closed = await readBlocks(exporter.filter(({ type }) => type !== SECRETS_BLOCK));
    expect(closed.dtls.sessions).toHaveLength(facts.length);
    expect(dtlsMediaKeys(closed)).toEqual([]);
  });
});

describe('handshakes', () => {
  test('messages by both sides, in order, the cookie exchange included', async () => {
    const { sessions } = (await readBlocks(exporter)).dtls;
    const told = sessions[6].messages.map(
      ({ fromClient, handshakeType }) => `${fromClient ? '>' : '<'}${handshakeType}`,
    );
    // Both have certificates; cut into fragments of 300 octets.
    expect(told.join(' ')).toBe('>1 <3 >1 <2 <11 <12 <13 <14 >11 >16 >15 <4');
    expect(sessions[6].certificates.client[0].subject).toBe('CN=bob.example.com');
    expect(sessions[0].certificates.client).toEqual([]);
  });

  test.each(['dtls-fragments.pcapng', 'dtls-reordered.pcapng', 'dtls-retransmitted.pcapng'])('%s', async (name) => {
    await inCapture(name, ({ dtls, streams }) => {
      expect(dtls.sessions.every(({ isComplete }) => isComplete)).toBe(true);
      expect(streams.streams.every(({ encryption }) => encryption?.suite === 'AES_CM_128_HMAC_SHA1_80')).toBe(true);
    });
  });

  test('version 1.3: what is encrypted of the handshake opens, with numbers of records hidden', async () => {
    // Chromium and Firefox: certificates that their SDP announced, the profile that then opens every packet.
    await inCapture('webrtc-firefox.pcapng', (capture) => {
      const [session] = capture.dtls.sessions;
      const told = session.messages.map(({ fromClient, handshakeType }) => `${fromClient ? '>' : '<'}${handshakeType}`);
      expect(told.join(' ')).toBe('>1 <2 <8 <13 <11 <15 <20 >11 >15 >20');
      expect(session.srtpProfile).toBe(1);
      expect(new AnnouncedFingerprints(capture.store).check(session)).toEqual({ client: 'matches', server: 'matches' });
      expect(possibleProfiles(session)).toEqual([1]);
    });
  });

  test('version 1.3 without handshake secrets: every profile offered may be the one', async () => {
    const blocks = blocksOf('webrtc-firefox.pcapng');
    const exporterOnly = keyLogOf(blocks)
      .split('\n')
      .filter((line) => line.startsWith('EXPORTER_SECRET'));
    const capture = await readBlocks(
      blocks.filter(({ type }) => type !== SECRETS_BLOCK),
      exporterOnly.join('\n'),
    );
    const [session] = capture.dtls.sessions;
    expect(session.srtpProfile).toBeNull();
    expect(possibleProfiles(session)).toEqual([7, 8, 1, 2]);
    expect(session.certificates).toEqual({ client: [], server: [] });
    expect(capture.streams.streams.map(({ encryption }) => encryption?.suite)).toEqual([
      'AES_CM_128_HMAC_SHA1_80',
      'AES_CM_128_HMAC_SHA1_80',
    ]);
  });

  test('a refusal is an alert', async () => {
    const alerts = await inCapture('dtls-alert.pcap', ({ dtls }) => dtls.sessions.map(({ alerts: list }) => list));
    expect(alerts).toHaveLength(2);
    // RFC 5246 section 7.2.2: handshake_failure.
    for (const list of alerts) expect(list).toMatchObject([{ level: 2, description: 40 }]);
  });

  test('of one captured direction only what it says is known', async () => {
    const whole = await readBlocks(exporter);
    const { clientFlow } = whole.dtls.sessions[0];
    const sides = [false, true].map((keepsClient) => {
      let frame = -1;
      return exporter.filter((block: Block) => {
        if (block.type !== PACKET_BLOCK) return true;
        frame++;
        const flow = whole.store.frames.flow.get(frame);
        const isClients = whole.store.flows.destinationPort(flow) === 4433;
        return isClients === keepsClient;
      });
    });
    const [server, client] = await Promise.all(sides.map((blocks) => readBlocks(blocks)));
    expect(client.dtls.sessions).toHaveLength(facts.length);
    expect(client.dtls.sessions[0]).toMatchObject({ serverFlow: 0, version: 0, cipherSuite: null, isComplete: false });
    expect(client.store.flows.sourceEndpoint(client.dtls.sessions[0].clientFlow)).toBe(
      whole.store.flows.sourceEndpoint(clientFlow),
    );
    expect(server.dtls.sessions).toHaveLength(facts.length);
    expect(server.dtls.sessions[0]).toMatchObject({ clientFlow: 0, clientRandom: null, version: 0xfefd });
    expect([...dtlsMediaKeys(client), ...dtlsMediaKeys(server)]).toEqual([]);
  });

  test('one handshake after the other between the same ports', async () => {
    // The second handshake's packets get the ports of the first.
    const whole = await readBlocks(exporter);
    const [first, second] = whole.dtls.sessions.map(({ clientFlow }) => whole.store.flows.sourcePort(clientFlow));
    const blocks = exporter.map(({ type, bytes }) => {
      const copy = Buffer.from(bytes);
      if (type === PACKET_BLOCK) {
        for (const at of [28 + 34, 28 + 36]) if (copy.readUInt16BE(at) === second) copy.writeUInt16BE(first, at);
      }
      return { type, bytes: copy };
    });
    const capture = await readBlocks(blocks);
    expect(capture.dtls.sessions).toHaveLength(facts.length);
    expect(capture.dtls.sessions[1].clientFlow).toBe(capture.dtls.sessions[0].clientFlow);
    expect([materialOf(capture, 0), materialOf(capture, 1)]).toEqual([facts[0].material, facts[1].material]);
  });
});

describe('fingerprints', () => {
  const checks = (capture: Capture): unknown[] => {
    const announced = new AnnouncedFingerprints(capture.store);
    return capture.dtls.sessions.map((session) => announced.check(session));
  };

  test('match what SDP announced', async () => {
    const both = { client: 'matches', server: 'matches' };
    expect(await inCapture('srtp-dtls-speech.pcapng', checks)).toEqual([both, both]);
  });

  test('one that differs is told', async () => {
    expect(await inCapture('dtls-fingerprint.pcapng', checks)).toEqual([{ client: 'matches', server: 'mismatch' }]);
  });

  test('without SDP nothing is known', async () => {
    const [first] = checks(await readBlocks(exporter));
    expect(first).toEqual({ client: 'unknown', server: 'unknown' });
  });
});

test('the key log is whole', () => {
  expect(keyLogOf(exporter).match(/^CLIENT_RANDOM /gm)).toHaveLength(facts.length);
});
