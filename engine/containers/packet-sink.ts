import {
  PCAP_FILE_HEADER_BYTES,
  PCAP_RECORD_HEADER_BYTES,
  pcapFileHeader,
  putPcapRecordHeader,
} from '../export/pcap-writer.ts';
import { IssueList } from '../readers/issue-list.ts';
import { putIpHeader, putUdpHeader, type Ends, IP_HEADER_BYTES, UDP_HEADER_BYTES } from './made-up-headers.ts';

const FIRST_BYTES = 64 * 1024;
const UDP = 17;
/** What an IPv4 header can say. */
const MAX_IP_BYTES = 0xffff;
const MAX_FRAME_BYTES = 262_144;
/** IP without anything in front. */
export const LINKTYPE_RAW = 101;

/** When a packet was seen: whole seconds since the epoch, and nanoseconds. */
export interface PacketTime {
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** Gathers packets as the octets of a pcap (nanoseconds, little-endian), to be taken away piece by piece. */
export class PacketSink {
  /** Packets so far. */
  packets = 0;
  private readonly issueList = new IssueList();
  readonly issues = this.issueList.all;
  private bytes = new Uint8Array(FIRST_BYTES);
  private view = new DataView(this.bytes.buffer);
  private length = 0;
  /** Octets taken away already. */
  private taken = 0;
  private hasHeader = false;

  /** A frame as it was. `linkType` counts with the first frame; all are of one. */
  frame(linkType: number, time: PacketTime, frame: Uint8Array, wireLength = frame.length): void {
    const at = this.record(linkType, time, frame.length, wireLength);
    this.bytes.set(frame, at);
  }

  /** What UDP carried, behind headers made up; false where it is too long for them. */
  datagram(time: PacketTime, ends: Ends, payload: Uint8Array, wireLength = payload.length): boolean {
    const wire = IP_HEADER_BYTES + UDP_HEADER_BYTES + wireLength;
    if (wire > MAX_IP_BYTES) return false;
    const headers = IP_HEADER_BYTES + UDP_HEADER_BYTES;
    const at = this.record(LINKTYPE_RAW, time, headers + payload.length, wire);
    putIpHeader(this.view, at, ends, UDP, wire);
    putUdpHeader(this.view, at + IP_HEADER_BYTES, ends, UDP_HEADER_BYTES + wireLength);
    this.bytes.set(payload, at + headers);
    return true;
  }

  /** What IP carried, behind a header made up; false where it is too long for it. */
  ipPacket(time: PacketTime, ends: Ends, protocol: number, payload: Uint8Array): boolean {
    const wire = IP_HEADER_BYTES + payload.length;
    if (wire > MAX_IP_BYTES) return false;
    const at = this.record(LINKTYPE_RAW, time, wire, wire);
    putIpHeader(this.view, at, ends, protocol, wire);
    this.bytes.set(payload, at + IP_HEADER_BYTES);
    return true;
  }

  /** A line that is not as it should be; `what` goes on after its number. */
  damage(line: number, what: string): void {
    this.note('capture-damaged', `Line ${line} ${what}.`);
  }

  /** Anything else a person should know of how the packets came about. */
  note(code: string, message: string): void {
    this.issueList.add(code, message, this.taken + this.length);
  }

  /** The octets gathered since the last call, or undefined. */
  take(): Uint8Array | undefined {
    if (this.length === 0) return undefined;
    const bytes = this.bytes.slice(0, this.length);
    this.taken += this.length;
    this.length = 0;
    return bytes;
  }

  /** Nothing follows: without a packet it is a pcap all the same. */
  end(): void {
    this.header(LINKTYPE_RAW);
  }

  private header(linkType: number): void {
    if (this.hasHeader) return;
    this.makeRoom(PCAP_FILE_HEADER_BYTES);
    this.bytes.set(pcapFileHeader(linkType, MAX_FRAME_BYTES), this.length);
    this.length += PCAP_FILE_HEADER_BYTES;
    this.hasHeader = true;
  }

  /** Writes the record header; gives where the frame goes. */
  private record(linkType: number, time: PacketTime, capturedLength: number, wireLength: number): number {
    this.header(linkType);
    this.makeRoom(PCAP_RECORD_HEADER_BYTES + capturedLength);
    putPcapRecordHeader(this.view, this.length, time.seconds, time.nanoseconds, capturedLength, wireLength);
    const at = this.length + PCAP_RECORD_HEADER_BYTES;
    this.length = at + capturedLength;
    this.packets++;
    return at;
  }

  private makeRoom(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = new Uint8Array(2 * (this.length + more));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }
}
