import { describe, expect, it } from 'vitest';
import { builtIns } from '../../dissectors/index.ts';
import { checkFilter } from '../../engine/filter/index.ts';
import type { FieldNode } from '../../shared/engine-api.ts';
import { fieldAt, isOpenAtFirst, nodeAt } from './field-search.ts';
import { filterTexts, labelOf, lineOf, shownText, subtreeText } from './field-text.ts';

const node = (name: string, at: number, length: number, more: Partial<FieldNode> = {}): FieldNode => ({
  name,
  label: name,
  source: 0,
  at,
  length,
  value: null,
  ...more,
});

const nodes: FieldNode[] = [
  node('frame', 0, 100),
  node('ip', 14, 20, { children: [node('ip.version', 14, 1, { value: 4 }), node('ip.hdr_len', 14, 1, { value: 20 })] }),
  node('sip', 42, 58, {
    children: [
      node('sip.Via', 50, 20, { children: [node('sip.Via.branch', 60, 5, { value: 'z9' })] }),
      // Octets that its parent does not hold.
      node('sip.msg_body', 70, 4, { children: [node('sdp', 72, 28)] }),
    ],
  }),
  node('sip', 0, 10, { source: 1, children: [node('sip.Method', 0, 6, { source: 1, value: 'INVITE' })] }),
];

describe('fieldAt', () => {
  it('is the deepest field that holds the octet', () => {
    expect(fieldAt(nodes, 0, 0)).toBe('frame');
    expect(fieldAt(nodes, 0, 20)).toBe('ip');
    expect(fieldAt(nodes, 0, 62)).toBe('sip/sip.Via/sip.Via.branch');
    expect(fieldAt(nodes, 0, 65)).toBe('sip/sip.Via');
    expect(fieldAt(nodes, 0, 90)).toBe('sip/sip.msg_body/sdp');
  });
  it('is the later of two that hold the same octets, in the byte source asked for', () => {
    expect(fieldAt(nodes, 0, 14)).toBe('ip/ip.hdr_len');
    expect(fieldAt(nodes, 1, 3)).toBe('sip[1]/sip.Method');
    expect(fieldAt(nodes, 1, 10)).toBeNull();
    expect(fieldAt(nodes, 2, 0)).toBeNull();
  });
  it('agrees with looking at every field', () => {
    const all: { path: string; depth: number; node: FieldNode }[] = [];
    const walk = (list: readonly FieldNode[], prefix: string, depth: number): void => {
      const seen: Record<string, number> = {};
      for (const item of list) {
        const count = (seen[item.name] = (seen[item.name] ?? -1) + 1);
        const path = `${prefix}${item.name}${count === 0 ? '' : `[${count}]`}`;
        all.push({ path, depth, node: item });
        walk(item.children ?? [], `${path}/`, depth + 1);
      }
    };
    walk(nodes, '', 0);
    for (let at = 0; at < 110; at++) {
      const holding = all.filter(({ node: n }) => n.source === 0 && n.at <= at && at < n.at + n.length);
      const deepest = Math.max(...holding.map(({ depth }) => depth));
      const best = holding.filter(({ depth }) => depth === deepest).toSorted((a, b) => a.node.length - b.node.length);
      const shortest = best.filter(({ node: n }) => n.length === best[0].node.length).at(-1);
      expect(fieldAt(nodes, 0, at)).toBe(shortest?.path ?? null);
    }
  });
  it('finds a node and what holds it', () => {
    expect(nodeAt(nodes, 'sip[1]/sip.Method')).toMatchObject({ node: { value: 'INVITE' }, parent: { source: 1 } });
    expect(nodeAt(nodes, 'ip')?.parent).toBeNull();
    expect(nodeAt(nodes, 'nothing')).toBeNull();
    expect(nodeAt(nodes, null)).toBeNull();
  });
  it('opens what the packet carries', () => {
    expect(isOpenAtFirst('sip', node('sip', 0, 1))).toBe(true);
    expect(isOpenAtFirst('udp', node('udp', 0, 1))).toBe(false);
    expect(isOpenAtFirst('sip/sip.msg_hdr', node('sip.msg_hdr', 0, 1))).toBe(true);
    expect(isOpenAtFirst('sip/sip.Via', node('sip.Via', 0, 1))).toBe(false);
  });
});

describe('lines', () => {
  it('shows value and meaning, and brackets round what no octet holds', () => {
    expect(lineOf(node('x', 0, 2, { value: '0x0800', meaning: 'IPv4' }))).toBe('0x0800 (IPv4)');
    expect(lineOf(node('x', 0, 2, { value: '', meaning: 'empty' }))).toBe('empty');
    const made = node('x.response', 0, 0, { label: 'Response', value: '200 OK' });
    expect([labelOf(made), lineOf(made)]).toEqual(['[Response]', '[200 OK]']);
    expect(labelOf(node('frame.number', 0, 0, { label: 'Number', value: 1 }))).toBe('Number');
    expect(labelOf(node('fault', 0, 0, { label: 'Fault', fault: 'cut', value: 'cut' }))).toBe('Fault');
  });
  it('keeps a line one line', () => {
    expect(shownText('a\r\n\tb\u007f')).toBe('a\u240d\u240a\u2409b\u2421');
    expect(shownText('x'.repeat(400))).toHaveLength(301);
  });
  it('writes a field with all below it', () => {
    expect(subtreeText({ ...nodes[1], text: 'a → b' })).toBe('ip: a → b\n  ip.version: 4\n  ip.hdr_len: 20');
  });
});

const first = (name: string, value: FieldNode['value']) => filterTexts(node(name, 0, 1, { value }))[0];

describe('filterTexts', () => {
  it('compares as the filter writes it', () => {
    expect(first('sip.Method', 'INVITE')).toBe('sip.Method == "INVITE"');
    expect(first('rtp.seq', 7)).toBe('rtp.seq == 7');
    expect(first('ip.src', '10.0.0.1')).toBe('ip.src == 10.0.0.1');
    expect(first('eth.type', '0x0800')).toBe('eth.type == 0x0800');
    expect(first('eth.src', '02:00:00:77:00:01')).toBe('eth.src == 02:00:00:77:00:01');
    expect(first('ipv6.src', '2001:db8::1')).toBe('ipv6.src == 2001:db8::1');
    expect(first('rtp.marker', true)).toBe('rtp.marker == true');
    expect(first('sip.Via', null)).toBe('sip.Via');
    expect(first('sip.from.display', 'a "b\\\r\n')).toBe('sip.from.display == "a \\"b\\\\\\x0d\\x0a"');
    expect(filterTexts(node('fault', 0, 1, { fault: 'cut', value: 'x' }))).toEqual([]);
  });
  it('has one that the engine reads, for fields of every type', () => {
    const values: [string, FieldNode['value']][] = [
      ['sip.Method', 'INVITE'],
      ['sip.Call-ID', '12345'],
      ['sip.CSeq.seq', 1],
      ['ip.src', '10.0.0.1'],
      ['eth.src', '02:00:00:77:00:01'],
      ['rtp.seq', 7],
      ['rtp.marker', true],
      ['frame.time_epoch', '1795225370.855952000'],
      ['sip.User-Agent', 'a "quoted" name\\'],
      ['udp.srcport', 5060],
      ['ip.checksum', '0xac41'],
    ];
    for (const [name, value] of values) {
      const good = filterTexts(node(name, 0, 1, { value })).find((text) => checkFilter(text, 'packets', builtIns).ok);
      expect(good, name).toMatch(new RegExp(`^${name.replaceAll('.', '\\.')} == `));
    }
  });
});
