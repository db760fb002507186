/** HTTP in the packet list and in the detail tree. */
import type { Octets } from '../../base/octets.ts';
import { lineFeedAt, viewOf } from '../../base/scan.ts';
import type { DescribeContext, TreeBuilder } from '../dissector.ts';
import { chunkSize, MessageBody } from './body.ts';
import { Field, HeadKind, MessageHead } from './message-head.ts';

const MOST_CHARACTERS = 200;

/** Header fields with a name of their own in the filter; others are `http.request.line` and `http.response.line`. */
const NAMED = new Map<string, string>(
  [
    'Host',
    'Content-Type',
    'Transfer-Encoding',
    'Content-Encoding',
    'Connection',
    'User-Agent',
    'Server',
    'Authorization',
    'Proxy-Authorization',
    'Cookie',
    'Set-Cookie',
    'Origin',
    'Upgrade',
    'Sec-WebSocket-Key',
    'Sec-WebSocket-Accept',
    'Sec-WebSocket-Version',
    'Sec-WebSocket-Protocol',
    'Sec-WebSocket-Extensions',
  ].map((name) => [name.toLowerCase(), `http.${name.toLowerCase().replaceAll('-', '_')}`]),
);

/** `GET /ws HTTP/1.1 (pbx.example.com), upgrade to websocket` and `101 Switching Protocols, upgrade to websocket`. */
export function summarizeHttp(data: Octets): string {
  const head = new MessageHead();
  head.read(data.bytes, data.start, data.start + data.length);
  if (head.kind === HeadKind.None) return 'Part of an HTTP message';
  const upgrade = head.isComplete ? fieldText(data, head, Field.upgrade) : '';
  const more = upgrade === '' ? '' : `, upgrade to ${upgrade}`;
  const target = data.text(head.targetAt - data.start, head.targetLength);
  if (head.kind === HeadKind.Response) return clipped(`${head.status} ${target}${more}`.trim());
  const host = head.isComplete ? fieldText(data, head, Field.host) : '';
  const method = data.text(head.at - data.start, head.methodLength);
  return clipped(`${method} ${clipped(target)}${host === '' ? '' : ` (${host})`}${more}`);
}

export function describeHttp(data: Octets, tree: TreeBuilder, ctx: DescribeContext): void {
  const { bytes, start } = data;
  const end = start + data.length;
  const head = new MessageHead();
  head.read(bytes, start, end);
  if (head.kind === HeadKind.None) {
    tree.field('http.data', 'Part of a message', 0, data.length, data.hex());
    return;
  }
  const at = head.at - start;
  if (at > 0) tree.field('http.empty_lines', 'Empty lines', 0, at, data.hex(0, at));
  describeStartLine(data, head, tree);
  describeFields(data, head, tree);
  if (!head.isComplete) return;
  const bodyAt = head.bodyAt - start;
  const body = new MessageBody();
  body.measure(bytes, head, end);
  if (bodyAt === data.length) return;
  if (head.isChunked(bytes)) {
    describeChunks(data, bodyAt, tree);
    if (body.contentAt < 0 || body.chunks !== 1) return;
  }
  const contentAt = body.contentAt - start;
  const type = fieldText(data, head, Field.contentType);
  if (type !== '' && !head.isEncoded(bytes) && body.contentLength > 0) {
    ctx.child(type, contentAt, body.contentLength);
  } else if (body.contentLength > 0 && !head.isChunked(bytes)) {
    tree.field('http.file_data', 'Body', contentAt, body.contentLength, `${body.contentLength} octets`);
  }
  const after = contentAt + body.contentLength;
  if (!head.isChunked(bytes) && after < data.length) {
    tree.field('http.data', 'Behind the message', after, data.length - after, data.hex(after));
  }
}

