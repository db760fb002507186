import { randomBytes } from 'node:crypto';
import { type AudioPlan, type AudioSelection, DEFAULT_DEPTH_MS, MOST_DEPTH_MS } from '../../shared/engine-api.ts';
import { audioPlan, planAudio } from '../audio/audio-plan.ts';
import { ChunkCache } from '../audio/chunk-cache.ts';
import { DecodedAudio } from '../audio/decoded-audio.ts';
import { isPlayoutMode } from '../audio/playout-mode.ts';
import type { Capture } from '../capture.ts';
import { CodedError } from './coded-error.ts';

/** Samples kept of all plans together. */
const CACHE_BYTES = 512 << 20;
/** Plans that are kept laid out; another is laid out again when somebody asks for its audio. */
const PLANS_KEPT = 8;
/** Selections whose ids are remembered. */
const MOST_SELECTIONS = 1000;
const MOST_IDS = 1000;

export interface KnownAudio {
  readonly plan: AudioPlan;
  readonly decoded: DecodedAudio;
}

/** The audio of one capture: plans by id and by selection. */
export class AudioPlans {
  private readonly capture: Capture;
  private readonly cache = new ChunkCache(CACHE_BYTES);
  private readonly selections = new Map<string, AudioSelection>();
  private readonly idOfSelection = new Map<string, string>();
  private readonly known = new Map<string, Promise<KnownAudio>>();

  constructor(capture: Capture) {
    this.capture = capture;
  }

  /** The same selection twice is one plan. */
  async planOf(selection: AudioSelection): Promise<AudioPlan> {
    const asked = checkedSelection(selection);
    const key = JSON.stringify(asked);
    let id = this.idOfSelection.get(key);
    if (id === undefined) {
      // Nobody guesses it: the shell hands out `audio/<id>.wav` to whoever knows it.
      id = randomBytes(16).toString('hex');
      this.selections.set(id, asked);
      this.idOfSelection.set(key, id);
      if (this.selections.size > MOST_SELECTIONS) this.forgetOldest();
    }
    const { plan } = await this.audioOf(id);
    // While the capture is being read there are no streams yet: the next to ask shall find them.
    if (plan.lanes.length === 0) this.forget(id);
    return plan;
  }

  /** The audio a plan's id means. Rejects with the code `not-found`. */
  audioOf(id: string): Promise<KnownAudio> {
    let audio = this.known.get(id);
    if (audio === undefined) {
      const selection = this.selections.get(id);
      if (selection === undefined) throw new CodedError('not-found', 'There is no such audio any more.');
      audio = this.layOut(id, selection);
      audio.catch(() => this.known.delete(id));
    }
    this.known.delete(id);
    this.known.set(id, audio);
    if (this.known.size > PLANS_KEPT) this.known.delete(this.known.keys().next().value as string);
    return audio;
  }

  private async layOut(id: string, selection: AudioSelection): Promise<KnownAudio> {
    const planned = await planAudio(this.capture, selection);
    const decoded = new DecodedAudio(this.capture, planned.heard, id, this.cache);
    return { plan: await audioPlan(this.capture, id, planned), decoded };
  }

  private forgetOldest(): void {
    const [oldest] = this.selections.keys();
    if (oldest !== undefined) this.forget(oldest);
  }

  private forget(id: string): void {
    this.selections.delete(id);
    this.known.delete(id);
    for (const [key, known] of this.idOfSelection) if (known === id) this.idOfSelection.delete(key);
  }
}

/** A copy of what a window selected. Throws with the code `bad-request` where it is no selection. */
export function checkedSelection(selection: AudioSelection | null | undefined): Required<AudioSelection> {
  if (typeof selection !== 'object' || selection === null) throw noSelection();
  const { mode = 'timestamp', depthMs = DEFAULT_DEPTH_MS } = selection;
  const isSound = isPlayoutMode(mode) && typeof depthMs === 'number' && depthMs >= 0 && depthMs <= MOST_DEPTH_MS;
  if (!isSound) {
    throw new CodedError('bad-request', `A playout is one of four modes, with a depth of 0 to ${MOST_DEPTH_MS} ms.`);
  }
  // The depth of other modes means nothing, and makes no plan of its own.
  const depth = mode === 'jitter-buffer' ? depthMs : DEFAULT_DEPTH_MS;
  return { calls: idsOf(selection.calls), streams: idsOf(selection.streams), mode, depthMs: depth };
}

function idsOf(ids: readonly string[] | undefined): string[] {
  if (ids === undefined) return [];
  if (!Array.isArray(ids) || ids.length > MOST_IDS || !ids.every((id) => typeof id === 'string')) throw noSelection();
  return [...ids];
}

function noSelection(): CodedError {
  return new CodedError('bad-request', 'A selection is a list of calls and streams.');
}
