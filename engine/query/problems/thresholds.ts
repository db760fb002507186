/** From where on something is a problem. Each figure is one that a person may want to argue about. */

/** Lost of expected packets of a stream. Wireshark's users and most contracts draw the line at one per cent. */
export const LOSS_WARNING_PERCENT = 1;
/** PCM with concealment is hard to follow from here on (ITU-T G.113 appendix I). */
export const LOSS_ERROR_PERCENT = 5;
/** A single packet of a short stream says nothing. */
export const LOSS_LEAST_PACKETS = 2;

/** Largest interarrival jitter (RFC 3550 section 6.4.1): what jitter buffers of 40 to 60 ms still even out. */
export const JITTER_MS = 30;

/** No packet for this long although the sender's clock shows no pause. */
export const GAP_MS = 1000;

/** A call that was up for less may end before media comes. */
export const TALK_SECONDS = 2;
/** Packets that show that a side sends. */
export const MEDIA_PACKETS = 5;

/** A 2xx sent this many times more waits for an ACK that does not come; one repeat may have crossed it. */
export const ANSWER_REPEATS = 2;
/** 64 × T1 (RFC 3261 section 13.3.1.4), with room for clocks and for the last repeat. */
export const ACK_TIMEOUT_SECONDS = { from: 30, to: 40 };

/** A BYE sent this many times more, or with this much silence after it, was not answered (RFC 3261 Timers E and F). */
export const BYE_REPEATS = 2;
export const BYE_QUIET_SECONDS = 32;

/** Time for the caller to send the INVITE again with credentials. */
export const CHALLENGE_QUIET_SECONDS = 2;

/** SIP messages sent again in one call that nothing else explains. */
export const RETRANSMISSIONS = 4;

/** A digit that starts again this soon after its end was not pressed a second time. */
export const DIGIT_AGAIN_SECONDS = 0.1;

/** Of a stream that opens: the first packets of a call often come before both sides have their keys. */
export const SRTP_FAILED_PACKETS = 3;
export const SRTP_FAILED_PERCENT = 1;

/** Packets that a problem names. */
export const MOST_EVIDENCE = 20;
