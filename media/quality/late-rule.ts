/** Whether a packet came in time to be played: the listener's jitter buffer, as far as loss is concerned. */

/** The buffer that is assumed: what a telephone has that evens out usual jitter. */
export const ASSUMED_BUFFER_MS = 60;
/** A second of nothing but late packets, or of waiting beyond the depth: the buffer begins anew. */
const RESYNC_MS = 1000;
/** Captures tell nanoseconds at best. */
const ROUNDING_MS = 1e-6;

/**
 * A buffer of fixed depth, by the same rules as the fixed one of `media/jitter`: the first packet waits the depth, every other
 * is played when the sender's clock says after it, and is late where it is not there by then.
 */
export class FixedBuffer {
  private readonly depthMs: number;
  /** From sending to playing; NaN before the first packet. */
  private delayMs = Number.NaN;
  /** When the first of a run of late packets was sent. */
  private lateSinceMs = Infinity;

  constructor(depthMs = ASSUMED_BUFFER_MS) {
    this.depthMs = depthMs;
  }

  /**
   * Asked of each packet of media, in the order of arrival: `arrivalMs` on the capture's clock, `sentMs` on the sender's, each
   * from any zero of its own.
   */
  isLate(arrivalMs: number, sentMs: number): boolean {
    const waitMs = sentMs + this.delayMs - arrivalMs;
    if (waitMs >= -ROUNDING_MS && waitMs <= this.depthMs + RESYNC_MS) {
      this.lateSinceMs = Infinity;
      return false;
    }
    if (waitMs < 0) {
      this.lateSinceMs = Math.min(this.lateSinceMs, sentMs);
      if (sentMs - this.lateSinceMs < RESYNC_MS && -waitMs < TIME_BASE_CHANGE_MS) return true;
    }
    this.delayMs = arrivalMs - sentMs + this.depthMs;
    this.lateSinceMs = Infinity;
    return false;
  }
}

/** A step of delay beyond this is a new time base of the sender, not lateness. */
const TIME_BASE_CHANGE_MS = 5000;
