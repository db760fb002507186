import { type CaptureWriter, type Endpoint, epochSeconds, formatIp, type Path, pathBetween } from './capture-writer.ts';
import type { EventQueue, Source } from './event-queue.ts';
import type { Random } from './random.ts';
import { samplesPerPacket, type Voice } from './voices.ts';

/** What the network does to the packets of a stream before the place of capture. */
export interface Impairment {
  /** Probability of a packet being lost. */
  readonly loss: number;
  /** Standard deviation of the arrival time; 0 for a quiet network. At most 3000, so that jitter alone never reorders. */
  readonly jitterMicros: number;
  /** Probability of a packet arriving after the one that follows it, and of a packet arriving twice. */
  readonly disorder: number;
}

export interface StreamPlan {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly payloadType: number;
  readonly voice: Voice;
  readonly durationSeconds: number;
  readonly impairment: Impairment;
  /** Telephone keys pressed, RFC 4733, payload type 101; empty for none. */
  readonly digits: string;
}

/** What a correct analysis of the stream finds. */
export interface StreamTruth {
  readonly ssrc: string;
  readonly src: string;
  readonly dst: string;
  /** Frames in the file, duplicates included. */
  packets: number;
  lost: number;
  duplicates: number;
  reordered: number;
  readonly digits: string;
}

const packetMicros = 20_000;
const digitFirstSlot = 150;
const digitSlots = 8;
const digitPeriod = 20;
const eventPayloadType = 101;
const eventPayloadBytes = 4;
const eventCodes = '0123456789*#';
/** A packet meant to be late or doubled stays clear of the stream's ends by this many packets. */
const quietEnds = 5;
const reportMicros = 5_000_000;
const ntpOffsetSeconds = 2_208_988_800;

const slotMask = 0x3f_ffff;
const tick = 0;
const arrival = 1 << 22;
const report = 2 << 22;

/** One direction of a call's audio: RTP every 20 ms, RTCP every 5 s. Slot n carries sequence number first + n. */
export class RtpSource implements Source {
  readonly truth: StreamTruth;
  readonly ssrc: number;
  /** The other direction; its figures go into this direction's report blocks. */
  peer: RtpSource | undefined;
  highestSlot = 0;
  lastReportMicros = 0;
  #writer: CaptureWriter;
  #queue: EventQueue;
  #random: Random;
  #plan: StreamPlan;
  #media: Path;
  #control: Path;
  #startMicros: number;
  #slots: number;
  #firstSequence: number;
  #firstTimestamp: number;
  #voicePackets: number;
  #voiceFirst: number;
  #sent = 0;
  #sentOctets = 0;
  #reportedSlot = 0;
  #reportedLost = 0;
  #cname: string;

