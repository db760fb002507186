import type { CallState, Side } from '../calls/call.ts';

/** Why calls end that were never answered (ITU-T Q.850 as FreeSWITCH names it), and what that makes of the call. */
const UNANSWERED: ReadonlyMap<string, CallState> = new Map([
  ['ORIGINATOR_CANCEL', 'cancelled'],
  ['NORMAL_CLEARING', 'cancelled'],
  ['LOSE_RACE', 'cancelled'],
  ['PICKED_OFF', 'cancelled'],
  ['NO_ANSWER', 'timedOut'],
  ['NO_USER_RESPONSE', 'timedOut'],
  ['ALLOTTED_TIMEOUT', 'timedOut'],
  ['USER_BUSY', 'rejected'],
  ['CALL_REJECTED', 'rejected'],
  ['USER_NOT_REGISTERED', 'rejected'],
  ['UNALLOCATED_NUMBER', 'rejected'],
]);

/** All messages with one callID. Numbers named …Row are rows of the Verto table, …Frame 0-based frames, -1 for none. */
export class VertoCall {
  readonly index: number;
  readonly callId: string;
  readonly firstFrame: number;
  /** Flow that the caller sends on: that of the invite, else 0. */
  callerFlow = 0;
  callerNumber = '';
  callerName = '';
  calleeNumber = '';
  inviteFrame = -1;
  ringFrame = -1;
  answerFrame = -1;
  byeFrame = -1;
  byeFlow = 0;
  /** Of the bye, or of what the invite was refused with. */
  cause = '';
  isRefused = false;
  readonly rows: number[] = [];

  constructor(index: number, callId: string, firstFrame: number) {
    this.index = index;
    this.callId = callId;
    this.firstFrame = firstFrame;
  }

  /** Who sends on a flow; null where the capture does not show who called. */
  sideOf(flow: number): Side | null {
    if (this.callerFlow === 0) return null;
    return flow === this.callerFlow ? 'caller' : 'callee';
  }

  get state(): CallState {
    if (this.answerFrame >= 0) return this.byeFrame >= 0 ? 'completed' : 'established';
    if (this.inviteFrame < 0) return 'incomplete';
    if (this.isRefused) return 'failed';
    if (this.byeFrame >= 0) return UNANSWERED.get(this.cause) ?? 'failed';
    return this.ringFrame >= 0 ? 'ringing' : 'trying';
  }
}
