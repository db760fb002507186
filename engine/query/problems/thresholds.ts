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
/** What receivers have to take for a digit (ITU-T Q.24). */
export const DIGIT_SHORT_MS = 40;
/** Audio packets inside an event: one may lie across its beginning. */
export const DIGIT_VOICE_PACKETS = 2;

/** Of a stream that opens: the first packets of a call often come before both sides have their keys. */
export const SRTP_FAILED_PACKETS = 3;
export const SRTP_FAILED_PERCENT = 1;

/** MOS-CQE below which many users, and nearly all of them, are dissatisfied (ITU-T G.107 table B.1). */
export const MOS_WARNING = 3.6;
export const MOS_ERROR = 3.1;
/** An opinion of less is of a hiccup. */
export const MOS_SECONDS = 5;

/** Packets missing in a row, and what they last: a syllable (ITU-T G.113 appendix III). */
export const BURST_PACKETS = 3;
export const BURST_MS = 100;

/** Packets too late for a usual jitter buffer, of those expected. */
export const LATE_PERCENT = 1;
export const LATE_LEAST_PACKETS = 10;

/** Crystals are good for 50 ppm each; what is less than half a minute long tells little. */
export const SKEW_PPM = 100;
export const SKEW_WARNING_PPM = 500;
export const SKEW_SECONDS = 30;

/** Packets that a problem names. */
export const MOST_EVIDENCE = 20;
