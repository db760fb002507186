import type { StepPart, TurnStep } from '../../../shared/ice.ts';
import type { TurnTransaction } from '../../trackers/turn/turn-transaction.ts';
import { countOf, quoted } from '../problems/finding.ts';
import type { TurnFacts } from './turn-facts.ts';
import { type NamedPart, notTried, partOf, tellingOf } from './turn-step-parts.ts';

/** Does the server answer anything? */
export function reachabilityStep(facts: TurnFacts): TurnStep {
  const { allocation, transactions } = facts;
  const binding = allocation.bindings.find(({ isSuccess }) => isSuccess) ?? tellingOf(allocation.bindings);
  if (binding?.isSuccess === true) {
    const mapped = facts.text(binding.answerRow, 'mappedAddress');
    const text = mapped === '' ? 'Binding success' : `Binding success, mapped address ${mapped}`;
    return { step: 'reachability', ...partOf(facts, binding, text), parts: [] };
  }
  const answered = transactions.find(({ isAnswered }) => isAnswered);
  if (answered !== undefined) {
    const text =
      binding === undefined ? 'The server answers; no Binding was sent' : 'The server answers, but not Binding';
    return { step: 'reachability', ...partOf(facts, answered, text), outcome: 'ok', code: null, text, parts: [] };
  }
  if (facts.hasServer) {
    const text = 'The server sends; the capture holds no answer of it';
    const packets = facts.packetsOf([]);
    return { step: 'reachability', outcome: 'ok', code: null, text, roundTripMs: null, packets, parts: [] };
  }
  const asked = transactions.filter(({ requestCount }) => requestCount > 0);
  if (asked.length === 0) return notTried('reachability', 'Not tried: the capture holds no request');
  const telling = asked.find(({ strayFlow }) => strayFlow !== 0) ?? asked[asked.length - 1];
  const part = partOf(facts, telling, '');
  const text =
    telling.strayFlow === 0 && facts.isUnanswered(telling) ? `No answer to ${facts.triesOf(asked)}` : part.text;
  return { step: 'reachability', ...part, text, packets: facts.packetsOf(asked), parts: [] };
}

/** Is there an allocation, and is it kept? */
export function allocateStep(facts: TurnFacts): TurnStep {
  const { allocation } = facts;
  const parts = allocateParts(facts);
  if (allocation.allocates.length === 0) {
    return { ...notTried('allocate', 'Not in the capture: it begins after the allocation'), parts };
  }
  const telling = tellingOf(allocation.allocates) as TurnTransaction;
  const part = partOf(facts, telling, grantText(facts));
  const text = part.outcome === 'failed' ? 'No relayed address was granted' : part.text;
  return { step: 'allocate', ...part, text, packets: facts.packetsOf(allocation.allocates), parts };
}

function allocateParts(facts: TurnFacts): NamedPart[] {
  const { allocates, refreshes } = facts.allocation;
  const parts: NamedPart[] = [];
  const without = tellingOf(allocates.filter(({ isAuthenticated }) => !isAuthenticated));
  if (without !== undefined) parts.push({ name: 'without credentials', ...challengePart(facts, without) });
  const withThem = allocates.filter(({ isAuthenticated }) => isAuthenticated);
  const telling = tellingOf(withThem);
  if (telling !== undefined) {
    parts.push({ name: 'with credentials', ...credentialsPart(facts, withThem, telling) });
  } else if (without?.code === 401) {
    const text = 'Not tried: the client sent no credentials';
    parts.push({ name: 'with credentials', outcome: 'not-tried', code: null, text, roundTripMs: null, packets: [] });
  }
  const isRelease = (t: TurnTransaction): boolean => {
    return t.requestRow >= 0 && facts.allocation.layer.rows.columns.lifetime.get(t.requestRow) === 1;
  };
  parts.push(
    ...refreshParts(
      facts,
      'refresh',
      refreshes.filter((t) => !isRelease(t)),
    ),
  );
  parts.push(...refreshParts(facts, 'release', refreshes.filter(isRelease)));
  return parts;
}

/** The request that every client begins with, and the 401 it is meant to get. */
function challengePart(facts: TurnFacts, transaction: TurnTransaction): StepPart {
  const part = partOf(facts, transaction, `${grantText(facts)}, without credentials`);
  if (transaction.code !== 401) return part;
  const realm = quoted(facts.text(transaction.answerRow, 'realm'));
  const hasNonce = facts.text(transaction.answerRow, 'nonce') !== '';
  if (realm === '' || !hasNonce) return { ...part, text: `401 without ${realm === '' ? 'a realm' : 'a nonce'}` };
  return { ...part, outcome: 'ok', text: `401, realm ${realm} and a nonce: the usual challenge` };
}

function credentialsPart(facts: TurnFacts, all: readonly TurnTransaction[], telling: TurnTransaction): StepPart {
  const stale = all.filter(({ code }) => code === 438).length;
  const before = stale === 0 ? '' : `, after ${countOf(stale, 'stale nonce')}`;
  const part = { ...partOf(facts, telling, `${grantText(facts)}${before}`), packets: facts.packetsOf(all) };
  if (telling.code !== 401) return part;
  const isSame = facts.isSameNonce(telling);
  const nonce = isSame === null ? '' : isSame ? ', same nonce' : ', new nonce';
  return { ...part, text: `401 again${nonce}: user name or password is wrong` };
}

function refreshParts(facts: TurnFacts, name: string, transactions: readonly TurnTransaction[]): NamedPart[] {
  const last = transactions.at(-1);
  if (last === undefined) return [];
  const done = transactions.filter(({ isSuccess }) => isSuccess).length;
  const text = name === 'release' ? 'Released' : `${done} of ${transactions.length} granted`;
  return [{ name, ...partOf(facts, last, text), packets: facts.packetsOf(transactions) }];
}

function grantText(facts: TurnFacts): string {
  const relayed = facts.string(facts.allocation.relayed);
  const lifetime = facts.allocation.lifetimeSeconds;
  return `${relayed === '' ? 'Granted' : `Relayed address ${relayed}`}${lifetime === null ? '' : ` for ${lifetime} s`}`;
}
