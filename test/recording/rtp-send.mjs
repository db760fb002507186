// Sends one RTP stream with every choice open: where sequence number and timestamp begin, silences, digits, a new
// SSRC in the middle, RTCP with extended reports. The audio comes from a raw file, round and round.
//
//   node rtp-send.mjs --from 10.77.0.1:6000 --to 10.77.0.2:6000 --file a.ul --payload-type 0 --seconds 4
//     [--sequence 1] [--timestamp 0] [--ssrc 0x11111111] [--ptime 20] [--rate 8000] [--sample-bytes 1]
//     [--silence 1000-1800]            no packets in this span (ms); the timestamp goes on, then a marker
//     [--comfort-noise 13:70]          a comfort-noise packet of this type and level (RFC 3389) begins each silence
//     [--digits 159*@800] [--event-type 101] [--digit-ms 120]   RFC 4733 digits instead of speech, from 800 ms on
//     [--lose-ends 1]                  digits with these positions (comma separated, from 0) lose their last packets
//     [--change-ssrc-at 2000]          a new SSRC, sequence number and timestamp from here on
//     [--rtcp]                         SR, SDES and a VoIP metrics block (RFC 3611) each second, BYE at the end
import dgram from 'node:dgram';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const { values: option } = parseArgs({
  options: {
    from: { type: 'string' },
    to: { type: 'string' },
    file: { type: 'string' },
    'payload-type': { type: 'string', default: '0' },
    seconds: { type: 'string', default: '4' },
    sequence: { type: 'string', default: '1' },
    timestamp: { type: 'string', default: '0' },
    ssrc: { type: 'string', default: '0x11111111' },
    ptime: { type: 'string', default: '20' },
    rate: { type: 'string', default: '8000' },
    'sample-bytes': { type: 'string', default: '1' },
    silence: { type: 'string', default: '' },
    'comfort-noise': { type: 'string', default: '' },
    digits: { type: 'string', default: '' },
    'event-type': { type: 'string', default: '101' },
    'digit-ms': { type: 'string', default: '120' },
    'lose-ends': { type: 'string', default: '' },
    'change-ssrc-at': { type: 'string', default: '' },
    rtcp: { type: 'boolean', default: false },
  },
});

const [ownAddress, ownPort] = option.from.split(':');
const [address, port] = option.to.split(':');
const ptimeMs = Number(option.ptime);
const samplesPerPacket = (Number(option.rate) * ptimeMs) / 1000;
const payloadBytes = samplesPerPacket * Number(option['sample-bytes']);
const audio = readFileSync(option.file);
const [silenceFromMs, silenceToMs] = option.silence === '' ? [-1, -1] : option.silence.split('-').map(Number);
const [digits, digitsAtMs] =
  option.digits === '' ? ['', 0] : [option.digits.split('@')[0], Number(option.digits.split('@')[1])];
const digitMs = Number(option['digit-ms']);
const digitStepMs = digitMs + 180;
const loseEnds = option['lose-ends'].split(',').filter(Boolean).map(Number);
const eventCodes = '0123456789*#ABCD';

let ssrc = Number(option.ssrc);
let sequence = Number(option.sequence);
let timestampOffset = Number(option.timestamp);
let packetCount = 0;
let octetCount = 0;

const rtp = dgram.createSocket('udp4');
const rtcp = dgram.createSocket('udp4');
rtp.on('error', () => {});
rtcp.on('error', () => {});
await new Promise((resolve) => rtp.bind(Number(ownPort), ownAddress, resolve));
await new Promise((resolve) => rtcp.bind(Number(ownPort) + 1, ownAddress, resolve));

function send(payloadType, marker, timestamp, payload) {
  const octets = Buffer.alloc(12 + payload.length);
  octets[0] = 0x80;
  octets[1] = payloadType | (marker ? 0x80 : 0);
  octets.writeUInt16BE(sequence & 0xffff, 2);
  octets.writeUInt32BE(timestamp >>> 0, 4);
  octets.writeUInt32BE(ssrc >>> 0, 8);
  payload.copy(octets, 12);
  rtp.send(octets, Number(port), address);
  sequence += 1;
  packetCount += 1;
  octetCount += payload.length;
}

function event(code, isEnd, durationSamples, marker, timestamp) {
  const payload = Buffer.from([code, (isEnd ? 0x80 : 0) | 10, durationSamples >> 8, durationSamples & 0xff]);
  send(Number(option['event-type']), marker, timestamp, payload);
}

