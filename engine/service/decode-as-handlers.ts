import type { Handlers } from '../../shared/channel.ts';
import type { DecodeAsChoices, RulesOutcome, RuleTrial, SavedRule } from '../../shared/decode-as.ts';
import type { EngineApi, OpenResult } from '../../shared/engine-api.ts';
import { decodableEncodings } from '../../media/codecs/index.ts';
import { parseCodecRule } from '../classify/codec-rule.ts';
import { MAX_SKIP_BYTES, parseDecodeAs } from '../classify/decode-as.ts';
import { ENCAPSULATION_ID } from '../classify/rule-table.ts';
import { parseSelector } from '../classify/selector.ts';
import { packetsOfCodec, packetsOfRule } from '../query/rule-packets.ts';
import { encapsulationRows, suggestionRows } from '../query/encapsulation-rows.ts';
import { answering } from './answering.ts';
import { CodedError } from './coded-error.ts';
import type { CaptureSession, OpenCallbacks } from './session.ts';

type DecodeAsMethod =
  | 'decodeAs.rules'
  | 'decodeAs.set'
  | 'codecs.set'
  | 'decodeAs.try'
  | 'decodeAs.suggestions'
  | 'decodeAs.encapsulations'
  | 'decodeAs.choices';

/** Rules that are tried at once, and how long one can be. */
const MOST_TRIED = 1000;
const MOST_LENGTH = 1000;

const AFTER_SKIP: DecodeAsChoices['afterSkip'] = [
  { id: 'ip', label: 'An IP packet' },
  { id: 'udp', label: 'A UDP header' },
  { id: 'payload', label: 'A payload, recognised by itself' },
];

/** What a person says of payloads and payload types, and what could be said. */
export function decodeAsHandlers(session: CaptureSession): Handlers<Pick<EngineApi, DecodeAsMethod>> {
  const { rules } = session;
  return {
    'decodeAs.rules': async () => ({ rules: await rules.saved('rules'), codecs: await rules.saved('codecs') }),
    'decodeAs.set': ({ rules: list }, callbacks) => set('rules', list, callbacks),
    'codecs.set': ({ codecs: list }, callbacks) => set('codecs', list, callbacks),
    'decodeAs.try': ({ of, texts }, { signal }) => tryRules(session, of, texts, signal),
    'decodeAs.suggestions': answering(session, ({ index }) => suggestionRows(index.capture)),
    'decodeAs.encapsulations': answering(session, ({ index }) => encapsulationRows(index.capture)),
    'decodeAs.choices': (): DecodeAsChoices => ({
      dissectors: session.dissectors
        .filter(({ id }) => id !== ENCAPSULATION_ID)
        .map(({ id, label }) => ({ id, label }))
        .concat({ id: 'none', label: 'Nothing' }),
      afterSkip: AFTER_SKIP,
      codecs: decodableEncodings(),
    }),
  };

  /** Reads again with the rules of now; where that fails or is cancelled, they are what they were. */
  async function set(of: 'rules' | 'codecs', list: SavedRule[], callbacks: OpenCallbacks): Promise<RulesOutcome> {
    if (!Array.isArray(list) || !list.every(isSavedRule)) throw new CodedError('bad-request', 'Rules are texts.');
    const outcome = await rules.set(
      of,
      list,
      session.dissectors.map(({ id }) => id),
    );
    if (typeof outcome !== 'function') return { fault: outcome, opened: null, isKept: false };
    let opened: OpenResult | null;
    try {
      opened = await session.reread(callbacks);
    } catch (error) {
      outcome();
      throw error;
    }
    return { fault: null, opened, isKept: await rules.keep() };
  }
}

/** What is no rule is about no packet. */
async function tryRules(
  session: CaptureSession,
  of: 'rules' | 'codecs',
  texts: readonly unknown[],
  signal: AbortSignal,
): Promise<RuleTrial[]> {
  if (!Array.isArray(texts) || texts.length > MOST_TRIED) throw new CodedError('bad-request', 'Too many rules.');
  const ids = session.dissectors.map(({ id }) => id);
  const open = session.hasCapture ? session.capture() : null;
  const trials: RuleTrial[] = [];
  for (const given of texts) {
    const text = String(given).slice(0, MOST_LENGTH);
    const rule = of === 'rules' ? parseDecodeAs(text, ids) : parseCodecRule(text);
    if (typeof rule === 'string') {
      trials.push({ error: rule, part: faultyPart(text, of), packets: open === null ? -1 : 0 });
      continue;
    }
    const packets =
      open === null
        ? -1
        : 'as' in rule
          ? await packetsOfRule(open, rule, session.dissectors, signal)
          : packetsOfCodec(open, rule);
    trials.push({ error: null, part: null, packets });
  }
  return trials;
}

/** The first part that is none by itself. */
function faultyPart(text: string, of: 'rules' | 'codecs'): NonNullable<RuleTrial['part']> {
  const parts = text.split(',').map((part) => part.trim());
  const isAbout = of === 'rules' || parts.length > 1;
  if (isAbout && (parseSelector(parts[0]) === null || typeof parseSelector(parts[0]) === 'string')) return 'selector';
  if (of === 'codecs' || parts.length < 3) return 'as';
  const skip = /^skip\s+(\d{1,6})$/.exec(parts[1]);
  return skip === null || Number(skip[1]) > MAX_SKIP_BYTES || parts[0].includes('tcp.') ? 'skip' : 'as';
}

/** What comes over the channel need not be what its type says. */
function isSavedRule(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { text, scope } = value as Partial<SavedRule>;
  return typeof text === 'string' && (scope === 'capture' || scope === 'user');
}
