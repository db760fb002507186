import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import type { DecodeAsChoices, RuleScope, RuleTrial } from '../../../shared/decode-as.ts';
import { copyText } from '../../detail/clipboard.ts';
import type { RuleStart } from '../../model/rule-start.ts';
import { Icon } from '../../widgets/icon.tsx';
import { SeverityGlyph } from '../../widgets/severity.tsx';
import { DissectorChoice } from './dissector-choice.tsx';
import { MatchFields } from './match-fields.tsx';
import type { RuleDraft } from './rule-drafts.ts';
import { optionText, type RuleForm, ruleText } from './rule-form.ts';
import { faultText, trialText } from './trial-text.ts';

/** One rule in fields: what it goes by, what is skipped, what the payload is, and for which captures. */
export function RuleFields({
  draft,
  start,
  choices,
  trial,
  hasCapture,
  isNew,
  onChange,
}: {
  draft: RuleDraft;
  start: RuleStart | null;
  choices: DecodeAsChoices;
  /** null while it is tried. */
  trial: RuleTrial | null;
  hasCapture: boolean;
  isNew: boolean;
  onChange: (change: Partial<RuleDraft>) => void;
}) {
  const { form, scope } = draft;
  const skipId = useId();
  const fields = useRef<HTMLElement>(null);
  // A new rule is to be written; one that was only chosen leaves the keyboard in the list.
  useLayoutEffect(() => {
    if (isNew) fields.current?.querySelector<HTMLElement>('[data-focus-first]')?.focus();
  }, []);
  const change = (part: Partial<RuleForm>): void => onChange({ form: { ...form, ...part } });
  const text = ruleText(form);
  const errorAt = (part: RuleTrial['part']): string | null =>
    trial?.part === part && trial.error !== null ? faultText(trial.error) : null;
  const isSkipping = form.skip.trim() !== '';
  const options = isSkipping
    ? [...choices.afterSkip, ...choices.dissectors.filter(({ id }) => id !== 'none')]
    : choices.dissectors;
  return (
    <section className="decode-fields" aria-label="Rule" ref={fields}>
      <FieldLine label="Match" error={errorAt('selector')}>
        <MatchFields
          form={form}
          start={isNew ? start : null}
          hasFault={errorAt('selector') !== null}
          onChange={change}
        />
      </FieldLine>
      {form.match !== 'text' && form.match !== 'ssrc' && (
        <FieldLine label="Skip" id={skipId} error={errorAt('skip')}>
          <input
            id={skipId}
            className="decode-input is-short mono num"
            inputMode="numeric"
            placeholder="0"
            value={form.skip}
            aria-invalid={errorAt('skip') !== null}
            onChange={({ target }) => change({ skip: target.value })}
          />
          <span className="t2">octets at the start of each payload, before what follows</span>
        </FieldLine>
      )}
      {form.match !== 'text' && form.match !== 'ssrc' && (
        <FieldLine label="As" error={errorAt('as')} isTop>
          <DissectorChoice options={options} value={form.as} onChange={(as) => change({ as })} />
        </FieldLine>
      )}
      {form.match === 'ssrc' && (
        <FieldLine label="As" error={errorAt('as')}>
          <span>RTP: streams with this SSRC are believed wherever they run</span>
        </FieldLine>
      )}
      <FieldLine label="For" error={null}>
        <ScopeChoice scope={scope} hasCapture={hasCapture} onChange={(next) => onChange({ scope: next })} />
      </FieldLine>
      <div className="decode-result">
        <code className="mono">{text === '' ? '—' : text}</code>
        <button type="button" className="btn g" disabled={text === ''} onClick={() => void copyText(text, 'The rule')}>
          <Icon name="copy" small />
          Copy
        </button>
        <button
          type="button"
          className="btn g"
          disabled={text === ''}
          title={optionText('--decode-as', text)}
          onClick={() => void copyText(optionText('--decode-as', text), 'The rule as an option of the command')}
        >
          <Icon name="copy" small />
          Copy as command-line option
        </button>
        <p role="status" className="t2">
          {trial !== null && trial.error === null && trial.packets > 0 && <SeverityGlyph severity="ok" label="" />}
          {trial !== null && trial.packets === 0 && trial.error === null && (
            <SeverityGlyph severity="warning" label="" />
          )}
          {text === '' ? 'Enter what the rule goes by.' : trialText(trial, form)}
        </p>
      </div>
    </section>
  );
}

/** A name, what is entered, and below it what is wrong with that. */
export function FieldLine({
  label,
  id,
  error,
  isTop = false,
  children,
}: {
  label: string;
  /** Of the control, where there is one. */
  id?: string;
  error: string | null;
  /** The name stands at the top, not in the middle. */
  isTop?: boolean;
  children: ReactNode;
}) {
  return (
    <div className={isTop ? 'decode-field is-top' : 'decode-field'}>
      {id === undefined ? <span className="t2">{label}</span> : <label htmlFor={id}>{label}</label>}
      <div className="decode-line">{children}</div>
      {error !== null && (
        <p className="decode-error err" role="alert">
          <SeverityGlyph severity="error" label="" />
          {error}
        </p>
      )}
    </div>
  );
}

/** Without a capture there is none whose rules could be kept. */
export function ScopeChoice({
  scope,
  hasCapture,
  onChange,
}: {
  scope: RuleScope;
  hasCapture: boolean;
  onChange: (scope: RuleScope) => void;
}) {
  const name = useId();
  return (
    <>
      <label className="decode-radio">
        <input
          type="radio"
          name={name}
          checked={scope === 'capture'}
          disabled={!hasCapture}
          onChange={() => onChange('capture')}
        />
        This capture, wherever it lies
      </label>
      <label className="decode-radio">
        <input type="radio" name={name} checked={scope === 'user'} onChange={() => onChange('user')} />
        Every capture
      </label>
    </>
  );
}
