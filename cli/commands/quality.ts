import { captureSpan } from '../../engine/query/capture-info.ts';
import { findStreams } from '../../engine/query/stream-rows.ts';
import { audioQuality, sidesOf } from '../../engine/quality/audio-quality.ts';
import { streamQuality } from '../../engine/quality/stream-quality.ts';
import type { Capture } from '../../engine/capture.ts';
import type { Stream } from '../../engine/trackers/streams/stream.ts';
import type { AudioFigures, AudioQuality, StreamQuality } from '../../shared/quality.ts';
import { captionOf } from '../caption.ts';
import type { Command, Session } from '../command.ts';
import { Exit, Failure } from '../failure.ts';
import { countOf, formatNumber, formatPercent, NONE } from '../format.ts';
import { safeText } from '../safe-text.ts';
import { type Column, writeTable } from '../table.ts';
import { callNamed } from './flow.ts';

/** Of more streams than this only the table is written. */
const MOST_TOLD = 20;

export const quality: Command = {
  name: 'quality',
  summary: 'how streams sounded: MOS, bursts, clocks, reported and measured, levels',
  options: ['call', 'stream', 'audio'],
  check: ({ call, streams }) =>
    call !== null && streams.length > 0 ? '--call and --stream cannot be together: a call has all its streams' : null,
  examples: [
    'earshot quality call.pcap',
    'earshot quality call.pcap --call c1 --audio',
    "earshot quality call.pcap --json | jq -r '.quality[] | select(.rating != null and .rating.value < 3.6) | .stream'",
  ],
  remarks: [
    'MOS and R are those of the E-model (ITU-T G.107; wideband G.107.1, a scale of its own, marked "w") with the published',
    'impairment factors of ITU-T G.113; a codec that is not in it has none. Lost and late packets count alike; late is what a',
    'jitter buffer of 60 ms could not play. What is assumed stands in the JSON (.quality[].rating.assumed).',
  ],
  run: async (session) => {
    const chosen = chosenStreams(session);
    const rows = chosen.map((stream) => streamQuality(session.capture, stream));
    const audio = session.options.audio ? await audioOf(session, chosen) : [];
    if (session.options.json) await session.json({ quality: rows, ...(session.options.audio ? { audio } : {}) });
    else await writeQuality(session, rows, audio);
  },
};

function chosenStreams({ capture, options }: Session): Stream[] {
  const { streams } = capture.streams;
  if (options.call !== null) {
    const { index } = callNamed(capture, options.call);
    return streams.filter(({ call }) => call === index);
  }
  if (options.streams.length === 0) return streams;
  return [...new Set(options.streams.flatMap((id) => streamsNamed(capture, id)))];
}

function streamsNamed(capture: Capture, id: string): Stream[] {
  // The number alone is understood too.
  const found = findStreams(capture, /^\d+$/.test(id) ? `s${id}` : id);
  if (found.length > 0) return found;
  throw new Failure(Exit.NotFound, `there is no stream "${id}"; "streams" lists those of the capture.`);
}

/** By call where there are calls, else by stream with the one that goes the other way; each stream once. */
async function audioOf({ capture, options, signal }: Session, chosen: readonly Stream[]): Promise<AudioQuality[]> {
  const done = new Set<Stream>();
  const list: AudioQuality[] = [];
  for (const stream of chosen) {
    if (done.has(stream)) continue;
    const isWhole = stream.call >= 0 && options.streams.length === 0;
    const sides = sidesOf(capture, isWhole ? capture.calls.entries[stream.call] : stream);
    for (const each of sides.flat()) done.add(each);
    // Of a call seen on two legs one is heard.
    for (const each of isWhole ? chosen : []) if (each.call === stream.call) done.add(each);
    done.add(stream);
    list.push(await audioQuality(capture, sides, { signal }));
  }
  return list;
}

