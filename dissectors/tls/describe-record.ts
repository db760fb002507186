/** The detail tree of TLS and DTLS records. Field names are Wireshark's. */
import type { Octets } from '../../base/octets.ts';
import type { DescribeContext, TreeBuilder } from '../dissector.ts';
import { describeHandshake } from './describe-handshake.ts';
import { formatAlert, formatAlertLevel, formatContentType, formatVersion } from './names.ts';
import { isEncrypted } from './read-content.ts';
import { ContentType, findConnectionIdLength, readDtlsRecord, readTlsRecord, RecordHeader } from './records.ts';
import { Span } from './span.ts';
import { contentTitle } from './summarize.ts';

/** Adds every octet of a TLS record to the tree. */
export function describeTls(data: Octets, tree: TreeBuilder, ctx: DescribeContext): void {
  const header = new RecordHeader();
  const span = new Span(data, tree, 'tls', 0, data.length);
  if (readTlsRecord(data, 0, header)) describeRecord(span, header, ctx.truncated);
  span.rest('trailing', 'Not TLS');
}

/** Adds every octet of a datagram to the tree, record by record. */
export function describeDtls(data: Octets, tree: TreeBuilder, ctx: DescribeContext): void {
  const header = new RecordHeader();
  const identifier = ctx.truncated ? 0 : findConnectionIdLength(data);
  const span = new Span(data, tree, 'dtls', 0, data.length);
  while (span.left > 0 && readDtlsRecord(data, span.at, identifier, header)) {
    describeRecord(span, header, ctx.truncated);
  }
  if (span.left === 0) return;
  const code = ctx.truncated ? 'truncated' : 'dtls-trailing-octets';
  tree.fault(code, 'No DTLS record begins here', span.at, span.left);
  span.rest('trailing', 'Not DTLS');
}

function describeRecord(span: Span, header: RecordHeader, truncated: boolean): void {
  const { protocol, at } = span;
  const said = header.headerLength + header.length;
  const contentAt = at + header.headerLength;
  const end = at + Math.min(said, span.left);
  const encrypted = isEncrypted(span.data, header, contentAt, end, protocol === 'dtls');
  const version = header.isUnified ? 'DTLS 1.3' : formatVersion(header.version);
  const title = `${version}, ${contentTitle(span.data, header, contentAt, end, protocol === 'dtls')}`;
  const lengthAt = contentAt - 2;
  span.group('record', 'Record', said, title, (record) => {
    if (header.isUnified) describeUnified(record, header);
    else describeHeader(record, header);
    if (end < at + said && record.at === contentAt) {
      const message = `The length says ${header.length} octets, ${end - contentAt} are there`;
      if (truncated) span.tree.fault('truncated', message, lengthAt, 2);
      else record.fault('record-length', message, lengthAt, 2);
    }
    if (encrypted) describeEncrypted(record, header);
    else describeContent(record, header);
  });
}

function describeHeader(record: Span, header: RecordHeader): void {
  record.u8('record.content_type', 'Content type', formatContentType);
  record.u16('record.version', 'Version', formatVersion);
  if (record.protocol === 'dtls') {
    record.u16('record.epoch', 'Epoch');
    if (record.left >= 6) {
      record.tree.field('dtls.record.sequence_number', 'Sequence number', record.at, 6, header.sequence);
      record.at += 6;
    }
    record.octets('record.connection_id', 'Connection ID', header.connectionIdLength);
  }
  record.u16('record.length', 'Length');
}

function describeUnified(record: Span, header: RecordHeader): void {
  const { at, data, tree } = record;
  const first = data.u8(at);
  tree.field('dtls.unified_header', 'Unified header', at, 1, first, 'DTLS 1.3 (RFC 9147)');
  tree.field('dtls.unified_header.cid', 'Connection ID present', at, 1, (first & 0x10) !== 0);
  tree.field('dtls.unified_header.seq', 'Sequence number of 16 bits', at, 1, (first & 0x08) !== 0);
  tree.field('dtls.unified_header.length', 'Length present', at, 1, (first & 0x04) !== 0);
  tree.field('dtls.record.epoch', 'Epoch', at, 1, header.epoch, 'the two lowest bits');
  record.at += 1;
  record.octets('record.connection_id', 'Connection ID', header.connectionIdLength);
  const meaning = 'encrypted';
  const octets = (first & 0x08) !== 0 ? 2 : 1;
  tree.field('dtls.record.sequence_suffix', 'Sequence number', record.at, octets, header.sequence, meaning);
  record.at += octets;
  if ((first & 0x04) !== 0) record.u16('record.length', 'Length');
}

function describeEncrypted(record: Span, header: RecordHeader): void {
  switch (header.contentType) {
    case ContentType.ApplicationData:
      return record.rest('app_data', 'Application data', 'encrypted');
    case ContentType.Handshake:
      return record.rest('handshake', 'Handshake', 'encrypted, or the rest of a message');
    default:
      return record.rest('enc_content', 'Content', 'encrypted');
  }
}

function describeContent(record: Span, header: RecordHeader): void {
  switch (header.contentType) {
    case ContentType.ChangeCipherSpec:
      return record.rest('change_cipher_spec', 'Change Cipher Spec');
    case ContentType.Alert:
      return describeAlert(record);
    case ContentType.Handshake:
      return describeHandshake(record, header.version);
    case ContentType.Ack:
      return describeAck(record);
    default:
      return record.rest('app_data', 'Data');
  }
}

function describeAlert(record: Span): void {
  const { data, at } = record;
  const text = record.left < 2 ? '' : `${formatAlertLevel(data.u8(at))}, ${formatAlert(data.u8(at + 1))}`;
  if (record.left < 2) record.fault('alert-length', 'An alert has two octets', at, record.left);
  record.group('alert_message', 'Alert', 2, text, (alert) => {
    alert.u8('alert_message.level', 'Level', formatAlertLevel);
    alert.u8('alert_message.desc', 'Description', formatAlert);
  });
}

/** RFC 9147, section 7: the records that arrived, by epoch and sequence number. */
function describeAck(record: Span): void {
  record.vector(16, { name: 'ack.length', label: 'Record numbers length' }, (list) => {
    while (list.left >= 16) {
      const epoch = list.data.u32(list.at + 4);
      const sequence = list.data.u32(list.at + 8) * 0x1_0000_0000 + list.data.u32(list.at + 12);
      list.tree.field('dtls.ack.record_number', 'Record', list.at, 16, `epoch ${epoch}, sequence ${sequence}`);
      list.at += 16;
    }
  });
}
