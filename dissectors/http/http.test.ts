import { describe, expect, it } from 'vitest';
import { Confidence, Verdict } from '../dissector.ts';
import {
  describeToText,
  describeToTree,
  dissectOnce,
  fieldValues,
  nodesOutside,
  summarizeOnce,
  uncoveredOctets,
} from '../testing/fake-context.ts';
import { http } from './http.ts';
import { httpSamples } from './samples.ts';

const TCP = { transport: 'tcp', sourcePort: 40_000, destinationPort: 80 } as const;

function dissect(text: string) {
  return dissectOnce(http, text, TCP);
}

describe('start lines', () => {
  it.each(Object.values(httpSamples))('%s', (text) => {
    expect(dissect(text).confidence).toBe(Confidence.Strong);
  });

  it.each([
    'INVITE sip:bob@example.com SIP/2.0\r\nVia: x\r\n\r\n',
    'SIP/2.0 200 OK\r\nVia: x\r\n\r\n',
    'DESCRIBE rtsp://example.com/fizzle RTSP/1.0\r\nCSeq: 312\r\n\r\n',
    'RTSP/1.0 200 OK\r\nCSeq: 312\r\n\r\n',
    'ICAP/1.0 200 OK\r\n\r\n',
    'GET / HTTP/2.0\r\n\r\n',
    'get / HTTP/1.1\r\n\r\n',
    'GET  HTTP/1.1\r\n\r\n',
    'GET / a HTTP/1.1\r\n\r\n',
    'HTTP/1.1 20 OK\r\n\r\n',
    'HTTP/1.1 2000 OK\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'HEP3\u0000\u0000',
  ])('not %s', (text) => {
    expect(dissect(text).confidence).toBe(Confidence.None);
    expect(dissect(text).verdict).toBe(Verdict.Reject);
  });

  it('are waited for, but not believed before they are whole', () => {
    for (const [part, verdict] of [
      ['GE', Verdict.NeedMore],
      ['GET /hello.txt HTT', Verdict.NeedMore],
      ['HTTP/1.1 20', Verdict.NeedMore],
      ['HT', Verdict.NeedMore],
      ['GET /hello.txt RTS', Verdict.Reject],
    ] as const) {
      expect([part, dissect(part).verdict, dissect(part).confidence]).toEqual([part, verdict, Confidence.None]);
    }
  });
});

describe('messages', () => {
  // RFC 9110 section 3.9.
  it('of the specification', () => {
    const [request] = dissect(httpSamples.get).rows;
    expect(request).toMatchObject({
      method: 'GET',
      uri: '/hello.txt',
      host: 'www.example.com',
      status: 0,
      bodyLength: 0,
    });
    const answer = dissect(httpSamples.ok);
    expect(answer.rows[0]).toMatchObject({ status: 200, contentType: 'text/plain', bodyLength: 51, method: '' });
    expect(answer.children).toEqual([{ mediaType: 'text/plain', at: httpSamples.ok.length - 51, length: 51, row: 0 }]);
  });

  it('that open a WebSocket', () => {
    expect(dissect(httpSamples.upgrade).rows[0]).toMatchObject({
      upgrade: 'websocket',
      webSocketProtocol: 'chat, superchat',
    });
    expect(dissect(httpSamples.switching).rows[0]).toMatchObject({
      status: 101,
      upgrade: 'websocket',
      webSocketProtocol: 'chat',
      webSocketExtensions: '',
    });
  });

  it('one after the other, each with its own octets', () => {
    const first = dissect(httpSamples.ok + httpSamples.chunked + httpSamples.ok);
    expect(first.consumed).toBe(httpSamples.ok.length);
    const second = dissect(httpSamples.chunked + httpSamples.ok);
    expect([second.consumed, second.verdict]).toEqual([httpSamples.chunked.length, Verdict.Ok]);
  });

  it('are waited for to their last octet', () => {
    for (const text of Object.values(httpSamples)) {
      for (let length = 1; length < text.length; length++) {
        const result = dissect(text.slice(0, length));
        expect([text.slice(0, length), result.verdict, result.rows]).toEqual([
          text.slice(0, length),
          Verdict.NeedMore,
          [],
        ]);
      }
      expect(dissect(text)).toMatchObject({ verdict: Verdict.Ok, consumed: text.length, issues: [] });
    }
  });
});

describe('bodies', () => {
  it('in one chunk go on, in several they do not', () => {
    const at = httpSamples.oneChunk.indexOf('{}');
    expect(dissect(httpSamples.oneChunk).children).toEqual([{ mediaType: 'application/json', at, length: 2, row: 0 }]);
    expect(dissect(httpSamples.chunked).children).toEqual([]);
  });

  it('that are compressed do not go on', () => {
    expect(dissect(httpSamples.ok.replace('Vary: Accept-Encoding', 'Content-Encoding: gzip')).children).toEqual([]);
  });

  it('of answers to HEAD are not there', () => {
    const head = httpSamples.ok.slice(0, -51);
    expect(dissect(head + httpSamples.ok)).toMatchObject({ consumed: head.length, verdict: Verdict.Ok });
  });

  it('of 204 and 304 are not there whatever the length says', () => {
    for (const status of ['204 No Content', '304 Not Modified', '100 Continue']) {
      const text = `HTTP/1.1 ${status}\r\nContent-Length: 51\r\n\r\n`;
      expect(dissect(text).consumed).toBe(text.length);
    }
  });

  it('that are long are passed over', () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\nContent-Length: 100000000\r\n\r\n';
    const result = dissect(`${head}RIFF`);
    expect(result).toMatchObject({ verdict: Verdict.Ok, consumed: head.length + 100_000_000, children: [] });
    expect(dissect('HTTP/1.0 200 OK\r\n\r\nall that follows').consumed).toBe(Infinity);
  });

  it('with a chunk that is none end there', () => {
    const text = httpSamples.chunked.replace('11\r\n', 'xx\r\n');
    const result = dissect(text);
    expect(result.verdict).toBe(Verdict.Malformed);
    expect(result.issues).toEqual([{ code: 'http-bad-chunk', at: text.indexOf('xx') }]);
  });
});

describe('the detail tree', () => {
  it('has every octet of a message, and none beside it', () => {
    for (const text of Object.values(httpSamples)) {
      const tree = describeToTree(http, text, TCP);
      expect(uncoveredOctets(tree, text.length)).toEqual([]);
      expect(nodesOutside(tree, text.length)).toEqual([]);
    }
  });

  it('names what it finds', () => {
    const tree = describeToTree(http, httpSamples.switching, TCP);
    expect(fieldValues(tree, 'http.response.code')).toEqual([101]);
    expect(fieldValues(tree, 'http.sec_websocket_protocol')).toEqual(['chat']);
    expect(fieldValues(describeToTree(http, httpSamples.chunked, TCP), 'http.chunk_size')).toEqual([7, 17, 0]);
  });

  it('keeps passwords to itself', () => {
    expect(describeToText(http, httpSamples.post, TCP)).not.toContain('QWxhZGRpbjpv');
  });
});

it('one line says what a message is', () => {
  expect(summarizeOnce(http, httpSamples.upgrade, TCP)).toBe('GET /chat (server.example.com), upgrade to websocket');
  expect(summarizeOnce(http, httpSamples.switching, TCP)).toBe('101 Switching Protocols, upgrade to websocket');
  expect(summarizeOnce(http, httpSamples.ok, TCP)).toBe('200 OK');
});
