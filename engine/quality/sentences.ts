import type { StreamQuality } from '../../shared/quality.ts';

/** A clock further off than this is told. */
const SKEW_TOLD_PPM = 100;

/** What a stream's figures say, for people; the gravest first. */
export function sentencesOf(quality: StreamQuality): string[] {
  return [
    ...lossSentences(quality),
    ...lateSentences(quality),
    ...burstSentences(quality),
    ...tripSentences(quality),
    ...clockSentences(quality),
    ...reportedSentences(quality),
  ];
}

function lossSentences({ loss, lossPlace }: StreamQuality): string[] {
  if (lossPlace === null) {
    return loss.lost === 0
      ? []
      : [`${packets(loss.lost)} of ${loss.expected} ${wereOf(loss.lost)} lost before this capture point.`];
  }
  const { before, after } = lossPlace;
  if (before === 0 && after === 0) return ['The receiver reports no loss, and none was seen here.'];
  return [`${packets(before)} ${wereOf(before)} lost before this capture point, ${after} after it.`];
}

function lateSentences({ loss }: StreamQuality): string[] {
  if (loss.late === 0) return [];
  return [`${packets(loss.late)} came too late for a jitter buffer of ${loss.bufferMs} ms.`];
}

function burstSentences({ bursts }: StreamQuality): string[] {
  if (bursts.bursts === 0 || bursts.burstDensityPercent === null) return [];
  const count = bursts.bursts === 1 ? '1 burst' : `${bursts.bursts} bursts`;
  const lasting = bursts.burstDurationMs === null ? '' : ` of ${Math.round(bursts.burstDurationMs)} ms on average`;
  const run = bursts.longestRun === 1 ? 'never two' : `up to ${bursts.longestRun}`;
  return [`Packets were missing in ${count}${lasting}, ${run} in a row.`];
}

function tripSentences({ roundTrip }: StreamQuality): string[] {
  const { afterMs, beforeMs, wholeMs } = roundTrip;
  if (wholeMs === null) return [];
  const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
  if (afterMs !== null && beforeMs !== null) {
    return [
      `A round trip takes ${ms(wholeMs)}: ${ms(beforeMs)} between sender and capture point, ${ms(afterMs)} beyond it.`,
    ];
  }
  const where = afterMs === null ? 'sender' : 'receiver';
  return [`A round trip between the capture point and the ${where} takes ${ms(wholeMs)}; the other part is not known.`];
}

function clockSentences({ clockSkewPpm }: StreamQuality): string[] {
  if (clockSkewPpm === null || Math.abs(clockSkewPpm) < SKEW_TOLD_PPM) return [];
  const side = clockSkewPpm > 0 ? 'fast' : 'slow';
  return [`The sender's clock runs ${Math.round(Math.abs(clockSkewPpm))} ppm ${side} against the capture's.`];
}

function reportedSentences({ reported, rating }: StreamQuality): string[] {
  const told = reported?.voipMetrics ?? null;
  if (told === null) return [];
  const parts = [
    ...(told.mosLq === null ? [] : [`MOS-LQ ${told.mosLq.toFixed(1)}`]),
    ...(told.mosCq === null ? [] : [`MOS-CQ ${told.mosCq.toFixed(1)}`]),
    ...(told.r === null ? [] : [`R ${told.r}`]),
  ];
  if (parts.length === 0) return [];
  const measured = rating === null ? '' : `; measured here: MOS ${rating.value.toFixed(2)}, R ${rating.r.toFixed(1)}`;
  return [`The receiver reports ${parts.join(', ')}${measured}.`];
}

function packets(count: number): string {
  return count === 1 ? '1 packet' : `${count} packets`;
}

function wereOf(count: number): string {
  return count === 1 ? 'was' : 'were';
}
