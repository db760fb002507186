/**
 * HTTP/1.0 and 1.1 over TCP, and inside TLS: what WebSocket begins with, and what some capture agents post their
 * reports by. Bodies go on by their media type.
 */
import type { Octets } from '../../base/octets.ts';
import { Confidence, type DissectContext, type Dissector, type Rows, Verdict } from '../dissector.ts';
import { BodyState, MessageBody } from './body.ts';
import { HTTP_COLUMNS, type HttpColumns } from './columns.ts';
import { describeHttp, summarizeHttp } from './describe-http.ts';
import { httpFields } from './fields.ts';
import { Field, HeadKind, MAX_HEAD_OCTETS, MessageHead } from './message-head.ts';

/** Of a text that is kept. */
const MAX_TEXT_OCTETS = 1024;

const head = new MessageHead();
const body = new MessageBody();

/** Strong for a whole start line of HTTP/1.x: no other protocol has one. */
function probe({ bytes, start, length }: Octets): Confidence {
  head.readStartLine(bytes, start, start + length);
  return head.kind === HeadKind.None ? Confidence.None : Confidence.Strong;
}

function dissect(data: Octets, out: Rows<HttpColumns>, ctx: DissectContext): Verdict {
  const { bytes, start } = data;
  const end = start + data.length;
  head.read(bytes, start, end);
  if (head.kind === HeadKind.None) return head.isOpen ? Verdict.NeedMore : Verdict.Reject;
  if (!head.isComplete) {
    if (data.length < MAX_HEAD_OCTETS) return Verdict.NeedMore;
    ctx.issue('http-long-header', 0);
    return Verdict.Malformed;
  }
  body.measure(bytes, head, end);
  if (body.state === BodyState.Short) return Verdict.NeedMore;
  const row = out.add();
  ctx.consumed = head.bodyAt - start + body.lengthBytes;
  fillColumns(bytes, out, row, ctx);
  const isWhole = body.state === BodyState.Whole && body.faultAt < 0;
  if (isWhole && body.contentLength > 0) handOn(data, row, ctx);
  if (head.badLineAt >= 0) ctx.issue('http-bad-header', head.badLineAt - start);
  if (body.faultAt >= 0) ctx.issue('http-bad-chunk', body.faultAt - start);
  return head.badLineAt < 0 && body.faultAt < 0 ? Verdict.Ok : Verdict.Malformed;
}

/** What lies in several chunks, or is compressed, has no octets of its own here. */
function handOn({ bytes, start }: Octets, row: number, ctx: DissectContext): void {
  const at = head.valueAt[Field.contentType];
  if (at === 0 || body.contentAt < 0 || head.isEncoded(bytes)) return;
  const type = ctx.strings.text(intern(bytes, Field.contentType, ctx));
  if (type !== '') ctx.child(type, body.contentAt - start, body.contentLength, row);
}

function fillColumns(bytes: Uint8Array, out: Rows<HttpColumns>, row: number, ctx: DissectContext): void {
  const c = out.columns;
  if (head.kind === HeadKind.Request) {
    c.method.set(row, ctx.strings.intern(bytes, head.at, head.methodLength));
    c.uri.set(row, ctx.strings.intern(bytes, head.targetAt, Math.min(head.targetLength, MAX_TEXT_OCTETS)));
    c.host.set(row, intern(bytes, Field.host, ctx));
  } else {
    c.status.set(row, head.status);
  }
  c.contentType.set(row, intern(bytes, Field.contentType, ctx));
  c.bodyLength.set(row, Math.min(body.lengthBytes, 0xffff_ffff));
  c.upgrade.set(row, intern(bytes, Field.upgrade, ctx));
  c.webSocketProtocol.set(row, intern(bytes, Field.webSocketProtocol, ctx));
  c.webSocketExtensions.set(row, intern(bytes, Field.webSocketExtensions, ctx));
}

function intern(bytes: Uint8Array, field: Field, ctx: DissectContext): number {
  const at = head.valueAt[field];
  return at === 0 ? 0 : ctx.strings.intern(bytes, at, Math.min(head.valueLength[field], MAX_TEXT_OCTETS));
}

export const http: Dissector<HttpColumns> = {
  id: 'http',
  label: 'HTTP',
  specs: ['RFC 9110', 'RFC 9112'],
  // Capital letters begin every method and `HTTP/`. A port says nothing: whatever may pass a firewall runs on 80.
  claims: [{ kind: 'heuristic', over: 'tcp', firstOctet: [0x41, 0x5a] }],
  columns: HTTP_COLUMNS,
  fields: httpFields,
  probe,
  dissect,
  summarize: summarizeHttp,
  describe: describeHttp,
};
