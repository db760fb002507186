/** The body in the detail tree: handed on to whoever claims its type, multipart bodies part by part. */
import type { Octets } from '../../base/octets.ts';
import type { DescribeContext, TreeBuilder } from '../dissector.ts';
import { isMultipart } from './media-type.ts';
import { MAX_DEPTH, MAX_PARTS, MultipartScan } from './multipart.ts';
import type { Findings, Message } from './read-message.ts';

/** Shows the body, from `message.bodyAt` to `end`, and what follows it. */
export function describeBody(
  data: Octets,
  message: Message,
  end: number,
  findings: Findings,
  tree: TreeBuilder,
  ctx: DescribeContext,
): void {
  const at = message.bodyAt;
  const contentLength = message.headers.find((header) => header.name === 'Content-Length');
  const said = contentLength === undefined ? '' : data.text(contentLength.value.at, contentLength.value.length);
  const bodyEnd = /^\d{1,10}$/.test(said) ? Math.min(end, at + Number(said)) : end;
  const type = message.headers.find((header) => header.name === 'Content-Type')?.value;
  if (bodyEnd > at) {
    tree.group('sip.msg_body', 'Message body', at, bodyEnd - at, `${bodyEnd - at} octets`, () => {
      if (type !== undefined && isMultipart(data.bytes, data.start + type.at, type.length)) {
        describeParts(data, at, bodyEnd, type.at, type.length, findings, tree, ctx, 1);
      } else describePlain(data, at, bodyEnd, findings, tree, ctx);
    });
  }
  if (bodyEnd < data.length) {
    tree.field('sip.continuation', 'After the message', bodyEnd, data.length - bodyEnd, data.text(bodyEnd));
  }
}

/** A body that the hot pass handed on is shown by its owner, any other as it is. */
function describePlain(
  data: Octets,
  at: number,
  end: number,
  findings: Findings,
  tree: TreeBuilder,
  ctx: DescribeContext,
): void {
  const body = findings.bodies.find((one) => one.at === at);
  if (body === undefined) tree.field('sip.body_data', 'Data', at, end - at, data.text(at, end - at));
  else ctx.child(body.mediaType, body.at, body.length);
}

function describeParts(
  data: Octets,
  at: number,
  end: number,
  typeAt: number,
  typeLength: number,
  findings: Findings,
  tree: TreeBuilder,
  ctx: DescribeContext,
  depth: number,
): void {
  const base = data.start;
  const parts = new MultipartScan(data.bytes, base + at, base + end, base + typeAt, typeLength);
  let from = at;
  for (let count = 0; count < MAX_PARTS && parts.next(); count++) {
    const partAt = parts.partAt - base;
    const bodyAt = parts.bodyAt - base;
    const partEnd = parts.partEnd - base;
    const innerAt = parts.typeAt;
    const innerLength = parts.typeLength;
    tree.field('mime_multipart.boundary', 'Boundary', from, partAt - from, data.text(from, partAt - from).trim());
    const type = innerAt < 0 ? 'text/plain' : data.text(innerAt - base, innerLength);
    tree.group('mime_multipart.part', 'Part', partAt, partEnd - partAt, type, () => {
      if (bodyAt > partAt)
        tree.field(
          'mime_multipart.header',
          'Header',
          partAt,
          bodyAt - partAt,
          data.text(partAt, bodyAt - partAt).trim(),
        );
      if (bodyAt >= partEnd) return;
      if (innerAt >= 0 && depth < MAX_DEPTH && isMultipart(data.bytes, innerAt, innerLength)) {
        describeParts(data, bodyAt, partEnd, innerAt - base, innerLength, findings, tree, ctx, depth + 1);
      } else describePlain(data, bodyAt, partEnd, findings, tree, ctx);
    });
    from = partEnd;
  }
  if (from < end)
    tree.field('mime_multipart.boundary', 'Boundary', from, end - from, data.text(from, end - from).trim());
}
