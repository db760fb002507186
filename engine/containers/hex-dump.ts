// Hex dumps by the conventions of text2pcap, see hex-dump-lines.ts.
import type { LineConverter } from './converter.ts';
import { Encapsulation, encapsulationOf } from './encapsulation.ts';
import { parseHexLine, radixOf } from './hex-dump-lines.ts';
import { DayClock, timeOf } from './log-clock.ts';
import { MediaEnds, sipEnds } from './made-up-headers.ts';
import { type PacketSink, type PacketTime } from './packet-sink.ts';
import { parsePreamble } from './preamble.ts';

/** As much as text2pcap takes. */
const MAX_PACKET_BYTES = 262_144;
const MAX_PREAMBLE_CHARACTERS = 4096;
/** Packets that decide what all begin with. */
const DECIDING_PACKETS = 64;
const DECIDING_BYTES = 1024 * 1024;
/** A dump may show the text of its last octets as more octets, but no longer than a line of them. */
const MAX_TAKEN_BACK = 64;
/** `Frame (60 bytes):`, and what tshark shows beside the frame: `Reassembled TCP (1234 bytes):` has the same octets again. */
const DATA = /^(\w[^(]*?) \(\d+ bytes?\):\s*$/;

const LINK_TYPES: Readonly<Record<string, number>> = { ethernet: 1, cooked: 113, ip: 101 };
const NAMES: Readonly<Record<string, string>> = { ethernet: 'Ethernet', cooked: "Linux's cooked header", ip: 'IP' };

interface DumpedPacket {
  readonly line: number;
  readonly bytes: Uint8Array;
  readonly time: PacketTime;
  readonly isOutbound: boolean;
}

/** Converts a dump of any number of packets. */
export class HexDump implements LineConverter {
  readonly format = 'text2pcap';
  private readonly sink: PacketSink;
  private readonly ends = new MediaEnds();
  private readonly clock = new DayClock();
  private packet = new Uint8Array(4096);
  private length = 0;
  /** Line the packet began on, 0 outside of one. */
  private startLine = 0;
  private preamble = '';
  /** Preamble of the packet under way. */
  private packetPreamble = '';
  private isSkipping = false;
  private radix = 0;
  private waiting: DumpedPacket[] | undefined = [];
  private waitingBytes = 0;
  private linkType = 0;
  private last = -1;
  private lastNanoseconds = 0;
  private timed = 0;
  private dated = 0;
  private total = 0;

  constructor(sink: PacketSink) {
    this.sink = sink;
  }

  line(text: string, number: number): void {
    if (/^\s*#/.test(text)) return;
    const hex = parseHexLine(text);
    if (hex === undefined) {
      const data = DATA.exec(text);
      if (data !== null) {
        this.finishPacket();
        this.isSkipping = data[1] !== 'Frame' && data[1] !== 'Packet';
      }
      this.preamble = (this.preamble + text + '\n').slice(0, MAX_PREAMBLE_CHARACTERS);
      return;
    }
    if (/^0+$/.test(hex.offset)) this.begin(number, hex.before);
    else if (this.startLine === 0 || !this.fits(hex.offset, number)) return;
    this.append(hex.octets, number);
  }

  end(): void {
    this.finishPacket();
    this.decide();
    if (this.total === 0 || this.dated === this.total) return;
    const message =
      this.timed === 0
        ? 'The dump has no times: packets follow one another by a microsecond from 1970-01-01 on.'
        : 'Not every packet has a date: 1970-01-01 stands for it, and the time before and a microsecond for a missing time.';
    this.sink.note('container-time', message);
  }

  private begin(number: number, before: string): void {
    const isNext = this.startLine !== 0;
    this.finishPacket();
    // Behind what is shown beside a frame the next frame begins without a word.
    if (isNext) this.isSkipping = false;
    this.startLine = number;
    this.length = 0;
    this.packetPreamble = `${this.preamble}${before}`;
    this.preamble = '';
  }

  /** Whether a further line goes on where the packet stands; takes back octets that were characters, gives up where a line is missing. */
  private fits(digits: string, number: number): boolean {
    if (this.radix === 0) this.radix = radixOf(digits, this.length) ?? 0;
    const offset = Number.parseInt(digits, this.radix || 16);
    if (offset === this.length) return true;
    if (offset < this.length && this.length - offset <= MAX_TAKEN_BACK) {
      this.length = offset;
      return true;
    }
    this.sink.damage(
      number,
      `says offset ${digits}, but its packet stands at ${this.length.toString(this.radix || 16)}; the rest of that packet was left out`,
    );
    this.finishPacket();
    return false;
  }

  private append(octets: Uint8Array, number: number): void {
    const length = this.length + octets.length;
    if (length > MAX_PACKET_BYTES) {
      this.sink.damage(number, `makes its packet longer than ${MAX_PACKET_BYTES} octets; the rest of it was left out`);
      this.finishPacket();
      return;
    }
    if (length > this.packet.length) {
      const larger = new Uint8Array(2 * length);
      larger.set(this.packet.subarray(0, this.length));
      this.packet = larger;
    }
    this.packet.set(octets, this.length);
    this.length = length;
  }

  private finishPacket(): void {
    const line = this.startLine;
    this.startLine = 0;
    if (line === 0 || this.length === 0 || this.isSkipping) return;
    const { isOutbound, ...said } = parsePreamble(this.packetPreamble);
    this.total++;
    const packet = { line, time: this.timeOf(said), isOutbound: isOutbound ?? true };
    if (this.waiting === undefined) {
      this.write({ ...packet, bytes: this.packet.subarray(0, this.length) });
      return;
    }
    this.waiting.push({ ...packet, bytes: this.packet.slice(0, this.length) });
    this.waitingBytes += this.length;
    if (this.waiting.length >= DECIDING_PACKETS || this.waitingBytes >= DECIDING_BYTES) this.decide();
  }

  /** The time a preamble says; without one a microsecond after the packet before, as text2pcap has it. */
  private timeOf(said: { microseconds: number | null; isDated: boolean; nanoseconds: number }): PacketTime {
    if (said.microseconds === null) {
      this.last++;
    } else {
      this.timed++;
      if (said.isDated) this.dated++;
      this.last = said.isDated ? said.microseconds : this.clock.time(said.microseconds);
      this.lastNanoseconds = said.nanoseconds;
    }
    const { seconds, nanoseconds } = timeOf(this.last);
    return { seconds, nanoseconds: nanoseconds + this.lastNanoseconds };
  }

  /** Settles what the packets begin with, and lets go of those that waited for it. */
  private decide(): void {
    const { waiting } = this;
    if (waiting === undefined || waiting.length === 0) return;
    this.waiting = undefined;
    const counts = new Map<Encapsulation, number>();
    for (const { bytes } of waiting) {
      const found = encapsulationOf(bytes);
      if (found !== undefined) counts.set(found, (counts.get(found) ?? 0) + 1);
    }
    const [most, count] = [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best), ['', 0]);
    const payloads = (counts.get(Encapsulation.Sip) ?? 0) + (counts.get(Encapsulation.Media) ?? 0);
    const of = waiting.length === 1 ? '1' : `the first ${waiting.length}`;
    if (most !== '' && payloads < count) {
      this.linkType = LINK_TYPES[most];
      this.sink.note(
        'container-encapsulation',
        `The packets of the dump were taken for ${NAMES[most]}: ${count} of ${of} read as such.`,
      );
    } else if (payloads > 0) {
      const message = `The packets of the dump were taken for what UDP carried (SIP, RTP and the like): ${payloads} of ${of} read as such.`;
      this.sink.note('container-encapsulation', message);
      this.sink.note(
        'container-addresses',
        'Addresses and ports are made up: 192.0.2.1 stands for the sender of what is outbound, 198.51.100.1 for the other end.',
      );
    } else {
      this.linkType = LINK_TYPES.ethernet;
      this.sink.note(
        'container-encapsulation',
        `Nothing in the dump's packets tells what they begin with; they were taken for Ethernet.`,
      );
    }
    for (const packet of waiting) this.write(packet);
  }

  private write({ line, bytes, time, isOutbound }: DumpedPacket): void {
    if (this.linkType !== 0) {
      this.sink.frame(this.linkType, time, bytes);
      return;
    }
    const ends = encapsulationOf(bytes) === Encapsulation.Sip ? sipEnds(isOutbound) : this.ends.of('', isOutbound);
    if (!this.sink.datagram(time, ends, bytes))
      this.sink.damage(line, 'begins a packet that is longer than a datagram can be');
  }
}
