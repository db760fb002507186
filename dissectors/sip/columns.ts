/**
 * What the hot pass keeps of a SIP message. A row costs some 75 octets; texts are interned, so what repeats from
 * message to message (users, phrases, devices) is kept once.
 *
 * Texts are header field values as octets, without the white space around them; line folds in them have become one
 * space. Where a header occurs several times, the first is taken.
 *
 * - `method` of a request (see SIP_METHODS; 0 for a response and for an extension method); `status` of a response,
 *   0 for a request, 65535 where the status code cannot be read. So `status === 0` tells requests.
 * - `cseq`, `cseqMethod`: the CSeq header.
 * - `callId`, `fromTag`, `toTag`; `branch` is a hash of the topmost Via's (`octetsHash`), 0 for none: branches are only
 *   ever compared, within one Call-ID, and there are several new ones in every call.
 * - `from`, `to`: the values for `parseNameAddr`, of the first message of a Call-ID and of INVITE and REGISTER: in
 *   the others they only repeat. The `tag` parameter is left off where it comes last, as it nearly always does: it has
 *   its own column, and without it the value is the same in every call of that user.
 * - `contact` (the first Contact header, which may hold several values) and `userAgent` (User-Agent or Server), of
 *   INVITE and REGISTER and of 2xx responses.
 * - `requestUri` of requests; `reason`, the reason phrase, of responses.
 * - `flags`: see SipFlag.
 * - `expires`: the Expires header plus 1, 0 for none. `rseq`: the RSeq header, 0 for none.
 * - `reasonHeader`, `referTo`, `replaces`, `event`: the headers Reason, Refer-To, Replaces and Event.
 */
export const SIP_COLUMNS = {
  method: 'u8',
  status: 'u16',
  cseq: 'u32',
  cseqMethod: 'u8',
  callId: 'text',
  fromTag: 'text',
  toTag: 'text',
  branch: 'u32',
  from: 'text',
  to: 'text',
  requestUri: 'text',
  reason: 'text',
  contact: 'text',
  userAgent: 'text',
  flags: 'u8',
  expires: 'u32',
  rseq: 'u32',
  reasonHeader: 'text',
  referTo: 'text',
  replaces: 'text',
  event: 'text',
} as const;
export type SipColumns = typeof SIP_COLUMNS;

/** Bits of the `flags` column. */
export const SipFlag = {
  /** A session description is in the body, or in a part of it. */
  sdp: 1,
  /** There is a body, or a part of one, that is something else. */
  otherBody: 2,
  /** The message is damaged or the capture holds only part of it. */
  damaged: 4,
  /** Authorization or Proxy-Authorization is there. */
  authorization: 8,
  /** A Route header is there. */
  route: 16,
} as const;

/** `status` of a response whose status code cannot be read. */
export const UNREADABLE_STATUS = 0xffff;
