// A relay that stands between two user agents, as a session border controller would, and spoils the RTP on
// purpose. SIP passes through with Contact, c= and m= rewritten, so the media comes through here as well.
// What was done to each RTP packet is written as JSON when the relay is told to stop (SIGTERM), so that a
// capture taken behind it can be compared with it. The random numbers are seeded: the same packets, the same fate.
//
//   node relay.mjs --self 10.77.0.3 --caller 10.77.0.1 --callee 10.77.0.2 --log out.json
//     [--drop-acks 0] [--seed 1] [--loss 3] [--burst 1] [--duplicate 1] [--reorder 1] [--jitter 20]
//
// loss, duplicate and reorder are percentages of the packets; jitter is the largest added delay in ms; burst is
// how many packets go when one goes; drop-acks loses that many of the first ACKs. A reordered packet leaves right after the packet that followed it.
import dgram from 'node:dgram';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values: option } = parseArgs({
  options: {
    self: { type: 'string', default: '10.77.0.3' },
    caller: { type: 'string', default: '10.77.0.1' },
    callee: { type: 'string', default: '10.77.0.2' },
    log: { type: 'string' },
    'drop-acks': { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    loss: { type: 'string', default: '0' },
    burst: { type: 'string', default: '1' },
    duplicate: { type: 'string', default: '0' },
    reorder: { type: 'string', default: '0' },
    jitter: { type: 'string', default: '0' },
  },
});

// xorshift32: small, seeded, and the same on every machine.
function makeRandom(seed) {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 4294967296;
  };
}

const sipPort = 5060;
// [port that faces the caller, port that faces the callee]
const mediaPorts = [30000, 30002];
const peers = {
  caller: { address: option.caller, rtpPort: 0 },
  callee: { address: option.callee, rtpPort: 0 },
};

let acksToDrop = Number(option['drop-acks']);
const sip = dgram.createSocket('udp4');
sip.on('message', (octets, from) => {
  const source = from.address === option.caller ? 'caller' : 'callee';
  const target = source === 'caller' ? 'callee' : 'caller';
  if (acksToDrop > 0 && octets.toString('latin1', 0, 4) === 'ACK ') {
    acksToDrop -= 1;
    return;
  }
  const text = rewrite(octets.toString('latin1'), source);
  sip.send(Buffer.from(text, 'latin1'), sipPort, peers[target].address);
});
sip.bind(sipPort, option.self);

// Puts this relay's address and ports where the sender's own stood.
function rewrite(text, source) {
  const split = text.indexOf('\r\n\r\n');
  if (split < 0) return text;
  let head = text.slice(0, split);
  let body = text.slice(split + 4);
  const own = peers[source].address;
  head = head.replace(/^(Contact:.*@)[\d.]+(:\d+)?/im, `$1${option.self}:${sipPort}`);
  if (head.startsWith('INVITE') || head.startsWith('ACK') || head.startsWith('BYE') || head.startsWith('CANCEL')) {
    const callee = source === 'caller' ? option.callee : option.caller;
    head = head.replace(/^(\w+ sip:[^@\s]+@)[\d.]+/, `$1${callee}`);
  }
  const media = /^m=audio (\d+)/m.exec(body);
  if (media !== null) {
    peers[source].rtpPort = Number(media[1]);
    // The other side is to send to the port that faces it.
    const facing = source === 'caller' ? mediaPorts[1] : mediaPorts[0];
    body = body
      .replaceAll(own, option.self)
      .replace(/^m=audio \d+/m, `m=audio ${facing}`)
      .replace(/^a=rtcp:\d+.*$/m, `a=rtcp:${facing + 1}`);
    head = head.replace(/^Content-Length:.*$/im, `Content-Length: ${body.length}`);
  }
  return `${head}\r\n\r\n${body}`;
}

