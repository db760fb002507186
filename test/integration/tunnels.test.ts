/** A recorded call inside every tunnel: what is found has to be what is found of the call itself. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { builtIns } from '../../dissectors/index.ts';
import { checkFilter, filterPackets } from '../../engine/filter/index.ts';
import { callRows } from '../../engine/query/call-rows.ts';
import { digitRows } from '../../engine/query/digit-rows.ts';
import { packetDetail } from '../../engine/query/packet-detail.ts';
import { streamRows } from '../../engine/query/stream-rows.ts';
import { packetRows } from '../../engine/query/packet-rows.ts';
import type { Capture } from '../../engine/capture.ts';
import type { CallRow, StreamRow } from '../../shared/api.ts';
import { IPV6_WAYS, WAYS, wrapCapture } from '../recording/wrap.ts';
import { OWN_CAPTURES, withCapture } from './capture-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'earshot-tunnels-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const V4 = join(OWN_CAPTURES, 'g711u-dtmf.pcap');
const V6 = join(OWN_CAPTURES, 'ipv6-call.pcap');
const TCP = join(OWN_CAPTURES, 'tcp-call.pcap');

async function look<T>(path: string, use: (capture: Capture) => T | Promise<T>): Promise<T> {
  const found = await withCapture(path, use);
  if (found === null) throw new Error(`${path} is no capture`);
  return found;
}

/** What must not depend on the way the packets took: all but packet numbers and what tells the way. */
function facts(capture: Capture) {
  const calls = [...callRows(capture, { all: true })].map((call: CallRow) => ({
    ...call,
    messages: call.messages.map((message) => ({ ...message, packet: 0 })),
    problems: [],
  }));
  const streams = streamRows(capture).map((row: StreamRow) => ({ ...row, carriedIn: '', setupPacket: null }));
  const digits = digitRows(capture).map((row) => ({ ...row, packet: 0, packets: 0 }));
  return JSON.parse(
    JSON.stringify({ calls, streams, digits }, (key, value) =>
      /[pP]ackets?$/.test(key) && key !== 'packets' ? 0 : value,
    ),
  );
}

async function wrapped<T>(
  file: string,
  way: (typeof WAYS)[string],
  isBothSides: boolean,
  use: (capture: Capture) => T | Promise<T>,
): Promise<T> {
  const path = join(folder, 'wrapped.pcap');
  writeFileSync(path, wrapCapture(readFileSync(file), way, { isBothSides }));
  return look(path, use);
}

/** The innermost tunnel of the ways that are not named after it. */
const NAMES: Readonly<Record<string, string>> = {
  ah: 'ipip',
  'vxlan-gpe-nsh': 'nsh',
  'pppoe-in-vxlan-in-gre': 'pppoe',
  'vlan-in-vxlan': 'vxlan',
  'fragments-in-gtp-u': 'gtp-u',
  'fragments-in-fragments': 'gtp-u',
};
const SHOWN = [
  'vxlan-gpe',
  'gtp-u',
  'ipip',
  '6in4',
  '4in6',
  '6in6',
  'gre',
  'nvgre',
  'pptp',
  'erspan',
  'vxlan',
  'geneve',
];
function nameOf(way: string): string {
  return NAMES[way] ?? SHOWN.find((name) => way === name || way.startsWith(`${name}-`)) ?? way.split('-')[0];
}

describe.each([
  ['IPv4', V4, WAYS],
  ['IPv6', V6, IPV6_WAYS],
])('a call over %s', (_version, file, ways) => {
  it.each(Object.keys(ways))('is the same inside %s', async (way) => {
    const plain = await look(file, facts);
    expect(plain.streams).toHaveLength(2);
    await wrapped(file, ways[way], false, (capture) => {
      expect(facts(capture)).toEqual(plain);
      expect(streamRows(capture).map((row) => row.carriedIn)).toEqual([nameOf(way), nameOf(way)]);
    });
  });
});

describe('a capture of both sides of a tunnel', () => {
  it.each(['vxlan', 'gre', 'gtp-u', 'pppoe', 'mpls', 'fragments-in-gtp-u'])('has no more calls for %s', async (way) => {
    const [plain] = await look(V4, (capture) => [...callRows(capture, { all: true })]);
    await wrapped(V4, WAYS[way], true, (capture) => {
      const calls = [...callRows(capture, { all: true })];
      expect(calls).toHaveLength(1);
      expect(calls[0].state).toBe(plain.state);
      const { messages } = calls[0];
      expect(messages).toHaveLength(2 * plain.messages.length);
      expect(messages.filter((message) => message.capturedTwice === true)).toHaveLength(plain.messages.length);
      expect(messages.filter((message) => message.retransmission)).toEqual([]);
      const streams = streamRows(capture);
      expect(streams.map((row) => [row.carriedIn, row.sameAs])).toEqual([
        ['udp', streams[1].id],
        [way.replace('fragments-in-', ''), streams[0].id],
        ['udp', streams[3].id],
        [way.replace('fragments-in-', ''), streams[2].id],
      ]);
      expect(streams.every((row) => row.duplicates === 0 && !row.capturedTwice)).toBe(true);
    });
  });
});

it.each(['gre', 'vxlan', 'gre-fragments'])('follows TCP inside %s', async (way) => {
  const plain = await look(TCP, facts);
  expect(plain.streams).toHaveLength(2);
  await wrapped(TCP, WAYS[way], false, (capture) => expect(facts(capture)).toEqual(plain));
});

