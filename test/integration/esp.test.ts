/** Calls inside ESP, opened with keys: what is found has to be what is found of the call itself. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Capture } from '../../engine/capture.ts';
import { type EspSa, parseEspSa } from '../../engine/esp/security-association.ts';
import { callRows } from '../../engine/query/call-rows.ts';
import { packetDetail } from '../../engine/query/packet-detail.ts';
import { packetRows } from '../../engine/query/packet-rows.ts';
import { streamRows } from '../../engine/query/stream-rows.ts';
import { warningsOf } from '../../engine/query/warnings.ts';
import { KeyLog } from '../../engine/tls/key-log.ts';
import { ESP_SAS, ESP_WAYS, ESP_WAYS_OF_IPV4, wrapCapture } from '../recording/wrap.ts';
import { FOREIGN_CAPTURES, OWN_CAPTURES, withCapture } from './capture-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'earshot-esp-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function sasOf(texts: readonly string[]): EspSa[] {
  return texts.map((line) => {
    const sa = parseEspSa(line);
    if (typeof sa === 'string') throw new Error(sa);
    return sa;
  });
}

async function look<T>(path: string, sas: readonly string[], use: (capture: Capture) => T | Promise<T>): Promise<T> {
  const secrets = { keyLog: new KeyLog(), srtpKeys: [], espSas: sasOf(sas) };
  const found = await withCapture(path, use, { secrets });
  if (found === null) throw new Error(`${path} is no capture`);
  return found;
}

/** What must not depend on the way the packets took. */
function facts(capture: Capture) {
  const calls = [...callRows(capture, { all: true })].map(
    ({ callId, from, to, state, messageCount, startTime, endTime }) => ({
      callId,
      from,
      to,
      state,
      messageCount,
      startTime,
      endTime,
    }),
  );
  const streams = streamRows(capture).map((row) => ({ ...figuresOf(row), jitterMs: row.jitterMs, mos: row.mos }));
  return { calls, streams };
}

function figuresOf(row: ReturnType<typeof streamRows>[number]) {
  const { ssrc, src, dst, codec, packets, bytes, lost, duplicates, call, encryption } = row;
  return { ssrc, src, dst, codec, packets, bytes, lost, duplicates, call, opened: encryption?.state };
}

/** All packets of SIP and RTP: from where, to where, and their line. */
async function lines(capture: Capture): Promise<string[]> {
  const list: string[] = [];
  for await (const rows of packetRows(capture)) {
    for (const { src, dst, protocol, info } of rows) {
      if (protocol === 'sip' || protocol === 'rtp') list.push(`${src} ${dst} ${protocol} ${info}`);
    }
  }
  return list;
}

describe.each([
  ['g711u-dtmf', { ...ESP_WAYS, ...ESP_WAYS_OF_IPV4 }],
  ['ipv6-call', ESP_WAYS],
  ['tcp-call', { ...ESP_WAYS, ...ESP_WAYS_OF_IPV4 }],
  ['srtp-cm-128-32', ESP_WAYS],
])('%s', (name, ways) => {
  const file = join(OWN_CAPTURES, `${name}.pcap`);
  it.each(Object.keys(ways))('is the same inside ESP with %s', async (way) => {
    const plain = await look(file, [], facts);
    expect(plain.streams.length).toBeGreaterThan(0);
    const plainLines = await look(file, [], lines);
    const path = join(folder, 'wrapped.pcap');
    writeFileSync(path, wrapCapture(readFileSync(file), ways[way]));
    await look(path, ESP_SAS, async (capture) => {
      expect(facts(capture)).toEqual(plain);
      expect(await lines(capture)).toEqual(plainLines);
      expect(warningsOf(capture).filter(({ code }) => code.startsWith('esp'))).toEqual([]);
    });
    // What it is not opened with, it does not open.
    await look(path, [ESP_SAS[0].replace(/.{4}$/, '0000'), ESP_SAS[1].replace(/.{4}$/, '0000')], (capture) => {
      expect(facts(capture).calls).toEqual([]);
      expect(warningsOf(capture)).toContainEqual(expect.objectContaining({ code: 'esp-not-opened' }));
    });
  });
});

describe.each(['esp-cbc', 'esp-gcm'])('%s.pcap, a call through a tunnel of strongSwan', (name) => {
  const file = join(OWN_CAPTURES, 'esp', `${name}.pcap`);
  const sas = readFileSync(join(OWN_CAPTURES, 'esp', `${name}.sas`), 'latin1')
    .split('\n')
    .filter((line) => line !== '');

  it('has the call and the packets that were captured behind the tunnel', async () => {
    const plainFile = join(OWN_CAPTURES, 'esp', `${name}-plain.pcap`);
    const plain = await look(plainFile, [], (capture) => streamRows(capture).map(figuresOf));
    const plainLines = await look(plainFile, [], lines);
    await look(file, sas, async (capture) => {
      expect(streamRows(capture).map(figuresOf)).toEqual(plain);
      expect(streamRows(capture).map(({ carriedIn }) => carriedIn)).toEqual(['esp', 'esp']);
      // Two devices: packets that cross change places.
      expect((await lines(capture)).toSorted()).toEqual(plainLines.toSorted());
      expect([...callRows(capture, { all: true })]).toMatchObject([{ state: 'completed', messageCount: 6 }]);
      expect(capture.pass.esp?.failures.size).toBe(0);
    });
  });

  it('shows what is inside a packet, from octets of its own', async () => {
    await look(file, sas, async (capture) => {
      const [invite] = [...callRows(capture, { all: true })][0].messages;
      const detail = (await packetDetail(capture, invite.packet)) ?? expect.unreachable();
      expect(detail.sources.map((source) => source.name)).toEqual([
        'Frame',
        'Decrypted ESP',
        'Payload in decrypted ESP',
      ]);
      const groups = detail.nodes.map((node) => `${node.source} ${node.name}`);
      expect(groups).toEqual(['0 frame', '0 eth', '0 ip', '0 udp', '0 esp', '1 esp.trailer', '1 ip', '1 udp', '2 sip']);
    });
  });
});

const FOREIGN = join(FOREIGN_CAPTURES, 'tunnel-esp/sample2_vowifi_ipv4_esp_ipv4.pcap');
/** As the project the capture comes from publishes them. */
const FOREIGN_SAS = [
  '0x00d40016=3des-cbc:091199869ec18afd8e38f77eb1252685924937d3921a178e,unchecked-96',
  '0xcb97da43=3des-cbc:aaa316cd3fa41daa9afe6e8f42a9ae0ce2bd5128cef5a60f,unchecked-96',
];

it.skipIf(!existsSync(FOREIGN))(
  "a call over Wi-Fi, in ESP of a phone's: both directions, and one of them in clear too",
  async () => {
    await look(FOREIGN, FOREIGN_SAS, (capture) => {
      expect([...callRows(capture, { all: true })]).toMatchObject([{ state: 'completed' }]);
      // As tshark counts them with the same keys: 252, and 1556 of which each is there twice.
      const rows = streamRows(capture).map(({ ssrc, packets, carriedIn }) => ({ ssrc, packets, carriedIn }));
      expect(rows).toEqual([
        { ssrc: '0x0000fa00', packets: 252, carriedIn: 'esp' },
        { ssrc: '0x20ae3805', packets: 778, carriedIn: 'esp' },
        { ssrc: '0x20ae3805', packets: 778, carriedIn: 'udp' },
      ]);
      expect(capture.pass.esp?.openedBy).toEqual([273, 794]);
    });
  },
);
