import { decryptCapture, type DecryptResult } from '../../engine/export/decrypt.ts';
import { NothingToExportError } from '../../engine/export/nothing-to-export-error.ts';
import { keyRows } from '../../engine/query/key-rows.ts';
import { streamRows } from '../../engine/query/stream-rows.ts';
import { isStandardOutput } from '../../engine/sources/atomic-file.ts';
import type { StreamRow } from '../../shared/api.ts';
import type { Command, Session } from '../command.ts';
import { adviceOf, sealedText } from '../encryption-text.ts';
import { Exit, Failure } from '../failure.ts';
import { countOf, formatCount } from '../format.ts';
import { checkOutput, outputFailure } from '../output-path.ts';
import { safeText } from '../safe-text.ts';
import { VERSION } from '../version.ts';

/** Streams that stay encrypted and are named; --json has them all. */
const STREAMS_NAMED = 10;

export const decrypt: Command = {
  name: 'decrypt',
  summary: 'the capture with SRTP and SRTCP made RTP and RTCP, as a pcapng',
  options: ['output', 'with-secrets'],
  required: ['output'],
  check: ({ json, output }) =>
    json && isStandardOutput(output) ? '--json needs standard output for itself: name a file with -o' : null,
  examples: [
    'earshot decrypt call.pcap -o plain.pcapng',
    'earshot decrypt webrtc.pcap --keylog sslkeys.log -o plain.pcapng',
    "earshot decrypt call.pcap --srtp-key '0x8369a845=AES_CM_128_HMAC_SHA1_80:2UPI…' -o plain.pcapng",
    'earshot decrypt call.pcap --srtp-key @keys.txt -o plain.pcapng',
  ],
  remarks: [
    'What could not be decrypted stays as it was, and so does signalling: an SDP still says RTP/SAVP and still holds its',
    'a=crypto keys, and DTLS handshakes stay. Wireshark and tshark believe them and take a tag off each packet, or decrypt it',
    'again; read the file with:',
    '',
    '    tshark -r plain.pcapng -o sdp.establish_conversation:FALSE --enable-heuristic rtp_udp --disable-protocol dtls',
    '',
    'No secrets are written into it, unless --with-secrets asks for them.',
  ],
  prepare: (path, options) => checkOutput(options.output, path),
  run: async (session) => {
    const { options, page } = session;
    const rows = streamRows(session.capture);
    const result = await writePlain(session, rows);
    const reasons = sealedReasons(rows);
    for (const [stream, reason] of reasons.slice(0, STREAMS_NAMED)) session.note(`stream ${stream} ${reason}`);
    const more = reasons.length - STREAMS_NAMED;
    if (more > 0) session.note(`${countOf(more, 'more stream has', 'more streams have')} packets that stay encrypted.`);
    if (keyRows(session.capture).some(({ source }) => source === 'sdes')) {
      session.note('the signalling is left as it was and still holds SRTP keys (a=crypto).');
    }
    if (options.json) await session.json({ decrypt: [rowOf(result, rows)] });
    else if (isStandardOutput(options.output)) session.note(`${sentenceOf(result, rows)}.`);
    else await page.line(sentenceOf(result, rows));
  },
};

async function writePlain({ capture, options, signal }: Session, rows: readonly StreamRow[]): Promise<DecryptResult> {
  try {
    return await decryptCapture(capture, options.output, {
      application: `Earshot ${VERSION}`,
      keyLog: options.withSecrets ? capture.keyLog : undefined,
      signal,
    });
  } catch (error) {
    if (error instanceof NothingToExportError) throw new Failure(Exit.NotFound, nothingOpened(rows));
    throw outputFailure(error, options.output);
  }
}

function nothingOpened(rows: readonly StreamRow[]): string {
  const sealed = sealedText(rows);
  if (sealed === '') return 'there is nothing to decrypt: no SRTP was found in the capture.';
  return `nothing could be decrypted: ${sealed}. ${adviceOf(rows, 1).join('')}`.trim();
}

/** Streams with packets that stay encrypted, and why: what goes on after the stream's name. */
function sealedReasons(rows: readonly StreamRow[]): [string, string][] {
  const reasons: [string, string][] = [];
  for (const { id, packets, encryption } of rows) {
    if (encryption === null) continue;
    const { state, decrypted, failed, advice } = encryption;
    const left = packets - decrypted;
    if (state !== 'opened') reasons.push([id, `stays encrypted. ${advice ?? ''}`.trim()]);
    else if (left > 0) {
      const why = failed > 0 ? `${formatCount(failed)} failed authentication` : 'they are cut, or not SRTP';
      reasons.push([
        id,
        `has ${countOf(left, 'packet', 'packets')} that ${left === 1 ? 'stays' : 'stay'} encrypted: ${why}.`,
      ]);
    }
  }
  return reasons;
}

function rowOf(result: DecryptResult, rows: readonly StreamRow[]): object {
  const streams = rows.flatMap(({ id, packets, encryption }) =>
    encryption === null ? [] : [{ stream: id, packets, ...encryption }],
  );
  return { ...result, streams };
}

function sentenceOf({ path, packets, rtp, rtcp, joined }: DecryptResult, rows: readonly StreamRow[]): string {
  const opened = rows.filter(({ encryption }) => (encryption?.decrypted ?? 0) > 0).length;
  const done = [`${countOf(rtp, 'RTP packet')} of ${countOf(opened, 'stream')}`];
  if (rtcp > 0) done.push(countOf(rtcp, 'RTCP packet'));
  const whole = joined === 0 ? '' : `, ${formatCount(joined)} of them put together from fragments`;
  const name = isStandardOutput(path) ? 'standard output' : path;
  return safeText(`${name}: ${countOf(packets, 'packet')}; decrypted: ${done.join(' and ')}${whole}`);
}
