import type { PayloadNotesRow } from '../../shared/engine-api.ts';
import type { AudioFigures, AudioFinding, AudioQuality } from '../../shared/quality.ts';
import { damagedSentence, repeatingSentence } from '../audio/payload-notes.ts';
import type { Capture } from '../capture.ts';
import { findStreams } from '../query/stream-rows.ts';
import { rowsByStream } from '../trackers/streams/rows-by-stream.ts';

/** ITU-T P.56 and G.107 have speech at -26 dBov; this far off a listener turns to the volume. */
const LOW_DBOV = -40;
const HIGH_DBOV = -12;
/** A wave cut off once is heard by nobody. */
const CLIPPINGS = 5;
/** Shorter audio says nothing of who speaks. */
const SPEECH_SECONDS = 10;
/** An echo this little softer is the same sound: sent back by a test number, or played by both sides. */
const SAME_LEVEL_DB = 1;

/** What is to be told of decoded audio, with the packets nearest to it; the gravest first. */
export function audioFindings(
  capture: Capture,
  quality: AudioQuality,
  notes: readonly PayloadNotesRow[],
): AudioFinding[] {
  return [
    ...quality.oneWaySilence.map((span) => oneWay(capture, quality, span)),
    ...notes.filter(({ damaged }) => damaged > 0).map(payloadDamaged),
    ...quality.sides.flatMap((side) => noSpeech(capture, quality, side)),
    ...quality.sides.flatMap((side) => clipping(capture, quality, side)),
    ...quality.echoes.map((echo) => echoLike(capture, quality, echo)),
    ...quality.sides.flatMap((side) => unusualLevel(capture, quality, side)),
    ...notes.filter(({ repeating }) => repeating > 0).map(lossRepaired),
  ];
}

function oneWay(
  capture: Capture,
  { startTime }: AudioQuality,
  { silent, heard, at, seconds }: AudioQuality['oneWaySilence'][number],
): AudioFinding {
  const lasting = `${seconds.toFixed(seconds < 100 ? 1 : 0)} s`;
  return {
    code: 'one-way-silence',
    severity: 'warning',
    title: `One side silent for ${lasting}`,
    message: `For ${lasting} there is no sound at all from ${silent ?? 'the other side'} while ${heard} speaks, so its speaker heard nothing back.`,
    stream: silent,
    packets: packetsAt(capture, silent ?? heard, startTime + at),
  };
}

function payloadDamaged(row: PayloadNotesRow): AudioFinding {
  return {
    code: 'payload-damaged',
    severity: 'warning',
    title: `${row.damaged} of ${row.played} payloads damaged`,
    message: `${damagedSentence(row)}.`,
    stream: row.stream,
    packets: row.damagedPackets,
  };
}

function lossRepaired(row: PayloadNotesRow): AudioFinding {
  return {
    code: 'loss-repaired',
    severity: 'note',
    title: `Loss made good by ${row.repeating} packets`,
    message: `${repeatingSentence(row)}.`,
    stream: row.stream,
    packets: row.repeatingPackets,
  };
}

function noSpeech(capture: Capture, quality: AudioQuality, side: AudioFigures): AudioFinding[] {
  if (side.activeDbov !== null || side.durationSeconds < SPEECH_SECONDS) return [];
  // Told already.
  if (quality.oneWaySilence.some(({ silent }) => silent === side.stream)) return [];
  const others = quality.sides.filter(({ stream }) => stream !== side.stream);
  const isAlone = others.every(({ activeDbov }) => activeDbov === null);
  const what =
    side.meanDbov === null
      ? 'nothing but digital silence'
      : `nothing louder than noise at ${side.meanDbov.toFixed(0)} dBov`;
  return [
    {
      code: 'no-speech',
      severity: isAlone ? 'note' : 'warning',
      title: 'Packets without speech',
      message: `The packets of ${side.stream} carry ${what}, so nobody is heard on it.`,
      stream: side.stream,
      packets: packetsAt(capture, side.stream, quality.startTime),
    },
  ];
}

function clipping(
  capture: Capture,
  { startTime }: AudioQuality,
  { stream, clipping: found }: AudioFigures,
): AudioFinding[] {
  if (found.count < CLIPPINGS) return [];
  return [
    {
      code: 'clipping',
      severity: 'warning',
      title: `Clipped ${found.count} times`,
      message: `The wave of ${stream} is cut off at full scale ${found.count} times, so it sounds harsh.`,
      stream,
      packets: found.places.slice(0, 5).flatMap(({ at }) => packetsAt(capture, stream, startTime + at)),
    },
  ];
}

function echoLike(capture: Capture, quality: AudioQuality, echo: AudioQuality['echoes'][number]): AudioFinding {
  const { of, in: where, delayMs, lossDb, correlation } = echo;
  const isSame = lossDb < SAME_LEVEL_DB;
  const level = isSame ? 'as loud' : `${lossDb.toFixed(0)} dB softer`;
  const effect = isSame ? 'so it is sent back, or both sides play the same' : 'so its speaker may hear an echo';
  return {
    code: 'echo-like',
    severity: isSame ? 'note' : 'warning',
    title: `Echo-like at ${Math.round(delayMs)} ms, ${isSame ? 'no softer' : `−${lossDb.toFixed(0)} dB`}`,
    message: `What ${of} says is in ${where} again ${Math.round(delayMs)} ms later and ${level} (envelopes correlate by ${correlation.toFixed(2)}), ${effect}.`,
    stream: where,
    packets: packetsAt(capture, where, quality.startTime),
  };
}

function unusualLevel(
  capture: Capture,
  { startTime }: AudioQuality,
  { stream, activeDbov }: AudioFigures,
): AudioFinding[] {
  if (activeDbov === null || (activeDbov >= LOW_DBOV && activeDbov <= HIGH_DBOV)) return [];
  const isLow = activeDbov < LOW_DBOV;
  return [
    {
      code: isLow ? 'level-low' : 'level-high',
      severity: 'note',
      title: `Speech at ${activeDbov.toFixed(0)} dBov`,
      message: `Speech on ${stream} is at ${activeDbov.toFixed(1)} dBov where -26 is usual, so it is ${isLow ? 'hard to hear' : 'too loud'}.`,
      stream,
      packets: packetsAt(capture, stream, startTime),
    },
  ];
}

/** The packet of a stream at or after a time, else its last. */
function packetsAt(capture: Capture, id: string, time: number): number[] {
  const [stream] = findStreams(capture, id);
  if (stream === undefined) return [];
  const { frame } = capture.streams.rtp;
  const rows = rowsByStream(capture.streams).of(stream);
  const row = rows.find((each) => capture.store.frames.time(frame.get(each)) >= time) ?? rows.at(-1);
  return row === undefined ? [] : [frame.get(row) + 1];
}
