import { timestampStep } from '../../../base/sequence.ts';
import type { Capture } from '../../capture.ts';
import type { DigitSighting } from '../../digits/digit-sighting.ts';
import { knownInbandDigits } from '../../digits/inband-digits.ts';
import type { DigitEvent } from '../../trackers/digits/digit-tracker.ts';
import { PayloadKind } from '../../trackers/streams/payload-map.ts';
import type { Stream } from '../../trackers/streams/stream.ts';
import { callId } from '../call-rows.ts';
import { joinedDigits } from '../digit-rows.ts';
import { streamId } from '../stream-rows.ts';
import { countOf, type Finding, packetsOf } from './finding.ts';
import type { StreamFacts } from './stream-facts.ts';
import { DIGIT_SHORT_MS, DIGIT_VOICE_PACKETS } from './thresholds.ts';

const ROADS = { 'rtp-event': 'telephone-event', 'sip-info': 'SIP INFO', inband: 'tones in the audio' } as const;

/** One digit by two roads: whoever listens to both counts two. Tones are known only where somebody listened to the audio. */
export function digitRoads(capture: Capture): Finding[] {
  const byParty = new Map<string, { first: DigitSighting; roads: string; digits: string; frames: number[] }>();
  for (const { first, also } of joinedDigits(capture, knownInbandDigits(capture))) {
    if (also.length === 0) continue;
    const roads = [first, ...also].map(({ source }) => ROADS[source]).join(' and by ');
    const key = `${first.call} ${first.stream} ${roads}`;
    const found = byParty.get(key) ?? { first, roads, digits: '', frames: [] };
    byParty.set(key, found);
    found.digits += first.digit ?? `(event ${first.event})`;
    found.frames.push(...[first, ...also].map(({ frames }) => frames[0]));
  }
  return [...byParty.values()].map(({ first, roads, digits, frames }) => ({
    code: 'dtmf-doubled',
    severity: 'warning',
    title: `${digits.length > 1 ? 'Digits come' : 'A digit comes'} by two roads`,
    message: `The digit${digits.length > 1 ? 's' : ''} ${shortened(digits)} came by ${roads}; whoever listens to both counts every digit twice.`,
    call: callOf(capture, first.call),
    stream: first.stream < 0 ? null : streamId(capture.streams.candidates[first.stream]),
    packets: packetsOf(frames),
    spec: 'RFC 4733 §1.3',
  }));
}

/** Events of a stream that receivers may miss or misread. */
export function digitEvents(facts: StreamFacts): Finding[] {
  const { capture, stream } = facts;
  const events = eventsOf(capture, stream).filter(({ digit }) => digit !== null);
  if (events.length === 0) return [];
  const about = { call: facts.call, stream: facts.id };
  const findings: Finding[] = [];
  const add = (
    of: readonly DigitEvent[],
    finding: Pick<Finding, 'code' | 'severity' | 'title' | 'message' | 'spec'>,
  ): void => {
    if (of.length > 0)
      findings.push({
        ...finding,
        ...about,
        packets: packetsOf(of.flatMap(({ frames }) => [frames[0], lastOf(frames)])),
      });
  };
  const endless = events.filter(({ ended }) => !ended);
  add(endless, {
    code: 'dtmf-no-end',
    severity: 'note',
    title: `${countOf(endless.length, 'digit')} without an end`,
    message: `No packet with the end bit was captured of ${digitsOf(endless)}${facts.from}; receivers end such a digit by a timer, or when the next begins.`,
    spec: 'RFC 4733 §2.5.1.4',
  });
  const short = events.filter((event) => event.ended && (event.duration * 1000) / event.clockRate < DIGIT_SHORT_MS);
  add(short, {
    code: 'dtmf-short',
    severity: 'warning',
    title: `${countOf(short.length, 'digit')} shorter than ${DIGIT_SHORT_MS} ms`,
    message: `The ${digitsOf(short)}${facts.from} lasted less than ${DIGIT_SHORT_MS} ms, which receivers need not take for a digit.`,
    spec: 'ITU-T Q.24',
  });
  const guessed = events.filter((event) => event.guessed);
  const isSignalled = stream.payloads.kind.some((kind) => kind !== PayloadKind.Unknown);
  if (stream.call >= 0 && isSignalled) {
    add(guessed, {
      code: 'dtmf-payload-type',
      severity: 'warning',
      title: 'Digits with a payload type that was not agreed',
      message: `The ${digitsOf(guessed)}${facts.from} came with payload type ${stream.guessedEvents.join(', ')}, which SDP does not name telephone-event; the receiver may not take them for digits.`,
      spec: 'RFC 4733 §3.2',
    });
  }
  const voiced = eventsWithVoice(facts, events);
  add(voiced, {
    code: 'dtmf-with-voice',
    severity: 'note',
    title: `Voice goes on during ${countOf(voiced.length, 'digit')}`,
    message: `Audio packets${facts.from} have timestamps inside ${digitsOf(voiced)}; where they hold the tone too, it is heard and detected a second time.`,
    spec: 'RFC 4733 §2.5.1.1',
  });
  return findings;
}

/** Events that have audio packets of the same stream within them. */
function eventsWithVoice({ capture, stream, rows }: StreamFacts, events: readonly DigitEvent[]): DigitEvent[] {
  const { rtp } = capture.streams;
  const { timestamp, payloadType } = rtp.rows.columns;
  const voiced: DigitEvent[] = [];
  let from = 0;
  for (const event of events) {
    while (from < rows.length && rtp.frame.get(rows[from]) < event.frames[0]) from++;
    const last = lastOf(event.frames);
    let inside = 0;
    for (let i = from; i < rows.length && rtp.frame.get(rows[i]) < last; i++) {
      const row = rows[i];
      const type = payloadType.get(row) & 0x7f;
      if (stream.payloads.kind[type] !== PayloadKind.Media || stream.guessedEvents.includes(type)) continue;
      const since = timestampStep(event.timestamp, timestamp.get(row));
      if (since > 0 && since < event.duration) inside++;
    }
    if (inside >= DIGIT_VOICE_PACKETS) voiced.push(event);
  }
  return voiced;
}

/** By capture, the events of each stream. */
const eventsByStream = new WeakMap<readonly DigitEvent[], Map<number, DigitEvent[]>>();

function eventsOf({ digits }: Capture, stream: Stream): readonly DigitEvent[] {
  let all = eventsByStream.get(digits.events);
  if (all === undefined) {
    all = new Map();
    for (const event of digits.events) {
      const list = all.get(event.stream);
      if (list === undefined) all.set(event.stream, [event]);
      else list.push(event);
    }
    eventsByStream.set(digits.events, all);
  }
  return all.get(stream.index) ?? [];
}

/** `digit 5`, `digits 12#`. */
function digitsOf(events: readonly DigitEvent[]): string {
  const text = shortened(events.map(({ digit }) => digit).join(''));
  return `digit${events.length === 1 ? '' : 's'} ${text}`;
}

function shortened(digits: string): string {
  return digits.length > 24 ? `${digits.slice(0, 24)}…` : digits;
}

function callOf({ calls }: Capture, call: number): string | null {
  return call < 0 ? null : callId(calls.entries[call]);
}

function lastOf(frames: readonly number[]): number {
  return frames[frames.length - 1];
}
