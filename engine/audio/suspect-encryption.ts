import { sequenceStep, timestampStep } from '../../base/sequence.ts';
import type { PayloadBatch } from '../../media/audio/payload-batch.ts';
import { codecFor } from '../../media/codecs/index.ts';
import { EncryptionEvidence } from '../../media/srtp-suspicion.ts';
import type { Capture } from '../capture.ts';
import { Evidence, type Stream } from '../trackers/streams/stream.ts';
import { loadPayloads } from './capture-payloads.ts';
import { formatOf, rowsOfStreams } from './stream-packets.ts';

/** Enough to be sure, also at 16 kbit/s, and cheap. */
const PACKETS_LOOKED_AT = 60;
/** Beyond these, streams are looked into when somebody wants to hear them. */
const MAX_STREAMS = 300;
/**
 * Codecs whose octets follow the waveform, so that noise can be told from sound, and the octets of a timestamp unit. White noise
 * in G.722 and G.726 is still far from random octets; not so in G.726 at 40 kbit/s, and in codecs that compress.
 */
const WAVEFORM_CODECS = new Map([
  ['PCMU', 1],
  ['PCMA', 1],
  ['L16', 2],
  ['G722', 1],
  ...['G726-32', 'AAL2-G726-32', 'G721'].map((name) => [name, 0.5] as const),
  ...['G726-24', 'AAL2-G726-24'].map((name) => [name, 0.375] as const),
  ...['G726-16', 'AAL2-G726-16'].map((name) => [name, 0.25] as const),
]);
/** More payloads than this share that are none of the codec's: it is not the codec. Random ones fit Opus half the time. */
const MOST_MISFITS = 0.25;

/**
 * Looks into streams that no signalling vouches for and whose codec would be played: where their payload is noise,
 * they are encrypted (or not what their payload type says), and are marked so that they are never heard.
 */
export async function suspectEncryption(capture: Capture): Promise<void> {
  const suspects = capture.streams.streams.filter((stream) => isSuspect(stream)).slice(0, MAX_STREAMS);
  if (suspects.length === 0) return;
  const rows = rowsOfStreams(capture, suspects, PACKETS_LOOKED_AT);
  for (const [i, stream] of suspects.entries()) {
    if (await isNoise(capture, stream, rows[i])) {
      stream.encryption = {
        suite: null,
        keySource: null,
        evidence: 'payload',
        opening: null,
        keysInVain: 0,
        packetsTried: 0,
      };
    }
  }
}

function isSuspect(stream: Stream): boolean {
  if (stream.encryption !== null || stream.evidence === Evidence.Signalled) return false;
  const encoding = stream.payloads.encodings[stream.mainPayloadType];
  return encoding !== undefined && WAVEFORM_CODECS.has(encoding.name.toUpperCase());
}

/**
 * Streams that signalling says are SRTP and no key opens, though their payload is audible: they were never encrypted (or
 * the capture was decrypted before). They are plain from here on, and say so.
 */
export async function findPlainDespite(capture: Capture): Promise<void> {
  const doubtful = capture.streams.streams
    .filter((stream) => stream.isSealed && octetsOfUnit(stream) > 0)
    .slice(0, MAX_STREAMS);
  if (doubtful.length === 0) return;
  const rows = rowsOfStreams(capture, doubtful, PACKETS_LOOKED_AT);
  for (const [i, stream] of doubtful.entries()) {
    const evidence = await evidenceOf(capture, stream, rows[i]);
    if (evidence?.verdict.encrypted !== false || !evidence.isTelling) continue;
    stream.encryption = null;
    stream.isPlainDespite = true;
  }
}

/** Whether the payloads of a stream are noise, judged by its first packets. */
export async function looksEncrypted(capture: Capture, stream: Stream): Promise<boolean> {
  const [rows] = rowsOfStreams(capture, [stream], PACKETS_LOOKED_AT);
  return isNoise(capture, stream, rows);
}

async function isNoise(capture: Capture, stream: Stream, rows: Uint32Array): Promise<boolean> {
  const evidence = await evidenceOf(capture, stream, rows);
  return evidence === null ? isAnotherCodec(capture, stream, rows) : evidence.verdict.encrypted;
}

/** Whether too many of the payloads `all` break the rules of the stream's codec, as what is encrypted does. */
async function isAnotherCodec(capture: Capture, stream: Stream, all: Uint32Array): Promise<boolean> {
  const encoding = stream.payloads.encodings[stream.mainPayloadType];
  const codec = encoding === undefined ? null : codecFor(formatOf(stream, encoding));
  if (codec?.samplesOf === undefined) return false;
  const { rows, batch } = await loadMain(capture, stream, all);
  const { bytes, at, length } = batch;
  let read = 0;
  let misfits = 0;
  for (let i = 0; i < rows.length; i++) {
    if (length[i] <= 0) continue;
    read++;
    if (codec.samplesOf(bytes[i], at[i], length[i]) === 0) misfits++;
  }
  return misfits > read * MOST_MISFITS;
}

/** The rows of `all` with the stream's main payload type, and their payloads. */
async function loadMain(
  capture: Capture,
  stream: Stream,
  all: Uint32Array,
): Promise<{ rows: Uint32Array; batch: PayloadBatch }> {
  const { payloadType } = capture.streams.rtp.rows.columns;
  const rows = all.filter((row) => (payloadType.get(row) & 0x7f) === stream.mainPayloadType);
  return { rows, batch: await loadPayloads(capture, rows) };
}

/** Octets of a timestamp unit of the stream's codec, 0 where its payload does not follow the waveform. */
function octetsOfUnit(stream: Stream): number {
  return WAVEFORM_CODECS.get(stream.payloads.encodings[stream.mainPayloadType]?.name.toUpperCase() ?? '') ?? 0;
}

/** What the first payloads of a stream show; null where its codec tells nothing. */
async function evidenceOf(capture: Capture, stream: Stream, all: Uint32Array): Promise<EncryptionEvidence | null> {
  const type = stream.mainPayloadType;
  const encoding = stream.payloads.encodings[type];
  const octets = octetsOfUnit(stream);
  if (encoding === undefined || octets === 0) return null;
  const c = capture.streams.rtp.rows.columns;
  const { rows, batch } = await loadMain(capture, stream, all);
  const { bytes, at, length } = batch;
  const evidence = new EncryptionEvidence(octets * encoding.channels);
  for (let i = 0; i < rows.length; i++) {
    if (length[i] < 0) continue;
    const isNext = i > 0 && sequenceStep(c.sequence.get(rows[i - 1]), c.sequence.get(rows[i])) === 1;
    const step = isNext ? timestampStep(c.timestamp.get(rows[i - 1]), c.timestamp.get(rows[i])) : 0;
    evidence.add(bytes[i], at[i], length[i], step);
  }
  return evidence;
}
