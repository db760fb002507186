/** Marks that take decoding or asking further, in the order in which they are found. */
import type { AudioPlan } from '../../shared/engine-api.ts';
import type { AudioQuality } from '../../shared/quality.ts';
import { ask } from '../client/client.ts';
import { measureAudio } from '../views/quality/audio-measures.ts';
import type { ShownMark } from './marks.ts';

/** Longer audio is measured only where somebody asks for it. */
const MEASURED_SECONDS = 600;
/** Calls whose digits are looked for, and digits of each. */
const MOST_CALLS = 4;
const MOST_DIGITS = 200;

export interface LaterMarks {
  readonly kind: ShownMark['kind'];
  readonly byLane: readonly (readonly ShownMark[])[];
}

/** Ends with an AbortError when cancelled. */
export async function* laterMarks(plan: AudioPlan, signal: AbortSignal): AsyncGenerator<LaterMarks> {
  const { id } = plan;
  yield { kind: 'silence', byLane: await ask('audio.silences', { id }, { signal }) };
  yield { kind: 'info', byLane: await infoMarks(plan, signal) };
  const tones = await ask('audio.tones', { id }, { signal });
  yield { kind: 'tone', byLane: tones.map((lane) => lane.map((mark) => ({ ...mark, kind: 'tone' as const }))) };
  // Places of clipping are those of the audio that follows the timestamps.
  if (plan.mode !== 'timestamp' || plan.durationSeconds > MEASURED_SECONDS) return;
  const measured = await Promise.all(measuredIds(plan).map(measureAudio));
  signal.throwIfAborted();
  yield { kind: 'clipping', byLane: clippingMarks(plan, measured) };
}

/** Calls, and streams without one: what the audio of a plan is measured by. */
export function measuredIds({ lanes }: AudioPlan): string[] {
  return [...new Set(lanes.flatMap(({ call, streams }) => (call === null ? streams : [call])))].slice(0, MOST_CALLS);
}

export function clippingMarks(plan: AudioPlan, measured: readonly (AudioQuality | null)[]): ShownMark[][] {
  return plan.lanes.map(({ streams }) =>
    measured.flatMap((quality) =>
      (quality?.sides ?? [])
        .filter(({ stream }) => streams.includes(stream))
        .flatMap(({ clipping }) =>
          clipping.places.map(({ at, samples }) => ({
            kind: 'clipping' as const,
            at: (quality?.startTime ?? 0) + at - plan.startTime,
            seconds: samples / plan.sampleRate,
            label: `${samples} samples at full scale`,
            count: 1,
            packet: null,
          })),
        ),
    ),
  );
}

/** Digits sent by SIP INFO, on the lane of the machine that sent them. */
async function infoMarks(plan: AudioPlan, signal: AbortSignal): Promise<ShownMark[][]> {
  const marks: ShownMark[][] = plan.lanes.map(() => []);
  const calls = [...new Set(plan.lanes.flatMap(({ call }) => call ?? []))].slice(0, MOST_CALLS);
  for (const call of calls) {
    const query = { table: 'digits', filter: '', call, sort: null } as const;
    const { rows } = await ask('rows.page', { query, from: 0, count: MOST_DIGITS }, { signal });
    const digits = rows.flatMap((row) =>
      'volume' in row
        ? [...infoDigits(row), ...(row.alsoBy ?? []).flatMap((also) => infoDigits({ ...also, digit: row.digit }))]
        : [],
    );
    if (digits.length === 0) continue;
    const lanes = plan.lanes.map((_, at) => at).filter((at) => plan.lanes[at].call === call);
    const hosts = await Promise.all(lanes.map((at) => hostOfLane(plan.lanes[at].streams[0], signal)));
    for (const digit of digits) {
      const sent = await ask('packet.get', { packet: digit.packet }, { signal });
      const [from, to] = [hostOf(sent.row.src), hostOf(sent.row.dst)];
      // Through a proxy one of its ends is still that of the media.
      const by = hosts.indexOf(from) >= 0 ? hosts.indexOf(from) : hosts.findIndex((host) => host !== to);
      const lane = lanes[Math.max(0, by)];
      marks[lane].push({
        kind: 'info',
        at: Math.max(0, digit.time - plan.startTime),
        seconds: (digit.durationMs ?? 0) / 1000,
        label: digit.digit ?? '?',
        count: 1,
        packet: digit.packet,
      });
    }
  }
  return marks;
}

interface InfoDigit {
  readonly time: number;
  readonly durationMs: number | null;
  readonly digit: string | null;
  readonly packet: number;
}

function infoDigits(row: {
  readonly source: string;
  readonly time: number;
  readonly durationMs: number | null;
  readonly digit: string | null;
  readonly packets: readonly number[];
}): InfoDigit[] {
  const { source, time, durationMs, digit, packets } = row;
  return source === 'sip-info' && packets.length > 0 ? [{ time, durationMs, digit, packet: packets[0] }] : [];
}

async function hostOfLane(stream: string | undefined, signal: AbortSignal): Promise<string> {
  return stream === undefined ? '' : hostOf((await ask('stream.get', { stream }, { signal })).src);
}

function hostOf(endpoint: string | null): string {
  return endpoint === null ? '' : endpoint.replace(/:\d+$/, '');
}
