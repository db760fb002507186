import { describe, expect, it } from 'vitest';
import { parseIPv4, parseIPv6 } from './addresses.ts';
import { FlowKind, FlowTable } from './flow-table.ts';

function ports(source: number, destination: number): number {
  return ((source << 16) | destination) >>> 0;
}

const A = parseIPv4('10.0.0.1');
const B = parseIPv4('203.0.113.250');

function ipv6(flows: FlowTable, text: string): number {
  const bytes = parseIPv6(text);
  if (bytes === null) throw new Error(`${text} is no IPv6 address`);
  return flows.ipv6Id(bytes, 0);
}

describe('FlowTable', () => {
  it('numbers flows from 1 in order of appearance', () => {
    const flows = new FlowTable();
    const first = flows.lookup(FlowKind.Udp4, A, B, ports(5060, 5070));
    const second = flows.lookup(FlowKind.Udp4, A, B, ports(5060, 5071));
    expect([first, second, flows.count]).toEqual([1, 2, 2]);
    expect(flows.lookup(FlowKind.Udp4, A, B, ports(5060, 5070))).toBe(1);
    expect(flows.count).toBe(2);
  });

  it('tells transports, directions and address families apart', () => {
    const flows = new FlowTable();
    const keys: [number, number, number, number][] = [
      [FlowKind.Udp4, 1, 2, ports(1, 2)],
      [FlowKind.Tcp4, 1, 2, ports(1, 2)],
      [FlowKind.Udp6, 1, 2, ports(1, 2)],
      [FlowKind.Tcp6, 1, 2, ports(1, 2)],
      [FlowKind.Udp4, 2, 1, ports(2, 1)],
      [FlowKind.Udp4, 2, 1, ports(1, 2)],
      [FlowKind.Udp4, 1, 2, ports(2, 1)],
    ];
    expect(keys.map((key) => flows.lookup(...key))).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(keys.map((key) => flows.find(...key))).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect([1, 2, 3, 4].map((flow) => flows.isTcp(flow))).toEqual([false, true, false, true]);
    expect([1, 2, 3, 4].map((flow) => flows.isIPv6(flow))).toEqual([false, false, true, true]);
  });

  it('find adds nothing', () => {
    const flows = new FlowTable();
    expect(flows.find(FlowKind.Udp4, A, B, ports(1, 2))).toBe(0);
    expect(flows.count).toBe(0);
  });

  it('links the two directions, in whichever order they come', () => {
    const flows = new FlowTable();
    const there = flows.lookup(FlowKind.Udp4, A, B, ports(40_000, 65_535));
    expect(flows.reverse[there]).toBe(0);
    flows.lookup(FlowKind.Tcp4, B, A, ports(65_535, 40_000));
    expect(flows.reverse[there]).toBe(0);
    const back = flows.lookup(FlowKind.Udp4, B, A, ports(65_535, 40_000));
    expect([flows.reverse[there], flows.reverse[back]]).toEqual([back, there]);
  });

  it('writes endpoints as the contract says', () => {
    const flows = new FlowTable();
    const v4 = flows.lookup(FlowKind.Udp4, A, B, ports(5060, 65_535));
    expect([flows.sourceEndpoint(v4), flows.destinationEndpoint(v4)]).toEqual(['10.0.0.1:5060', '203.0.113.250:65535']);
    expect([flows.sourcePort(v4), flows.destinationPort(v4)]).toEqual([5060, 65_535]);
    const v6 = flows.lookup(FlowKind.Tcp6, ipv6(flows, '2001:db8::1'), ipv6(flows, '::'), ports(1, 2));
    expect([flows.sourceEndpoint(v6), flows.destinationEndpoint(v6)]).toEqual(['[2001:db8::1]:1', '[::]:2']);
  });

  it('keeps one id for each IPv6 address', () => {
    const flows = new FlowTable();
    const one = ipv6(flows, 'fe80::1');
    expect(ipv6(flows, 'fe80::2')).not.toBe(one);
    expect(ipv6(flows, 'fe80::1')).toBe(one);
  });

  it('keeps all of many flows apart while it grows, whatever falls on the same slot', () => {
    const flows = new FlowTable();
    const reference = new Map<string, number>();
    const count = 30_000;
    for (let i = 0; i < count; i++) {
      // Neighbouring addresses and ports, both directions: what a scan or a load test leaves.
      const pair = i >> 1;
      const [source, destination] = i % 2 === 0 ? [A + (pair >> 8), B] : [B, A + (pair >> 8)];
      const [from, to] = i % 2 === 0 ? [1024 + (pair & 255), 5060] : [5060, 1024 + (pair & 255)];
      const flow = flows.lookup(FlowKind.Udp4, source, destination, ports(from, to));
      reference.set(`${source} ${destination} ${from} ${to}`, flow);
      if (i % 2 === 0) flows.dissector[flow] = (i % 200) + 1;
    }
    expect(flows.count).toBe(count);
    expect(new Set(reference.values()).size).toBe(count);
    let wrong = 0;
    for (const [key, flow] of reference) {
      const [source, destination, from, to] = key.split(' ').map(Number);
      if (flows.find(FlowKind.Udp4, source, destination, ports(from, to)) !== flow) wrong++;
      if (flows.reverse[flow] !== reference.get(`${destination} ${source} ${to} ${from}`)) wrong++;
      if (flow % 2 === 1 && flows.dissector[flow] !== ((flow - 1) % 200) + 1) wrong++;
    }
    expect(wrong).toBe(0);
  });
});
