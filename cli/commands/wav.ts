import { NothingToExportError } from '../../engine/export/nothing-to-export-error.ts';
import { damagedSentence, repeatingSentence } from '../../engine/audio/payload-notes.ts';
import { exportWav, type WavResult } from '../../engine/export/wav.ts';
import type { Capture } from '../../engine/capture.ts';
import { BY_TIMESTAMP } from '../../media/audio/playout.ts';
import { parsePlayout } from '../../engine/audio/playout-mode.ts';
import { findStreams } from '../../engine/query/stream-rows.ts';
import { isStandardOutput } from '../../engine/sources/atomic-file.ts';
import type { Stream } from '../../engine/trackers/streams/stream.ts';
import type { JitterCountsRow } from '../../shared/engine-api.ts';
import type { Command, Session } from '../command.ts';
import { Exit, Failure } from '../failure.ts';
import { countOf, formatDuration, formatNumber } from '../format.ts';
import { checkOutput, outputFailure } from '../output-path.ts';
import { safeText } from '../safe-text.ts';
import { callNamed } from './flow.ts';

export const wav: Command = {
  name: 'wav',
  summary: 'the audio of a call (left: caller, right: callee) or of single streams',
  options: ['call', 'stream', 'mode', 'output'],
  required: ['output'],
  check: ({ call, streams, json, output, mode }) => {
    if (parsePlayout(mode) === null) {
      return `--mode takes file, timestamp, jitter-buffer, jitter-buffer=MS (0 to 2000) or jitter-buffer=adaptive, not "${mode}"`;
    }
    if (call !== null && streams.length > 0) {
      return '--call and --stream cannot be together: a call has all its streams';
    }
    const isMixed = json && isStandardOutput(output);
    return isMixed ? '--json needs standard output for itself: name a file with -o' : null;
  },
  examples: [
    'earshot wav call.pcap -o call.wav',
    'earshot wav call.pcap --stream s1 --stream s2 -o streams.wav',
    'earshot wav call.pcap --mode jitter-buffer=60 -o heard.wav',
    'earshot wav call.pcap -o - | play -',
  ],
  prepare: (path, options) => checkOutput(options.output, path),
  run: async (session) => {
    const result = await writeAudio(session);
    for (const { stream, reason } of result.leftOut) session.note(`stream ${stream} is left out: ${reason}.`);
    for (const row of result.payloads) {
      if (row.damaged > 0) session.note(`${damagedSentence(row)}.`);
      if (row.repeating > 0) session.note(`${repeatingSentence(row)}.`);
    }
    if (session.options.json) await session.json({ wav: [rowOf(result)] });
    else if (isStandardOutput(session.options.output)) session.note(`${sentenceOf(result, session)}.`);
    else await session.page.line(sentenceOf(result, session));
    if (!session.options.json) for (const counts of result.jitterBuffer) session.note(`${bufferSentence(counts)}.`);
  },
};

async function writeAudio({ capture, options, signal }: Session): Promise<WavResult> {
  const selection =
    options.call !== null
      ? { call: callNamed(capture, options.call) }
      : options.streams.length > 0
        ? { streams: streamsNamed(capture, options.streams) }
        : {};
  const playout = parsePlayout(options.mode) ?? BY_TIMESTAMP;
  try {
    return await exportWav(capture, { ...selection, playout, signal }, options.output);
  } catch (error) {
    if (error instanceof NothingToExportError) throw new Failure(Exit.NotFound, error.message);
    throw outputFailure(error, options.output);
  }
}

function streamsNamed(capture: Capture, ids: readonly string[]): Stream[] {
  const chosen = new Set<Stream>();
  for (const id of ids) {
    // The number alone is understood too.
    const found = findStreams(capture, /^\d+$/.test(id) ? `s${id}` : id);
    if (found.length === 0) {
      const count = capture.streams.streams.length;
      const there = count === 0 ? 'no RTP streams' : `${countOf(count, 'RTP stream')}, which "streams" lists`;
      throw new Failure(Exit.NotFound, `there is no stream "${id}": the capture has ${there}.`);
    }
    for (const stream of found) chosen.add(stream);
  }
  return [...chosen];
}

function rowOf(result: WavResult): object {
  const { path, channels, sampleRate, durationSeconds, startTime, channelStreams, leftOut } = result;
  const [left, right] = [channelStreams[0] ?? [], channelStreams[1] ?? []];
  const { mode, depthMs, jitterBuffer, payloads } = result;
  return {
    path,
    channels,
    sampleRate,
    durationSeconds,
    startTime,
    left,
    right,
    channelStreams,
    leftOut,
    mode,
    depthMs,
    jitterBuffer,
    payloads,
  };
}

function bufferSentence(counts: JitterCountsRow): string {
  const { stream, played, late, lost, concealed, adaptations, meanDelayMs, maxDelayMs } = counts;
  const heard = `${countOf(played, 'packet')} played, ${late} late, ${lost} lost, ${concealed} concealed`;
  const delay = `waiting ${formatNumber(meanDelayMs)} ms on average, ${formatNumber(maxDelayMs)} ms at most`;
  return `stream ${stream}: ${heard}, ${countOf(adaptations, 'adaptation')}, ${delay}`;
}

function sentenceOf(
  { path, channels, channelStreams, durationSeconds, sampleRate }: WavResult,
  { capture, options }: Session,
): string {
  // Of a pair of streams without signalling nobody knows who called.
  const streams = channelStreams.flat().flatMap((id) => findStreams(capture, id));
  const isOfVerto = streams.every(({ verto, fromCaller }) => verto !== null && fromCaller !== null);
  const isCall = options.streams.length === 0 && (isOfVerto || streams.some(({ call }) => call >= 0));
  const names = isCall ? ['left, caller', 'right, callee'] : channelStreams.map((_, i) => `channel ${i + 1}`);
  const heard = names.map((name, i) => `${name}: ${channelStreams[i].join(' ') || 'silence'}`);
  const format = `${formatDuration(durationSeconds)}, ${sampleRate} Hz, ${countOf(channels, 'channel')}`;
  return safeText(`${isStandardOutput(path) ? 'standard output' : path}: ${format} (${heard.join('; ')})`);
}
