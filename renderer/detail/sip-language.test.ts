import { describe, expect, it } from 'vitest';
import { foldRanges, sipTokens } from './sip-language.ts';

// Monaco's own tokenizer, which needs no document. Its inner modules have no types.
const inner = 'monaco-editor/editor/standalone/common/monarch/';
const { compile } = await import(/* @vite-ignore */ `${inner}monarchCompile.js`);
const { MonarchTokenizer } = await import(/* @vite-ignore */ `${inner}monarchLexer.js`);

/** Each line's pieces as `type text`. */
function tokensOf(text: string): string[][] {
  const settings = { getValue: () => 20_000, onDidChangeConfiguration: () => ({ dispose() {} }) };
  const tokenizer = new MonarchTokenizer({}, {}, 'sip', compile('sip', sipTokens), settings);
  let state = tokenizer.getInitialState();
  return text.split('\r\n').map((line) => {
    const { tokens, endState } = tokenizer.tokenize(line, true, state);
    state = endState;
    return (tokens as { offset: number; type: string }[])
      .map(({ offset, type }, index) => `${type} ${line.slice(offset, tokens[index + 1]?.offset ?? line.length)}`)
      .filter((token) => token.trim() !== '');
  });
}

const INVITE = [
  'INVITE sip:bob@biloxi.example.com SIP/2.0',
  'Via: SIP/2.0/TCP client.atlanta.example.com:5060;branch=z9hG4bK74bf9',
  'Max-Forwards: 70',
  'f: Alice <sip:alice@atlanta.example.com>;tag=9fxced76sl',
  'Call-ID: 3848276298220188511@atlanta.example.com',
  'CSeq: 1 INVITE',
  'Subject: first',
  '  and more: of it',
  'Content-Type: application/sdp',
  '',
  'v=0',
  'o=alice 2890844526 2890844526 IN IP4 client.atlanta.example.com',
  'c=IN IP4 192.0.2.101',
  'm=audio 49172 RTP/AVP 0',
  'a=rtpmap:0 PCMU/8000',
  'a=sendrecv',
  'm=video 0 RTP/AVP 31',
].join('\r\n');

describe('SIP and SDP in colour', () => {
  const lines = tokensOf(INVITE);
  it('knows the request line', () => {
    expect(lines[0]).toEqual(['method INVITE', 'uri sip:bob@biloxi.example.com', 'version SIP/2.0']);
  });
  it('knows header names, compact ones too, and what identifies', () => {
    expect(lines[1]).toContain('header Via');
    expect(lines[1]).toContain('branch z9hG4bK74bf9');
    expect(lines[2]).toEqual(['header Max-Forwards', 'delimiter :', 'number 70']);
    expect(lines[3]).toContain('header f');
    expect(lines[3]).toContain('uri sip:alice@atlanta.example.com');
    expect(lines[3]).toContain('tag 9fxced76sl');
    expect(lines[4]).toEqual(['header Call-ID', 'delimiter : ', 'tag 3848276298220188511@atlanta.example.com']);
    expect(lines[5]).toEqual(['header CSeq', 'delimiter : ', 'number 1', 'method INVITE']);
  });
  it('takes a folded line for a value', () => {
    expect(lines[7].some((token) => token.startsWith('header'))).toBe(false);
  });
  it('knows the lines of a session description by type', () => {
    expect(lines[10]).toEqual(['type v', 'delimiter =', 'value 0']);
    expect(lines[11].at(-1)).toBe('address client.atlanta.example.com');
    expect(lines[12].at(-1)).toBe('address 192.0.2.101');
    expect(lines[13].slice(0, 3)).toEqual(['type.media m', 'delimiter =', 'media audio']);
    expect(lines[13]).toContain('number 49172');
    expect(lines[14]).toContain('codec PCMU');
    expect(lines[15].at(-1)).toBe('direction sendrecv');
  });
  it('tells responses by their class', () => {
    const classes = [
      '100 Trying',
      '200 OK',
      '302 Moved Temporarily',
      '486 Busy Here',
      '503 Service Unavailable',
      '603 Decline',
    ];
    expect(classes.map((status) => tokensOf(`SIP/2.0 ${status}`)[0][1])).toEqual([
      'status.provisional 100',
      'status.success 200',
      'status.moved 302',
      'status.refused 486',
      'status.failed 503',
      'status.failed 603',
    ]);
  });
  it('reads the headers and bodies of a multipart one by one', () => {
    const text = [
      '--b1',
      'Content-Type: application/sdp',
      '',
      'v=0',
      '--b1',
      'Content-Type: text/xml',
      '',
      '<a/>',
      '--b1--',
    ];
    const parts = tokensOf(`MESSAGE sip:a SIP/2.0\r\nCSeq: 1 MESSAGE\r\n\r\n${text.join('\r\n')}`).slice(3);
    expect(parts[0]).toEqual(['boundary --b1']);
    expect(parts[1][0]).toBe('header Content-Type');
    expect(parts[3][0]).toBe('type v');
    expect(parts[5][0]).toBe('header Content-Type');
    expect(parts[7]).toEqual(['string <a/>']);
    expect(parts[8]).toEqual(['boundary --b1--']);
  });
  it('marks what is no start line, and gets through any text', () => {
    expect(tokensOf('what is this')[0]).toEqual(['fault what is this']);
    expect(tokensOf('\r\n\r\nBYE sip:a SIP/2.0')[2][0]).toBe('method BYE');
    let seed = 7;
    const random = (): number => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) / 0x7fffffff;
    for (let run = 0; run < 300; run++) {
      const soup = INVITE.split('')
        .map((char) => (random() < 0.1 ? String.fromCharCode(random() * 256) : char))
        .join('');
      expect(tokensOf(soup).length).toBeGreaterThan(0);
    }
  });
});

describe('foldRanges', () => {
  it('folds headers, folded header lines and each media section', () => {
    expect(foldRanges(INVITE.split('\r\n'))).toEqual([
      { start: 1, end: 9 },
      { start: 7, end: 8 },
      { start: 14, end: 16 },
    ]);
  });
  it('folds the parts of a multipart, and the media sections in them', () => {
    const lines = ['A b SIP/2.0', 'C: d', '', '--x', 'E: f', '', 'm=audio', 'a=1', '--x', 'text', '--x--', ''];
    expect(foldRanges(lines)).toEqual([
      { start: 1, end: 2 },
      { start: 4, end: 8 },
      { start: 7, end: 8 },
      { start: 9, end: 10 },
    ]);
  });
  it('folds nothing where there is nothing', () => {
    expect(foldRanges([])).toEqual([]);
    expect(foldRanges([''])).toEqual([]);
    expect(foldRanges(['OPTIONS sip:a SIP/2.0', ''])).toEqual([]);
  });
});
