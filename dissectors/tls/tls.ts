/**
 * TLS: records and handshakes of SSL 3.0 to TLS 1.3 (RFC 6101, 2246, 4346, 5246, 8446). Over TCP, a record at a time.
 * Nothing is decrypted here.
 */
import type { Octets } from '../../base/octets.ts';
import { Confidence, type DissectContext, type Dissector, type Rows, Verdict } from '../dissector.ts';
import { type RecordColumns, recordColumns } from './columns.ts';
import { describeTls } from './describe-record.ts';
import { tlsFields } from './fields.ts';
import { readRecord } from './read-content.ts';
import { ContentType, readTlsRecord, RecordHeader, TLS_RECORD_HEADER } from './records.ts';
import { summarizeTls } from './summarize.ts';

const header = new RecordHeader();

/** A version that was in use, and a length that fits the type: no text and no other protocol begins so. */
function probe(data: Octets): Confidence {
  if (data.length < 3 || !readTlsRecord(data, 0, header)) return Confidence.None;
  if (data.length < TLS_RECORD_HEADER) return Confidence.Likely;
  const { contentType, length, version } = header;
  if (version < 0x0301 || version > 0x0303) return Confidence.Likely;
  if (contentType === ContentType.ChangeCipherSpec) return length === 1 ? Confidence.Strong : Confidence.None;
  if (contentType === ContentType.Handshake) return length >= 4 ? Confidence.Strong : Confidence.Likely;
  return length >= 2 ? Confidence.Strong : Confidence.Likely;
}

function dissect(data: Octets, out: Rows<RecordColumns>, ctx: DissectContext): Verdict {
  if (!readTlsRecord(data, 0, header)) return Verdict.Reject;
  const said = header.headerLength + header.length;
  const isShort = data.length < header.headerLength || data.length < said;
  if (isShort && ctx.transport === 'tcp' && !ctx.truncated) return Verdict.NeedMore;
  const end = Math.min(said, data.length);
  ctx.consumed = end;
  let sound = readRecord(data, 0, end, header, false, out, ctx);
  if (isShort && !ctx.truncated) {
    ctx.issue('tls-record-length', Math.min(3, data.length));
    sound = false;
  }
  return sound ? Verdict.Ok : Verdict.Malformed;
}

export const tls: Dissector<RecordColumns> = {
  id: 'tls',
  label: 'TLS',
  specs: ['RFC 5246', 'RFC 8446', 'RFC 6066', 'RFC 5764', 'RFC 7301', 'RFC 7366', 'RFC 7627', 'RFC 8422'],
  claims: [
    { kind: 'port', transport: 'tcp', port: 443 },
    { kind: 'port', transport: 'tcp', port: 5061 },
    { kind: 'port', transport: 'tcp', port: 5349 },
    { kind: 'heuristic', over: 'tcp', firstOctet: [ContentType.ChangeCipherSpec, ContentType.Heartbeat] },
  ],
  columns: recordColumns,
  fields: tlsFields,
  probe,
  dissect,
  summarize: summarizeTls,
  describe: describeTls,
};