function makeLane(name, seed) {
  return {
    random: makeRandom(seed),
    counts: { received: 0, forwarded: 0, dropped: 0, duplicated: 0, reordered: 0 },
    // [sequence number, fate, added delay in ms] for each packet in the order it came in
    packets: [],
    // sequence numbers in the order they were sent on
    sent: [],
    ssrc: '',
    held: null,
    lastRelease: 0,
    burstLeft: 0,
    name,
  };
}
const seed = Number(option.seed);
const lanes = {
  'caller to callee': makeLane('caller to callee', seed * 7919 + 1),
  'callee to caller': makeLane('callee to caller', seed * 104729 + 2),
};

function open(port) {
  const socket = dgram.createSocket('udp4');
  socket.bind(port, option.self);
  return socket;
}
const [facingCaller, facingCallee] = mediaPorts;
const rtp = { caller: open(facingCaller), callee: open(facingCallee) };
const rtcp = { caller: open(facingCaller + 1), callee: open(facingCallee + 1) };

for (const source of ['caller', 'callee']) {
  const target = source === 'caller' ? 'callee' : 'caller';
  const lane = lanes[`${source} to ${target}`];
  const pass = (octets) => {
    if (peers[target].rtpPort === 0) return;
    rtp[target].send(octets, peers[target].rtpPort, peers[target].address);
    lane.counts.forwarded += 1;
    lane.sent.push(octets.readUInt16BE(2));
  };
  rtp[source].on('message', (octets) => {
    if (octets.length >= 12) spoil(lane, octets, pass);
  });
  rtcp[source].on('message', (octets) => {
    if (peers[target].rtpPort === 0) return;
    rtcp[target].send(octets, peers[target].rtpPort + 1, peers[target].address);
  });
}

// Decides one packet's fate and passes it on when its time has come.
function spoil(lane, octets, pass) {
  const { counts, random } = lane;
  const sequence = octets.readUInt16BE(2);
  counts.received += 1;
  if (lane.ssrc === '') lane.ssrc = `0x${octets.readUInt32BE(8).toString(16).padStart(8, '0')}`;
  // All four are drawn for every packet: the fate of one then does not depend on the options for another.
  const [drawLoss, drawDuplicate, drawReorder, drawDelay] = [random(), random(), random(), random()];
  if (lane.burstLeft === 0 && drawLoss * 100 < Number(option.loss)) lane.burstLeft = Number(option.burst);
  if (lane.burstLeft > 0) {
    lane.burstLeft -= 1;
    counts.dropped += 1;
    lane.packets.push([sequence, 'dropped', 0]);
    return;
  }
  if (lane.held === null && drawReorder * 100 < Number(option.reorder)) {
    counts.reordered += 1;
    lane.packets.push([sequence, 'reordered', 0]);
    lane.held = octets;
    return;
  }
  const isDuplicate = drawDuplicate * 100 < Number(option.duplicate);
  const delayMs = Math.round(drawDelay * Number(option.jitter));
  const now = performance.now();
  // Never before the packet in front of it: only "reordered" changes the order.
  const release = Math.max(now + delayMs, lane.lastRelease);
  lane.lastRelease = release;
  if (isDuplicate) counts.duplicated += 1;
  lane.packets.push([sequence, isDuplicate ? 'duplicated' : 'forwarded', Math.round(release - now)]);
  const held = lane.held;
  lane.held = null;
  setTimeout(() => {
    pass(octets);
    if (isDuplicate) pass(octets);
    if (held !== null) pass(held);
  }, release - now);
}

process.on('SIGTERM', () => {
  if (option.log !== undefined) {
    const { log, ...settings } = option;
    const report = { settings, lanes: {} };
    for (const { name, ssrc, counts, packets, sent } of Object.values(lanes)) {
      report.lanes[name] = { ssrc, counts, packets, sent };
    }
    // One packet per line would be most of the file: rows stay on one line.
    writeFileSync(
      log,
      `${JSON.stringify(report, null, 1).replace(/\[\s+(\d+),\s+"(\w+)",\s+(\d+)\s+\]/g, '[$1, "$2", $3]')}\n`,
    );
  }
  process.exit(0);
});