function describeStartLine(data: Octets, head: MessageHead, tree: TreeBuilder): void {
  const at = head.at - data.start;
  const length = head.headersAt - head.at;
  const isRequest = head.kind === HeadKind.Request;
  const text = clipped(data.text(at, length).trim());
  const versionAt = head.versionAt - data.start;
  const targetAt = head.targetAt - data.start;
  const target = data.text(targetAt, head.targetLength);
  tree.group(isRequest ? 'http.request' : 'http.response', isRequest ? 'Request' : 'Response', at, length, text, () => {
    if (isRequest) {
      tree.field('http.request.method', 'Method', at, head.methodLength, data.text(at, head.methodLength));
      tree.field('http.request.uri', 'Request target', targetAt, head.targetLength, target);
      tree.field('http.request.version', 'Version', versionAt, 8, data.text(versionAt, 8));
    } else {
      tree.field('http.response.version', 'Version', versionAt, 8, data.text(versionAt, 8));
      tree.field('http.response.code', 'Status code', versionAt + 9, 3, head.status);
      tree.field('http.response.phrase', 'Reason phrase', targetAt, head.targetLength, target);
    }
  });
}

function describeFields(data: Octets, head: MessageHead, tree: TreeBuilder): void {
  const other = head.kind === HeadKind.Request ? 'http.request.line' : 'http.response.line';
  forEachLine(data, head.headersAt - data.start, head.bodyAt - data.start, (at, length) => {
    const text = data.text(at, length).trim();
    if (text === '') {
      tree.field('http.blank_line', 'End of the header', at, length, data.hex(at, length));
      return;
    }
    const colon = text.indexOf(':');
    if (colon <= 0) {
      tree.field(other, 'Header field', at, length, text);
      tree.fault('http-bad-header', 'This line is no header field', at, length);
      return;
    }
    const name = text.slice(0, colon).trim();
    const value = text.slice(colon + 1).trim();
    if (name.toLowerCase() === 'content-length' && /^\d{1,15}$/.test(value)) {
      tree.field('http.content_length_header', name, at, length, Number(value));
      return;
    }
    tree.field(NAMED.get(name.toLowerCase()) ?? other, name, at, length, masked(name, value));
  });
}

/** Passwords are not shown: Basic has one in as good as plain text (RFC 7617). */
function masked(name: string, value: string): string {
  return /authorization$/i.test(name) && /^basic\s/i.test(value) ? 'Basic ••••••' : value;
}

function describeChunks(data: Octets, bodyAt: number, tree: TreeBuilder): void {
  const { bytes, start } = data;
  const view = viewOf(bytes);
  const end = start + data.length;
  let at = start + bodyAt;
  while (at < end) {
    const lineFeed = lineFeedAt(view, at, end);
    const size = lineFeed === end ? -1 : chunkSize(bytes, at, lineFeed);
    const lineAt = at - start;
    if (size < 0) {
      tree.field('http.data', 'Part of a message', lineAt, end - at, data.hex(lineAt));
      tree.fault('http-bad-chunk', 'This is no chunk', lineAt, end - at);
      return;
    }
    const dataAt = lineFeed + 1;
    if (size === 0) {
      tree.field('http.chunk_size', 'Last chunk', lineAt, dataAt - at, 0);
      forEachLine(data, dataAt - start, data.length, (trailerAt, length) => {
        tree.field('http.trailer', 'Trailer', trailerAt, length, data.text(trailerAt, length).trim());
      });
      return;
    }
    const next = Math.min(end, afterLine(bytes, Math.min(end, dataAt + size), end));
    tree.group('http.chunk', 'Chunk', lineAt, next - at, `${size} octets`, () => {
      tree.field('http.chunk_size', 'Size', lineAt, dataAt - at, size);
      tree.field('http.chunk_data', 'Data', dataAt - start, next - dataAt, `${Math.min(size, end - dataAt)} octets`);
    });
    at = next;
  }
}

/** Behind a line end, where there is one at `at`. */
function afterLine(bytes: Uint8Array, at: number, end: number): number {
  if (at < end && bytes[at] === 0x0d) at++;
  return at < end && bytes[at] === 0x0a ? at + 1 : at;
}

/** Calls `each` with every line of a part, line ends included. */
function forEachLine(data: Octets, from: number, to: number, each: (at: number, length: number) => void): void {
  const view = viewOf(data.bytes);
  for (let at = from; at < to; ) {
    const lineFeed = lineFeedAt(view, data.start + at, data.start + to) - data.start;
    const next = Math.min(to, lineFeed + 1);
    each(at, next - at);
    at = next;
  }
}

function fieldText(data: Octets, head: MessageHead, field: Field): string {
  const at = head.valueAt[field];
  return at === 0 ? '' : data.text(at - data.start, head.valueLength[field]);
}

function clipped(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