// SR (RFC 3550 6.4.1) without report blocks, SDES with a CNAME, and XR with VoIP metrics (RFC 3611 4.7).
function report(timestamp, isLast) {
  const sr = Buffer.alloc(28);
  sr.writeUInt32BE(0x80c80006, 0);
  sr.writeUInt32BE(ssrc >>> 0, 4);
  const nowMs = Date.now();
  sr.writeUInt32BE((Math.floor(nowMs / 1000) + 2208988800) >>> 0, 8);
  sr.writeUInt32BE(Math.floor(((nowMs % 1000) / 1000) * 4294967296) >>> 0, 12);
  sr.writeUInt32BE(timestamp >>> 0, 16);
  sr.writeUInt32BE(packetCount, 20);
  sr.writeUInt32BE(octetCount, 24);
  const name = Buffer.from('sender@example.com', 'latin1');
  const sdes = Buffer.alloc(8 + Math.ceil((2 + name.length + 1) / 4) * 4);
  sdes.writeUInt32BE((0x81ca0000 | (sdes.length / 4 - 1)) >>> 0, 0);
  sdes.writeUInt32BE(ssrc >>> 0, 4);
  sdes[8] = 1;
  sdes[9] = name.length;
  name.copy(sdes, 10);
  const xr = Buffer.alloc(44);
  xr.writeUInt32BE(0x80cf000a, 0);
  xr.writeUInt32BE(ssrc >>> 0, 4);
  xr.writeUInt32BE(0x07000008, 8);
  xr.writeUInt32BE(0x22222222, 12);
  // loss 5/256, discard 2/256, burst density 64/256, gap density 3/256; burst 120 ms, gap 4000 ms
  Buffer.from([5, 2, 64, 3, 0, 120, 0x0f, 0xa0]).copy(xr, 16);
  // round trip 42 ms, end system delay 65 ms; signal -18 dBm0, noise -60 dBm0, RERL 55 dB, Gmin 16
  Buffer.from([0, 42, 0, 65, 0xee, 0xc4, 55, 16]).copy(xr, 24);
  // R 85, external R unavailable, MOS-LQ 4.1, MOS-CQ 4.0, RX config, jitter buffer 40, 60 and 120 ms
  Buffer.from([85, 127, 41, 40, 0xb0, 0, 0, 40, 0, 60, 0, 120]).copy(xr, 32);
  const parts = [sr, sdes, xr];
  if (isLast) {
    const bye = Buffer.alloc(8);
    bye.writeUInt32BE(0x81cb0001, 0);
    bye.writeUInt32BE(ssrc >>> 0, 4);
    parts.push(bye);
  }
  rtcp.send(Buffer.concat(parts), Number(port) + 1, address);
}

const started = performance.now();
const packets = (Number(option.seconds) * 1000) / ptimeMs;
let wasSilent = true;
let timestamp = timestampOffset;
for (let index = 0; index < packets; index++) {
  const atMs = index * ptimeMs;
  await sleep(Math.max(0, started + atMs - performance.now()));
  if (option['change-ssrc-at'] !== '' && atMs === Number(option['change-ssrc-at'])) {
    ssrc = (ssrc ^ 0x5a5a5a5a) >>> 0;
    sequence = 40000;
    timestampOffset += 123456789;
    wasSilent = true;
  }
  timestamp = timestampOffset + index * samplesPerPacket;
  if (option.rtcp && atMs > 0 && atMs % 1000 === 0) report(timestamp, false);
  const which = digits === '' || atMs < digitsAtMs ? -1 : Math.floor((atMs - digitsAtMs) / digitStepMs);
  const intoDigitMs = atMs - digitsAtMs - which * digitStepMs;
  if (which >= 0 && which < digits.length && intoDigitMs < digitMs) {
    const code = eventCodes.indexOf(digits[which]);
    const start = timestampOffset + ((digitsAtMs + which * digitStepMs) / ptimeMs) * samplesPerPacket;
    const isLast = intoDigitMs + ptimeMs >= digitMs;
    const duration = (intoDigitMs / ptimeMs + 1) * samplesPerPacket;
    if (!isLast) event(code, false, duration, intoDigitMs === 0, start);
    // The end is sent three times (RFC 4733 2.5.1.4).
    else
      for (let copy = 0; copy < 3; copy++) {
        if (loseEnds.includes(which)) sequence += 1;
        else event(code, true, duration, false, start);
      }
    wasSilent = false;
    continue;
  }
  if (atMs >= silenceFromMs && atMs < silenceToMs) {
    if (!wasSilent && option['comfort-noise'] !== '') {
      const [type, level] = option['comfort-noise'].split(':').map(Number);
      send(type, false, timestamp, Buffer.from([level]));
    }
    wasSilent = true;
    continue;
  }
  const at = (index * payloadBytes) % (audio.length - payloadBytes);
  send(Number(option['payload-type']), wasSilent, timestamp, audio.subarray(at, at + payloadBytes));
  wasSilent = false;
}
if (option.rtcp) report(timestamp, true);
await sleep(50);
rtp.close();
rtcp.close();