describe('the open packet', () => {
  /** Groups and `name=value` of the tree of the first packet with RTP, in order. */
  async function tree(file: string, way: (typeof WAYS)[string]): Promise<string[]> {
    return wrapped(file, way, false, async (capture) => {
      const rtp = capture.streams.rtp.frame.get(0);
      const detail = await packetDetail(capture, rtp + 1);
      const lines: string[] = [];
      const add = (nodes: NonNullable<typeof detail>['nodes']): void => {
        for (const node of nodes) {
          lines.push(node.name);
          add(node.children ?? []);
        }
      };
      add(detail?.nodes ?? []);
      return lines;
    });
  }
  const LAYERS = new Set(
    'eth ip ipv6 udp vlan gre erspan nsh pwethcw mpls pppoes ppp vxlan geneve gtp l2tp teredo esp ah etherip rtp'.split(
      ' ',
    ),
  );
  it.each([
    ['vxlan', 'eth ip udp vxlan eth ip udp rtp'],
    ['vxlan-gpe-nsh', 'eth ip udp vxlan nsh ip udp rtp'],
    ['geneve-options', 'eth ip udp geneve ip udp rtp'],
    ['gre-routing', 'eth ip gre ip udp rtp'],
    ['gre-udp', 'eth ip udp gre ip udp rtp'],
    ['erspan-1', 'eth ip gre eth ip udp rtp'],
    ['erspan-2', 'eth ip gre erspan eth ip udp rtp'],
    ['erspan-3', 'eth ip gre erspan eth ip udp rtp'],
    ['pptp', 'eth ip gre ppp ip udp rtp'],
    ['gtp-u-extension', 'eth ip udp gtp ip udp rtp'],
    ['l2tp-all', 'eth ip udp l2tp ppp ip udp rtp'],
    ['mpls-control-word', 'eth mpls pwethcw eth ip udp rtp'],
    ['mpls-ethernet', 'eth mpls eth ip udp rtp'],
    ['ah-transport', 'eth ip ah udp rtp'],
    ['esp-null', 'eth ip esp ip udp rtp'],
    ['esp-null-udp', 'eth ip udp esp ip udp rtp'],
    ['etherip', 'eth ip etherip eth ip udp rtp'],
    ['pppoe-in-vxlan-in-gre', 'eth ip gre ip udp vxlan eth pppoes ppp ip udp rtp'],
  ])('shows every header of %s', async (way, layers) => {
    const names = await tree(V4, WAYS[way]);
    expect(names.filter((name) => LAYERS.has(name)).join(' ')).toBe(layers);
  });
  it('shows the headers of Teredo', async () => {
    const names = await tree(V6, IPV6_WAYS['teredo-authentication-origin']);
    expect(names.filter((name) => LAYERS.has(name)).join(' ')).toBe('eth ip udp teredo ipv6 udp rtp');
    expect(names).toEqual(expect.arrayContaining(['teredo.auth.nonce', 'teredo.orig.addr']));
  });
});

describe('filters', () => {
  /** Packets that a filter lets through. */
  const count = (filter: string) => async (capture: Capture) => {
    const result = checkFilter(filter, 'packets', builtIns);
    if (!result.ok) throw new Error(result.error.message);
    return (await filterPackets(capture, result.filter))?.length ?? -1;
  };
  it.each([
    ['vxlan', 'vxlan.vni == 77'],
    ['geneve-options', 'geneve.vni == 77 && geneve.option.type == 0x80'],
    ['gtp-u-extension', 'gtp.teid == 0xabcd && gtp.next == 0x85'],
    ['gre-checksum-key-sequence', 'gre.key == 99'],
    ['l2tp-all', 'l2tp.tunnel == 7 && l2tp.session == 9'],
    ['esp-null', 'esp.spi == 0x1234 && esp.protocol == 4'],
    ['vxlan-gpe-nsh', 'nsh.spi == 1 && nsh.mdtype == 1'],
    ['erspan-3', 'erspan.version == 2 && erspan.spanid == 2'],
    ['ipip', 'ip.addr == 192.0.2.1 && ip.addr == 10.77.0.1'],
  ])('of %s reach all layers: %s', async (way, filter) => {
    const all = await wrapped(V4, WAYS[way], false, count('rtp || sip || rtcp'));
    expect(all).toBeGreaterThan(850);
    expect(await wrapped(V4, WAYS[way], false, count(`(${filter}) && (rtp || sip || rtcp)`))).toBe(all);
  });
});

it('lists packets by their innermost addresses', async () => {
  const list = async (capture: Capture) => {
    const rows: [string | null, string | null, string, string][] = [];
    for await (const block of packetRows(capture)) {
      rows.push(...block.map(({ src, dst, protocol, info }): (typeof rows)[0] => [src, dst, protocol, info]));
    }
    return rows;
  };
  const plain = await look(V4, list);
  expect(plain.filter(([, , protocol]) => protocol === 'rtp').length).toBeGreaterThan(800);
  for (const way of ['gre', 'vxlan', 'gtp-u', 'l2tp', 'esp-null']) {
    expect(await wrapped(V4, WAYS[way], false, list)).toEqual(plain);
  }
});
