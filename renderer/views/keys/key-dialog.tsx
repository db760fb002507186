import { useId, useMemo, useState } from 'react';
import type { SrtpKeyInput, StreamListRow } from '../../../shared/engine-api.ts';
import { useQuery } from '../../client/use-query.ts';
import { addSrtpKey } from '../../model/secrets.ts';
import { useApp } from '../../model/store.ts';
import { KeyField, SecretField } from './key-fields.tsx';
import { scopeChoices } from './scope-choice.ts';
import { SecretSheet, useSending } from './secret-sheet.tsx';
import { lengthsText, SUITE_CHOICES } from './srtp-suites.ts';
import { TrialResult } from './trial-result.tsx';
import { trialWords } from './trial-words.ts';
import { useTrial } from './use-trial.ts';

/** Streams that can be chosen by name; others are chosen by what they are typed as. */
const MOST_CHOICES = 300;
/** A choice that stands for what is typed beside it. */
const TYPED = 'typed';

/** Enters an SRTP key, and says while it is typed how many packets it authenticates. */
export function KeyDialog() {
  const first = useApp((state) => state.srtpKeyScope);
  const hasCapture = useApp(({ capture }) => capture.status === 'open' || capture.status === 'reading');
  const [choice, setChoice] = useState<string | null>(null);
  const [typed, setTyped] = useState('');
  const [suiteChosen, setSuite] = useState<string | null>(null);
  const [key, setKey] = useState('');
  const [salt, setSalt] = useState('');
  const [isShown, setShown] = useState(false);
  const sending = useSending('Reading again was cancelled: the key is not used.');
  const streams = useStreams(hasCapture);
  const choices = useMemo(() => scopeChoices(streams), [streams]);
  const ids = { scope: useId(), suite: useId() };

  const isKnown = first === '' || [...choices.streams, ...choices.calls].some(({ scope }) => scope === first);
  const chosen = choice ?? (isKnown ? first : TYPED);
  const scope = chosen === TYPED ? (choice === null && typed === '' ? first : typed) : chosen;
  const suite = suiteChosen ?? suiteOf(streams, scope);
  const input: SrtpKeyInput | null = key.trim() === '' ? null : { scope, suite, key, salt };
  const { trial, failure } = useTrial(input);
  const words = trial === null ? null : trialWords(trial, hasCapture);
  const errorOf = (field: 'scope' | 'suite' | 'key' | 'salt'): string | null =>
    trial !== null && trial.field === field ? trial.error : null;
  const isDoubtful = words?.severity === 'error';
  return (
    <SecretSheet
      label="Enter an SRTP key"
      use={isDoubtful ? 'Use it anyway' : 'Use this key'}
      canUse={words !== null && input !== null}
      isAdvised={!isDoubtful}
      sending={sending}
      onUse={async () => {
        if (input !== null) await addSrtpKey(input);
      }}
    >
      <div className="key-dialog-fields">
        <KeyField label="For" id={ids.scope} error={errorOf('scope')}>
          <select
            id={ids.scope}
            value={chosen}
            onChange={({ target }) => setChoice(target.value)}
            {...(errorOf('scope') === null ? {} : { 'aria-describedby': `${ids.scope}-error` })}
          >
            <option value="">Anybody: whatever it authenticates</option>
            {choices.calls.length > 0 && <Options label="What one call sends" choices={choices.calls} />}
            {choices.streams.length > 0 && <Options label="One stream" choices={choices.streams} />}
            <option value={TYPED}>An SSRC or address…</option>
          </select>
          {chosen === TYPED && (
            <input
              className="mono"
              aria-label="SSRC, address or call"
              placeholder="0x1234abcd or 10.0.0.1:4000"
              value={scope}
              spellCheck={false}
              aria-invalid={errorOf('scope') !== null}
              onChange={({ target }) => {
                setChoice(TYPED);
                setTyped(target.value);
              }}
            />
          )}
        </KeyField>
        <KeyField label="Suite" id={ids.suite} error={errorOf('suite')}>
          <select id={ids.suite} className="mono" value={suite} onChange={({ target }) => setSuite(target.value)}>
            {SUITE_CHOICES.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </KeyField>
        <SecretField label="Key" value={key} error={errorOf('key')} isShown={isShown} isFirst onChange={setKey}>
          <button type="button" className="btn" aria-pressed={isShown} onClick={() => setShown(!isShown)}>
            {isShown ? 'Hide' : 'Show'}
          </button>
        </SecretField>
        <SecretField
          label="Salt"
          value={salt}
          error={errorOf('salt')}
          isShown={isShown}
          placeholder="empty where the key ends with it"
          onChange={setSalt}
        />
      </div>
      <TrialResult
        trial={trial}
        words={words}
        failure={sending.refusal ?? failure}
        isTrying={input !== null && trial === null && failure === null}
        hint={lengthsOf(suite)}
        nameOf={(id) => streams.find((stream) => stream.id === id)}
      />
    </SecretSheet>
  );
}

function Options({ label, choices }: { label: string; choices: readonly { scope: string; label: string }[] }) {
  return (
    <optgroup label={label}>
      {choices.map((choice) => (
        <option key={choice.label} value={choice.scope}>
          {choice.label}
        </option>
      ))}
    </optgroup>
  );
}

function useStreams(hasCapture: boolean): readonly StreamListRow[] {
  const query = { table: 'streams', filter: 'stream.encrypted == true', sort: null } as const;
  const { data } = useQuery('rows.page', hasCapture ? { query, from: 0, count: MOST_CHOICES } : null);
  return useMemo(() => (data?.rows ?? []) as StreamListRow[], [data]);
}

/** The suite that signalling names for the streams meant, else the usual one. */
function suiteOf(streams: readonly StreamListRow[], scope: string): string {
  const meant = streams.filter(({ ssrc, call }) => scope === '' || ssrc === scope || call === scope);
  const named = meant.map(({ encryption }) => encryption?.suite).find((suite) => suite != null);
  const known = SUITE_CHOICES.find(({ name }) => name === named);
  return (known ?? SUITE_CHOICES[0]).name;
}

function lengthsOf(suite: string): string {
  const choice = SUITE_CHOICES.find(({ name }) => name === suite);
  return choice === undefined ? '' : `Base64 or hexadecimal, ${lengthsText(choice)}`;
}
