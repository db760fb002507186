import { describe, expect, it } from 'vitest';
import { parseDecodeAs } from '../../../engine/classify/decode-as.ts';
import type { FieldNode } from '../../../shared/engine-api.ts';
import { EMPTY_FORM, formFrom, type MatchKind, ruleForm, ruleText, startOf } from './rule-form.ts';

/** The rules that help and the engine's own tests show. */
const RULES: readonly [string, MatchKind][] = [
  ['udp.port==5000,rtp', 'port'],
  ['tcp.port==5070,sip', 'port'],
  ['ip.addr==10.0.0.1,none', 'address'],
  ['ip.addr==10.0.0.1 && udp.port==5000,rtp', 'endpoint'],
  ['udp.flow==10.0.0.1:5000-10.0.0.2:6000,rtp', 'flow'],
  ['udp.flow==[2001:db8::1]:5000-[2001:db8::2]:6000,skip 12,rtp', 'flow'],
  ['udp.port==4500,skip 12,ip', 'port'],
  ['rtp.ssrc==0x1234abcd,rtp', 'ssrc'],
];

describe('a rule and its form', () => {
  it.each(RULES)('%s goes through the form unchanged, and the engine takes it', (text, match) => {
    const form = ruleForm(text);
    expect(form.match).toBe(match);
    expect(ruleText(form)).toBe(text);
    expect(parseDecodeAs(ruleText(form), ['rtp', 'sip', 'udp-encap'])).toMatchObject({ as: form.as });
  });

  it.each(['nonsense', 'udp.port==1&&ip.addr==1.2.3.4&&x==1,rtp', 'udp.port==1,skip,rtp', 'a,b,c,d'])(
    '%s has no fields and stays what it is',
    (text) => {
      expect(ruleForm(text)).toMatchObject({ match: 'text', text });
      expect(ruleText(ruleForm(text))).toBe(text);
    },
  );

  it('an address in brackets is written without them, and blanks do not count', () => {
    expect(ruleText({ ...EMPTY_FORM, match: 'address', address: ' [2001:db8::1] ' })).toBe('ip.addr==2001:db8::1,rtp');
  });

  it('is empty until what it goes by is there', () => {
    for (const match of ['port', 'address', 'endpoint', 'flow', 'ssrc', 'text'] as const)
      expect(ruleText({ ...EMPTY_FORM, match })).toBe('');
    expect(ruleText({ ...EMPTY_FORM, match: 'endpoint', address: '10.0.0.1' })).toBe('');
  });
});

const node = (name: string, value: FieldNode['value'], children?: FieldNode[]): FieldNode => ({
  name,
  label: name,
  source: 0,
  at: 0,
  length: 1,
  value,
  ...(children === undefined ? {} : { children }),
});
const ip = (src: string, dst: string) =>
  node(src.includes(':') ? 'ipv6' : 'ip', null, [
    node(src.includes(':') ? 'ipv6.src' : 'ip.src', src),
    node(src.includes(':') ? 'ipv6.dst' : 'ip.dst', dst),
  ]);
const udp = (from: number, to: number) => node('udp', null, [node('udp.srcport', from), node('udp.dstport', to)]);

describe('what a rule begins with', () => {
  const inner = udp(5004, 5006);
  const nodes = [node('eth', null), ip('192.0.2.1', '192.0.2.2'), udp(4500, 4501), ip('::1', '::2'), inner];

  it('are the ends of the innermost header in no unknown one, or of the one asked for', () => {
    expect(startOf(nodes)).toMatchObject({ source: '[::1]:5004' });
    expect(startOf(nodes.toSpliced(3, 0, node('udp-encap', null)))).toEqual({
      transport: 'udp',
      source: '192.0.2.1:4500',
      destination: '192.0.2.2:4501',
      ssrc: '',
    });
    expect(startOf(nodes.toSpliced(3, 0, node('udp-encap', null)), inner)).toMatchObject({ destination: '[::2]:5006' });
    expect(startOf([node('eth', null), node('arp', null)])).toBeNull();
  });

  it('the form goes by the port of the destination, and has the rest at hand', () => {
    const form = formFrom({ transport: 'udp', source: '[::1]:5004', destination: '[::2]:5006', ssrc: '0x0000002a' });
    expect(ruleText(form)).toBe('udp.port==5006,rtp');
    expect(ruleText({ ...form, match: 'address' })).toBe('ip.addr==::2,rtp');
    expect(ruleText({ ...form, match: 'flow' })).toBe('udp.flow==[::1]:5004-[::2]:5006,rtp');
    expect(ruleText({ ...form, match: 'ssrc', skip: '4' })).toBe('rtp.ssrc==0x0000002a,rtp');
  });
});
