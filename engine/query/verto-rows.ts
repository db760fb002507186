import type { VertoCallRow } from '../../shared/api.ts';
import type { Capture } from '../capture.ts';
import type { VertoCall } from '../trackers/verto/verto-call.ts';

/** Calls of Verto in order of their first message. */
export function vertoCallRows(capture: Capture): VertoCallRow[] {
  return capture.verto.calls.map((call) => vertoCallRow(capture, call));
}

export function vertoCallRow({ store: { frames }, verto }: Capture, call: VertoCall): VertoCallRow {
  const { callId, callerNumber, callerName, calleeNumber, state, cause, answerFrame, byeFrame } = call;
  const timeOf = (frame: number): number | null => (frame < 0 ? null : frames.time(frame));
  const isAnswered = answerFrame >= 0;
  return {
    callId,
    from: callerNumber || null,
    fromName: callerName || null,
    to: calleeNumber || null,
    state,
    cause: cause || null,
    startTime: frames.time(call.firstFrame),
    answerTime: timeOf(answerFrame),
    endTime: timeOf(byeFrame),
    durationSeconds: isAnswered && byeFrame >= 0 ? frames.secondsBetween(answerFrame, byeFrame) : null,
    endedBy: byeFrame < 0 ? null : call.sideOf(call.byeFlow),
    packets: call.rows.map((row) => (verto.verto?.frame.get(row) ?? 0) + 1),
  };
}
