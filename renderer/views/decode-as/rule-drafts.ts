/** The rules while they are edited: nothing is in force until all are set. */
import type { RuleScope, SavedRule } from '../../../shared/decode-as.ts';
import type { RuleStart } from '../../model/rule-start.ts';
import { EMPTY_FORM, formFrom, type RuleForm, ruleForm, ruleText } from './rule-form.ts';

export interface RuleDraft {
  /** Stays with the rule wherever it is moved to. */
  readonly id: number;
  readonly form: RuleForm;
  readonly scope: RuleScope;
  readonly isOff: boolean;
}

export interface Drafts {
  /** Those for every capture first, as the engine has them: of several that fit the last one counts. */
  readonly list: readonly RuleDraft[];
  /** Whose form is shown; null for none. */
  readonly chosen: number | null;
}

/** What is in force, and where there is a start, a new rule that begins with it. */
export function draftsOf(rules: readonly SavedRule[], start: RuleStart | null, hasCapture: boolean): Drafts {
  const list = rules.map(({ text, scope, isOff = false }, id) => ({ id, form: ruleForm(text), scope, isOff }));
  const drafts = { list, chosen: list.at(-1)?.id ?? null };
  return start === null ? drafts : withNew(drafts, formFrom(start), hasCapture ? 'capture' : 'user');
}

/** A rule at the end of its scope: the first to count there. */
export function withNew({ list }: Drafts, form: RuleForm = EMPTY_FORM, scope: RuleScope = 'capture'): Drafts {
  const id = Math.max(-1, ...list.map((draft) => draft.id)) + 1;
  return { list: inOrder([...list, { id, form, scope, isOff: false }]), chosen: id };
}

export function withChange({ list, chosen }: Drafts, id: number, change: Partial<Omit<RuleDraft, 'id'>>): Drafts {
  return { list: inOrder(list.map((draft) => (draft.id === id ? { ...draft, ...change } : draft))), chosen };
}

/** The rule beside it is chosen next. */
export function without({ list, chosen }: Drafts, id: number): Drafts {
  const at = list.findIndex((draft) => draft.id === id);
  const rest = list.filter((draft) => draft.id !== id);
  return { list: rest, chosen: chosen === id ? (rest[Math.min(at, rest.length - 1)]?.id ?? null) : chosen };
}

/** One place up or down, among those of its scope. */
export function moved({ list, chosen }: Drafts, id: number, by: -1 | 1): Drafts {
  const at = list.findIndex((draft) => draft.id === id);
  const next = canMove({ list, chosen }, id, by) ? list.with(at, list[at + by]).with(at + by, list[at]) : list;
  return { list: next, chosen };
}

export function canMove({ list }: Drafts, id: number, by: -1 | 1): boolean {
  const at = list.findIndex((draft) => draft.id === id);
  return at >= 0 && list[at + by]?.scope === list[at].scope;
}

export function savedRules({ list }: Drafts): SavedRule[] {
  return list.map(({ form, scope, isOff }) => ({ text: ruleText(form), scope, ...(isOff ? { isOff: true } : {}) }));
}

function inOrder(list: readonly RuleDraft[]): RuleDraft[] {
  return [...list.filter(({ scope }) => scope === 'user'), ...list.filter(({ scope }) => scope === 'capture')];
}