const COLUMNS: readonly Column<StreamQuality>[] = [
  { header: 'stream', value: (row) => row.stream },
  { header: 'call', value: (row) => row.call ?? NONE, optional: true, rank: 9 },
  { header: 'codec', value: (row) => row.codec ?? NONE },
  {
    header: 'MOS',
    align: 'right',
    value: ({ rating }) =>
      rating === null ? NONE : `${rating.value.toFixed(2)}${rating.model === 'G.107.1' ? 'w' : ''}`,
    tone: ({ rating }) => (rating === null || rating.value >= 3.6 ? 'plain' : rating.value < 3.1 ? 'bad' : 'warn'),
  },
  { header: 'R', align: 'right', value: ({ rating }) => formatNumber(rating?.r ?? null, 1) },
  { header: 'lost %', align: 'right', value: ({ loss }) => formatPercent(loss.lostPercent) },
  { header: 'late %', align: 'right', value: ({ loss }) => formatPercent(loss.latePercent) },
  {
    header: 'bursts',
    align: 'right',
    value: ({ bursts }) => (bursts.bursts === 0 ? NONE : String(bursts.bursts)),
    optional: true,
  },
  {
    header: 'longest',
    align: 'right',
    value: ({ bursts }) => (bursts.longestRun === 0 ? NONE : String(bursts.longestRun)),
    optional: true,
    rank: 5,
  },
  {
    header: 'BurstR',
    align: 'right',
    value: ({ bursts }) => formatNumber(bursts.burstRatio, 2),
    optional: true,
    rank: 3,
  },
  { header: 'jitter ms', align: 'right', value: ({ jitterMs }) => formatNumber(jitterMs.mean, 2) },
  {
    header: 'reported lost',
    align: 'right',
    value: ({ reported }) => String(reported?.cumulativeLost ?? NONE),
    optional: true,
    rank: 7,
  },
  {
    header: 'jitter',
    align: 'right',
    value: ({ reported }) => formatNumber(reported?.meanJitterMs ?? null, 2),
    optional: true,
    rank: 6,
  },
  {
    header: 'RTT ms',
    align: 'right',
    value: ({ roundTrip }) => formatNumber(roundTrip.wholeMs, 1),
    optional: true,
    rank: 8,
  },
  {
    header: 'clock ppm',
    align: 'right',
    value: ({ clockSkewPpm }) => formatNumber(clockSkewPpm, 0),
    optional: true,
    rank: 2,
  },
  { header: 'ptime', align: 'right', value: ptimesOf, optional: true, rank: 4 },
  { header: 'CN %', align: 'right', value: (row) => shareOf(row.comfortNoisePercent), optional: true, rank: 1 },
  { header: 'silent %', align: 'right', value: (row) => shareOf(row.silentPercent), optional: true, rank: 1 },
];

const AUDIO_COLUMNS: readonly Column<AudioFigures>[] = [
  { header: 'stream', value: (row) => row.stream },
  { header: 'speech dBov', align: 'right', value: (row) => formatNumber(row.activeDbov, 1) },
  { header: 'mean dBov', align: 'right', value: (row) => formatNumber(row.meanDbov, 1) },
  { header: 'peak dBov', align: 'right', value: (row) => formatNumber(row.peakDbov, 1) },
  { header: 'clipped', align: 'right', value: (row) => String(row.clipping.count) },
  { header: 'silent %', align: 'right', value: (row) => formatNumber(row.silentPercent, 0) },
  { header: 'digital silence %', align: 'right', value: (row) => formatNumber(row.digitalSilencePercent, 0) },
];

async function writeQuality(
  { capture, page }: Session,
  rows: readonly StreamQuality[],
  audio: readonly AudioQuality[],
): Promise<void> {
  const about = captureSpan(capture);
  if (rows.length === 0) {
    await page.line(`There are no RTP streams in ${safeText(about.file)}.`);
    return;
  }
  await page.line(page.paint(captionOf(about), 'dim'));
  await writeTable(page, COLUMNS, rows);
  if (rows.length > MOST_TOLD) {
    await page.line(
      page.paint(`What each says: --call or --stream; ${countOf(rows.length, 'stream')} are too many here.`, 'dim'),
    );
  } else {
    for (const row of rows) await writeWords(page, row);
  }
  const sides = audio.flatMap((each) => each.sides);
  if (sides.length > 0) {
    await page.line('');
    await writeTable(page, AUDIO_COLUMNS, sides);
  }
  for (const each of audio) await writeAudioWords(page, each);
}

async function writeWords(page: Session['page'], { stream, notRatedBecause, sentences }: StreamQuality): Promise<void> {
  const words = notRatedBecause === null ? sentences : [`Not rated: ${notRatedBecause}.`, ...sentences];
  for (const sentence of words) await page.line(safeText(`${stream}: ${sentence}`));
}

async function writeAudioWords(page: Session['page'], audio: AudioQuality): Promise<void> {
  for (const { stream, reason } of audio.leftOut) await page.line(safeText(`${stream} is not heard: ${reason}.`));
  if (audio.doubleTalkPercent !== null) {
    const names = audio.sides.map(({ stream }) => stream).join(' and ');
    await page.line(
      `${names}: both speak in ${audio.doubleTalkPercent.toFixed(0)} % of the time in which somebody does.`,
    );
  }
  for (const { message } of audio.findings) await page.line(safeText(message));
}

function ptimesOf({ ptimeMs, ptimes }: StreamQuality): string {
  if (ptimeMs === null) return NONE;
  return ptimes.length < 2
    ? formatNumber(ptimeMs, 0)
    : ptimes
        .slice(0, 4)
        .map(({ ms }) => formatNumber(ms, 0))
        .join('→');
}

function shareOf(percent: number | null): string {
  return percent === null || percent < 0.05 ? NONE : percent.toFixed(1);
}
