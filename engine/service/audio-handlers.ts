import type { Handlers } from '../../shared/channel.ts';
import type { EngineApi } from '../../shared/engine-api.ts';
import { silencesOf, wavBytesOf, wavHeaderOf } from '../audio/audio-plan.ts';
import { spectrogramOf } from '../audio/spectrogram.ts';
import { toneMarks } from '../audio/tone-marks.ts';
import type { DecodedAudio } from '../audio/decoded-audio.ts';
import type { Capture } from '../capture.ts';
import { AudioPlans } from './audio-plans.ts';
import { CodedError } from './coded-error.ts';

/** What these handlers want of the session. */
export interface CaptureHolder {
  /** Throws with the code `no-capture`. */
  capture(): Capture;
}

const MOST_COLUMNS = 8192;
const MOST_SPECTRA = 2048;
/** Far beyond any audio, and exact in sample frames all the same. */
const MOST_SECONDS = 1e9;
const MOST_WAV_BYTES = 1 << 20;
const BYTES_A_SAMPLE = 2;

type AudioMethods = Pick<
  EngineApi,
  'audio.plan' | 'audio.peaks' | 'audio.spectrogram' | 'audio.silences' | 'audio.tones' | 'audio.wav'
>;

const plansOfCaptures = new WeakMap<Capture, AudioPlans>();

/** The audio of the open capture; goes with it. */
function plansOf(session: CaptureHolder): AudioPlans {
  const capture = session.capture();
  const plans = plansOfCaptures.get(capture) ?? new AudioPlans(capture);
  plansOfCaptures.set(capture, plans);
  return plans;
}

/** Plans audio, draws it and hands out its WAV. */
export function audioHandlers(session: CaptureHolder): Handlers<AudioMethods> {
  return {
    'audio.plan': ({ selection }) => plansOf(session).planOf(selection),
    'audio.peaks': async ({ id, from, to, columns }, { signal }) => {
      checkColumns(from, to, columns, MOST_COLUMNS);
      const { decoded, plan } = await plansOf(session).audioOf(id);
      return {
        lanes: await decoded.peaks(from * plan.sampleRate, to * plan.sampleRate, columns, signal),
      };
    },
    'audio.spectrogram': async ({ id, from, to, columns }, { signal }) => {
      checkColumns(from, to, columns, MOST_SPECTRA);
      const { decoded, plan } = await plansOf(session).audioOf(id);
      return spectrogramOf(decoded, from * plan.sampleRate, to * plan.sampleRate, columns, signal);
    },
    'audio.silences': async ({ id }, { signal }) => {
      const { decoded } = await plansOf(session).audioOf(id);
      return silencesOf(decoded, signal);
    },
    'audio.tones': async ({ id }, { signal }) => {
      const { decoded } = await plansOf(session).audioOf(id);
      return toneMarks(session.capture(), decoded.heard, signal);
    },
    'audio.wav': async ({ id, at, length }, { signal }) => {
      if (!Number.isSafeInteger(at) || !Number.isSafeInteger(length) || at < 0 || length < 0) {
        throw new CodedError('bad-request', 'A part of a WAV begins at an octet and has a length.');
      }
      const { decoded } = await plansOf(session).audioOf(id);
      return wavOctets(decoded, at, Math.min(length, MOST_WAV_BYTES), signal);
    },
  };
}

/** Throws with the code `bad-request`. */
function checkColumns(from: number, to: number, columns: number, most: number): void {
  const isSound = Math.abs(from) <= MOST_SECONDS && Math.abs(to) <= MOST_SECONDS && from < to;
  if (!isSound || !Number.isInteger(columns) || columns < 1 || columns > most) {
    throw new CodedError('bad-request', `It is drawn in 1 to ${most} columns of a part of the audio.`);
  }
}

/** Octets of the WAV, short at its end. */
async function wavOctets(decoded: DecodedAudio, at: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
  const { heard } = decoded;
  const end = Math.min(at + length, wavBytesOf(heard));
  if (at >= end) return new Uint8Array(0);
  const header = wavHeaderOf(heard);
  const result = new Uint8Array(end - at);
  if (at < header.length) result.set(header.subarray(at, end));
  const from = Math.max(at, header.length) - header.length;
  const to = end - header.length;
  if (from >= to) return result;
  const frameBytes = heard.channels.length * BYTES_A_SAMPLE;
  const first = Math.floor(from / frameBytes);
  const octets = octetsOf(await decoded.samples(first, Math.ceil(to / frameBytes), signal));
  const skipped = from - first * frameBytes;
  result.set(octets.subarray(skipped, skipped + to - from), header.length + from - at);
  return result;
}

/** WAV's samples have the low octet first. */
function octetsOf(samples: Int16Array): Uint8Array {
  const octets = new Uint8Array(samples.length * BYTES_A_SAMPLE);
  const view = new DataView(octets.buffer);
  for (let i = 0; i < samples.length; i++) view.setInt16(i * BYTES_A_SAMPLE, samples[i], true);
  return octets;
}
