/** A recorded call inside every tunnel: what is found has to be what is found of the call itself. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
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
