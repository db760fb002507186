import { writeFileSync } from 'node:fs';
import { CallSource, type Outcome } from './call-source.ts';
import { CaptureWriter } from './capture-writer.ts';
import { EventQueue, type Source } from './event-queue.ts';
import { Random } from './random.ts';
import { type Impairment, RtpSource, type StreamTruth } from './rtp-source.ts';
import { makeParties } from './sip-messages.ts';
import { encodeALaw, encodeMuLaw, makeVoice, type Voice } from './voices.ts';

/** What a generated capture holds; written beside it as `<capture>.json`. */
export interface Truth {
  readonly kind: string;
  readonly calls: number;
  readonly frames: number;
  readonly bytes: number;
  readonly durationSeconds: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly streams: readonly (StreamTruth & { readonly callId: string })[];
}

interface CallPlan {
  readonly outcome: Outcome;
  readonly talkSeconds: number;
  readonly media: MediaPlan | undefined;
}

interface MediaPlan {
  readonly impairment: Impairment;
  readonly digits: string;
}

interface Load {
  readonly kind: string;
  readonly seed: number;
  readonly calls: number;
  /** Mean time from one call's start to the next one's. */
  readonly spacingMicros: number;
  readonly codec: 'PCMU' | 'PCMA';
  readonly voices: (random: Random) => Voice[];
  readonly plan: (random: Random) => CallPlan;
}

const quiet: Impairment = { loss: 0, jitterMicros: 0, disorder: 0 };
const digitStrings = ['1234#', '0', '90210', '*31#', '007#5', '18005550199'];

/** `calls` calls of 30 s PCMU in both directions, about 100 at the same time: some lossy, jittery, reordered, with digits. */
export function generateMedia(path: string, calls: number): Truth {
  return generate(path, {
    kind: 'media',
    seed: 1,
    calls,
    spacingMicros: 330_000,
    codec: 'PCMU',
    voices: (random) => Array.from({ length: 16 }, (_, at) => makeVoice(random, 90 + at * 12, 8, encodeMuLaw)),
    plan: (random) => ({
      outcome: 'established',
      talkSeconds: 30,
      media: {
        impairment: {
          loss: random.chance(0.2) ? 0.01 : 0,
          jitterMicros: random.chance(0.3) ? 3000 : 0,
          disorder: random.chance(0.05) ? 0.003 : 0,
        },
        digits: random.chance(0.1) ? digitStrings[random.between(0, digitStrings.length)] : '',
      },
    }),
  });
}

/** `calls` calls of signalling only, most of them answered, about 150 at the same time. */
export function generateSip(path: string, calls: number): Truth {
  return generate(path, {
    kind: 'sip',
    seed: 2,
    calls,
    spacingMicros: 100_000,
    codec: 'PCMU',
    voices: () => [],
    plan: (random) => ({
      outcome: drawOutcome(random),
      talkSeconds: 5 + random.unit() * 15,
      media: undefined,
    }),
  });
}

/** One call of PCMA both ways, `seconds` long. */
export function generateHour(path: string, seconds = 3600): Truth {
  return generate(path, {
    kind: 'hour',
    seed: 3,
    calls: 1,
    spacingMicros: 1_000_000,
    codec: 'PCMA',
    voices: (random) => [makeVoice(random, 110, 60, encodeALaw), makeVoice(random, 205, 60, encodeALaw)],
    plan: () => ({ outcome: 'established', talkSeconds: seconds, media: { impairment: quiet, digits: '' } }),
  });
}

function drawOutcome(random: Random): Outcome {
  const draw = random.unit();
  if (draw < 0.9) return 'established';
  if (draw < 0.94) return 'busy';
  if (draw < 0.97) return 'cancelled';
  return draw < 0.99 ? 'timedOut' : 'authenticated';
}

function generate(path: string, load: Load): Truth {
  const random = new Random(load.seed);
  const writer = new CaptureWriter(path);
  const queue = new EventQueue();
  const voices = load.voices(random);
  const streams: (StreamTruth & { callId: string })[] = [];
  const outcomes: Record<Outcome, number> = { established: 0, busy: 0, cancelled: 0, timedOut: 0, authenticated: 0 };

  const starter: Source = {
    fire(timeMicros, index) {
      startCall(timeMicros, index);
      if (index + 1 < load.calls) {
        queue.at(timeMicros + random.between(load.spacingMicros / 2, load.spacingMicros * 1.5), starter, index + 1);
      }
    },
  };

  function startCall(timeMicros: number, index: number): void {
    const parties = makeParties(random, index, load.codec);
    const plan = load.plan(random);
    outcomes[plan.outcome]++;
    const talkMicros = Math.round(plan.talkSeconds * 1_000_000) + 200_000;
    const call = new CallSource(writer, queue, random, parties, plan.outcome, timeMicros, talkMicros);
    if (!plan.media) return;

    const media = plan.media;
    const callerEnd = { ip: parties.caller.ip, port: parties.callerMediaPort };
    const calleeEnd = { ip: parties.callee.ip, port: parties.calleeMediaPort };
    const voiceAt = random.between(0, voices.length);
    const common = {
      payloadType: load.codec === 'PCMU' ? 0 : 8,
      durationSeconds: plan.talkSeconds,
      impairment: media.impairment,
    };
    const forward = new RtpSource(
      writer,
      queue,
      random,
      { ...common, from: callerEnd, to: calleeEnd, voice: voices[voiceAt], digits: media.digits },
      call.answeredMicros + random.between(30_000, 60_000),
    );
    const backward = new RtpSource(
      writer,
      queue,
      random,
      { ...common, from: calleeEnd, to: callerEnd, voice: voices[(voiceAt + 1) % voices.length], digits: '' },
      call.answeredMicros + random.between(1000, 30_000),
    );
    forward.peer = backward;
    backward.peer = forward;
    for (const { truth } of [forward, backward]) streams.push(Object.assign(truth, { callId: parties.callId }));
  }

  queue.at(0, starter, 0);
  queue.run();
  writer.close();
  const truth: Truth = {
    kind: load.kind,
    calls: load.calls,
    frames: writer.frames,
    bytes: writer.lengthBytes,
    durationSeconds: writer.lastTimeMicros / 1_000_000,
    outcomes,
    streams,
  };
  writeFileSync(`${path}.json`, `${JSON.stringify(truth, null, 1)}\n`);
  return truth;
}
