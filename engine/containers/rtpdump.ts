// The binary format of rtptools' rtpdump and rtpplay: `#!rtpplay1.0 address/port`, a header of 16 octets, then records of 8 octets
// (length, packet length, milliseconds since the start; all big-endian) and the packet. A packet length of 0 is RTCP.
import { parseIPv4 } from '../store/addresses.ts';
import type { Converter } from './converter.ts';
import { type Ends, LOCAL_ADDRESS, MediaEnds, REMOTE_ADDRESS } from './made-up-headers.ts';
import type { PacketSink } from './packet-sink.ts';

const MAGIC = '#!rtpplay1.0 ';
const MAX_FIRST_LINE_BYTES = 128;
const HEADER_BYTES = 16;
const RECORD_HEADER_BYTES = 8;

/** Whether octets begin like an rtpdump's. */
export function isRtpdumpStart(start: Uint8Array): boolean {
  return start.length >= MAGIC.length && String.fromCharCode(...start.subarray(0, MAGIC.length)) === MAGIC;
}

/** Converts an rtpdump file. */
export class Rtpdump implements Converter {
  readonly format = 'rtpdump';
  private readonly sink: PacketSink;
  private bytes = new Uint8Array(0);
  private ends: Ends | undefined;
  private startSeconds = 0;
  private startMicroseconds = 0;
  /** Octets of the file before `bytes`. */
  private passed = 0;
  private isOver = false;

  constructor(sink: PacketSink) {
    this.sink = sink;
  }

  feed(chunk: Uint8Array): void {
    if (this.isOver) return;
    const joined = new Uint8Array(this.bytes.length + chunk.length);
    joined.set(this.bytes);
    joined.set(chunk, this.bytes.length);
    this.bytes = joined;
    const view = new DataView(joined.buffer);
    let at = this.ends === undefined ? this.header(view) : 0;
    if (this.ends !== undefined) at = this.records(view, this.ends, at);
    this.passed += at;
    this.bytes = this.isOver ? new Uint8Array(0) : joined.slice(at);
  }

  end(): void {
    const left = this.bytes.length;
    if (left > 0 || (this.ends === undefined && !this.isOver)) {
      const message = `The file ends within ${this.ends === undefined ? 'its header' : 'its last record'}: ${left} octets of it are there.`;
      this.sink.note('capture-cut', message);
    }
  }

  /** Takes both headers where they are whole; gives the octets used. */
  private header(view: DataView): number {
    const lineEnd = this.bytes.indexOf(0x0a);
    if (lineEnd < 0 || lineEnd > MAX_FIRST_LINE_BYTES) {
      if (this.bytes.length > MAX_FIRST_LINE_BYTES) this.stop('its first line does not end');
      return 0;
    }
    const at = lineEnd + 1;
    if (view.byteLength - at < HEADER_BYTES) return 0;
    this.startSeconds = view.getUint32(at);
    this.startMicroseconds = view.getUint32(at + 4);
    const line = String.fromCharCode(...this.bytes.subarray(MAGIC.length, lineEnd));
    const [, address = '', port = '0'] = /^(.*)\/(\d{1,5})\s*$/.exec(line) ?? [];
    this.ends = this.endsOf(address, Number(port), view.getUint32(at + 8), view.getUint16(at + 12));
    return at + HEADER_BYTES;
  }

  /** Where packets go is in the first line, where they come from in the header; tools that do not know write zeros, or the same twice. */
  private endsOf(address: string, port: number, source: number, sourcePort: number): Ends {
    const target = Math.max(0, parseIPv4(address));
    const madeUp = new MediaEnds().of('', false);
    const isSourceSaid = source !== 0 && source !== target;
    if (target === 0 || !isSourceSaid) {
      const which = target !== 0 ? 'where packets came from' : isSourceSaid ? 'where packets went' : 'addresses';
      const standIns = [
        isSourceSaid ? '' : '198.51.100.1 stands for the sender',
        target !== 0 ? '' : '192.0.2.1 for the receiver',
      ];
      this.sink.note(
        'container-addresses',
        `The file does not say ${which}: ${standIns.filter((text) => text !== '').join(', ')}.`,
      );
    }
    return {
      sourceAddress: isSourceSaid ? source : REMOTE_ADDRESS,
      sourcePort: sourcePort !== 0 && (isSourceSaid || sourcePort !== port) ? sourcePort : madeUp.sourcePort,
      targetAddress: target === 0 ? LOCAL_ADDRESS : target,
      targetPort: port > 0 && port <= 0xffff ? port : madeUp.targetPort,
    };
  }

  private records(view: DataView, ends: Ends, from: number): number {
    let at = from;
    while (view.byteLength - at >= RECORD_HEADER_BYTES) {
      const length = view.getUint16(at);
      if (length < RECORD_HEADER_BYTES) {
        this.stop(`a record at octet ${this.passed + at} says it holds ${length} octets, fewer than its own header`);
        break;
      }
      if (view.byteLength - at < length) break;
      const captured = length - RECORD_HEADER_BYTES;
      // 0 says RTCP; else what was sent, of which the record may hold the beginning.
      const sent = Math.max(captured, view.getUint16(at + 2));
      const start = at + RECORD_HEADER_BYTES;
      const payload = this.bytes.subarray(start, start + captured);
      if (!this.sink.datagram(this.timeAt(view.getUint32(at + 4)), ends, payload, sent)) {
        this.sink.note(
          'capture-damaged',
          `A record at octet ${this.passed + at} says more was sent than a datagram can hold.`,
        );
      }
      at += length;
    }
    return at;
  }

  private timeAt(milliseconds: number): { seconds: number; nanoseconds: number } {
    const microseconds = this.startMicroseconds + milliseconds * 1000;
    const seconds = this.startSeconds + Math.floor(microseconds / 1e6);
    return { seconds: Math.min(seconds, 0xffffffff), nanoseconds: (microseconds % 1e6) * 1000 };
  }

  private stop(why: string): void {
    this.sink.note('capture-damaged', `Reading ended early: ${why}.`);
    this.isOver = true;
  }
}
