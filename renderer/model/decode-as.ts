/** What a person says of payloads: rules and codecs, set and read again with; suggestions, taken or dismissed. */
import type { OpenResult } from '../../shared/engine-api.ts';
import type { RuleFault, RuleScope, SavedRule } from '../../shared/decode-as.ts';
import { ask, isCancelled } from '../client/client.ts';
import { sentenceOf } from '../client/use-query.ts';
import { countOf } from './format/numbers.ts';
import { move } from './navigate.ts';
import { readAgain } from './reread.ts';
import type { RuleStart } from './rule-start.ts';
import { keep, setting } from './settings.ts';
import { type AppState, getState, update } from './store.ts';

/** A rule was refused: which one, and why. */
export class RuleRefused extends Error {
  readonly fault: RuleFault;

  constructor(fault: RuleFault) {
    super(fault.message);
    this.fault = fault;
  }
}

/** Opens the dialog of Decode As; with a start a new rule begins with that, else what is in force is shown. */
export function openDecodeAs(start: RuleStart | null = null): void {
  update({ overlay: 'decode-as', decodeAsStart: start });
}

/** Opens the dialog of payload types and codecs for a stream and one of its types, or for none. */
export function openCodecs(stream: string | null, payloadType: number | null = null): void {
  update({ overlay: 'codecs', codecStart: stream === null ? null : { stream, payloadType } });
}

/** Puts these in the place of all. Rejects with RuleRefused, with an AbortError where reading again was cancelled. */
export async function setRules(of: 'rules' | 'codecs', list: readonly SavedRule[], done: string): Promise<void> {
  let isKept = true;
  const stream = await streamAtHand();
  await readAgain(
    of === 'rules' ? 'the rules' : 'the codecs',
    async (options) => {
      const outcome =
        of === 'rules'
          ? await ask('decodeAs.set', { rules: [...list] }, options)
          : await ask('codecs.set', { codecs: [...list] }, options);
      if (outcome.fault !== null) throw new RuleRefused(outcome.fault);
      ({ isKept } = outcome);
      return outcome.opened;
    },
    (result) =>
      [`${done}.`, streamsText(result), isKept ? '' : 'They last as long as this window.'].filter(Boolean).join(' '),
  );
  await goToSameStream(stream);
}

/** Adds one rule, the last and so the first to count; one with the same text goes. Never rejects: the status bar tells. */
export async function addRule(text: string, scope: RuleScope, done: string): Promise<void> {
  try {
    const { rules } = await ask('decodeAs.rules', {});
    const others = rules.filter((rule) => rule.text !== text || rule.scope !== scope);
    await setRules('rules', [...others, { text, scope }], done);
  } catch (error) {
    update({ notice: isCancelled(error) ? 'Reading again was cancelled: nothing was changed.' : sentenceOf(error) });
  }
}

function streamsText(result: OpenResult | null): string {
  return result === null ? '' : `${countOf(result.counts.streams, 'stream')} now.`;
}

interface StreamName {
  readonly ssrc: string;
  readonly dst: string;
}

async function streamAtHand(): Promise<StreamName | null> {
  const { place, capture } = getState();
  if (place.stream === null || capture.status !== 'open') return null;
  return ask('stream.get', { stream: place.stream }).catch(() => null);
}

/** A rule may make streams, or end them: the one selected has another number then. */
async function goToSameStream(before: StreamName | null): Promise<void> {
  if (before === null || getState().place.stream === null) return;
  const query = { table: 'streams' as const, filter: `stream.ssrc == ${before.ssrc}`, sort: null };
  const page = await ask('rows.page', { query, from: 0, count: 100 }).catch(() => null);
  const rows = (page?.rows ?? []).filter((row) => 'ssrc' in row && 'sparks' in row);
  const same = rows.find((row) => row.ssrc === before.ssrc && row.dst === before.dst) ?? rows[0];
  move({ stream: same?.id ?? null });
}

const DISMISSED = 'decodeAs.dismissed';
/** Captures of which what was dismissed is kept; the one dismissed longest ago goes first. */
const MOST_CAPTURES = 50;

/** What tells the open capture from others, well enough for what was dismissed; '' where none is open. */
function captureKey({ capture }: AppState): string {
  if (capture.status !== 'open') return '';
  const { packets, firstTime } = capture.result.info;
  return `${capture.name} ${packets} ${firstTime ?? ''}`;
}

/** The rules suggested for the open capture that a person does not want to hear of. */
export function dismissedRules(state: AppState): readonly string[] {
  const rules = dismissedByCapture()[captureKey(state)];
  return Array.isArray(rules) ? rules : NONE;
}

export function dismissRule(rule: string): void {
  const key = captureKey(getState());
  if (key === '') return;
  const { [key]: before, ...others } = dismissedByCapture();
  const rules = [...(Array.isArray(before) ? before : []), rule];
  keep({ [DISMISSED]: Object.fromEntries([...Object.entries(others).slice(1 - MOST_CAPTURES), [key, rules]]) });
}

const NONE: readonly string[] = [];

function dismissedByCapture(): Record<string, string[]> {
  const kept = setting(DISMISSED);
  return typeof kept === 'object' && kept !== null && !Array.isArray(kept) ? (kept as Record<string, string[]>) : {};
}
