/** Where a call stands (the words of the command's contract). */
export type CallState =
  | 'trying'
  | 'ringing'
  | 'established'
  | 'completed'
  | 'cancelled'
  | 'rejected'
  | 'failed'
  | 'timedOut'
  | 'incomplete';

/** Which side of a call: the one that sent the first INVITE, or the other. */
export type Side = 'caller' | 'callee';

/** One dialog of a call: a forked INVITE has several, told apart by the callee's tag (RFC 3261 section 12). */
export interface Dialog {
  /** Interned To tag of the callee's side. */
  readonly tag: number;
  /** The 2xx that confirmed it, else the highest status that carried the tag. */
  status: number;
  /** Either side hung up. */
  isEnded: boolean;
}

/**
 * All messages of one Call-ID. Where they set up a session it is a call; else it is a registration, a probe or another
 * exchange. Numbers named …Row are rows of the SIP table, …Frame 0-based frames, -1 where there is none.
 */
export class Call {
  readonly index: number;
  /** Interned Call-ID. */
  readonly callId: number;
  readonly firstRow: number;
  lastRow: number;
  messages = 0;
  /** Bit n is set when a message of SipMethod n was seen (requests, and responses by their CSeq). */
  methods = 0;
  /** From tag of the first request: the caller's. */
  callerTag = 0;
  /** First INVITE without a To tag. */
  inviteRow = -1;
  /** CSeq number of the newest attempt to set the call up. */
  inviteSequence = -1;
  /** CSeq number of a re-INVITE seen before any INVITE: the capture began in the middle, its answer sets nothing up. */
  reinviteSequence = -1;
  provisionalStatus = 0;
  finalStatus = 0;
  finalRow = -1;
  /** SIP row of the first 180 or higher provisional response. */
  ringRow = -1;
  answerFrame = -1;
  cancelRow = -1;
  /** The BYE that ended the call: of several confirmed dialogs, the last one's. */
  byeRow = -1;
  /** Side that sent that BYE; null where nothing tells the sides. */
  byeSide: Side | null = null;
  /** Requests other than INVITE: the final status of the newest. */
  otherStatus = 0;
  /** The response with that status. */
  otherRow = -1;
  /** null until a callee's tag is seen; usually one entry. */
  dialogs: Dialog[] | null = null;

  constructor(index: number, callId: number, firstRow: number) {
    this.index = index;
    this.callId = callId;
    this.firstRow = firstRow;
    this.lastRow = firstRow;
  }
}
