/**
 * DTLS 1.0, 1.2 and 1.3: RFC 4347, 6347, 9147; connection identifiers RFC 9146; DTLS-SRTP's extension RFC 5764. Told
 * apart from STUN, RTP and RTCP on the same port by the first octet, 20 to 63 (RFC 7983). Nothing is decrypted here.
 */
import type { Octets } from '../../base/octets.ts';
import { Confidence, type DissectContext, type Dissector, type Rows, Verdict } from '../dissector.ts';
import { type RecordColumns, recordColumns } from './columns.ts';
import { describeDtls } from './describe-record.ts';
import { dtlsFields } from './fields.ts';
import { readRecord } from './read-content.ts';
import { dtlsChainEnd, findConnectionIdLength, isUnifiedHeader, readDtlsRecord, RecordHeader } from './records.ts';
import { summarizeDtls } from './summarize.ts';

const FIRST_OCTETS = [20, 63] as const;
const LENGTH_BIT = 0x04;
const LENGTH_OR_ID = 0x14;

const header = new RecordHeader();

function probe(data: Octets, ctx: DissectContext): Confidence {
  const first = data.u8(0);
  const identifier = findConnectionIdLength(data);
  if (!readDtlsRecord(data, 0, identifier, header)) return Confidence.None;
  const fills = dtlsChainEnd(data, identifier) === data.length;
  if (isUnifiedHeader(first)) {
    // What has no length always fills the datagram, and some identifier's length often makes a stranger fill it (GTP).
    return fills && (first & LENGTH_OR_ID) === LENGTH_BIT ? Confidence.Weak : Confidence.None;
  }
  return fills || ctx.truncated ? Confidence.Strong : Confidence.Likely;
}

function dissect(data: Octets, out: Rows<RecordColumns>, ctx: DissectContext): Verdict {
  const first = data.u8(0);
  if (first < FIRST_OCTETS[0] || first > FIRST_OCTETS[1]) return Verdict.Reject;
  const identifier = ctx.truncated ? 0 : findConnectionIdLength(data);
  let sound = true;
  for (let at = 0; at < data.length; ) {
    if (!readDtlsRecord(data, at, identifier, header)) {
      if (at === 0) return Verdict.Reject;
      if (ctx.truncated) break;
      ctx.issue('dtls-trailing-octets', at);
      return Verdict.Malformed;
    }
    const next = at + header.headerLength + header.length;
    if (next > data.length && !ctx.truncated) {
      ctx.issue('dtls-record-length', at + header.headerLength - 2);
      sound = false;
    }
    if (!readRecord(data, at, Math.min(next, data.length), header, true, out, ctx)) sound = false;
    at = next;
  }
  return sound ? Verdict.Ok : Verdict.Malformed;
}

export const dtls: Dissector<RecordColumns> = {
  id: 'dtls',
  label: 'DTLS',
  specs: ['RFC 4347', 'RFC 6347', 'RFC 9147', 'RFC 9146', 'RFC 5764', 'RFC 7983'],
  claims: [{ kind: 'heuristic', over: 'udp', firstOctet: FIRST_OCTETS }],
  columns: recordColumns,
  fields: dtlsFields,
  probe,
  dissect,
  summarize: summarizeDtls,
  describe: describeDtls,
};
