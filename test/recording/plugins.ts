/**
 * Makes the captures of the worked plugins (resources/plugins): made-up protocols, so that what is in them is known.
 *
 * node scripts/run.mjs test/recording/plugins.ts [FOLDER]
 *
 * vpn-rtp.pcap: the first packets of g711a-call.pcap, each in a datagram of a tunnel. vendor-log.pcap: log lines.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const captures = join(process.env.EARSHOT_ROOT ?? '.', 'test/captures');
const folder = process.argv[2] ?? join(captures, 'plugins');

const PACKETS = 200;
const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const ETHERNET = 14;

const TUNNEL_PORT = 24_242;
const WHOLE_IP = 1;
const BARE_PAYLOAD = 2;
const KEEP_ALIVE = 3;

const LOG_PORT = 24_243;

interface Record {
  readonly seconds: number;
  readonly microseconds: number;
  readonly frame: Buffer;
}

const ends = { near: '10.99.0.1', far: '10.99.0.2' };

function udpFrame(from: string, to: string, sourcePort: number, port: number, payload: Buffer): Buffer {
  const frame = Buffer.alloc(ETHERNET + 28 + payload.length);
  frame.set([2, 0, 0, 0x99, 0, 2, 2, 0, 0, 0x99, 0, 1, 8, 0, 0x45]);
  frame.writeUInt16BE(28 + payload.length, 16);
  frame.set([64, 17], 22);
  frame.set(from.split('.').map(Number), 26);
  frame.set(to.split('.').map(Number), 30);
  let sum = 0;
  for (let at = 14; at < 34; at += 2) sum += frame.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  frame.writeUInt16BE(~sum & 0xffff, 24);
  frame.writeUInt16BE(sourcePort, 34);
  frame.writeUInt16BE(port, 36);
  frame.writeUInt16BE(8 + payload.length, 38);
  frame.set(payload, ETHERNET + 28);
  return frame;
}

function pcap(records: readonly Record[]): Buffer {
  const header = Buffer.alloc(FILE_HEADER);
  header.writeUInt32LE(0xa1b2c3d4);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65_535, 16);
  header.writeUInt32LE(1, 20);
  const parts = records.flatMap(({ seconds, microseconds, frame }) => {
    const about = Buffer.alloc(RECORD_HEADER);
    [seconds, microseconds, frame.length, frame.length].forEach((value, i) => about.writeUInt32LE(value, 4 * i));
    return [about, frame];
  });
  return Buffer.concat([header, ...parts]);
}

/** Classic little-endian pcap of Ethernet frames, microseconds. */
function recordsOf(file: Buffer, most: number): Record[] {
  const records: Record[] = [];
  for (let at = FILE_HEADER; at < file.length && records.length < most; ) {
    const length = file.readUInt32LE(at + 8);
    const frame = file.subarray(at + RECORD_HEADER, at + RECORD_HEADER + length);
    records.push({ seconds: file.readUInt32LE(at), microseconds: file.readUInt32LE(at + 4), frame });
    at += RECORD_HEADER + length;
  }
  return records;
}

let sequence = 0;

function tunnelled(kind: number, inside: Buffer): Buffer {
  const header = Buffer.alloc(14);
  header.write('AV');
  header[2] = 1;
  header[3] = kind;
  header.writeUInt32BE(0x00c0ffee, 4);
  header.writeUInt32BE(++sequence, 8);
  header.writeUInt16BE(inside.length, 12);
  return Buffer.concat([header, inside]);
}

/** What bob says goes as bare RTP, everything else as whole IP packets. */
function inTunnel({ seconds, microseconds, frame }: Record): Record[] {
  if (frame.readUInt16BE(12) !== 0x0800) return [];
  const ip = frame.subarray(ETHERNET, ETHERNET + frame.readUInt16BE(16));
  const isFromBob = ip[15] === 2;
  const isRtp = ip[9] === 17 && ip.length > 40 && ip[28] >> 6 === 2 && (ip[29] & 0x7f) === 8;
  const payload = isFromBob && isRtp ? tunnelled(BARE_PAYLOAD, ip.subarray(28)) : tunnelled(WHOLE_IP, ip);
  const [from, to] = isFromBob ? [ends.far, ends.near] : [ends.near, ends.far];
  return [{ seconds, microseconds, frame: udpFrame(from, to, TUNNEL_PORT, TUNNEL_PORT, payload) }];
}

function logLine(level: number, node: string, text: string, version = 1): Buffer {
  const [name, words] = [Buffer.from(node), Buffer.from(text)];
  const header = Buffer.alloc(9);
  header.write('VLOG');
  header[4] = version;
  header[5] = level;
  header[6] = name.length;
  header.writeUInt16BE(words.length, 7);
  return Buffer.concat([header, name, words]);
}

function logCapture(): Record[] {
  const lines: Buffer[] = [
    logLine(2, 'sbc-1', 'registration of alice accepted'),
    logLine(2, 'sbc-1', 'call=7f3a@10.77.0.1 INVITE received from 10.77.0.1'),
    logLine(3, 'sbc-1', 'call=7f3a@10.77.0.1 RTP timeout, leg B, 5 s'),
    logLine(1, 'media-2', 'buffer grew to 80 ms'),
    logLine(4, 'sbc-1', 'call=7f3a@10.77.0.1 trunk Zürich answered 503'),
    // Says that it is longer than it is.
    logLine(2, 'media-2', 'this line was cut short').subarray(0, 30),
    logLine(2, 'sbc-1', 'of another version', 9),
  ];
  return lines.map((payload, i) => ({
    seconds: 1_700_000_000 + i,
    microseconds: 250_000,
    frame: udpFrame('10.99.0.7', '10.99.0.9', 40_000, LOG_PORT, payload),
  }));
}

mkdirSync(folder, { recursive: true });
const call = recordsOf(readFileSync(join(captures, 'g711a-call.pcap')), PACKETS);
const keepAlive: Record = {
  seconds: call[0].seconds,
  microseconds: call[0].microseconds,
  frame: udpFrame(ends.near, ends.far, TUNNEL_PORT, TUNNEL_PORT, tunnelled(KEEP_ALIVE, Buffer.alloc(0))),
};
writeFileSync(join(folder, 'vpn-rtp.pcap'), pcap([keepAlive, ...call.flatMap(inTunnel)]));
writeFileSync(join(folder, 'vendor-log.pcap'), pcap(logCapture()));
