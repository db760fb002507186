import { describe, expect, it } from 'vitest';
import { Diagram, ROW_PX } from './layout.ts';
import { DARK, LIGHT } from './palette.ts';
import { ladderSvg } from './svg.ts';
import { again, digit, ladder, media, message } from './testing.ts';

const EVIL = `<script>alert("1")</script> & ]]> \u0000\u001b\ud800 'x'`;

/** Elements of an XML document, or what is wrong with it: tags that do not close, stray `<`, `&` and `"`, forbidden characters. */
function parseXml(text: string): { elements: string[]; texts: string } {
  const elements: string[] = [];
  const open: string[] = [];
  let texts = '';
  let at = 0;
  const attribute = String.raw`\s+[\w:-]+="(?:[^"<&]|&(?:amp|lt|gt|quot);)*"`;
  const tag = new RegExp(String.raw`<(?:/([\w:]+)|([\w:]+)((?:${attribute})*)\s*(/?))>`, 'y');
  while (at < text.length) {
    const next = text.indexOf('<', at);
    const content = text.slice(at, next < 0 ? text.length : next);
    if (/&(?!(amp|lt|gt|quot);)|>/.test(content)) throw new Error(`stray & or > in ${content}`);
    texts += content;
    if (next < 0) break;
    tag.lastIndex = next;
    const found = tag.exec(text);
    if (found === null) throw new Error(`no tag at ${text.slice(next, next + 60)}`);
    const [, closing, opening, , empty] = found;
    if (closing !== undefined && open.pop() !== closing) throw new Error(`</${closing}> closes nothing`);
    if (opening !== undefined) {
      elements.push(opening);
      if (empty === '') open.push(opening);
    }
    at = tag.lastIndex;
  }
  // XML 1.0 section 2.2.
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u.test(text)) throw new Error('forbidden character');
  expect(open).toEqual([]);
  return { elements, texts };
}

describe('a ladder as SVG', () => {
  const invite = message(1, 0, 0, 1, 'INVITE');
  const rows = [
    invite,
    again(invite, 2, 0.5),
    again(invite, 3, 1.5),
    message(4, 2, 1, 0, '200 OK'),
    media(5, 3, 0, 3, 's1'),
    digit(6, 4, 's1', '#'),
    message(7, 5, 2, 2, 'OPTIONS'),
  ];
  const diagram = new Diagram(ladder(rows), { width: 960 });

  it('is a document with every row as real text, and nothing from outside', () => {
    const svg = ladderSvg(diagram, { palette: LIGHT, title: 'c1' });
    const { elements, texts } = parseXml(svg);
    expect(elements.filter((name) => name === 'svg')).toHaveLength(1);
    expect(elements.filter((name) => name === 'g')).toHaveLength(diagram.rows.length);
    for (const text of ['INVITE', '× 2', '200 OK', 'PCMA 20 ms', 'alice', 'bob', '10.0.0.5', 'OPTIONS', '#']) {
      expect(texts).toContain(text);
    }
    expect(svg).not.toMatch(/href|url\(|@import|<style|<script|<image/);
    const height = Number(/height="(\d+)"/.exec(svg)?.[1]);
    expect(height).toBeGreaterThan(diagram.rows.length * ROW_PX);
  });

  it('has the colours of its theme', () => {
    const [light, dark] = [LIGHT, DARK].map((palette) => ladderSvg(diagram, { palette, title: 'c1' }));
    expect(light).toContain(LIGHT['l-request']);
    expect(dark).toContain(DARK['l-request']);
    expect(dark).not.toContain(LIGHT['l-request']);
  });

  it('is still a document whatever a header says', () => {
    const evil = ladder([message(1, 0, 0, 1, EVIL), message(2, 1, 1, 0, `200 ${EVIL}`)]);
    const hosts = evil.hosts.map((host) => ({ ...host, name: EVIL }));
    const problems = [{ severity: 'error', title: EVIL, packets: [1] }] as const;
    const svg = ladderSvg(new Diagram({ ...evil, hosts }, { width: 4000, problems }), { palette: LIGHT, title: EVIL });
    expect(parseXml(svg).elements).not.toContain('script');
    expect(parseXml(svg).texts).toContain('&lt;script&gt;alert(&quot;1&quot;)');
  });

  it('the check finds what is wrong', () => {
    for (const wrong of ['<a><b></a>', '<a>&nbsp;</a>', '<a x="<"/>', '<a', '<a>\u0000</a>']) {
      expect(() => parseXml(wrong), wrong).toThrow();
    }
  });
});
