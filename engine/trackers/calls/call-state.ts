import type { Call, CallState } from './call.ts';

/** Timer B and Timer F: 64 × T1 (RFC 3261 section 17.1): after this an unanswered request has failed. */
export const TRANSACTION_TIMEOUT_SECONDS = 32;

/**
 * An INVITE is sent for the last time 63 × T1 = 31.5 s after the first (RFC 3261 section 17.1.1.2). That is often the
 * last packet of the capture of a call nobody answers; the half second leaves room for the sender's clock.
 */
const LAST_INVITE_SECONDS = 31;

/**
 * The state of a call from what its messages came to. `quietSeconds` is how long the capture goes on after the call's
 * first message: silence means something only where there was time for an answer.
 */
export function callState(call: Call, quietSeconds: number): CallState {
  if (call.answerFrame >= 0) return call.byeRow >= 0 ? 'completed' : 'established';
  if (call.inviteRow < 0) return 'incomplete';
  if (call.finalStatus >= 300) {
    if (call.finalStatus === 487 || (call.cancelRow >= 0 && call.finalStatus !== 408)) return 'cancelled';
    if (call.finalStatus === 408) return 'timedOut';
    return call.finalStatus >= 500 && call.finalStatus < 600 ? 'failed' : 'rejected';
  }
  if (call.cancelRow >= 0) return 'cancelled';
  if (call.provisionalStatus >= 180) return 'ringing';
  if (call.provisionalStatus === 0 && quietSeconds >= LAST_INVITE_SECONDS) return 'timedOut';
  return 'trying';
}

/** The state of an exchange that is no call: a registration, a subscription, an OPTIONS probe. */
export function exchangeState(entry: Call, quietSeconds: number): CallState {
  if (entry.otherStatus === 0) return quietSeconds >= TRANSACTION_TIMEOUT_SECONDS ? 'timedOut' : 'trying';
  if (entry.otherStatus < 300) return 'completed';
  if (entry.otherStatus === 408) return 'timedOut';
  return entry.otherStatus >= 500 && entry.otherStatus < 600 ? 'failed' : 'rejected';
}
