import type { RuleTrial } from '../../../shared/decode-as.ts';
import { formatCount, UNKNOWN } from '../../model/format/numbers.ts';
import { Icon } from '../../widgets/icon.tsx';
import { canMove, type Drafts, moved, type RuleDraft, withChange, without } from './rule-drafts.ts';
import { ruleText } from './rule-form.ts';

/** The rules in their order, each with its switch, its scope and how many packets it is about. */
export function RuleList({
  drafts,
  trials,
  hasCapture,
  onChange,
}: {
  drafts: Drafts;
  trials: ReadonlyMap<string, RuleTrial>;
  hasCapture: boolean;
  onChange: (drafts: Drafts) => void;
}) {
  const { list } = drafts;
  if (list.length === 0) {
    return (
      <div className="decode-none">
        <p className="strong">No rule yet.</p>
        <p className="t2">
          A rule says what payloads are where nothing announces it: RTP on a port that no SDP names, a protocol on a
          port of its own, packets behind a header that nobody knows.
        </p>
      </div>
    );
  }
  return (
    <section aria-label="Rules" className="decode-rules">
      <div className="decode-rule is-head t3">
        <span>On</span>
        <span>Rule{list.length > 1 ? ', of several that fit the last one counts' : ''}</span>
        <span>For</span>
        <span className="num">{hasCapture ? 'Packets' : ''}</span>
        <span />
      </div>
      <ul>
        {list.map((draft) => (
          <Rule
            key={draft.id}
            draft={draft}
            drafts={drafts}
            trial={trials.get(ruleText(draft.form))}
            onChange={onChange}
          />
        ))}
      </ul>
    </section>
  );
}

function Rule({
  draft,
  drafts,
  trial,
  onChange,
}: {
  draft: RuleDraft;
  drafts: Drafts;
  trial: RuleTrial | undefined;
  onChange: (drafts: Drafts) => void;
}) {
  const { id, form, scope, isOff } = draft;
  const text = ruleText(form);
  const name = text === '' ? 'New rule' : text;
  const isChosen = drafts.chosen === id;
  const isWrong = trial !== undefined && trial.error !== null;
  const action = (label: string, icon: 'up' | 'down' | 'close', next: Drafts, isOn = true) => (
    <button
      type="button"
      className="btn g sq"
      aria-label={`${label} ${name}`}
      title={label}
      disabled={!isOn}
      onClick={() => onChange(next)}
    >
      <Icon name={icon} small />
    </button>
  );
  return (
    <li className={`decode-rule${isChosen ? ' is-chosen' : ''}${isOff ? ' is-off' : ''}`}>
      <input
        type="checkbox"
        checked={!isOff}
        aria-label={`In force: ${name}`}
        onChange={({ target }) => onChange(withChange(drafts, id, { isOff: !target.checked }))}
      />
      <button
        type="button"
        className="decode-name mono trunc"
        aria-pressed={isChosen}
        title={text}
        onClick={() => onChange({ ...drafts, chosen: id })}
      >
        {text === '' ? <span className="t3">New rule</span> : text}
      </button>
      <span className="t2">{scope === 'user' ? 'every capture' : 'this capture'}</span>
      <span className={`num mono ${isWrong ? 'err' : ''}`}>{isWrong ? 'no rule' : packetsText(trial)}</span>
      <span className="decode-actions">
        {action('Move up', 'up', moved(drafts, id, -1), canMove(drafts, id, -1))}
        {action('Move down', 'down', moved(drafts, id, 1), canMove(drafts, id, 1))}
        {action('Remove', 'close', without(drafts, id))}
      </span>
    </li>
  );
}

function packetsText(trial: RuleTrial | undefined): string {
  if (trial === undefined) return UNKNOWN;
  return trial.packets < 0 ? '' : formatCount(trial.packets);
}
