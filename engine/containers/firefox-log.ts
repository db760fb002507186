// Firefox's log with MOZ_LOG=timestamp,RtpLogger:5: packets before encryption and after decryption, a line each:
//   2026-11-21 10:55:13.848461 UTC - [Child 8484: Socket Thread]: D/RtpLogger {…}| Receive audio RTCP_PACKET|>> I 10:55:13.848442  000000 af cd …
// Versions before 2019 wrote `RTCP_PACKET {…}| Receive audio` behind the octets.
import { UnreadableCaptureError } from '../readers/unreadable-capture-error.ts';
import type { LineConverter } from './converter.ts';
import { type DumpLine, parseDumpLine } from './dump-line.ts';
import { DayClock, microsecondsOf, nearest, timeOf } from './log-clock.ts';
import { MediaEnds } from './made-up-headers.ts';
import type { PacketSink } from './packet-sink.ts';

const KIND = /\bRTC?P_PACKET\b/;
/** With the option `timestamp`. */
const DATE = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{1,9}) UTC/;
/** Which connection a packet belongs to, as Firefox names it. */
const CONNECTION = /\{?([0-9a-f-]{16,36})\}?\|/;
/** `[Child 8484: Socket Thread]: D/RtpLogger`, of any module. */
const LOGGED = /\[\w+ \d+: [^\]]*\]: [A-Z]\/\w+ /;
/** The packet's own time is at most so far from that of its line; Windows has milliseconds only, which read as microseconds are further. */
const MAX_APART_MICROSECONDS = 50_000;
/** How far into a second the coarse clock still shows the one before. */
const MAX_LATE_MICROSECONDS = 20_000;

/** Whether a line is one of a log of Firefox, of packets or not. */
export function isFirefoxLine(line: string): boolean {
  return LOGGED.test(line.slice(0, 200));
}

/** Converts the log, whole or only the lines with packets. */
export class FirefoxLog implements LineConverter {
  readonly format = 'firefox-rtplogger';
  private readonly sink: PacketSink;
  private readonly ends = new MediaEnds();
  private readonly clock = new DayClock();
  private isDateMissing = false;
  private last = 0;

  constructor(sink: PacketSink) {
    this.sink = sink;
  }

  line(text: string, number: number, isWhole: boolean): void {
    if (!text.includes('P_PACKET')) return;
    const kind = KIND.exec(text);
    if (kind === null) return;
    const dump = parseDumpLine(text);
    if (dump === undefined || dump.octets.length === 0) {
      if (isWhole) this.sink.damage(number, 'names a packet but holds none as Firefox writes it');
      else this.sink.note('capture-cut', `Line ${number}, the last, ends within a packet.`);
      return;
    }
    const isKindBehind = kind.index > dump.at;
    // Nothing marks the end of a line but its line feed.
    if (!isWhole && !isKindBehind) {
      this.sink.note('capture-cut', `Line ${number}, the last, ends within a packet.`);
      return;
    }
    if (isKindBehind ? !KIND.test(dump.rest.slice(0, 12)) : dump.rest !== '') {
      this.sink.damage(number, `has something else than octets in its packet: "${dump.rest.slice(0, 20)}"`);
      return;
    }
    const connection = CONNECTION.exec(isKindBehind ? dump.rest : text.slice(0, dump.at))?.[1] ?? '';
    const time = timeOf(this.timeOf(text, dump));
    if (!this.sink.datagram(time, this.ends.of(connection, dump.isOutbound), dump.octets))
      this.sink.damage(number, 'holds more than a datagram can');
  }

  end(): void {
    const { sink } = this;
    if (sink.packets === 0) {
      throw new UnreadableCaptureError(
        'This is a log of Firefox without packets: they are logged with MOZ_LOG=timestamp,RtpLogger:5.',
      );
    }
    sink.note(
      'container-addresses',
      'Firefox logs packets without addresses: 192.0.2.1 stands for the browser, 198.51.100.1 for whoever it talks to. Nor is there SDP: --codec says what payload types mean, as in --codec 111=opus/48000/2.',
    );
    if (this.isDateMissing)
      sink.note('container-time', 'The log says times of day without a date: 1970-01-01 stands for the first day.');
  }

  /**
   * Firefox writes the microseconds as a plain number (.1333 is 1,333 of them), behind seconds of a coarser clock, which may
   * be late by one. Where the line has a time stamp of its own, that says the rest.
   */
  private timeOf(text: string, dump: DumpLine): number {
    const day = DATE.exec(text);
    const plain = Math.min(999_999, Number(dump.fraction));
    const ofDay =
      day && microsecondsOf(+day[1], +day[2], +day[3], 3600 * +day[4] + 60 * +day[5] + Number(day[6]), day[7]);
    if (ofDay !== null && !Number.isNaN(ofDay)) {
      const time = nearest(plain, ofDay, 1e6);
      return Math.abs(time - ofDay) > MAX_APART_MICROSECONDS ? ofDay : Math.max(0, time);
    }
    this.isDateMissing = true;
    const time = this.clock.time(dump.secondsOfDay * 1e6 + plain);
    const isSecondLate = plain < MAX_LATE_MICROSECONDS && time < this.last - 5e5;
    this.last = isSecondLate ? time + 1e6 : time;
    return this.last;
  }
}
