import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Octets } from '../../base/octets.ts';
import { builtIns } from '../../dissectors/index.ts';
import type { PacketRow } from '../../shared/api.ts';
import { readCapture } from '../engine.ts';
import { openSource } from '../sources/open-source.ts';
import { packetRows } from './packet-rows.ts';
import { describePlain } from './plain-info.ts';

const CAPTURES = join(import.meta.dirname, '../../test/captures');
const RAW_IP = 101;
const ETHERNET = 1;

async function rowsOf(name: string): Promise<PacketRow[]> {
  const source = await openSource(join(CAPTURES, name));
  const rows: PacketRow[] = [];
  const capture = await readCapture(source, { dissectors: builtIns, fence: false });
  for await (const block of packetRows(capture)) rows.push(...block);
  await source.close();
  return rows;
}

function fragmentLines(rows: readonly PacketRow[]): string[] {
  return rows.filter(({ protocol }) => protocol === 'ip-fragment').map(({ info }) => info);
}

function lineOf(linkType: number, hex: string): string {
  const bytes = Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
  return describePlain(linkType, new Octets(bytes), bytes.length).info;
}

/** IPv4 from 10.0.0.1 to 10.0.0.2 without fragments. */
const ip = (protocol: string, length: string): string =>
  `4500 ${length} 1234 0000 40 ${protocol} 0000 0a000001 0a000002`;

describe('packets that no dissector took', () => {
  // Addresses, ports, flags and numbers as tshark 4.0.17 lists them (tcp.seq_raw, ip.id, ip.frag_offset).
  it('ARP: who asks for whom', async () => {
    const rows = await rowsOf('register.pcap');
    expect(rows.slice(0, 2).map(({ src, dst, info }) => [src, dst, info])).toEqual([
      ['10.77.0.1', '10.77.0.2', 'who has 10.77.0.2? tell 10.77.0.1'],
      ['10.77.0.2', '10.77.0.1', '10.77.0.2 is at 02:00:00:77:00:02'],
    ]);
  });

  it('IP fragments, v4 and v6', async () => {
    expect(fragmentLines(await rowsOf('fragments.pcap'))).toEqual([
      'fragment of UDP, id 0x9df5, offset 0',
      'fragment of UDP, id 0x9df5, offset 1480',
      'fragment of UDP, id 0x5e06, offset 0',
      'fragment of UDP, id 0x5e06, offset 1480',
    ]);
    expect(fragmentLines(await rowsOf('fragments-v6.pcap')).slice(0, 2)).toEqual([
      'fragment of UDP, id 0x9bc69355, offset 0',
      'fragment of UDP, id 0x9bc69355, offset 1448',
    ]);
  });

  it('TCP: flags, numbers as sent, length', async () => {
    const rows = await rowsOf('tcp-segments.pcap');
    expect(rows.slice(2, 6).map(({ info }) => info)).toEqual([
      '43415 → 5060  [SYN] seq 703638746 len 0',
      '5060 → 43415  [SYN, ACK] seq 2778310530 ack 703638747 len 0',
      '43415 → 5060  [ACK] seq 703638747 ack 2778310531 len 0',
      '43415 → 5060  [PSH, ACK] seq 703638747 ack 2778310531 len 1',
    ]);
    expect(rows[2].src).toBe('10.77.0.1:43415');
  });

  it('ICMP errors: type, code and what they are about', async () => {
    const rows = await rowsOf('g711a-call.pcap');
    const [row] = rows.filter(({ protocol }) => protocol === 'icmp');
    expect([row.src, row.dst]).toEqual(['10.77.0.1', '10.77.0.2']);
    expect(row.info).toBe('Destination unreachable (port unreachable) for udp 10.77.0.2:40069 → 10.77.0.1:40005');
  });

  it('plain UDP', () => {
    expect(lineOf(RAW_IP, `${ip('11', '0020')} 04d2 162e 000c 0000 01020304`)).toBe('1234 → 5678  len 4');
  });

  it('an error that quotes eight octets of TCP still has the ports', () => {
    // RFC 792: the internet header and the first 64 bits of the datagram.
    const quoted = `4500 0028 0001 0000 40 06 0000 0a000002 0a000001 04d2 162e 00000001`;
    expect(lineOf(RAW_IP, `${ip('01', '0038')} 0b00 0000 00000000 ${quoted}`)).toBe(
      'Time exceeded (time to live exceeded in transit) for tcp 10.0.0.2:1234 → 10.0.0.1:5678',
    );
  });

  it('echo, and neighbor discovery with its target', () => {
    expect(lineOf(RAW_IP, `${ip('01', '001c')} 0800 0000 0007 0009`)).toBe('Echo request id 7 seq 9');
    const target = 'fe80000000000000 0000000000000001';
    const header = `6000 0000 0018 3a ff fe80000000000000 0000000000000002 ff02000000000000 00000001ff000001`;
    expect(lineOf(RAW_IP, `${header} 8700 0000 00000000 ${target}`)).toBe('Neighbor solicitation for fe80::1');
  });

  it('other protocols by name', () => {
    expect(lineOf(RAW_IP, `${ip('59', '0018')} 00000000`)).toBe('OSPF');
    expect(lineOf(ETHERNET, 'ffffffffffff 020000000001 88cc 0207')).toBe('LLDP');
  });

  it('says something of every cut of a packet, and never throws', () => {
    const whole = Buffer.from(
      `${ip('01', '0038')} 0303 0000 00000000 ${ip('11', '0020')} 04d2162e 000c0000`.replaceAll(' ', ''),
      'hex',
    );
    for (let length = 0; length <= whole.length; length++) {
      const { info } = describePlain(RAW_IP, new Octets(whole.subarray(0, length)), whole.length);
      if (length < 20) expect(info).toBe('');
      else expect(info).toMatch(length < 24 ? /^ICMP$/ : /^Destination unreachable \(port unreachable\)/);
    }
  });
});
