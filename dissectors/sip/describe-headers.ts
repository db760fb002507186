/** The detail fields inside header values. */
import type { Octets } from '../../base/octets.ts';
import type { TreeBuilder } from '../dissector.ts';
import { headerFieldName, NUMBER_FIELDS, PARTY_FIELDS } from './header-fields.ts';
import {
  cut,
  locateNameAddr,
  locateParam,
  locateParams,
  type ParamSpan,
  type Span,
  splitValues,
  trimmed,
} from './name-addr.ts';
import { type HeaderLine, type Message, valueText } from './read-message.ts';
import { locateHostPort, locateUri } from './uri.ts';

const AUTH_HEADERS = new Set([
  'Authorization',
  'Proxy-Authorization',
  'WWW-Authenticate',
  'Proxy-Authenticate',
  'Authentication-Info',
]);

/** Shows one header line. Where nothing is known of its inside, it is a field; else a node with fields. */
export function describeHeader(data: Octets, message: Message, line: HeaderLine, tree: TreeBuilder): void {
  const { latin1 } = message;
  const text = valueText(data, line.value);
  if (line.name === '') {
    tree.field('sip.header_no_colon', 'Line without a header name', line.at, line.length, text);
    return;
  }
  const name = headerFieldName(line.name);
  const label =
    name === 'sip.unrecognized_header' ? data.text(line.at, latin1.indexOf(':', line.at) - line.at) : line.name;
  if (NUMBER_FIELDS.has(line.name)) {
    tree.field(name, label, line.at, line.length, /^\d+$/.test(text) ? Number(text) : text);
    return;
  }
  const inside = insideOf(data, latin1, line, tree);
  if (inside === undefined) tree.field(name, label, line.at, line.length, text);
  else tree.group(name, label, line.at, line.length, text, inside);
}

function insideOf(data: Octets, latin1: string, line: HeaderLine, tree: TreeBuilder): (() => void) | undefined {
  const { at, length } = line.value;
  const party = PARTY_FIELDS.get(line.name);
  if (party !== undefined) {
    // From and To hold one value, so a comma in them is no separator.
    const single = line.name === 'From' || line.name === 'To';
    const values = single ? [line.value] : splitValues(latin1, at, at + length);
    return () => {
      for (const value of values) describeParty(data, latin1, value, party.prefix, party.uri, tree);
    };
  }
  if (AUTH_HEADERS.has(line.name)) return () => describeAuth(data, latin1, line.value, tree);
  switch (line.name) {
    case 'Via':
      return () => {
        for (const value of splitValues(latin1, at, at + length)) describeVia(data, latin1, value, tree);
      };
    case 'CSeq':
      return () => describeWords(data, latin1, line.value, CSEQ_WORDS, tree);
    case 'RAck':
      return () => describeWords(data, latin1, line.value, RACK_WORDS, tree);
    case 'Reason':
      return () => {
        for (const value of splitValues(latin1, at, at + length)) describeReason(data, latin1, value, tree);
      };
    default:
      return undefined;
  }
}

/** Shows a URI and its parts below `prefix`, e.g. `sip.from.user`. */
export function describeUri(
  data: Octets,
  latin1: string,
  uri: Span,
  name: string,
  label: string,
  prefix: string,
  tree: TreeBuilder,
): void {
  tree.group(name, label, uri.at, uri.length, data.text(uri.at, uri.length), () => {
    const spans = locateUri(latin1, uri.at, uri.at + uri.length);
    part(data, tree, `${prefix}.user`, 'User', spans.user);
    part(data, tree, `${prefix}.password`, 'Password', spans.password);
    part(data, tree, `${prefix}.host`, 'Host', spans.host);
    portPart(latin1, tree, `${prefix}.port`, 'Port', spans.port);
    for (const param of spans.params) part(data, tree, `${prefix}.param`, 'Parameter', whole(param));
    part(data, tree, `${prefix}.headers`, 'Headers', spans.headers);
  });
}

function describeParty(
  data: Octets,
  latin1: string,
  value: Span,
  prefix: string,
  uriName: string,
  tree: TreeBuilder,
): void {
  const spans = locateNameAddr(latin1, value.at, value.at + value.length);
  part(data, tree, `${prefix}.display.info`, 'Display name', spans.display);
  if (spans.uri.length > 0) describeUri(data, latin1, spans.uri, `${prefix}.${uriName}`, 'URI', prefix, tree);
  for (const param of spans.params) {
    const isTag = cut(latin1, param.name).toLowerCase() === 'tag';
    if (isTag) part(data, tree, `${prefix}.tag`, 'Tag', param.value);
    else part(data, tree, `${prefix}.parameter`, 'Parameter', whole(param));
  }
}

const VIA_FIELDS = new Set(['branch', 'maddr', 'rport', 'received', 'ttl', 'comp', 'sigcomp-id', 'oc']);

