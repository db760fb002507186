// Chromium's log with --vmodule=srtp_session=1 and the field trial WebRTC-Debugging-RtpDump: packets before encryption and
// after decryption, a line each that ends in `# RTP_DUMP`; what data channels send (SCTP) ends in `# SCTP_PACKET`.
import { UnreadableCaptureError } from '../readers/unreadable-capture-error.ts';
import type { LineConverter } from './converter.ts';
import { type DumpLine, parseDumpLine } from './dump-line.ts';
import { DayClock, fractionMicroseconds, microsecondsOf, nearest, timeOf } from './log-clock.ts';
import { MediaEnds } from './made-up-headers.ts';
import type { PacketSink } from './packet-sink.ts';

/** `[8743:8770:1121/105513.838530:VERBOSE1:third_party/webrtc/pc/srtp_session.cc:549]`: process, thread, month and day, time. */
const PREFIX = /^\[(\d+):\d+:(\d\d)(\d\d)\/(\d\d)(\d\d)(\d\d)\.(\d{3,6}):[A-Z]+\d*:([^\]]*)\]/;
/** The same as ChromeOS and syslog have it: `2026-11-21T10:55:13.838530Z VERBOSE1 chrome[8743:8770]: [srtp_session.cc(549)]`. */
const ISO_PREFIX =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.(\d{3,6})(?:Z|[+-]\d\d:\d\d) [A-Z]+\d* \S+\[(\d+):\d+\]: \[([^\]]*)\]/;
const MARKER = /^# (RTP_DUMP|SCTP_PACKET)\b/;
/** A prefix stands on the line of its packet or two above. */
const PREFIX_REACH_LINES = 3;
/** The year is not in the log; the day and month have to exist in it. */
const YEAR = 1970;
const LEAP_YEAR = 1972;
const SCTP = 132;

/** Whether a line is one of Chromium's log. */
export function isChromiumPrefix(line: string): boolean {
  return PREFIX.test(line) || ISO_PREFIX.test(line);
}

/** Converts the log, whole or only the lines with the marker. */
export class ChromiumLog implements LineConverter {
  readonly format = 'chromium-rtpdump';
  private readonly sink: PacketSink;
  private readonly ends = new MediaEnds();
  private readonly clock = new DayClock();
  private process = '';
  private prefixLine = -Infinity;
  private isPrefixOfPacket = false;
  /** The last prefix's time in microseconds, NaN before the first. */
  private prefixTime = Number.NaN;
  private lastTime = Number.NaN;
  private year = YEAR;
  private isYearKnown = false;
  private lastMonth = 0;

  constructor(sink: PacketSink) {
    this.sink = sink;
  }

  line(text: string, number: number, isWhole: boolean): void {
    const isPrefixed = this.takePrefix(text, number);
    if (!isPrefixed && !/^\s*[IO] /.test(text) && !text.includes('# RTP_DUMP') && !text.includes('# SCTP_PACKET'))
      return;
    const dump = parseDumpLine(text);
    const marker = dump && MARKER.exec(dump.rest);
    if (dump && marker) this.packet(dump, marker[1] === 'SCTP_PACKET', number);
    else if (text.includes('# RTP_DUMP'))
      this.sink.damage(number, 'ends in RTP_DUMP but is not a packet as Chromium writes it');
    else if (dump && !isWhole) this.sink.note('capture-cut', `Line ${number}, the last, ends within a packet.`);
    else if (dump && dump.octets.length > 0 && !isPrefixed)
      this.sink.damage(number, 'begins like a packet but does not end like one');
  }

  end(): void {
    const { sink } = this;
    if (sink.packets === 0) {
      throw new UnreadableCaptureError(
        'This is a log of Chromium without packets: they are logged with --vmodule=srtp_session=1 --force-fieldtrials=WebRTC-Debugging-RtpDump/Enabled/.',
      );
    }
    sink.note(
      'container-addresses',
      'Chromium logs packets without addresses: 192.0.2.1 stands for the browser, 198.51.100.1 for whoever it talks to. Nor is there SDP: --codec says what payload types mean, as in --codec 111=opus/48000/2.',
    );
    if (Number.isNaN(this.prefixTime)) {
      sink.note('container-time', 'The log says times of day without a date: 1970-01-01 stands for the first day.');
    } else if (!this.isYearKnown) {
      sink.note('container-time', `The log says day and month without a year: ${YEAR} stands for it. Times are local.`);
    }
    if (this.clock.hasGuessedMinutes) {
      sink.note(
        'container-time',
        'Chromium left hours and minutes out of its times: seconds are right, pauses of a minute or more are not shown.',
      );
    }
  }

  private takePrefix(text: string, number: number): boolean {
    const first = text.charCodeAt(0);
    const short = first === 0x5b ? PREFIX.exec(text) : null;
    const iso = short === null && first >= 0x30 && first <= 0x39 ? ISO_PREFIX.exec(text) : null;
    if (short !== null) {
      const [, process, month, day, hours, minutes, seconds, fraction, file] = short;
      // December, then January: the log goes over New Year.
      if (this.lastMonth === 12 && Number(month) === 1) this.year++;
      this.lastMonth = Number(month);
      if (month === '02' && day === '29' && this.year === YEAR) this.year = LEAP_YEAR;
      const ofDay = 3600 * Number(hours) + 60 * Number(minutes) + Number(seconds);
      this.prefix(process, microsecondsOf(this.year, Number(month), Number(day), ofDay, fraction), file, number);
    } else if (iso !== null) {
      const [, year, month, day, hours, minutes, seconds, fraction, process, file] = iso;
      this.isYearKnown = true;
      const ofDay = 3600 * Number(hours) + 60 * Number(minutes) + Number(seconds);
      this.prefix(process, microsecondsOf(Number(year), Number(month), Number(day), ofDay, fraction), file, number);
    }
    return short !== null || iso !== null;
  }

  private prefix(process: string, time: number, file: string, number: number): void {
    if (Number.isNaN(time)) return;
    this.process = process;
    this.prefixTime = time;
    this.prefixLine = number;
    this.isPrefixOfPacket = /srtp_session|text_pcap_packet_observer/.test(file);
  }

  private packet(dump: DumpLine, isSctp: boolean, number: number): void {
    const time = timeOf(this.timeOf(dump, number));
    const ends = this.ends.of(this.process, dump.isOutbound);
    const isTaken = isSctp
      ? this.sink.ipPacket(time, ends, SCTP, dump.octets)
      : this.sink.datagram(time, ends, dump.octets);
    if (!isTaken) this.sink.damage(number, 'holds more than a datagram can');
  }

  /** The prefix has microseconds and the day; the packet's own text has milliseconds, and in some versions no minutes. */
  private timeOf(dump: DumpLine, number: number): number {
    const ofDay = dump.secondsOfDay * 1e6 + fractionMicroseconds(dump.fraction);
    if (Number.isNaN(this.prefixTime)) return this.clock.time(ofDay);
    const isOwn = this.isPrefixOfPacket && number - this.prefixLine <= PREFIX_REACH_LINES;
    // A line that another thread's message stands in front of, or whose own prefix was filtered away.
    const near = Math.max(this.prefixTime, Number.isNaN(this.lastTime) ? 0 : this.lastTime);
    this.lastTime = isOwn ? this.prefixTime : Math.max(0, nearest(ofDay, near));
    // A prefix is good for one packet.
    this.prefixLine = -Infinity;
    return this.lastTime;
  }
}
