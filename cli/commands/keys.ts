import { captureSpan } from '../../engine/query/capture-info.ts';
import { type EspRow, espRows } from '../../engine/query/esp-rows.ts';
import { keyRows } from '../../engine/query/key-rows.ts';
import { secureConnections } from '../../engine/query/secure-connections.ts';
import { streamRows } from '../../engine/query/stream-rows.ts';
import type { Capture } from '../../engine/capture.ts';
import type { SecureConnectionRow } from '../../shared/engine-api.ts';
import { captionOf } from '../caption.ts';
import type { Command } from '../command.ts';
import { adviceOf, sealedText } from '../encryption-text.ts';
import { Exit, Failure } from '../failure.ts';
import { countOf, NONE } from '../format.ts';
import { KEY_COLUMNS } from '../key-columns.ts';
import { type Column, writeTable } from '../table.ts';

export const keys: Command = {
  name: 'keys',
  summary: 'SRTP keys: where each comes from, and what it opens',
  options: [],
  examples: [
    'earshot keys call.pcap',
    'earshot keys webrtc.pcapng --keylog sslkeys.log',
    "earshot keys call.pcap --json | jq -r '.keys[] | select(.selected) | .key'",
  ],
  remarks: [
    'Keys come from the SDP (sdes), from DTLS handshakes that a key log or a Decryption Secrets Block opens (dtls), and from',
    '--srtp-key (manual), which is written as',
    '',
    '    SUITE:KEY                              for whatever it authenticates',
    '    0x8369a845=SUITE:KEY                   for the packets of an SSRC',
    '    10.0.0.1:4000=SUITE:KEY                for what is sent from or to an address',
    '    call:c1=SUITE:KEY                      for the streams of a call, by its id or its Call-ID',
    '    @FILE                                  for the keys of a file, one on each line',
    '',
    'SUITE as in a=crypto (AES_CM_128_HMAC_SHA1_80), KEY the master key and salt together in base64 or hexadecimal. Keys on',
    'a command line show in the list of processes; those of @FILE do not.',
    '',
    'ESP is opened with --esp-sa, which takes the SAs of both directions, each written as',
    '',
    '    SPI=CIPHER:KEY,AUTH:KEY                like 0x1234=aes-cbc:00112233445566778899aabbccddeeff,hmac-sha1-96:0011…',
    '    SOURCE,DESTINATION,SPI=CIPHER:KEY      like 10.0.0.1,10.0.0.2,0x1234=aes-gcm:KEY; * is any address or SPI',
    '    "IPv4","*","*","0x1234","AES-CBC [RFC3602]","0x…","HMAC-SHA-1-96 [RFC2404]","0x…"',
    "                                           a line of Wireshark's preferences file esp_sa",
    '    @FILE                                  for the SAs of a file, one on each line',
    '',
    'CIPHER is null, aes-cbc, 3des-cbc, aes-ctr, aes-gcm (-8, -12) or chacha20-poly1305; AUTH null, hmac-md5-96,',
    'hmac-sha1-96, hmac-sha256-128, hmac-sha256-96, hmac-sha384-192, hmac-sha512-256, or unchecked-64, -96, -128, -192, -256',
    'where its key is not known. KEY is in hexadecimal; of aes-ctr, aes-gcm and chacha20-poly1305 its last 4 octets are the',
    'salt. A packet that does not authenticate stays closed. ESP-in-UDP is found on any port by its SPI.',
  ],
  run: async (session) => {
    const { capture, options, page } = session;
    const rows = keyRows(capture);
    const connections = secureConnections(capture);
    const espSas = espRows(capture);
    if (rows.length === 0 && espSas.length === 0) throw new Failure(Exit.NotFound, noKeys(capture, connections));
    if (options.json) {
      await session.json(espSas.length === 0 ? { keys: rows, connections } : { keys: rows, connections, espSas });
      return;
    }
    await page.line(page.paint(captionOf(captureSpan(capture)), 'dim'));
    if (rows.length > 0) await writeTable(page, KEY_COLUMNS, rows);
    if (espSas.length > 0) {
      if (rows.length > 0) await page.line('');
      await writeTable(page, ESP_COLUMNS, espSas);
    }
    if (connections.length === 0) return;
    await page.line('');
    await writeTable(page, CONNECTION_COLUMNS, connections);
  },
};

const ESP_COLUMNS: readonly Column<EspRow>[] = [
  { header: 'ESP SPI', value: (row) => row.spi ?? 'any' },
  { header: 'source', value: (row) => row.src ?? 'any' },
  { header: 'destination', value: (row) => row.dst ?? 'any' },
  { header: 'cipher', value: (row) => row.cipher },
  { header: 'authentication', value: (row) => row.authentication },
  { header: 'opened', align: 'right', value: (row) => String(row.opened) },
];

const CONNECTION_COLUMNS: readonly Column<SecureConnectionRow>[] = [
  { header: 'connection', value: (row) => row.id },
  { header: 'protocol', value: (row) => row.version ?? row.protocol },
  { header: 'client', value: (row) => row.client, shrinkTo: 21 },
  { header: 'server', value: (row) => row.server, shrinkTo: 21 },
  { header: 'cipher suite', value: (row) => row.cipherSuite ?? NONE, rank: 1 },
  { header: 'server name', value: (row) => row.serverName ?? NONE, optional: true, rank: 2 },
  { header: 'SRTP profile', value: (row) => row.srtpProfile ?? NONE, optional: true },
  { header: 'state', value: (row) => row.state },
  { header: 'packet', align: 'right', value: (row) => String(row.packet), rank: 3 },
  { header: 'advice', value: (row) => row.advice ?? NONE, optional: true, shrinkTo: 40 },
];

/** That there are none, and what to provide where something waits for one. */
function noKeys(capture: Capture, connections: readonly SecureConnectionRow[]): string {
  const rows = streamRows(capture);
  const closed = connections.filter(({ state, advice }) => state !== 'opened' && advice !== null);
  const parts = [sealedText(rows)];
  if (closed.length > 0) {
    const count = countOf(closed.length, 'TLS or DTLS connection is', 'TLS or DTLS connections are');
    parts.push(`${count} not opened`);
  }
  const waiting = parts.filter((part) => part !== '');
  if (waiting.length === 0) return 'there are no SRTP keys in the capture, and nothing encrypted that would need one.';
  const [advice = closed[0]?.advice ?? ''] = adviceOf(rows, 1);
  return `there are no SRTP keys in the capture; ${waiting.join(', and ')}. ${advice}`.trim();
}