/** `SIP/2.0/UDP host:port;branch=…` (RFC 3261 section 20.42). */
function describeVia(data: Octets, latin1: string, value: Span, tree: TreeBuilder): void {
  const end = value.at + value.length;
  const semicolon = latin1.indexOf(';', value.at);
  const head = trimmed(latin1, value.at, semicolon < 0 || semicolon > end ? end : semicolon);
  const match = /^\s*[^/]*\/[^/]*\/\s*([^\s]+)\s*/.exec(cut(latin1, head));
  if (match !== null) {
    const transportAt = head.at + match[0].lastIndexOf(match[1]);
    part(data, tree, 'sip.Via.transport', 'Transport', { at: transportAt, length: match[1].length });
    const sentBy = trimmed(latin1, head.at + match[0].length, head.at + head.length);
    const { host, port } = locateHostPort(latin1, sentBy.at, sentBy.at + sentBy.length);
    part(data, tree, 'sip.Via.sent-by.address', 'Sent-by address', host);
    portPart(latin1, tree, 'sip.Via.sent-by.port', 'Sent-by port', port);
  }
  for (const param of locateParams(latin1, head.at + head.length, end)) {
    const name = cut(latin1, param.name).toLowerCase();
    if (!VIA_FIELDS.has(name)) part(data, tree, 'sip.Via.parameter', 'Parameter', whole(param));
    else
      tree.field(
        `sip.Via.${name}`,
        name,
        whole(param).at,
        whole(param).length,
        data.text(param.value.at, param.value.length),
      );
  }
}

const AUTH_FIELDS = new Set(
  [
    'username realm nonce uri response algorithm opaque qop cnonce nc domain stale auts rspauth nextnonce ik ck',
  ].flatMap((names) => names.split(' ')),
);

/** `Digest name="value", …` (RFC 3261 section 20.7). Authentication-Info has no scheme. */
function describeAuth(data: Octets, latin1: string, value: Span, tree: TreeBuilder): void {
  const end = value.at + value.length;
  const scheme = /^[^\s=,]+(?=\s+[^\s=])/.exec(cut(latin1, value))?.[0].length ?? 0;
  part(data, tree, 'sip.auth.scheme', 'Scheme', { at: value.at, length: scheme });
  for (const span of splitValues(latin1, value.at + scheme, end)) {
    const param = locateParam(latin1, span.at, span.at + span.length);
    const name = cut(latin1, param.name).toLowerCase();
    const field = name === 'response' ? 'digest.response' : AUTH_FIELDS.has(name) ? name : 'parameter';
    tree.field(`sip.auth.${field}`, name, span.at, span.length, data.text(param.value.at, param.value.length));
  }
}

/** `Q.850;cause=16;text="…"` (RFC 3326). */
function describeReason(data: Octets, latin1: string, value: Span, tree: TreeBuilder): void {
  const end = value.at + value.length;
  const semicolon = latin1.indexOf(';', value.at);
  const head = trimmed(latin1, value.at, semicolon < 0 || semicolon > end ? end : semicolon);
  part(data, tree, 'sip.reason_protocols', 'Protocol', head);
  const protocol = cut(latin1, head).toUpperCase();
  const cause = protocol === 'Q.850' ? 'q850' : protocol === 'SIP' ? 'sip' : 'other';
  for (const param of locateParams(latin1, head.at + head.length, end)) {
    const name = cut(latin1, param.name).toLowerCase();
    if (name === 'cause') portPart(latin1, tree, `sip.reason_cause_${cause}`, 'Cause', param.value);
    else if (name === 'text') part(data, tree, 'sip.reason_text', 'Text', param.value);
    else part(data, tree, 'sip.reason_parameter', 'Parameter', whole(param));
  }
}

type WordField = readonly [name: string, label: string];
const CSEQ_WORDS: readonly WordField[] = [
  ['sip.CSeq.seq', 'Sequence number'],
  ['sip.CSeq.method', 'Method'],
];
const RACK_WORDS: readonly WordField[] = [
  ['sip.RAck.RSeq.seq', 'RSeq sequence number'],
  ['sip.RAck.CSeq.seq', 'CSeq sequence number'],
  ['sip.RAck.CSeq.method', 'CSeq method'],
];

function describeWords(
  data: Octets,
  latin1: string,
  value: Span,
  fields: readonly WordField[],
  tree: TreeBuilder,
): void {
  let index = 0;
  for (const match of cut(latin1, value).matchAll(/\S+/g)) {
    const field = fields[index++];
    if (field === undefined) return;
    const span = { at: value.at + match.index, length: match[0].length };
    if (field[0].endsWith('.seq')) portPart(latin1, tree, field[0], field[1], span);
    else part(data, tree, field[0], field[1], span);
  }
}

function part(data: Octets, tree: TreeBuilder, name: string, label: string, span: Span): void {
  if (span.length > 0) tree.field(name, label, span.at, span.length, valueText(data, span));
}

/** A field that is a number where its text is one. */
function portPart(latin1: string, tree: TreeBuilder, name: string, label: string, span: Span): void {
  if (span.length === 0) return;
  const text = cut(latin1, span);
  tree.field(name, label, span.at, span.length, /^\d{1,15}$/.test(text) ? Number(text) : text);
}

function whole(param: ParamSpan): Span {
  if (param.value.length === 0) return param.name;
  return { at: param.name.at, length: param.value.at + param.value.length - param.name.at };
}
