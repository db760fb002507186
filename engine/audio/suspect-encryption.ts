import { sequenceStep, timestampStep } from '../../base/sequence.ts';
import { EncryptionEvidence } from '../../media/srtp-suspicion.ts';
import type { Capture } from '../capture.ts';
import { Evidence, type Stream } from '../trackers/streams/stream.ts';
import { CapturePayloads, rowsOfStreams } from './stream-packets.ts';

/** Enough to be sure, and cheap. */
const PACKETS_LOOKED_AT = 40;
/** Beyond these, streams are looked into when somebody wants to hear them. */
const MAX_STREAMS = 300;
/** Codecs whose payload is the waveform itself: only there can noise be told from sound. */
const WAVEFORM_CODECS = new Map([
  ['PCMU', 1],
  ['PCMA', 1],
  ['L16', 2],
]);

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
    .filter((stream) => stream.isSealed && octetsOfSample(stream) > 0)
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
  return (await evidenceOf(capture, stream, rows))?.verdict.encrypted ?? false;
}

/** Octets of a sample of the stream's codec, 0 where its payload is not the waveform. */
function octetsOfSample(stream: Stream): number {
  return WAVEFORM_CODECS.get(stream.payloads.encodings[stream.mainPayloadType]?.name.toUpperCase() ?? '') ?? 0;
}

/** What the first payloads of a stream show; null where its codec tells nothing. */
async function evidenceOf(capture: Capture, stream: Stream, all: Uint32Array): Promise<EncryptionEvidence | null> {
  const type = stream.mainPayloadType;
  const encoding = stream.payloads.encodings[type];
  const octets = octetsOfSample(stream);
  if (encoding === undefined || octets === 0) return null;
  const c = capture.streams.rtp.rows.columns;
  const rows = all.filter((row) => (c.payloadType.get(row) & 0x7f) === type);
  const payloads = new CapturePayloads(capture, [rows]);
  const packets = Uint32Array.from(rows.keys());
  await payloads.load({ count: rows.length, stream: new Uint32Array(rows.length), packet: packets });
  const evidence = new EncryptionEvidence(octets * encoding.channels);
  const view = { bytes: new Uint8Array(0), at: 0, length: 0 };
  for (let i = 0; i < rows.length; i++) {
    if (!payloads.read(0, i, view)) continue;
    const isNext = i > 0 && sequenceStep(c.sequence.get(rows[i - 1]), c.sequence.get(rows[i])) === 1;
    const step = isNext ? timestampStep(c.timestamp.get(rows[i - 1]), c.timestamp.get(rows[i])) : 0;
    evidence.add(view.bytes, view.at, view.length, step);
  }
  return evidence;
}