  constructor(writer: CaptureWriter, queue: EventQueue, random: Random, plan: StreamPlan, startMicros: number) {
    this.#writer = writer;
    this.#queue = queue;
    this.#random = random;
    this.#plan = plan;
    this.#media = pathBetween(plan.from, plan.to);
    this.#control = pathBetween(nextPort(plan.from), nextPort(plan.to));
    this.#startMicros = startMicros;
    this.#slots = Math.round((plan.durationSeconds * 1_000_000) / packetMicros);
    if (this.#slots > slotMask) throw new RangeError(`${plan.durationSeconds} s is more than a stream can be here`);
    this.#firstSequence = random.between(0, 0x1_0000);
    this.#firstTimestamp = random.u32();
    this.#voicePackets = plan.voice.length / samplesPerPacket;
    this.#voiceFirst = random.between(0, this.#voicePackets);
    this.#cname = `${random.hex(8)}@${formatIp(plan.from)}`;
    this.ssrc = random.u32();
    this.truth = {
      ssrc: `0x${this.ssrc.toString(16).padStart(8, '0')}`,
      src: `${formatIp(plan.from)}:${plan.from.port}`,
      dst: `${formatIp(plan.to)}:${plan.to.port}`,
      packets: 0,
      lost: 0,
      duplicates: 0,
      reordered: 0,
      digits: plan.digits,
    };
    queue.at(startMicros, this, tick);
    const firstReport = startMicros + reportMicros - random.between(0, 1_000_000);
    if (firstReport < this.#endMicros()) queue.at(firstReport, this, report);
  }

  fire(timeMicros: number, code: number): void {
    const slot = code & slotMask;
    if (code >= report) this.#sendReport(timeMicros);
    else if (code >= arrival) this.#write(timeMicros, slot);
    else this.#tick(timeMicros, slot);
  }

  #endMicros(): number {
    return this.#startMicros + this.#slots * packetMicros;
  }

  #tick(timeMicros: number, slot: number): void {
    const next = slot + 1;
    if (next < this.#slots) {
      this.#queue.at(this.#startMicros + next * packetMicros + (this.#random.u32() & 127), this, next);
    }
    this.#sent++;
    this.#sentOctets += this.#eventSlot(slot) >= 0 ? eventPayloadBytes : samplesPerPacket;

    const { loss, jitterMicros, disorder } = this.#plan.impairment;
    const middle = slot >= quietEnds && slot < this.#slots - quietEnds;
    // The first and the last packet always arrive: a loss beyond them could not be seen by anyone.
    if (loss > 0 && middle && this.#random.chance(loss)) {
      this.truth.lost++;
      return;
    }
    let arrivesMicros = timeMicros;
    if (jitterMicros > 0) arrivesMicros += 3 * jitterMicros + Math.floor(this.#random.bell(jitterMicros));
    if (disorder > 0 && middle) {
      const draw = this.#random.unit();
      if (draw < disorder) {
        // Two packet times on: behind the next packet, and behind the one after where that is early.
        arrivesMicros += 2 * packetMicros - this.#random.between(500, 2000);
        this.truth.reordered++;
      } else if (draw < 2 * disorder) {
        this.#queue.at(arrivesMicros + this.#random.between(100, 3000), this, arrival | slot);
        this.truth.duplicates++;
      }
    }
    if (arrivesMicros === timeMicros) this.#write(timeMicros, slot);
    else this.#queue.at(arrivesMicros, this, arrival | slot);
  }

  #write(timeMicros: number, slot: number): void {
    const eventSlot = this.#eventSlot(slot);
    const isEvent = eventSlot >= 0;
    const out = this.#writer.buffer;
    const at = this.#writer.begin(this.#media, timeMicros, 12 + (isEvent ? eventPayloadBytes : samplesPerPacket));
    const marker = slot === 0 || eventSlot === 0 ? 0x80 : 0;
    out[at] = 0x80;
    out[at + 1] = marker | (isEvent ? eventPayloadType : this.#plan.payloadType);
    out.writeUInt16BE((this.#firstSequence + slot) & 0xffff, at + 2);
    // All packets of one digit carry the time the key went down (RFC 4733 section 2.1).
    const timestampSlot = isEvent ? slot - eventSlot : slot;
    out.writeUInt32BE((this.#firstTimestamp + timestampSlot * samplesPerPacket) >>> 0, at + 4);
    out.writeUInt32BE(this.ssrc, at + 8);
    if (isEvent) this.#writeEvent(at + 12, slot, eventSlot);
    else {
      const from = ((this.#voiceFirst + slot) % this.#voicePackets) * samplesPerPacket;
      this.#plan.voice.copy(out, at + 12, from, from + samplesPerPacket);
    }
    this.truth.packets++;
    if (slot > this.highestSlot) this.highestSlot = slot;
  }

  /** RFC 4733 section 2.3: event, E bit and volume, duration. The last three packets of a digit carry its end. */
  #writeEvent(at: number, slot: number, eventSlot: number): void {
    const out = this.#writer.buffer;
    const digit = this.#plan.digits[Math.floor((slot - digitFirstSlot) / digitPeriod)];
    const ends = eventSlot >= digitSlots - 3;
    out[at] = eventCodes.indexOf(digit);
    out[at + 1] = (ends ? 0x80 : 0) | 10;
    out.writeUInt16BE(Math.min(eventSlot + 1, digitSlots - 2) * samplesPerPacket, at + 2);
  }

  /** Which packet of a digit this slot is (0 … 7), or −1 where it is audio. */
  #eventSlot(slot: number): number {
    const since = slot - digitFirstSlot;
    if (since < 0 || since >= this.#plan.digits.length * digitPeriod) return -1;
    const within = since % digitPeriod;
    return within < digitSlots ? within : -1;
  }

  /** Sender report with one report block about the other direction, and a CNAME (RFC 3550 sections 6.4.1 and 6.5). */
  #sendReport(timeMicros: number): void {
    if (timeMicros + reportMicros < this.#endMicros()) this.#queue.at(timeMicros + reportMicros, this, report);
    const peer = this.peer;
    const blocks = peer ? 1 : 0;
    const reportBytes = 28 + 24 * blocks;
    const chunkBytes = (4 + 2 + this.#cname.length + 4) & ~3;
    const out = this.#writer.buffer;
    let at = this.#writer.begin(this.#control, timeMicros, reportBytes + 4 + chunkBytes);

    const seconds = Math.floor(timeMicros / 1_000_000);
    const fraction = Math.floor(((timeMicros % 1_000_000) / 1_000_000) * 0x1_0000_0000);
    const elapsedSamples = Math.floor(((timeMicros - this.#startMicros) * 8) / 1000);
    out[at] = 0x80 | blocks;
    out[at + 1] = 200;
    out.writeUInt16BE(reportBytes / 4 - 1, at + 2);
    out.writeUInt32BE(this.ssrc, at + 4);
    out.writeUInt32BE((epochSeconds + seconds + ntpOffsetSeconds) >>> 0, at + 8);
    out.writeUInt32BE(fraction >>> 0, at + 12);
    out.writeUInt32BE((this.#firstTimestamp + elapsedSamples) >>> 0, at + 16);
    out.writeUInt32BE(this.#sent, at + 20);
    out.writeUInt32BE(this.#sentOctets, at + 24);
    if (peer) this.#writeBlock(at + 28, timeMicros, peer);
    this.lastReportMicros = timeMicros;

    at += reportBytes;
    out[at] = 0x81;
    out[at + 1] = 202;
    out.writeUInt16BE(chunkBytes / 4, at + 2);
    out.writeUInt32BE(this.ssrc, at + 4);
    out[at + 8] = 1;
    out[at + 9] = this.#cname.length;
    out.fill(0, at + 10, at + 4 + chunkBytes);
    out.write(this.#cname, at + 10, 'latin1');
  }

  #writeBlock(at: number, timeMicros: number, peer: RtpSource): void {
    const out = this.#writer.buffer;
    const expectedNow = peer.highestSlot - this.#reportedSlot;
    const lostNow = peer.truth.lost - this.#reportedLost;
    const fractionLost = expectedNow > 0 ? Math.min(255, Math.floor((lostNow * 256) / expectedNow)) : 0;
    this.#reportedSlot = peer.highestSlot;
    this.#reportedLost = peer.truth.lost;
    out.writeUInt32BE(peer.ssrc, at);
    out.writeUInt32BE(((fractionLost << 24) | peer.truth.lost) >>> 0, at + 4);
    // Not cut to 16 bits: the sum counts the wraps, as the extended sequence number does.
    out.writeUInt32BE(peer.#firstSequence + peer.highestSlot, at + 8);
    out.writeUInt32BE(Math.round((peer.#plan.impairment.jitterMicros * 8 * 1.13) / 1000), at + 12);
    const heard = peer.lastReportMicros;
    const heardSeconds = (epochSeconds + Math.floor(heard / 1_000_000) + ntpOffsetSeconds) & 0xffff;
    const heardFraction = Math.floor(((heard % 1_000_000) / 1_000_000) * 0x1_0000);
    out.writeUInt32BE(heard === 0 ? 0 : heardSeconds * 0x1_0000 + heardFraction, at + 16);
    out.writeUInt32BE(heard === 0 ? 0 : Math.floor(((timeMicros - heard) / 1_000_000) * 0x1_0000), at + 20);
  }
}

function nextPort(endpoint: Endpoint): Endpoint {
  return { ip: endpoint.ip, port: endpoint.port + 1 };
}
