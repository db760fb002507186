import './decode-as.css';
import { type FormEvent, useEffect, useState } from 'react';
import { isCancelled } from '../../client/client.ts';
import { sentenceOf, useQuery } from '../../client/use-query.ts';
import { RuleRefused, setRules } from '../../model/decode-as.ts';
import { countOf } from '../../model/format/numbers.ts';
import { update, useApp } from '../../model/store.ts';
import { Sheet } from '../../widgets/dialog/sheet.tsx';
import { Icon } from '../../widgets/icon.tsx';
import { ApplyFoot } from './apply-foot.tsx';
import { type Drafts, draftsOf, savedRules, withChange, withNew } from './rule-drafts.ts';
import { RuleFields } from './rule-fields.tsx';
import { ruleText } from './rule-form.ts';
import { RuleList } from './rule-list.tsx';
import { useRuleTrials } from './use-rule-trials.ts';

const NO_CHOICES = { dissectors: [], afterSkip: [], codecs: [] };

/** The rules that say what payloads are: those in force, one of them in fields, and what it would match. */
export function DecodeAsDialog() {
  const start = useApp((state) => state.decodeAsStart);
  const hasCapture = useApp(({ capture }) => capture.status === 'open');
  const { data: kept, error } = useQuery('decodeAs.rules', {});
  const { data: choices } = useQuery('decodeAs.choices', {});
  const [drafts, setDrafts] = useState<Drafts | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  useEffect(() => {
    if (kept !== null) setDrafts((before) => before ?? draftsOf(kept.rules, start, hasCapture));
  }, [kept, start, hasCapture]);

  const rules = drafts === null ? [] : savedRules(drafts);
  const trials = useRuleTrials(
    'rules',
    rules.map(({ text }) => text),
  );
  const chosen = drafts?.list.find(({ id }) => id === drafts.chosen) ?? null;
  const isChanged = JSON.stringify(rules) !== JSON.stringify(kept?.rules ?? []);
  const isSound = rules.every(({ text }) => text !== '' && (trials.get(text)?.error ?? null) === null);
  const change = (next: Drafts): void => {
    setDrafts(next);
    setRefusal(null);
  };

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (drafts === null || !isChanged || !isSound || isBusy) return;
    setBusy(true);
    setRefusal(null);
    try {
      const inForce = rules.filter(({ isOff }) => !isOff).length;
      await setRules('rules', rules, inForce === 0 ? 'No rule is in force' : `${countOf(inForce, 'rule')} in force`);
      update({ overlay: null });
    } catch (problem) {
      if (problem instanceof RuleRefused)
        setDrafts({ ...drafts, chosen: drafts.list[problem.fault.index]?.id ?? null });
      setRefusal(
        isCancelled(problem) ? 'Reading again was cancelled: the rules are what they were.' : sentenceOf(problem),
      );
      setBusy(false);
    }
  };
  return (
    <Sheet label="Decode As" width={720} onClose={() => update({ overlay: null })}>
      <form className="decode" onSubmit={(event) => void submit(event)}>
        <header>
          <h2>Decode As</h2>
          <span className="sp" />
          <button
            type="button"
            className="btn"
            disabled={drafts === null}
            onClick={() => drafts !== null && change(withNew(drafts, undefined, hasCapture ? 'capture' : 'user'))}
          >
            New rule
          </button>
          <button type="button" className="btn g sq" aria-label="Close" onClick={() => update({ overlay: null })}>
            <Icon name="close" />
          </button>
        </header>
        {error !== null && <p className="decode-none err">{error}</p>}
        {drafts !== null && <RuleList drafts={drafts} trials={trials} hasCapture={hasCapture} onChange={change} />}
        {drafts !== null && chosen !== null && (
          <RuleFields
            key={chosen.id}
            draft={chosen}
            start={start}
            choices={choices ?? NO_CHOICES}
            trial={trials.get(ruleText(chosen.form)) ?? null}
            hasCapture={hasCapture}
            isNew={!(kept?.rules ?? []).some(({ text }) => text === chosen.form.text)}
            onChange={(part) => change(withChange(drafts, chosen.id, part))}
          />
        )}
        <ApplyFoot
          label="Apply"
          hint={hasCapture ? 'The capture is read again.' : 'It counts for captures opened from now on.'}
          refusal={refusal}
          isReady={isChanged && isSound}
          isBusy={isBusy}
        />
      </form>
    </Sheet>
  );
}
