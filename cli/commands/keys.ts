import { captureInfo } from '../../engine/query/capture-info.ts';
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
  ],
  run: async (session) => {
    const { capture, options, page } = session;
    const rows = keyRows(capture);
    const connections = secureConnections(capture);
    if (rows.length === 0) throw new Failure(Exit.NotFound, noKeys(capture, connections));
    if (options.json) {
      await session.json({ keys: rows, connections });
      return;
    }
    await page.line(page.paint(captionOf(captureInfo(capture)), 'dim'));
    await writeTable(page, KEY_COLUMNS, rows);
    if (connections.length === 0) return;
    await page.line('');
    await writeTable(page, CONNECTION_COLUMNS, connections);
  },
};

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
