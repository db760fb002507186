/**
 * The figures Wireshark 4.0 shows for a stream, by its own arithmetic, so that two people who look at the same
 * capture with the two programs read the same numbers. Where it differs from RFC 3550 it is kept different on
 * purpose; RFC 3550's figures are in stream-figures.ts. Established by comparing with `tshark -q -z rtp,streams`:
 *
 * - Times are in milliseconds; a clock rate is divided by 1000 as an integer (44100 Hz counts as 44).
 * - Payload types below 96 use the static table; above, a rate is known only from signalling; telephone-events and
 *   unknown payload types take no part in jitter.
 * - A packet is in sequence while its timestamp lies less than 2^31 past the first packet's.
 * - Jitter is J = (15 J + |D|) / 16 over all packets in sequence; its mean and maximum leave out marked packets,
 *   comfort noise, the packet after it, and packets out of sequence. The mean divides by the packets so far.
 * - Expected counts from the first packet's number to the last one seen, cycles by number below the first; lost is
 *   expected less all packets, so duplicates can make it negative.
 */
const COMFORT_NOISE = 13;
const COMFORT_NOISE_OLD = 19;
const HALF_RANGE = 0x80000000;

export class WiresharkFigures {
  /** Time of the packet that `take` takes. */
  nowMs = 0;
  maxDeltaMs = 0;
  maxJitterMs = 0;
  meanJitterMs = 0;
  private packets = 0;
  private startSequence = 0;
  private stopSequence = 0;
  private cycles = 0;
  private underStart = false;
  private firstTimestamp = 0;
  private lastTimeMs = 0;
  private lastNominalMs = 0;
  private lastPayloadType = 0;
  private deltaMs = 0;
  private jitterMs = 0;

  /**
   * The next packet in capture order. `timeMs` counts from the capture's first frame; `clockRate` is 0 where the
   * payload type has none or is a telephone-event.
   */
  add(
    timeMs: number,
    sequence: number,
    timestamp: number,
    payloadType: number,
    marker: boolean,
    clockRate: number,
  ): void {
    this.nowMs = timeMs;
    this.take(sequence, timestamp | 0, payloadType, marker, clockRate);
  }

  /** As `add`, with the time in `nowMs` and the timestamp as signed 32 bits (see StreamFigures.take). */
  take(sequence: number, timestamp: number, payloadType: number, marker: boolean, clockRate: number): void {
    const timeMs = this.nowMs;
    if (this.packets === 0) {
      this.startSequence = this.stopSequence = sequence;
      this.firstTimestamp = timestamp;
      this.lastTimeMs = timeMs;
      this.lastPayloadType = payloadType;
      this.packets = 1;
      return;
    }
    const inSequence = (timestamp - this.firstTimestamp) >>> 0 < HALF_RANGE;
    if (inSequence) this.countCycles(sequence);

    const isNoise = payloadType === COMFORT_NOISE || payloadType === COMFORT_NOISE_OLD;
    const afterNoise = this.lastPayloadType === COMFORT_NOISE || this.lastPayloadType === COMFORT_NOISE_OLD;
    this.lastPayloadType = payloadType;

    if (inSequence) {
      this.deltaMs = timeMs - this.lastTimeMs;
      if (clockRate >= 1000) {
        const elapsed = (timestamp - this.firstTimestamp) >>> 0;
        const nominalMs = elapsed / Math.trunc(clockRate / 1000);
        const difference = Math.abs(this.deltaMs - (nominalMs - this.lastNominalMs));
        this.jitterMs = (15 * this.jitterMs + difference) / 16;
        this.lastNominalMs = nominalMs;
      }
      if (!marker && !isNoise && !afterNoise) this.settle(clockRate);
      this.lastTimeMs = timeMs;
    }
    this.stopSequence = sequence;
    this.packets++;
  }

  get lost(): number {
    return this.expected - this.packets;
  }

  get expected(): number {
    return this.stopSequence + this.cycles * 0x10000 - this.startSequence + 1;
  }

  private settle(clockRate: number): void {
    if (this.deltaMs > this.maxDeltaMs) this.maxDeltaMs = this.deltaMs;
    if (clockRate < 1000) return;
    if (this.jitterMs > this.maxJitterMs) this.maxJitterMs = this.jitterMs;
    this.meanJitterMs = (this.meanJitterMs * (this.packets - 1) + this.jitterMs) / this.packets;
  }

  private countCycles(sequence: number): void {
    if (sequence < this.startSequence && !this.underStart) {
      this.cycles++;
      this.underStart = true;
    } else if (sequence === 0 && this.stopSequence === 65535 && !this.underStart) {
      this.cycles++;
      this.underStart = true;
    } else if (sequence > this.startSequence && this.underStart) {
      this.underStart = false;
    }
  }
}
